import { createSoundtrack, type Soundtrack } from "attacca";
import { PLAIN_LIFE, playAtRandom, type Playing } from "../../helpers/game-at-random.ts";
import { pageMemory } from "../../helpers/page-memory.ts";
import { SCORE } from "../../soak/page/score.ts";
import { modelWrites } from "./model-writes.ts";

export { pageMemory as memory };

/** Counted since the soundtrack was made. */
export interface Counted {
  readonly transitions: number;
  readonly hits: number;
  readonly unwritten: number;
  readonly misses: number;
  /** Undefined where the browser does not count them. */
  readonly underruns: number | undefined;
  readonly late: number;
  readonly missed: number;
  readonly written: number;
  readonly takes: number;
}

let session: { readonly music: Soundtrack; readonly game: Playing } | undefined;
let transitions = 0;

/** Plays the soak's game without its hardships; resolves when the model writes. */
export async function begin(seed: number): Promise<void> {
  const music = await createSoundtrack({ score: SCORE, seed, generator: "wasm" });
  music.on("transition", () => (transitions += 1));
  await music.start();
  await modelWrites(music);
  session = { music, game: playAtRandom({ music, seed, life: PLAIN_LIFE }) };
}

export function count(): Counted {
  if (session === undefined) throw new Error("nothing plays");
  const { hits, unwritten, misses, playback } = session.music.stats();
  const { counters } = session.music.snapshot();
  const counter = (name: string): number => counters[name] ?? 0;
  const sources = Object.keys(counters).filter((name) => name.startsWith("takes-"));
  return {
    transitions,
    hits,
    unwritten,
    misses,
    underruns: playback?.underruns,
    late: counter("late"),
    missed: counter("missed"),
    written: counter("takes-model"),
    takes: sources.reduce((sum, name) => sum + counter(name), 0),
  };
}

export async function end(): Promise<void> {
  await session?.game.stop();
  await session?.music.dispose();
  session = undefined;
}
