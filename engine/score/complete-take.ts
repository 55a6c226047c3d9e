import { STEMS, type Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import { decibels } from "../time/units.ts";
import type { AuthoredBridge, AuthoredMood, AuthoredStinger, AuthoredTake } from "./authored.ts";
import { NONE } from "./inheritance.ts";
import type { BridgeParts, Mood, StingerTake, TakeSpec } from "./score.ts";
import { barsLast } from "./take-fit.ts";
import { barsIn, secondsIn } from "./take-values.ts";

/** Bars of a stinger that is generated. */
const LONGEST_STINGER = 4;

/** `meter` is the score's. */
export function completeTake(name: string, take: AuthoredTake, meter: Meter): TakeSpec {
  const grid = { tempo: take.tempo, meter: take.meter ?? meter };
  const [from, to] = take.loop ?? [];
  return {
    name,
    file: take.audio,
    ...grid,
    bars: take.length,
    entry: secondsIn(grid, take.entry),
    tail: secondsIn(grid, take.tail),
    loop: [
      from === undefined ? 0 : barsIn(grid.meter, from),
      to === undefined ? take.length : barsIn(grid.meter, to),
    ],
    level: take.level ?? decibels(0),
  };
}

/** The takes of a mood, of the one that it inherits from and so on: for each stem the first word counts. */
export function completeMoodTakes(line: readonly AuthoredMood["takes"][]): Mood["takes"] {
  const takes: Partial<Record<Stem, string>> = {};
  for (const stem of STEMS) {
    const take = line.find((given) => given?.[stem] !== undefined)?.[stem];
    if (take !== undefined && take !== NONE) takes[stem] = take;
  }
  return takes;
}

/** The stems and takes of a bridge; undefined where it says nothing of them. */
export function completeParts({ stems, takes }: AuthoredBridge): BridgeParts | undefined {
  const named = completeMoodTakes([takes]);
  const isPlain = stems === undefined && Object.keys(named).length === 0;
  return isPlain ? undefined : { stems, takes: named };
}

/** What a stinger plays, and how many bars the generated one has in its place: those of the take, 4 at most. */
export function completeStingerTake(
  { take }: AuthoredStinger,
  takes: readonly TakeSpec[],
): { readonly take?: StingerTake; readonly bars: number } {
  const spec = takes.find(({ name }) => name === take);
  if (spec === undefined) return { bars: 1 };
  const { name, entry, bars } = spec;
  return {
    take: { name, pickup: entry, lasts: barsLast(spec) },
    bars: Math.min(bars, LONGEST_STINGER),
  };
}
