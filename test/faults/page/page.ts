import { throttle } from "./throttle.ts";
import { createSoundtrack, type FaultCode, type Soundtrack, type SoundtrackOptions } from "attacca";
import { block, until, watchWorkers } from "../../helpers/game.ts";
import { startRecorder, type Recorder } from "../../helpers/recorder.ts";
import { floorOf, measure, type Heard } from "./measure.ts";
import { PHRASE, SCORE } from "./score.ts";
import { watchSources, worstSeam } from "./seams.ts";

/** What tells that all is well again after a fault. */
export type Need =
  /** The model has answered in time, in a new worker. */
  | "generator"
  /** A chunk of a new render worker is scheduled. */
  | "renderer"
  /** The model has answered in time, and chunks go on being scheduled. */
  | "page";

/** Seconds. */
const TURN = 0.05;

const workers = watchWorkers();
const handed = watchSources();
let music: Soundtrack | undefined;
let recorder: Recorder | undefined;

interface Told {
  readonly code: FaultCode;
  readonly answered: number;
  readonly scheduled: number;
}
const faults: Told[] = [];
/** Phrases in the order in which they were settled; whether the model wrote them. */
const phrases: { readonly name: string; readonly isWritten: boolean }[] = [];

const playing = (): Soundtrack => {
  if (music === undefined) throw new Error("nothing plays");
  return music;
};
/** Answers of the model that came before their deadlines. */
const answered = (): number => {
  const { onTime, committedEarly } = playing().stats();
  return onTime + committedEarly;
};
const scheduled = (): number => playing().snapshot().counters["scheduled"] ?? 0;

/** Seconds: the longest time for which the machine left the page without a turn that nobody blocked. */
let starved = 0;
let isBlocked = false;
let lastTurn = performance.now();
setInterval(() => {
  const now = performance.now();
  if (!isBlocked && music !== undefined)
    starved = Math.max(starved, (now - lastTurn) / 1000 - TURN);
  isBlocked = false;
  lastTurn = now;
}, 1000 * TURN);

function watch(of: Soundtrack): void {
  of.on("fault", ({ code }) => {
    faults.push({ code, answered: answered(), scheduled: scheduled() });
  });
  of.on("take", ({ mood, phrase, source }) => {
    const name = `${mood} ${phrase}`;
    if (phrases.at(-1)?.name !== name) phrases.push({ name, isWritten: source === "model" });
  });
}

/** Plays, and records what is heard from the first sound on. */
async function play(options: Partial<SoundtrackOptions>): Promise<void> {
  music = await createSoundtrack({
    score: SCORE,
    generator: "wasm",
    // How a busy device is spared is tested elsewhere; here it would write nothing.
    quality: "full",
    ...options,
  });
  watch(music);
  await music.start();
  await until(() => playing().snapshot().time > 0.5, 30, "the first sound");
  recorder = await startRecorder(music.output);
}

/** Waits until the model has written a phrase that is settled. */
const written = (limit: number): Promise<void> =>
  until(() => phrases.at(-1)?.isWritten === true, limit, "a phrase of the model's");

interface Mark {
  readonly at: number;
  readonly answered: number;
  readonly scheduled: number;
  readonly faults: number;
}

const mark = (): Mark => ({
  at: performance.now(),
  answered: answered(),
  scheduled: scheduled(),
  faults: faults.length,
});

/** Seconds until all is well again. Throws after `limit` seconds. */
async function recovery(since: Mark, need: Need, limit: number): Promise<number> {
  let base: Pick<Mark, "answered" | "scheduled"> | undefined = since;
  const code = need === "page" ? undefined : (`${need}-lost` as const);
  const isWell = (): boolean => {
    if (code !== undefined) base = faults.slice(since.faults).find((told) => told.code === code);
    if (base === undefined) return false;
    const writes = need === "renderer" || answered() > base.answered;
    return writes && (need === "generator" || scheduled() > base.scheduled);
  };
  await until(isWell, limit, `recovery of the ${need}`);
  return (performance.now() - since.at) / 1000;
}

/** Phrases in a row that were not the model's, at most, once it had written. */
function fallbacksInARow(): number {
  let [longest, row] = [0, 0];
  for (const { isWritten } of phrases.slice(phrases.findIndex((each) => each.isWritten))) {
    row = isWritten ? 0 : row + 1;
    longest = Math.max(longest, row);
  }
  return longest;
}

export interface Outcome extends Heard {
  /** Frames off the grid. */
  readonly seam: number;
  readonly fallbacks: number;
  readonly faults: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  /** What would be the floor of this recording. */
  readonly ownFloor: number;
  readonly starved: number;
}

/** Ends the recording and says what was heard against a floor. */
async function outcome(floor: number): Promise<Outcome> {
  const recording = await recorder?.stop();
  if (recording === undefined) throw new Error("nothing was recorded");
  const { counters } = playing().snapshot();
  const codes = [...new Set(faults.map(({ code }) => code))];
  const result: Outcome = {
    ...measure(recording, floor),
    ownFloor: floorOf(recording),
    seam: worstSeam(handed),
    fallbacks: fallbacksInARow(),
    starved,
    faults: codes,
    counters,
  };
  await playing().dispose();
  return result;
}

const page = {
  PHRASE,
  play,
  written,
  mark,
  recovery,
  outcome,
  block: (seconds: number) => {
    isBlocked = true;
    block(seconds);
  },
  throttle,
  kill: (name: string) => workers.kill(name),
  move: (place: string) => playing().set("location", place),
  suspend: () => playing().audioContext.suspend(),
  resume: () => playing().start(),
  faults: () => faults,
  generator: () => playing().snapshot().generator.state,
  time: () => playing().snapshot().time,
  stats: () => playing().stats(),
};

export type FaultPage = typeof page;

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var faulty: FaultPage;
}

globalThis.faulty = page;
