import { createSoundtrack, type Soundtrack } from "attacca";
import { sleep, until } from "../../helpers/game.ts";
import { startRecorder, type Recording } from "../../helpers/recorder.ts";
import { SCORE } from "./score.ts";
import { modelWrites } from "./model-writes.ts";

/** -60 dBFS. */
const AUDIBLE = 0.001;
/** Seconds; more than the first beat after `start()` has resolved. */
const LISTENING = 1.5;
const PATIENCE = 120;

const create = (generator: "wasm" | "off" = "wasm"): Promise<Soundtrack> =>
  createSoundtrack({ score: SCORE, generator });

let playing: Soundtrack | undefined;

/** Plays until `stop()`; resolves when the model writes the music, with the page's time of `start()`. */
export async function play(): Promise<number> {
  playing = await create();
  await playing.start();
  const startedAt = performance.now();
  await modelWrites(playing);
  return startedAt;
}

/** Plays the bank until `stop()`, without a model. */
export async function playBank(): Promise<void> {
  playing = await create("off");
  await playing.start();
}

/** Ends it and tells what was counted meanwhile. */
export async function stop(): Promise<Readonly<Record<string, number>>> {
  const counters = playing?.snapshot().counters ?? {};
  await playing?.dispose();
  playing = undefined;
  return counters;
}

/** The page's time at which the first audible sample leaves the device, as the browser estimates it. */
function firstSound(recording: Recording, context: AudioContext): number {
  const { left, right, sampleRate, startFrame } = recording;
  const first = left.findIndex(
    (sample, index) => Math.max(Math.abs(sample), Math.abs(right[index] ?? 0)) >= AUDIBLE,
  );
  if (first <= 0) throw new Error(`the recording ${first < 0 ? "is silent" : "began too late"}`);
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  return performanceTime + 1000 * ((startFrame + first) / sampleRate - contextTime);
}

/** Milliseconds from `start()` to the first sound, with everything loaded and the context suspended. */
export async function warmStart(): Promise<number> {
  const music = await create();
  await until(() => music.snapshot().readyMoods.length > 0, PATIENCE, "an opening of the model");
  const recorder = await startRecorder(music.output);
  await music.audioContext.suspend();
  const begin = performance.now();
  await music.start();
  await sleep(LISTENING);
  const sound = firstSound(await recorder.stop(), music.audioContext);
  await music.dispose();
  return sound - begin;
}

/** Milliseconds from `createSoundtrack` with `start()` at once to the first sound, with nothing loaded but the page's script. */
export async function coldStart(): Promise<number> {
  const begin = performance.now();
  const music = await create();
  const recording = startRecorder(music.output);
  await music.start();
  await sleep(LISTENING);
  const sound = firstSound(await (await recording).stop(), music.audioContext);
  await music.dispose();
  return sound - begin;
}
