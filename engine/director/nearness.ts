import type { Condition } from "../score/condition.ts";
import { opposite } from "../score/condition-logic.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";

/** What is expected of the near future. */
export interface Foresight {
  /** The value that a signal is expected to have. */
  readonly signal: (name: string) => number;
  readonly rangeOf: (signal: string) => readonly [number, number];
  readonly location: string | undefined;
  /** How near a place is where the game is not, 0–1. */
  readonly nearTo: (location: string) => number;
}

/** A distance of so much of a signal's range counts for e^-1 = 0.37. */
const REACH = 0.2;
/** Nobody knows when the player goes to another place. */
export const ELSEWHERE = 0.15;

/**
 * How near a condition is to being true, 0–1: 1 where it is, exp(-d / 0.2) where one of its signals has
 * to go d of its range for it. Of parts that must all be true the farthest counts, of alternatives the nearest.
 */
export function nearness(condition: Condition, foresight: Foresight): UnitInterval {
  return unitInterval(near(condition, foresight, false));
}

function near(condition: Condition, foresight: Foresight, isNegated: boolean): number {
  switch (condition.kind) {
    case "signal": {
      const asked = isNegated ? opposite(condition) : condition;
      if (asked.kind !== "signal") return 0;
      const [low, high] = foresight.rangeOf(asked.signal);
      const found = foresight.signal(asked.signal);
      const isBelow = asked.comparison === ">" || asked.comparison === ">=";
      const missing = isBelow ? asked.value - found : found - asked.value;
      return missing <= 0 ? 1 : Math.exp(-missing / (high - low) / REACH);
    }
    case "location": {
      const isHere = foresight.location === condition.location;
      if (isNegated) return isHere ? ELSEWHERE : 1;
      return isHere ? 1 : foresight.nearTo(condition.location);
    }
    case "not":
      return near(condition.of, foresight, !isNegated);
    case "all":
    case "any": {
      const parts = condition.of.map((part) => near(part, foresight, isNegated));
      // What is not all of them is one that is not.
      return (condition.kind === "all") === isNegated ? Math.max(...parts) : Math.min(...parts);
    }
  }
}
