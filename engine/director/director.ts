import type { Length, Score } from "../score/score.ts";
import { perStem } from "../music/stem.ts";
import { readNormalised, readSignal, setSignal, type SignalProblem } from "../signals/signals.ts";
import { beatsPerBar } from "../time/meter.ts";
import { nextSyncPoint, timeOfBar, type Section } from "../time/section.ts";
import { seconds, type Seconds, type UnitInterval } from "../time/units.ts";
import type { Cue, PhraseCue, SectionCue } from "./cue.ts";
import { layerCues } from "./layers.ts";
import {
  desiredTarget,
  locationNamed,
  matchTransition,
  moodNamed,
  paletteOf,
  updateRules,
} from "./rules.ts";
import type { DirectorState, PendingTransition, Target } from "./state.ts";

/**
 * Decisions fall on this grid of the audio clock, however often the director is run: that is why the
 * cue list does not depend on the tick rate.
 */
const CONTROL_PERIOD: Seconds = seconds(0.05);
/** A transition falls on the first sync point at least this far ahead, and is final from then on. */
const LOOKAHEAD: Seconds = seconds(0.5);
/**
 * How far ahead phrases are planned: two bars for the player, two and `WRITING_TIME` for renderer and
 * generator.
 */
const HORIZON_BARS = 4;
const WRITING_TIME = 8;
/** Old and new music sound together for at most this long: no more of the old is planned for sure. */
const LONGEST_FADE: Seconds = seconds(8);
/** A sync point nearer than this when the director is run cannot be met any more. */
const SHORTEST_NOTICE = 0.1;
const LAYER_RAMP = seconds(0.15);

/** What the game did, in order of time. */
export type GameEvent =
  | {
      readonly kind: "signal";
      readonly at: Seconds;
      readonly name: string;
      readonly value: unknown;
    }
  | { readonly kind: "location"; readonly at: Seconds; readonly name: string };

export interface DirectorStep {
  readonly state: DirectorState;
  readonly cues: readonly Cue[];
  readonly problems: readonly { readonly problem: SignalProblem; readonly name: string }[];
}

/**
 * Decides everything up to `now`. Pure: the same score, events and times give the same cues, whether
 * `now` moves in steps of 10 or 333 ms. Only a pause longer than `LOOKAHEAD - SHORTEST_NOTICE` shows:
 * sync points that passed meanwhile are missed, counted, and the next legal one is taken.
 */
export function step(
  score: Score,
  before: DirectorState,
  events: readonly GameEvent[],
  now: Seconds,
): DirectorStep {
  const cues: Cue[] = [];
  const problems: { problem: SignalProblem; name: string }[] = [];
  const waiting = events.toSorted((a, b) => a.at - b.at);
  let state = before;
  let next = 0;
  for (;;) {
    const at = seconds(state.controlPoints * CONTROL_PERIOD);
    if (at > now) break;
    for (; next < waiting.length; next += 1) {
      const event = waiting[next];
      if (event === undefined || event.at >= at) break;
      state = applyEvent(score, state, event, problems);
    }
    state = control(score, state, at, now, cues);
  }
  // What came after the last control point takes effect at the next one, with its own time.
  for (const event of waiting.slice(next)) state = applyEvent(score, state, event, problems);
  return { state, cues, problems };
}

/** What the game has set before the music begins: it is there from the first moment on. */
export function preset(score: Score, state: DirectorState, event: GameEvent): DirectorStep {
  const problems: { problem: SignalProblem; name: string }[] = [];
  return { state: applyEvent(score, state, event, problems), cues: [], problems };
}

function applyEvent(
  score: Score,
  state: DirectorState,
  event: GameEvent,
  problems: { problem: SignalProblem; name: string }[],
): DirectorState {
  if (event.kind === "location") {
    return locationNamed(score, event.name) === undefined
      ? state
      : { ...state, location: event.name };
  }
  const { state: signals, problem } = setSignal(state.signals, event.name, event.value, event.at);
  if (problem !== undefined) problems.push({ problem, name: event.name });
  return { ...state, signals };
}

/** One control point: rules, then transitions, then phrases to the horizon, then levels. */
function control(
  score: Score,
  before: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  let state: DirectorState = { ...before, controlPoints: before.controlPoints + 1 };
  const read = (name: string): number => readSignal(state.signals, name, at);
  state = { ...state, holding: updateRules(score, state.holding, read) };
  state = beginSection(score, state, at, cues);
  state = chooseTransition(score, state, at, now);
  state = commitTransition(score, state, at, cues);
  const intensity = readNormalised(state.signals, "intensity", at);
  state = cuePhrases(score, state, at, intensity, cues);
  return cueLayers(state, at, intensity, cues);
}

/** Starts the first section, or the committed one when its time has come. */
function beginSection(score: Score, state: DirectorState, at: Seconds, cues: Cue[]): DirectorState {
  if (state.section === undefined) {
    const target = desiredTarget(score, state.holding, state.location);
    return { ...enter(score, state, target, at, undefined, cues), committed: undefined };
  }
  const { committed } = state;
  if (committed === undefined || at < committed.startsAt) return state;
  return { ...state, section: committed, committed: undefined };
}

/** Keeps, replaces, cancels or makes the pending transition: the last wish wins, and none is lost. */
function chooseTransition(
  score: Score,
  state: DirectorState,
  at: Seconds,
  now: Seconds,
): DirectorState {
  const { section, pending } = state;
  if (section === undefined || state.committed !== undefined) return state;
  const desired = desiredTarget(score, state.holding, state.location);
  if (soundsAlike(score, desired, { mood: section.mood.name, location: section.location })) {
    return pending === undefined ? state : { ...state, pending: undefined };
  }
  const earliest = seconds(Math.max(at + LOOKAHEAD, now + SHORTEST_NOTICE));
  const missed = pending !== undefined && pending.at < now + SHORTEST_NOTICE;
  if (pending !== undefined && sameTarget(pending.target, desired) && !missed) return state;
  const { transition, matched } = matchTransition(score, section.mood.name, desired.mood);
  const next: PendingTransition = {
    target: desired,
    from: section.mood.name,
    to: desired.mood,
    sync: transition.at,
    matched,
    at: nextSyncPoint(section, transition.at, score.phrase, earliest),
  };
  return {
    ...state,
    pending: next,
    missedSyncPoints: state.missedSyncPoints + (missed ? 1 : 0),
  };
}

const sameTarget = (a: Target, b: Target): boolean =>
  a.mood === b.mood && a.location === b.location;

/** Two places that share mood and palette need no transition between them. */
const soundsAlike = (score: Score, a: Target, b: Target): boolean =>
  a.mood === b.mood && paletteOf(score, a.location) === paletteOf(score, b.location);

/** Makes the pending transition final once it is no further ahead than the lookahead. */
function commitTransition(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  const { pending } = state;
  if (pending === undefined || pending.at > at + LOOKAHEAD + CONTROL_PERIOD / 2) return state;
  return enter(score, state, pending.target, pending.at, pending, cues);
}

/** Cues a section. It becomes `committed`; the caller moves it on where it sounds at once. */
function enter(
  score: Score,
  state: DirectorState,
  target: Target,
  startsAt: Seconds,
  pending: PendingTransition | undefined,
  cues: Cue[],
): DirectorState {
  const mood = moodNamed(score, target.mood);
  const visit = state.visits[mood.name] ?? 0;
  const grid: Section = { startsAt, tempo: mood.tempo, meter: score.meter };
  const fade = pending === undefined ? seconds(0) : lengthIn(grid, fadeOf(score, pending.matched));
  const cue: SectionCue = {
    kind: "section",
    ...grid,
    index: (state.section?.index ?? -1) + 1,
    visit,
    mood,
    location: target.location,
    palette: paletteOf(score, target.location),
    fade,
    transition:
      pending === undefined
        ? undefined
        : { from: pending.from, to: pending.to, sync: pending.sync, matched: pending.matched },
  };
  cues.push(cue);
  return {
    ...state,
    section: state.section ?? cue,
    committed: cue,
    pending: undefined,
    phrases: 0,
    layers: perStem(() => undefined),
    visits: { ...state.visits, [mood.name]: visit + 1 },
  };
}

const fadeOf = (score: Score, matched: number): Length =>
  score.transitions[matched]?.fade ?? { value: 0, unit: "seconds" };

/** A length in the tempo and meter of the section that begins, at most `LONGEST_FADE`. */
function lengthIn(grid: Section, { value, unit }: Length): Seconds {
  const bars = unit === "bars" ? value : value / beatsPerBar(grid.meter);
  const length = unit === "seconds" ? value : timeOfBar(grid, bars) - grid.startsAt;
  return seconds(Math.min(length, LONGEST_FADE));
}

/** Cues the phrases of the latest section that begin within the horizon. */
function cuePhrases(
  score: Score,
  state: DirectorState,
  at: Seconds,
  intensity: UnitInterval,
  cues: Cue[],
): DirectorState {
  const section = state.committed ?? state.section;
  if (section === undefined) return state;
  const barLength = timeOfBar(section, 1) - section.startsAt;
  const horizon = at + HORIZON_BARS * barLength + WRITING_TIME;
  let { phrases } = state;
  for (;;) {
    const startsAt = timeOfBar(section, phrases * score.phrase);
    if (startsAt > horizon) return { ...state, phrases };
    const cue: PhraseCue = {
      kind: "phrase",
      section: section.index,
      index: phrases,
      at: startsAt,
      until: timeOfBar(section, (phrases + 1) * score.phrase),
      intensity,
    };
    cues.push(cue);
    phrases += 1;
  }
}

/** Levels of the latest section: the one before keeps its own while it fades. */
function cueLayers(
  state: DirectorState,
  at: Seconds,
  intensity: UnitInterval,
  cues: Cue[],
): DirectorState {
  const section = state.committed ?? state.section;
  if (section === undefined) return state;
  const begins = at <= section.startsAt;
  const moved = layerCues(
    section,
    intensity,
    state.layers,
    begins ? section.startsAt : at,
    begins ? seconds(0) : LAYER_RAMP,
  );
  if (moved.length === 0) return state;
  cues.push(...moved);
  const layers = { ...state.layers };
  for (const { stem, gain } of moved) layers[stem] = gain;
  return { ...state, layers };
}
