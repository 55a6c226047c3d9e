import { perStem } from "../music/stem.ts";
import type { Length, Score } from "../score/score.ts";
import { nextSyncPoint, type Section } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Cue, SectionCue } from "./cue.ts";
import { desiredTarget, matchTransition, moodNamed, paletteOf } from "./rules.ts";
import type { DirectorState, PendingTransition, Target } from "./state.ts";
import { CONTROL_PERIOD, lengthIn, LONGEST_FADE, LOOKAHEAD, SHORTEST_NOTICE } from "./timing.ts";

/** Starts the first section, or the committed one when its time has come. */
export function beginSection(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  if (state.section === undefined) {
    const target = desiredTarget(score, state.rules, state.location);
    return { ...enter(score, state, target, at, undefined, cues), committed: undefined };
  }
  const { committed } = state;
  if (committed === undefined || at < committed.startsAt) return state;
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
  const desired = desiredTarget(score, state.rules, state.location);
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
export function commitTransition(
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
  const fade = pending === undefined ? 0 : lengthIn(grid, fadeOf(score, pending.matched));
  const cue: SectionCue = {
    kind: "section",
    ...grid,
    index: (state.section?.index ?? -1) + 1,
    visit,
    mood,
    location: target.location,
    palette: paletteOf(score, target.location),
    fade: seconds(Math.min(fade, LONGEST_FADE)),
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
