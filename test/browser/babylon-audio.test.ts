import { CreateAudioEngineAsync } from "@babylonjs/core/AudioV2/webAudio/webAudioEngine.js";
import { createSoundtrack, type Soundtrack } from "attacca";
import { audioContextOf } from "attacca/babylon";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sleep, until } from "../helpers/game.ts";
import { rms } from "../helpers/pcm-measure.ts";
import { startRecorder } from "../helpers/recorder.ts";

const SCORE = `
attacca: 1
title: One context
tempo: 120
moods: { calm: { arousal: 0.5 } }
stingers:
  alarm: { at: beat, stems: [melody], duck: -40dB }
`;

/** How many contexts the page has made. */
let made = 0;
const RealContext = globalThis.AudioContext;
let music: Soundtrack | undefined;

beforeEach(() => {
  made = 0;
  globalThis.AudioContext = class extends RealContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      made += 1;
    }
  };
});
afterEach(async () => {
  await music?.dispose();
  globalThis.AudioContext = RealContext;
});

const soundtrack = async (audioContext?: AudioContext): Promise<Soundtrack> => {
  music = await createSoundtrack({
    score: SCORE,
    generator: "off",
    ...(audioContext === undefined ? {} : { audioContext }),
  });
  return music;
};

test("a soundtrack plays on the context of Babylon's audio engine, and leaves it open", async () => {
  const audio = await CreateAudioEngineAsync({ disableDefaultUI: true });
  const context = audioContextOf(audio);
  const playing = await soundtrack(context);
  await playing.start();
  await until(() => playing.snapshot().time > 0.5, 30, "the music");
  expect(playing.audioContext).toBe(context);
  expect(made).toBe(1);
  await playing.dispose();
  expect(context.state).toBe("running");
  audio.dispose();
});

test("Babylon's audio engine plays on the context of the soundtrack", async () => {
  const playing = await soundtrack();
  const audio = await CreateAudioEngineAsync({
    audioContext: playing.audioContext,
    disableDefaultUI: true,
  });
  expect(audioContextOf(audio)).toBe(playing.audioContext);
  await playing.start();
  await until(() => playing.snapshot().time > 0.5, 30, "the music");
  expect(audio.state).toBe("running");
  expect(made).toBe(1);
  await playing.dispose();
});

test("an engine that shows no context is refused", () => {
  expect(() => audioContextOf({} as Parameters<typeof audioContextOf>[0])).toThrow(TypeError);
});

test("a stinger that is put on the left is heard there", async () => {
  const playing = await soundtrack();
  const stingers: number[] = [];
  playing.on("stinger", ({ audibleAt }) => stingers.push(audibleAt));
  await playing.start();
  await until(() => playing.snapshot().time > 0.5, 30, "the music");
  const recorder = await startRecorder(playing.output);
  playing.trigger("alarm", { pan: -1 });
  await until(() => stingers.length > 0, 10, "the stinger");
  await sleep(2.5);
  const { left, right, indexOf } = await recorder.stop();
  const from = indexOf((stingers[0] ?? 0) + 0.2);
  const side = (samples: Float32Array): number => rms(samples.subarray(from, from + 40_000));
  // What is on the right is the music, far down, and the room.
  expect(side(left)).toBeGreaterThan(3 * side(right));
});
