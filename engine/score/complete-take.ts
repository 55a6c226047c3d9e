import { STEMS, type Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import { decibels } from "../time/units.ts";
import type { AuthoredMood, AuthoredTake } from "./authored.ts";
import type { Mood, TakeSpec } from "./score.ts";
import { barsIn, secondsIn } from "./take-values.ts";

/** What stands for no take. */
const NONE = "none";

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
