import { milliseconds, type Milliseconds, type UnitInterval } from "../time/units.ts";

/**
 * How much of the device the music may take: everything; rests between passes, and only what is likely
 * beforehand; what sounds or is asked for alone; no inference: bank, authored and remembered takes;
 * the composer's own takes and no note that was generated.
 */
export type Tier = "full" | "reduced" | "present-only" | "bank-only" | "authored-only";

/** Those among which `auto` chooses, the best first. */
export const TIERS: readonly Tier[] = ["full", "reduced", "present-only", "bank-only"];
/** Those that a game may ask for. */
export const ALL_TIERS: readonly Tier[] = [...TIERS, "authored-only"];

/** What a tier allows. */
export interface Limits {
  /** Whether only authored takes may be heard: what has none rests. */
  readonly authoredOnly: boolean;
  /** Whether anything may be written. */
  readonly writes: boolean;
  /** Passes of a phrase, at most. */
  readonly passes: number;
  /** Pause after a pass, as a share of it. */
  readonly rest: number;
  /** What is less likely than this, 0–1, is not written beforehand; 1: only what is certain is. */
  readonly leastLikely: number;
}

/** Neither eight nor twelve passes write better music than four by any measure of the evaluation. */
export const LIMITS: Readonly<Record<Tier, Limits>> = {
  full: { authoredOnly: false, writes: true, passes: 4, rest: 0, leastLikely: 0 },
  reduced: { authoredOnly: false, writes: true, passes: 4, rest: 1, leastLikely: 0.5 },
  "present-only": { authoredOnly: false, writes: true, passes: 4, rest: 2, leastLikely: 1 },
  "bank-only": { authoredOnly: false, writes: false, passes: 4, rest: 2, leastLikely: 1 },
  "authored-only": { authoredOnly: true, writes: false, passes: 4, rest: 2, leastLikely: 1 },
};

/** Why a tier was left: slow frames, a slow generator, the game's own wish, or none of it any more. */
export type TierCause = "frames" | "speed" | "game" | "calm";

export interface Governor {
  readonly tier: Tier;
  /** When the tier was last changed; in the beginning, when loading is over. */
  readonly changedAt: Milliseconds;
  /** Since when frames have been well; undefined: they are not. */
  readonly calmSince: Milliseconds | undefined;
  /** How long they must have been well before it goes up. */
  readonly patience: number;
  /** Undefined before the first change. */
  readonly cause: TierCause | undefined;
}

export interface Measured {
  readonly at: Milliseconds;
  /** The share of time that is lost in slow frames. */
  readonly strain: UnitInterval;
  /** Work of all passes for a phrase, as a share of the time that the phrase sounds; undefined: not known. */
  readonly load: number | undefined;
}

const STRAINED = 0.2;
const CALM = 0.05;
/** The first milliseconds, in which game and music load, are not judged by their frames. */
const LOADING = 10_000;
/** Milliseconds for a lower tier to show its effect before the next one is tried. */
const SETTLING = 2500;
const PATIENCE = 5000;
const MOST_PATIENCE = 60_000;
/** A fall so soon after a rise says that it rose too early. */
const TOO_EARLY = 10_000;
/** From these loads on, the tier is not better than the one beside it. */
const CEILINGS: readonly (readonly [number, Tier])[] = [
  [1, "bank-only"],
  [0.5, "present-only"],
  [0.25, "reduced"],
];
/** A load must be smaller by so much before the tier goes up again. */
const HYSTERESIS = 0.8;

export const createGovernor = (at: Milliseconds): Governor => ({
  tier: "full",
  changedAt: milliseconds(at + LOADING - SETTLING),
  calmSince: undefined,
  patience: PATIENCE,
  cause: undefined,
});

/**
 * The next state. With a `wish` other than `auto` the tier is that. Else it goes down one at a time while frames
 * suffer, at once to what a slow generator allows, and up one at a time after frames were well for
 * five seconds; each rise that was too early doubles that time, up to a minute.
 */
export function govern(before: Governor, measured: Measured, wish: Tier | "auto"): Governor {
  const { at, strain, load } = measured;
  const calmSince = strain < CALM ? (before.calmSince ?? at) : undefined;
  const state: Governor = { ...before, calmSince };
  if (wish !== "auto") return changed(state, wish, at, "game");
  if (state.tier === "authored-only") return changed(state, "bank-only", at, "game");
  const rank = TIERS.indexOf(state.tier);
  const best = bestFor(load, 1);
  if (best > rank) return changed(fallen(state, at), tierAt(best), at, "speed");
  if (at - state.changedAt < SETTLING) return state;
  if (strain > STRAINED) return changed(fallen(state, at), tierAt(rank + 1), at, "frames");
  const isCalm =
    calmSince !== undefined && at - Math.max(calmSince, state.changedAt) >= state.patience;
  if (!isCalm || rank <= bestFor(load, HYSTERESIS)) return state;
  return changed(state, tierAt(rank - 1), at, "calm");
}

const tierAt = (rank: number): Tier => TIERS[Math.min(rank, TIERS.length - 1)] ?? "bank-only";

const changed = (state: Governor, tier: Tier, at: Milliseconds, cause: TierCause): Governor =>
  tier === state.tier ? state : { ...state, tier, changedAt: at, cause };

/** Where it falls soon after a rise, the next rise waits longer. */
function fallen(state: Governor, at: Milliseconds): Governor {
  if (state.cause !== "calm") return state;
  const isEarly = at - state.changedAt < TOO_EARLY;
  const patience = isEarly ? Math.min(2 * state.patience, MOST_PATIENCE) : PATIENCE;
  return { ...state, patience };
}

/** Rank of the best tier that the generator's speed allows. */
function bestFor(load: number | undefined, share: number): number {
  const found = CEILINGS.find(([ceiling]) => load !== undefined && load > ceiling * share);
  return found === undefined ? 0 : TIERS.indexOf(found[1]);
}
