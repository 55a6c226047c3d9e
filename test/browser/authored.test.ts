import { createSoundtrack, type Soundtrack, type SoundtrackEvents } from "attacca";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { decodeAudio } from "../../engine/audio/decode.ts";
import { seconds } from "../../engine/time/units.ts";
import { listen, sleep, until, watchWorkers } from "../helpers/game.ts";
import { longestSilence, peak } from "../helpers/pcm-measure.ts";
import { startRecorder, stretches, type Recording } from "../helpers/recorder.ts";
import { wavOf } from "../helpers/wav.ts";

/** No whole number of frames in a beat. */
const TEMPO = 198;
const BARS = 3;

/** Nothing but authored drums here, and nothing but a harmony there; no room, so that clicks stay clicks. */
const SCORE = `
attacca: 1
title: Clicks
tempo: ${TEMPO}
takes:
  clicks: { audio: clicks.wav, tempo: ${TEMPO}, length: ${BARS} bars, level: -6dB }
moods:
  here: { stems: [drums], takes: { drums: clicks } }
  there: { stems: [harmony] }
locations:
  lab: { mood: here, colour: { room: 0 } }
  attic: { mood: there, colour: { room: 0 } }
transitions:
  - { from: any, to: any, at: beat, fade: 0s, enter: last position }
`;
const LEVEL = 10 ** (-6 / 20);

const open: Soundtrack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((music) => music.dispose()));
});

/** A soundtrack that plays from the bank; `files` makes what the score names, at the rate of its context. */
async function soundtrack(
  score: string,
  files: (path: string, sampleRate: number) => Uint8Array,
): Promise<Soundtrack> {
  const music: Soundtrack = await createSoundtrack({
    score,
    generator: "off",
    files: async (path) => files(path, music.audioContext.sampleRate),
  });
  open.push(music);
  return music;
}

/** Seconds of the stinger's take before its first bar, and from there to its end. */
const PICKUP = 0.25;
const SOUND = 2;
/** Music of silence alone, at a tempo that is not the stinger's. */
const STINGER = `
attacca: 1
takes:
  hush: { audio: hush.wav, tempo: 132, length: 1 bar }
  fanfare: { audio: fanfare.wav, tempo: 120, length: 1 bar, entry: 250ms }
moods:
  still: { tempo: 132, stems: [drums], takes: { drums: hush } }
locations:
  lab: { colour: { room: 0 } }
stingers:
  found: { take: fanfare, at: bar }
`;

/** A sine that rises from 200 Hz by 800 Hz a second, from one second of it to another. */
function sweep(from: number, to: number, sampleRate: number): Float32Array {
  const first = Math.round(from * sampleRate);
  return Float32Array.from({ length: Math.round(to * sampleRate) - first }, (_, frame) => {
    const time = (first + frame) / sampleRate;
    return 0.3 * Math.sin(2 * Math.PI * (200 + 400 * time) * time);
  });
}

/** How loud the click of a beat of the take is on the left side: each bar has its own. */
const clickLevel = (bar: number, beat: number): number =>
  beat === 0 ? 0.4 + 0.15 * (bar % BARS) : 0.25;

/**
 * A click of two samples on each beat, half as loud on the right side: the file's own beats may lie a
 * frame before those of the music, which is entered on one.
 */
function clickTrack(sampleRate: number): Uint8Array {
  const beats = (count: number): number => Math.round((count * 60 * sampleRate) / TEMPO);
  const left = new Float32Array(beats(4 * BARS));
  for (let beat = 0; beat < 4 * BARS; beat += 1) {
    const at = beats(beat);
    left.fill(clickLevel(Math.floor(beat / 4), beat % 4), at, at + 2);
  }
  return wavOf([left, left.map((sample) => sample / 2)], sampleRate);
}

/** The loudest frame within 50 ms of a moment, counted from it, and what both sides have there. */
function clickAt({ left, right, sampleRate, indexOf }: Recording, time: number) {
  const middle = indexOf(time);
  const reach = Math.round(0.05 * sampleRate);
  const window = left.subarray(middle - reach, middle + reach);
  const frame = window.findIndex((sample) => Math.abs(sample) === peak(window));
  const at = middle - reach + frame;
  return { off: frame - reach, left: left[at] ?? 0, right: right[at] ?? 0 };
}

/** Whether what lies within 50 ms of a moment was rendered whole. */
const isWithin = (
  clean: ReturnType<typeof stretches>,
  { indexOf }: Recording,
  time: number,
): boolean =>
  clean.some(([from, to]) => from <= indexOf(time - 0.05) && indexOf(time + 0.05) <= to);

/** A busy machine's browser loses a block now and then; such a recording is made again. */
const RECORDED = { retry: 3 };

describe("an authored take in a real browser", () => {
  test(
    "has its clicks on the frames of the beats, across its loop and after the music came back to where it was",
    RECORDED,
    async () => {
      const music = await soundtrack(SCORE, (_, sampleRate) => clickTrack(sampleRate));
      const moods = listen(music, "mood");
      const beats = listen(music, "beat");
      const takes = listen(music, "take");
      const faults = listen(music, "fault");
      await music.audioContext.resume();
      await sleep(0.5);
      const recorder = await startRecorder(music.output);
      await music.start();
      const begun = music.audioContext.currentTime;
      const reached = (time: number): Promise<void> =>
        until(() => music.audioContext.currentTime > begun + time, 60, `second ${time}`);
      await reached(5.4);
      expect(music.snapshot().phrase?.sources).toEqual({ drums: "authored" });
      music.set("location", "attic");
      await reached(6.8);
      music.set("location", "lab");
      await reached(12.2);
      const recording = await recorder.stop();
      const clean = stretches(recording, 0);
      expect(faults.filter(({ code }) => code !== "render-late")).toEqual([]);
      expect(moods.map(({ to }) => to)).toEqual(["here", "there", "here"]);
      const here = takes.filter(({ mood }) => mood === "here");
      expect(new Set(here.map(({ source }) => source))).toEqual(new Set(["authored"]));

      const [, left, back] = moods;
      if (left === undefined || back === undefined) throw new Error("the music never came back");
      const heard = beats
        .filter(({ audibleAt }) => isHeard(audibleAt, left, back, begun + 11.7))
        .filter(({ audibleAt }) => isWithin(clean, recording, audibleAt));
      for (const { bar, beat, audibleAt } of heard) {
        const click = clickAt(recording, audibleAt);
        const expected = LEVEL * clickLevel(bar, beat);
        expect(Math.abs(click.off)).toBeLessThanOrEqual(1);
        // On the beat of the return the other mood takes 5 ms to fall silent.
        if (Math.abs(audibleAt - back.audibleAt) < 1e-3) continue;
        expect(click.left / expected).toBeCloseTo(1, 1);
        expect(click.right / click.left).toBeCloseTo(0.5, 1);
      }
      const [first, second] = [left, back].map(({ audibleAt }) => audibleAt);
      // Two rounds before the change, and one more join after the return.
      expect(heard.filter(({ audibleAt }) => audibleAt < (first ?? 0)).length).toBeGreaterThan(14);
      const after = heard.filter(({ audibleAt }) => audibleAt >= (second ?? 0));
      expect(after.length).toBeGreaterThan(12);
      expect(after[0]?.bar).toBeGreaterThan(3);
    },
  );

  test(
    "of a stinger has its own samples from the frame of the sync point on, and its pickup before it",
    RECORDED,
    async () => {
      const music = await soundtrack(STINGER, (path, sampleRate) =>
        path === "hush.wav"
          ? wavOf([new Float32Array(2 * sampleRate)], sampleRate)
          : wavOf([sweep(0, PICKUP + SOUND, sampleRate)], sampleRate),
      );
      const stingers = listen(music, "stinger");
      const bars = listen(music, "bar");
      await music.audioContext.resume();
      await sleep(0.5);
      const recorder = await startRecorder(music.output);
      await music.start();
      await until(() => bars.length > 1, 30, "the second bar");
      music.trigger("found");
      await until(() => stingers.length > 0, 30, "the stinger");
      const [{ source, audibleAt } = { source: "", audibleAt: 0 }] = stingers;
      const end = audibleAt + SOUND;
      await until(() => music.audioContext.currentTime > end + 0.3, 60, "its end");
      const recording = await recorder.stop();
      expect(source).toBe("authored");
      // On a bar line, as the game is told.
      const nearest = Math.min(...bars.map((bar) => Math.abs(bar.audibleAt - audibleAt)));
      expect(nearest).toBeLessThan(1e-6);

      const { left, right, sampleRate, indexOf } = recording;
      const [from, to] = [indexOf(audibleAt - PICKUP + 0.01), indexOf(end - 0.01)];
      const isWhole = stretches(recording, 0).some(([first, last]) => first <= from && to <= last);
      expect(isWhole).toBe(true);
      const expected = sweep(0.01, PICKUP + SOUND - 0.01, sampleRate);
      const difference = (side: Float32Array, shift: number): number =>
        peak(expected.map((sample, frame) => sample - (side[from + shift + frame] ?? 0)));
      expect(difference(left, 0)).toBeLessThan(1e-3);
      expect(difference(right, 0)).toBeLessThan(1e-3);
      for (const shift of [-1, 1]) expect(difference(left, shift)).toBeGreaterThan(0.02);
      expect(peak(left.subarray(indexOf(end + 0.05), indexOf(end + 0.2)))).toBeLessThan(1e-4);
    },
  );

  test("that cannot be had, decoded or is too short leaves the generated stems playing, each with its fault", async () => {
    const music = await soundtrack(
      `
attacca: 1
takes:
  broken: { audio: broken.wav, tempo: 96, length: 4 bars }
  short: { audio: short.wav, tempo: 96, length: 4 bars }
  missing: { audio: missing.wav, tempo: 96, length: 4 bars }
moods:
  calm: { takes: { drums: broken, bass: short, harmony: missing } }
`,
      (path) => {
        if (path === "broken.wav") return new TextEncoder().encode("RIFF of no kind");
        if (path === "short.wav") return wavOf([new Float32Array(8000)], 8000);
        throw new Error(`no ${path}`);
      },
    );
    const takes = listen(music, "take");
    const faults = listen(music, "fault");
    await music.start();
    const recorder = await startRecorder(music.output);
    await until(() => faults.length >= 3, 20, "the faults");
    await sleep(4);
    const { left, sampleRate } = await recorder.stop();
    const told = faults.filter(({ code }) => code === "take-unavailable");
    expect(told.map(({ message }) => message).toSorted()).toEqual([
      'take "broken", broken.wav: this browser can decode no audio in its 15 bytes',
      'take "missing", missing.wav: no missing.wav',
      'take "short", short.wav: it lasts 1.00 s, expected at least 10.00 s, which its entry and 4 bars at 96 need',
    ]);
    expect(music.snapshot().counters["fault-take-unavailable"]).toBe(3);
    expect(music.snapshot().phrase?.sources["drums"]).toBe("bank");
    expect(takes.every(({ source }) => source === "bank")).toBe(true);
    expect(longestSilence(left, sampleRate, -60).duration).toBeLessThan(0.5);
  });
});

describe("authored takes alone in a real browser", () => {
  test("play from the first bar on as soon as they are there, without worker, model and instruments", async () => {
    const workers = watchWorkers();
    onTestFinished(() => workers.stop());
    const music: Soundtrack = await createSoundtrack({
      score: SCORE,
      quality: "authored-only",
      files: async () => {
        await sleep(0.3);
        return clickTrack(music.audioContext.sampleRate);
      },
    });
    open.push(music);
    const [faults, warnings] = [listen(music, "fault"), listen(music, "warning")];
    const takes = listen(music, "take");
    const recorder = await startRecorder(music.output);
    await music.start();
    await sleep(1);
    const { left } = await recorder.stop();
    expect(peak(left)).toBeGreaterThan(0.9 * LEVEL * clickLevel(0, 0));
    expect(takes[0]).toMatchObject({ stem: "drums", phrase: 0, source: "authored" });
    expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'not-authored mood "there" has no authored take: in authored-only it rests',
    ]);
    expect(workers.alive()).toBe(0);
    expect(music.snapshot().generator.state).toBe("off");

    // What was not wanted is fetched once it is.
    music.setQuality("bank-only");
    music.set("location", "attic");
    await until(() => takes.some(({ source }) => source === "bank"), 30, "the bank");
    expect(workers.alive()).toBeGreaterThan(0);
    expect(faults.filter(({ code }) => code !== "render-late")).toEqual([]);
  });

  test("that cannot be had leave a music that is silent and begins all the same", async () => {
    const music = await createSoundtrack({
      score: SCORE,
      quality: "authored-only",
      files: () => Promise.reject(new Error("no such file")),
    });
    open.push(music);
    const faults = listen(music, "fault");
    await music.start();
    expect(music.snapshot()).toMatchObject({
      state: "playing",
      quality: { tier: "authored-only" },
    });
    expect(music.snapshot().phrase?.sources).toEqual({ drums: "rest" });
    expect(faults.map(({ code }) => code)).toEqual(["take-unavailable"]);
    expect(music.stats().faults["take-unavailable"]).toBe(1);
  });
});

/** Beats of the first mood, before it is left and after the music has come back to it. */
const isHeard = (
  at: number,
  left: SoundtrackEvents["mood"],
  back: SoundtrackEvents["mood"],
  until: number,
): boolean => at < left.audibleAt - 1e-3 || (at > back.audibleAt - 1e-3 && at < until);

describe("an audio file", () => {
  const context = new OfflineAudioContext(2, 1, 44_100);
  const tone = Float32Array.from({ length: 4410 }, (_, frame) => Math.sin(frame / 10) / 2);

  test("of one channel is on both sides", async () => {
    const { left, right } = await decodeAudio(context, wavOf([tone], 44_100), seconds(1));
    expect(left).toHaveLength(4410);
    expect(right).toEqual(left);
    expect(peak(left.map((sample, frame) => sample - (tone[frame] ?? 0)))).toBeLessThan(1e-4);
  });

  test("of another rate comes at that of the context", async () => {
    const { left } = await decodeAudio(context, wavOf([tone, tone], 22_050), seconds(1));
    expect(left).toHaveLength(8820);
  });

  test("stays as it was for whoever gave it", async () => {
    const bytes = wavOf([tone], 44_100);
    await decodeAudio(context, bytes, seconds(1));
    expect(bytes).toHaveLength(44 + 2 * 4410);
  });

  test("of three channels and one that is too long are refused with the reason", async () => {
    const three = decodeAudio(context, wavOf([tone, tone, tone], 44_100), seconds(1));
    await expect(three).rejects.toThrow("it has 3 channels, expected one or two");
    const long = decodeAudio(context, wavOf([tone], 44_100), seconds(0.05));
    await expect(long).rejects.toThrow("it lasts 0.1 s, expected at most 0.05 s");
  });
});
