import { perStem } from "../music/stem.ts";
import type { Mood, Score } from "../score/score.ts";
import { beatsPerBar, ticksPerBar } from "../time/meter.ts";
import { barsUntil, secondsOf, tempoAt, timeOfBar } from "../time/section.ts";
import { nextSyncPoint, type SyncGrid } from "../time/sync-point.ts";
import { bpm, seconds, type Seconds } from "../time/units.ts";
import type { BridgeTo, Cue, SectionCause, SectionCue, TransitionChoice } from "./cue.ts";
import { entryPoint, type EntryPoint } from "./entry.ts";
import { explainWish } from "./explain.ts";
import { paletteOf } from "./places.ts";
import { desiredTarget, matchTransition, moodNamed } from "./rules.ts";
import type { DirectorState, PendingTransition, Target } from "./state.ts";
import { anchored, phraseBars, tempoOf } from "./tempo.ts";
import {
  CONTROL_PERIOD,
  earliestChange,
  isBeforeNextTick,
  lengthIn,
  LONGEST_FADE,
  LOOKAHEAD,
  SHORTEST_NOTICE,
} from "./timing.ts";

/** Starts the first section, or the committed one when its time has come. */
export function beginSection(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  if (state.section === undefined) {
    const target = desiredTarget(score, state);
    const visit = state.visits[target.mood] ?? 0;
    const opened = enterSection(score, state, cues, {
      ...target,
      at,
      because: explainWish(score, state, at),
      entry: { visit, bar: 0 },
      cause: "opening",
      fade: seconds(0),
    });
    return { ...opened, committed: undefined };
  }
  const { committed } = state;
  if (committed === undefined || at < committed.entersAt) return state;
  return { ...state, section: committed, committed: undefined };
}

/** Keeps, replaces, cancels or makes the pending transition: the last wish wins, and none is lost. */
export function chooseTransition(
  score: Score,
  state: DirectorState,
  at: Seconds,
  now: Seconds,
): DirectorState {
  const { section, pending } = state;
  if (section === undefined || state.committed !== undefined) return state;
  const desired = desiredTarget(score, state);
  if (section.bridge === undefined && soundsAlike(score, desired, section)) {
    return pending === undefined ? state : { ...state, pending: undefined };
  }
  const earliest = earliestChange(at, now);
  const missed = pending !== undefined && pending.at < now + SHORTEST_NOTICE;
  if (pending !== undefined && !missed && isAlike(score, pending.target, desired)) {
    return sameTarget(pending.target, desired)
      ? state
      : { ...state, pending: { ...pending, target: desired } };
  }
  return {
    ...state,
    pending: transitionTo(score, section, desired, earliest),
    missedSyncPoints: state.missedSyncPoints + (missed ? 1 : 0),
  };
}

/** A bridge is left at its end, whatever is wished then; other sections at the sync point of the transition that fits. */
function transitionTo(
  score: Score,
  section: SectionCue,
  target: Target,
  earliest: Seconds,
): PendingTransition {
  const from = section.mood.name;
  const { transition, matched } = matchTransition(score, from, target.mood);
  const bridgeEnd = section.bridge && timeOfBar(section, section.bridge.bars);
  return {
    target,
    from,
    to: target.mood,
    sync: transition.at,
    matched,
    at:
      bridgeEnd !== undefined && bridgeEnd >= earliest - CONTROL_PERIOD
        ? bridgeEnd
        : nextSyncPoint(
            section,
            // The end of the bridge was missed, and there is nothing after it.
            section.bridge === undefined ? transition.at : "immediate",
            gridOf(section),
            earliest,
          ),
  };
}

/** What the sync points of a section are counted from. */
export const gridOf = (section: SectionCue): SyncGrid => ({
  phraseBars: phraseBars(section),
  markers: section.mood.markers.map(({ name, at }) => ({
    name,
    bar: at.unit === "bars" ? at.value : at.value / beatsPerBar(section.meter),
  })),
});

const sameTarget = (a: Target, b: Target): boolean =>
  a.mood === b.mood && a.location === b.location;

/** The wait goes on where the player only walks from one such place to another. */
const isAlike = (score: Score, a: Target, b: Target): boolean =>
  a.mood === b.mood && paletteOf(score, a.location) === paletteOf(score, b.location);

/** Two places that share mood and palette need no transition between them. */
export const soundsAlike = (score: Score, target: Target, section: SectionCue): boolean =>
  target.mood === section.mood.name && paletteOf(score, target.location) === section.palette;

/**
 * Makes the pending transition final once it is no further ahead than the lookahead, or than the next tick
 * where ticks come so slowly that it would be missed, and the one after it too, and so on for ever.
 */
export function commitTransition(
  score: Score,
  state: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  const { aim, pending, section } = state;
  if (pending === undefined || section === undefined) return state;
  const landsBefore = aim?.section === section.index && aim.lands <= pending.at;
  const mustBeNow = !landsBefore && isBeforeNextTick(pending.at, at, now);
  if (!mustBeNow && !isDue(pending.at, at)) return state;
  const { target, at: leavesAt, matched } = pending;
  const transition = score.transitions[matched];
  const mood = moodNamed(score, target.mood);
  const choice = { transition: choiceOf(pending), because: explainWish(score, state, at) };
  const bridge = pendingBridge(score, state);
  if (bridge !== undefined) {
    return enterSection(score, state, cues, {
      mood: pending.from,
      location: section.location,
      at: leavesAt,
      entry: { visit: section.visit, bar: 0 },
      cause: "bridge",
      fade: { value: 1, unit: "beats" },
      bridge,
      ramps: transition?.bridge?.tempo === "ramp",
      ...choice,
    });
  }
  return enterSection(score, state, cues, {
    ...target,
    at: leavesAt,
    entry: entryPoint(state, section, mood, leavesAt, transition?.enter),
    cause: "transition",
    fade: transition?.fade ?? seconds(0),
    longestFade: section.bridge === undefined ? LONGEST_FADE : FADE_OF_BRIDGE,
    ...choice,
  });
}

export const choiceOf = ({ from, to, sync, matched }: PendingTransition): TransitionChoice => ({
  from,
  to,
  sync,
  matched,
});

/** After its last bar a bridge only rings on. */
const FADE_OF_BRIDGE: Seconds = seconds(1);

/** A bridge must last until the change after it can be made final. */
const SHORTEST_BRIDGE = LOOKAHEAD + 2 * CONTROL_PERIOD;

/** The bridge that the pending transition takes, as long as it is with the tempo of now; undefined where it takes none. */
export function pendingBridge(score: Score, state: DirectorState): BridgeTo | undefined {
  const { pending, section, scale } = state;
  if (pending === undefined || section === undefined || section.bridge !== undefined) {
    return undefined;
  }
  const bridge = score.transitions[pending.matched]?.bridge;
  if (bridge === undefined || pending.from === pending.to) return undefined;
  const mood = moodNamed(score, pending.target.mood);
  const bars = Math.max(bridge.bars, fewestBars(section, mood, scale));
  return { mood, bars, parts: bridge.parts };
}

/** How many bars of the faster of two tempos that takes. */
function fewestBars(from: SectionCue, to: Mood, scale: number): number {
  const fastest = bpm(Math.max(from.tempo, tempoOf(to, scale, 1)));
  return Math.ceil(SHORTEST_BRIDGE / secondsOf(ticksPerBar(from.meter), fastest));
}

/** Whether the moment has come to make a change final. */
export const isDue = (change: Seconds, at: Seconds): boolean =>
  change <= at + LOOKAHEAD + CONTROL_PERIOD / 2;

/** Where the pending transition will enter; undefined where there is none or a bridge comes first. */
export function pendingEntry(
  score: Score,
  state: DirectorState,
): (Target & EntryPoint) | undefined {
  const { pending, section } = state;
  if (pending === undefined || section === undefined) return undefined;
  if (pendingBridge(score, state) !== undefined) return undefined;
  const transition = score.transitions[pending.matched];
  const mood = moodNamed(score, pending.target.mood);
  const entry = entryPoint(state, section, mood, pending.at, transition?.enter);
  return { ...pending.target, ...entry };
}

export interface Entering extends Target {
  readonly at: Seconds;
  readonly entry: EntryPoint;
  readonly cause: SectionCause;
  readonly fade: Parameters<typeof lengthIn>[1] | Seconds;
  readonly longestFade?: Seconds;
  readonly bridge?: BridgeTo;
  /** Over the bars of a bridge the tempo goes over to that of the mood it leads to. */
  readonly ramps?: boolean;
  readonly stretch?: number;
  readonly transition?: SectionCue["transition"];
  readonly because?: string | undefined;
}

/** Cues a section. It becomes `committed`; the caller moves it on where it sounds at once. */
export function enterSection(
  score: Score,
  state: DirectorState,
  cues: Cue[],
  entering: Entering,
): DirectorState {
  const { at, entry, cause, bridge, stretch = 1, transition, because } = entering;
  const mood = moodNamed(score, entering.mood);
  const { scale, section: old } = state;
  const tempo =
    bridge === undefined || old === undefined
      ? tempoOf(mood, scale, stretch)
      : tempoAt(old, barsUntil(old, at));
  const ramp =
    bridge !== undefined && entering.ramps === true
      ? { to: tempoOf(bridge.mood, scale, 1), bars: bridge.bars }
      : undefined;
  const grid = anchored({ tempo, meter: mood.meter, ramp }, at, entry.bar);
  const fade =
    typeof entering.fade === "number"
      ? entering.fade
      : lengthIn({ ...grid, startsAt: at }, entering.fade);
  const cue: SectionCue = {
    kind: "section",
    ...grid,
    index: state.sections,
    entersAt: at,
    cause,
    mood,
    visit: entry.visit,
    location: entering.location,
    palette: paletteOf(score, entering.location),
    fade: seconds(Math.min(fade, entering.longestFade ?? LONGEST_FADE)),
    stretch,
    scale,
    bridge,
    transition,
    because,
  };
  cues.push(cue);
  const isNewTune = bridge === undefined && entry.visit === (state.visits[mood.name] ?? 0);
  return {
    ...state,
    sections: state.sections + 1,
    section: old ?? cue,
    committed: cue,
    pending: undefined,
    fading: fadingFrom(state, cue),
    phrases: Math.floor(entry.bar / phraseBars(cue) + 1e-6),
    layers: perStem(() => undefined),
    visits: isNewTune ? { ...state.visits, [mood.name]: entry.visit + 1 } : state.visits,
    left: leave(state, at),
  };
}

/** Where a mood is left, to be found again by `last position`. */
function leave({ section, left }: DirectorState, at: Seconds): DirectorState["left"] {
  if (section === undefined || section.bridge !== undefined) return left;
  const bar = Math.max(0, barsUntil(section, at));
  return { ...left, [section.mood.name]: { visit: section.visit, bar } };
}

/** A fade between two moods or places can be turned round; that of a bridge or a change of tempo cannot. */
function fadingFrom(
  { section, layers, phrases }: DirectorState,
  to: SectionCue,
): DirectorState["fading"] {
  if (section === undefined || to.cause !== "transition" || section.bridge !== undefined) {
    return undefined;
  }
  return { section, layers, phrases, from: to.entersAt, until: seconds(to.entersAt + to.fade) };
}
