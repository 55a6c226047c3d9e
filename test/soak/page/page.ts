import { createSoundtrack, type Soundtrack, type SoundtrackStats, type Stem } from "attacca";
import { watchBarLines, type BarLines } from "./bar-lines.ts";
import { openEars, type Ears, type Heard } from "./ears.ts";
import { sleep } from "../../helpers/game.ts";
import { HARD_LIFE, playAtRandom, type Deeds, type Playing } from "../../helpers/game-at-random.ts";
import { pageMemory } from "../../helpers/page-memory.ts";
import { SCORE } from "./score.ts";

export interface Look {
  /** Context time, in seconds. */
  readonly at: number;
  readonly heard: Heard;
  readonly stats: Omit<SoundtrackStats, "byMood" | "faults">;
  readonly faults: SoundtrackStats["faults"];
  readonly counters: Readonly<Record<string, number>>;
  /** Glitches that the browser itself counts; undefined where it counts none. */
  readonly underruns: number | undefined;
  /** Characters of a save. */
  readonly saveSize: number;
}

interface Session {
  readonly music: Soundtrack;
  readonly game: Playing;
  readonly ears: Ears;
  readonly bars: BarLines;
  readonly messages: string[];
  readonly tell: (what: string) => void;
}

/** Seconds: what is shorter may be between two notes. */
const LONG_SILENCE = 0.25;
/** Of deeds, moods and faults. */
const MOST_MESSAGES = 400;

let session: Session | undefined;

function playing(): Session {
  if (session === undefined) throw new Error("nothing plays");
  return session;
}

/** Plays at random; resolves when the model writes. */
export async function start(seed: number): Promise<void> {
  const context = new AudioContext();
  const bars = watchBarLines(context.sampleRate);
  await context.close();
  const music = await createSoundtrack({ score: SCORE, seed, generator: "wasm" });
  const messages: string[] = [];
  const tell = (what: string): void => {
    messages.push(`${music.audioContext.currentTime.toFixed(1)} ${what}`);
    if (messages.length > MOST_MESSAGES) messages.shift();
  };
  music.on("fault", ({ code }) => tell(code));
  music.on("mood", ({ to }) => tell(`mood ${to}`));
  await music.start();
  while (music.stats().generator === "loading") await sleep(0.05);
  const ears = await openEars(music.output);
  const interrupts = (isInterrupted: boolean): void => ears.ignoreSilence(isInterrupted);
  const game = playAtRandom({ music, seed, life: HARD_LIFE, tell, interrupts });
  session = { music, game, ears, bars, messages, tell };
}

/** How long it was, and which stems play how many notes in the phrase: a model may rest, a phrase may not. */
function silenceIn(music: Soundtrack, { silence }: Heard): string {
  const { mood, bar, layers, phrase } = music.snapshot();
  const stems = Object.entries(phrase?.notes ?? {}).map(
    ([stem, notes]) =>
      `${stem} ${notes.map(({ at }) => (at / 960).toFixed(1)).join(" ")} at ${layers[stem as Stem].toFixed(2)}`,
  );
  const length = (silence / music.audioContext.sampleRate).toFixed(2);
  return `silence of ${length} s in ${mood}, bar ${bar}: ${stems.join(", ")}`;
}

export async function look(): Promise<Look> {
  const { music, ears, tell } = playing();
  const heard = await ears.look();
  if (heard.silence > LONG_SILENCE * music.audioContext.sampleRate) tell(silenceIn(music, heard));
  const { byMood: _, faults, ...stats } = music.stats();
  return {
    at: music.audioContext.currentTime,
    heard,
    stats,
    faults,
    counters: music.snapshot().counters,
    underruns: stats.playback?.underruns,
    saveSize: JSON.stringify(music.save()).length,
  };
}

export interface Ending {
  /** Hertz. */
  readonly sampleRate: number;
  readonly bars: BarLines;
  readonly deeds: Deeds;
  readonly messages: readonly string[];
}

/** Ends the game and tells what was seen. */
export async function stop(): Promise<Ending> {
  const { music, game, bars, messages } = playing();
  await game.stop();
  await music.dispose();
  session = undefined;
  return { sampleRate: music.audioContext.sampleRate, bars, deeds: game.deeds, messages };
}

const parts = { start, look, memory: pageMemory, stop };
export type Soak = typeof parts;

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var soak: Soak;
}

globalThis.soak = parts;
