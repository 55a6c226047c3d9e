import { createSoundtrack, type Soundtrack } from "attacca";
import { sleep, until } from "../../helpers/game.ts";
import { startRecorder, type Recording } from "../../helpers/recorder.ts";
import { wavOf } from "../../helpers/wav.ts";

/** Beats a minute: a beat is half a second, a bar two. */
const TEMPO = 120;
export const BEAT = 60 / TEMPO;
const BARS = 1;

/** A stem that holds one tone, in at an intensity above a half; the room is dry. */
const LAYER = `
attacca: 1
title: One layer
tempo: ${TEMPO}
signals: { intensity: { attack: 0s, release: 0s } }
takes: { tone: { audio: tone.wav, tempo: ${TEMPO}, length: ${BARS} bar } }
moods: { tone: { stems: { harmony: 0.5 }, takes: { harmony: tone } } }
locations: { lab: { mood: tone, colour: { room: 0 } } }
`;

export const SYNC_POINTS = ["immediate", "beat", "bar"] as const;
export type Sync = (typeof SYNC_POINTS)[number];

/** A mood in which nothing is heard at this intensity, and one of five stems that the model writes. */
const takes = (sync: Sync): string => `
attacca: 1
title: Out of silence
tempo: ${TEMPO}
phrase: 4 bars
moods:
  hush: { stems: { harmony: 1 } }
  song: { valence: 0.3, arousal: 0.7 }
locations:
  yard: { mood: hush, colour: { room: 0 } }
  hall: { mood: song, colour: { room: 0 } }
transitions:
  - { from: hush, to: song, at: ${sync}, fade: 0s }
  - { from: song, to: hush, at: bar, fade: 0s }
`;

/** -60 dBFS. */
const AUDIBLE = 0.001;
const PATIENCE = 120;

/** A second of 440 Hz at half of full scale, as long as a bar, without a seam. */
function toneFile(sampleRate: number): Uint8Array<ArrayBuffer> {
  const length = Math.round(4 * BARS * BEAT * sampleRate) + 1;
  const tone = Float32Array.from(
    { length },
    (_, frame) => 0.5 * Math.sin((2 * Math.PI * 440 * frame) / sampleRate),
  );
  return wavOf([tone], sampleRate);
}

/** Context time of the first sample from `at` on that is as loud as this; undefined where none is before `until`. */
function heardAt(
  { left, right, sampleRate, startFrame, indexOf }: Recording,
  at: number,
  until: number,
  level: number,
): number | undefined {
  for (let index = Math.max(0, indexOf(at)); index < indexOf(until); index += 1) {
    const loud = Math.max(Math.abs(left[index] ?? 0), Math.abs(right[index] ?? 0));
    if (loud >= level) return (startFrame + index) / sampleRate;
  }
  return undefined;
}

function loudest({ left, indexOf }: Recording, from: number, to: number): number {
  return left
    .subarray(indexOf(from), indexOf(to))
    .reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Milliseconds from the call to the first sound of a layer, and to half of its level. */
export interface LayerLatency {
  readonly first: number;
  readonly half: number;
}

/** Seconds for which a layer stays in or out. */
const LAYER_TIME = 0.7;

/** Lets a stem join so many times, at moments that lie anywhere between the engine's ticks. */
export async function layers(times: number): Promise<readonly LayerLatency[]> {
  const music: Soundtrack = await createSoundtrack({
    score: LAYER,
    generator: "off",
    files: async () => toneFile(music.audioContext.sampleRate),
  });
  music.set("location", "lab");
  music.set("intensity", 0);
  await music.start();
  // The take is decoded and scheduled; before it the bank plays in its place.
  await sleep(12);
  const recorder = await startRecorder(music.output);
  const calls: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    await sleep(LAYER_TIME + 0.0137 * (turn % 7));
    calls.push(music.audioContext.currentTime);
    music.set("intensity", 1);
    await sleep(LAYER_TIME);
    music.set("intensity", 0);
  }
  const recording = await recorder.stop();
  await music.dispose();
  return calls.map((call) => {
    const end = call + LAYER_TIME;
    const full = loudest(recording, end - 0.1, end);
    if (full < 0.01) throw new Error("the layer was not heard");
    const since = (level: number): number =>
      1000 * ((heardAt(recording, call, end, level) ?? end) - call);
    return { first: since(AUDIBLE), half: since(full / 2) };
  });
}

/** Milliseconds from the call, and those that a score orders: up to the first sync point after it. */
export interface TakeLatency {
  readonly heard: number;
  readonly ordered: number;
  /** Whether the model wrote what was heard. */
  readonly isWritten: boolean;
}

/** Seconds: silence before a change, sound after it. */
const SILENCE = 1;
const SOUND = 4;

/** Seconds from a moment to the next sync point. */
function orderedBy(sync: Sync, moment: number, barLine: number): number {
  if (sync === "immediate") return 0;
  const grid = sync === "beat" ? BEAT : 4 * BEAT;
  return Math.ceil((moment - barLine) / grid) * grid - (moment - barLine);
}

/**
 * Changes the mood out of silence so many times, at moments that lie anywhere in the bar. The quality is fixed: what a busy
 * device does to the music is measured elsewhere.
 */
export async function changes(sync: Sync, times: number): Promise<readonly TakeLatency[]> {
  const music = await createSoundtrack({ score: takes(sync), generator: "wasm", quality: "full" });
  const barLines: number[] = [];
  music.on("bar", ({ audibleAt }) => barLines.push(audibleAt));
  music.set("intensity", 0);
  music.set("location", "yard");
  await music.start();
  await until(() => music.stats().generator !== "loading", PATIENCE, "the model");
  await until(() => music.snapshot().readyMoods.includes("song"), PATIENCE, "the model's entry");
  const recorder = await startRecorder(music.output);
  const calls: { readonly at: number; readonly barLine: number; readonly isWritten: boolean }[] =
    [];
  for (let turn = 0; turn < times; turn += 1) {
    await sleep(SILENCE + (4 * BEAT * ((7 * turn) % times)) / times);
    const at = music.audioContext.currentTime;
    const barLine = barLines.findLast((time) => time <= at) ?? at;
    const { hits } = music.stats();
    music.set("location", "hall");
    await sleep(SOUND);
    const isWritten = music.stats().hits > hits;
    music.set("location", "yard");
    calls.push({ at, barLine, isWritten });
    await sleep(4 * BEAT);
  }
  const recording = await recorder.stop();
  await music.dispose();
  return calls.map(({ at, barLine, isWritten }) => {
    const heard = heardAt(recording, at, at + SOUND, AUDIBLE);
    if (heard === undefined) throw new Error("the new mood was not heard");
    return { heard: 1000 * (heard - at), ordered: 1000 * orderedBy(sync, at, barLine), isWritten };
  });
}
