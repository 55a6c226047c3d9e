import { ticksPerBar } from "../time/meter.ts";
import { velocity, type Velocity } from "../time/units.ts";
import type { BarPlan } from "./bar-plan.ts";
import type { Note } from "./note.ts";
import { orchestrate, type Manner, type PlayedNote } from "./orchestrate.ts";
import type { PerStem, Stem } from "./stem.ts";

export interface Playing {
  readonly stem: Stem;
  readonly manner: Manner | undefined;
  /** Those of the phrase, whose first begins at tick 0. */
  readonly bars: readonly BarPlan[];
}

/** What is written for a stem as it is played: drums with restraint where it is calm, all as `manner` says. */
export function performed(
  written: PerStem<readonly Note[]>,
  { stem, manner, bars }: Playing,
): readonly PlayedNote[] {
  const notes = stem === "drums" ? restrained(written.drums, bars) : written[stem];
  return orchestrate(notes, manner, bars);
}

/** From this intensity on drums are struck as they are written … */
const DRIVEN = 0.6;
/** … and where there is none at all the hardest stroke (127) has this velocity; softer ones keep their order. */
const CALMEST = 84;
/** Strokes up to this velocity are never softened. */
const LIGHT = 72;
const HARDEST = 127;

/**
 * The model has drums struck hard in calm music too. What is harder than light comes down towards it, the more so
 * the calmer the bar. A stinger is played as it is written.
 */
function restrained(notes: readonly Note[], bars: readonly BarPlan[]): readonly Note[] {
  const [first] = bars;
  if (first === undefined || first.role === "stinger") return notes;
  const barTicks = ticksPerBar(first.meter);
  return notes.map((note) => {
    const bar = bars[Math.min(bars.length - 1, Math.floor(note.at / barTicks))] ?? first;
    return { ...note, velocity: softened(note.velocity, bar.intensity) };
  });
}

function softened(struck: Velocity, intensity: number): Velocity {
  const drive = Math.min(1, intensity / DRIVEN);
  if (struck <= LIGHT || drive === 1) return struck;
  const most = CALMEST + (HARDEST - CALMEST) * drive;
  return velocity(LIGHT + ((struck - LIGHT) * (most - LIGHT)) / (HARDEST - LIGHT));
}
