import type { Mood } from "../score/score.ts";
import { beatsPerBar } from "../time/meter.ts";
import { barsUntil } from "../time/section.ts";
import type { Entry } from "../time/sync-point.ts";
import type { Seconds } from "../time/units.ts";
import type { SectionCue } from "./cue.ts";
import type { DirectorState } from "./state.ts";

/** Which tune of a mood is entered, and at which bar of it. */
export interface EntryPoint {
  readonly visit: number;
  readonly bar: number;
}

/** A millionth of a bar, so that a bar line does not count as the end of the bar before it. */
const TOLERANCE = 1e-6;

/** Where a mood is entered when the present section is left at a moment. */
export function entryPoint(
  state: DirectorState,
  from: SectionCue,
  to: Mood,
  at: Seconds,
  given: Entry | undefined,
): EntryPoint {
  const bars = Math.max(0, barsUntil(from, at));
  const staysInMood = from.mood.name === to.name && from.bridge === undefined;
  const entry = given ?? (staysInMood ? "same position" : "start");
  const fresh = state.visits[to.name] ?? 0;
  switch (entry) {
    case "start":
      return { visit: fresh, bar: 0 };
    case "equivalent beat":
      return { visit: fresh, bar: beatWithin(from, to, bars) };
    case "same position": {
      if (staysInMood) return { visit: from.visit, bar: bars };
      const whole = Math.floor((bars % from.mood.phrase) + TOLERANCE);
      return { visit: fresh, bar: (whole % to.phrase) + beatWithin(from, to, bars) };
    }
    case "last position": {
      const left = state.left[to.name];
      if (left === undefined) return { visit: fresh, bar: 0 };
      return {
        visit: left.visit,
        bar: Math.floor(left.bar + TOLERANCE) + beatWithin(from, to, bars),
      };
    }
  }
}

/** How far into a bar the old section is left, as the same beat of a bar of the new mood; its last has no more beats than it has. */
function beatWithin(from: SectionCue, to: Mood, bars: number): number {
  const exact = (bars - Math.floor(bars + TOLERANCE)) * beatsPerBar(from.meter);
  // A beat that is as good as whole must not count as the end of the one before it.
  const beat = Math.abs(exact - Math.round(exact)) < TOLERANCE ? Math.round(exact) : exact;
  return (beat % beatsPerBar(to.meter)) / beatsPerBar(to.meter);
}
