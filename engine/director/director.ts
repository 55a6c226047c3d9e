import type { Facts } from "../score/condition.ts";
import type { Score } from "../score/score.ts";
import { readNormalised, readSignal, setSignal, type SignalProblem } from "../signals/signals.ts";
import { timeOfBar } from "../time/section.ts";
import { seconds, type Seconds, type UnitInterval } from "../time/units.ts";
import type { Cue, PhraseCue } from "./cue.ts";
import { layerCues } from "./layers.ts";
import { locationNamed, updateRules } from "./rules.ts";
import type { DirectorState } from "./state.ts";
import { CONTROL_PERIOD, HORIZON_BARS, LAYER_RAMP, WRITING_TIME } from "./timing.ts";
import { beginSection, chooseTransition, commitTransition } from "./transitions.ts";

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
  const facts: Facts = {
    signal: (name) => readSignal(state.signals, name, at),
    location: state.location,
  };
  const grid = state.section ?? { startsAt: at, tempo: score.tempo, meter: score.meter };
  state = { ...state, rules: updateRules(score, state.rules, facts, at, grid) };
  state = beginSection(score, state, at, cues);
  state = chooseTransition(score, state, at, now);
  state = commitTransition(score, state, at, cues);
  const intensity = readNormalised(state.signals, "intensity", at);
  state = cuePhrases(score, state, at, intensity, cues);
  return cueLayers(state, at, intensity, cues);
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
