import { createSoundtrack, type Soundtrack } from "attacca";
import { vi } from "vitest";
import type { Tally } from "../../engine/conductor/ledger.ts";
import { SCORE } from "../soak/page/score.ts";
import { hostileCaller } from "./hostile-calls.ts";
import { imbalances } from "./rehearsal.ts";
import type { SimulatedEdge } from "./simulated-edge.ts";

const NAMES = {
  signals: ["intensity", "health"],
  moods: ["calm", "danger", "boss", "mystery"],
  places: ["meadow", "cave", "hall"],
  stingers: ["alarm", "fanfare"],
} as const;
/** Calls between two looks at the clock, and the milliseconds that pass then: frames, slow ones, a hidden tab. */
const BURST = 10;
const STEPS = [16, 16, 16, 40, 40, 250, 1000] as const;
/** Calls between two looks at the state. */
const LOOK = 100;

/** What is kept in memory at a moment. */
export interface Kept {
  /** Characters of a save and of a recording. */
  readonly save: number;
  readonly recording: number;
  readonly voices: number;
  /** Synthesisers that the renderer was not told to let go. */
  readonly takes: number;
  readonly counters: number;
}

export interface HostileGame {
  /** Calls that threw, or were refused with another error than they should. */
  readonly errors: readonly string[];
  /** Figures told to the game, or to the player and the workers, that are none. */
  readonly wrong: readonly string[];
  /** Accounts that do not add up. */
  readonly imbalances: readonly string[];
  readonly kept: readonly Kept[];
  /** Seconds of music that were played. */
  readonly time: number;
}

/** Plays the real engine on a fake clock, which the test has installed, with calls at random. */
export async function playHostileGame(
  edge: SimulatedEdge,
  { seed, calls }: { readonly seed: number; readonly calls: number },
): Promise<HostileGame> {
  const errors: string[] = [];
  const wrong: string[] = [];
  const kept: Kept[] = [];
  const unbalanced = new Set<string>();
  const music = await createSoundtrack({ score: SCORE, seed });
  const started = music.start();
  await vi.advanceTimersByTimeAsync(1000);
  await started;
  const call = hostileCaller({
    music,
    seed,
    names: NAMES,
    refused: (what, error) => {
      const isRight = error instanceof Error && error.name === "SaveError";
      if (!isRight) errors.push(`${what} was refused with ${String(error)}`);
    },
  });
  for (let index = 1; index <= calls; index += 1) {
    try {
      call();
    } catch (error) {
      errors.push(`call ${index}: ${error instanceof Error ? error.stack : typeof error}`);
    }
    if (index % BURST === 0) {
      await vi.advanceTimersByTimeAsync(STEPS[(index / BURST) % STEPS.length] ?? 0);
    }
    if (index % LOOK !== 0) continue;
    wrong.push(...notFinite(music.stats(), "stats"), ...notFinite(music.snapshot(), "snapshot"));
    wrong.push(...notFinite(music.position(), "position"));
    for (const each of imbalancesOf(music)) unbalanced.add(each);
    kept.push(keptBy(music, edge));
  }
  const { time } = music.snapshot();
  await music.dispose();
  return { errors, wrong: [...wrong, ...edge.wrong], imbalances: [...unbalanced], kept, time };
}

function imbalancesOf(music: Soundtrack): readonly string[] {
  const { byMood, ...total } = music.stats();
  const tallies: readonly (readonly [string, Tally])[] = [
    ["all", total],
    ...Object.entries(byMood).flatMap(([mood, stems]) =>
      Object.entries(stems).map(([stem, tally]) => [`${mood} ${stem}`, tally] as const),
    ),
  ];
  return tallies.flatMap(([name, tally]) => {
    const accounts = Object.fromEntries(
      Object.entries(tally).filter(([account]) => account in NO_TALLY),
    ) as Tally;
    return imbalances(accounts).map((found) => `${name}: ${found}`);
  });
}

const NO_TALLY: Readonly<Record<keyof Tally, true>> = {
  requested: true,
  open: true,
  onTime: true,
  committedEarly: true,
  late: true,
  cancelled: true,
  failed: true,
  waiting: true,
  used: true,
  kept: true,
  wasted: true,
};

const keptBy = (music: Soundtrack, edge: SimulatedEdge): Kept => ({
  save: JSON.stringify(music.save()).length,
  recording: JSON.stringify(music.recording()).length,
  voices: edge.voices,
  takes: edge.takes.size,
  counters: Object.keys(music.snapshot().counters).length,
});

/** Where in plain data there is NaN or an infinity. */
function notFinite(value: unknown, path: string): readonly string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => notFinite(each, `${path}.${key}`));
}
