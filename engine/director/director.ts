import type { Facts } from "../score/condition.ts";
import type { Score } from "../score/score.ts";
import {
  placeSignal,
  readNormalised,
  readSignal,
  setSignal,
  type SignalProblem,
} from "../signals/signals.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Cue } from "./cue.ts";
import type { GameEvent } from "./event.ts";
import { aimAtHit, cancelHit, followScale, landOnHit, setHit } from "./hits.ts";
import { hold, release, releaseMood, tendHolds } from "./holds.ts";
import { cueLayers, cuePhrases } from "./phrases.ts";
import { cueColour, locationNamed, standBetween } from "./places.ts";
import { reverseFade } from "./reversal.ts";
import { moodNamed, updateRules } from "./rules.ts";
import type { DirectorState } from "./state.ts";
import {
  alignStingers,
  askForStinger,
  cueStingers,
  cutStingers,
  stingerOfTransition,
  type StingerRefusal,
} from "./stingers.ts";
import { tempoOf } from "./tempo.ts";
import { CONTROL_PERIOD, lengthIn } from "./timing.ts";
import { beginSection, chooseTransition, commitTransition } from "./transitions.ts";

export interface DirectorStep {
  readonly state: DirectorState;
  readonly cues: readonly Cue[];
  readonly problems: readonly DirectorProblem[];
}

/** What could not be done for the game, and the name that it was about. */
export interface DirectorProblem {
  readonly problem: SignalProblem | StingerRefusal;
  readonly name: string;
  /** When it was asked for; of a stinger that waited, when it would have begun. */
  readonly at: Seconds;
}

/**
 * Decides everything up to `upTo`, where that is later than `now` for what is known now. Pure: the same
 * score, events and times give the same cues, whether `now` moves in steps of 10 or 333 ms. Only a pause
 * longer than `LOOKAHEAD - SHORTEST_NOTICE` shows that nobody decided ahead for: sync points that passed
 * meanwhile are missed, counted, and the next legal one is taken.
 */
export function step(
  score: Score,
  before: DirectorState,
  events: readonly GameEvent[],
  now: Seconds,
  upTo: Seconds = now,
): DirectorStep {
  const cues: Cue[] = [];
  const problems: DirectorProblem[] = [];
  const waiting = events.toSorted((a, b) => a.at - b.at);
  let state = before;
  let next = 0;
  for (;;) {
    const at = seconds(state.controlPoints * CONTROL_PERIOD);
    if (at > upTo) break;
    for (; next < waiting.length; next += 1) {
      const event = waiting[next];
      if (event === undefined || event.at >= at) break;
      state = applyEvent(score, state, event, problems);
    }
    state = control(score, state, at, now, cues, problems);
  }
  // What came after the last control point takes effect at the next one, with its own time.
  for (const event of waiting.slice(next)) state = applyEvent(score, state, event, problems);
  return { state, cues, problems };
}

/** What the game has set before the music begins: it is there from the first moment on. */
export function preset(score: Score, state: DirectorState, event: GameEvent): DirectorStep {
  if (event.kind === "signal") {
    const { name, value, at } = event;
    const { state: signals, problem } = placeSignal(state.signals, name, value);
    const problems = problem === undefined ? [] : [{ problem, name, at }];
    return { state: { ...state, signals }, cues: [], problems };
  }
  const problems: DirectorProblem[] = [];
  return { state: applyEvent(score, state, event, problems), cues: [], problems };
}

function applyEvent(
  score: Score,
  state: DirectorState,
  event: GameEvent,
  problems: DirectorProblem[],
): DirectorState {
  switch (event.kind) {
    case "signal": {
      const { state: signals, problem } = setSignal(
        state.signals,
        event.name,
        event.value,
        event.at,
      );
      if (problem !== undefined) problems.push({ problem, name: event.name, at: event.at });
      return { ...state, signals };
    }
    case "location":
      if (locationNamed(score, event.name) === undefined) return state;
      return { ...state, location: event.name, weights: { [event.name]: 1 } };
    case "blend":
      return standBetween(score, state, event.weights);
    case "trigger": {
      const { stinger: name, at, placing } = event;
      const { state: next, refusal } = askForStinger(score, state, name, at, placing);
      if (refusal !== undefined) problems.push({ problem: refusal, name, at });
      return next;
    }
    case "hold":
      if (!score.moods.some(({ name }) => name === event.mood)) return state;
      return hold(state, event, lastsOf(score, state, event));
    case "release":
      return release(state, event.id);
    case "release-mood":
      return releaseMood(state, event.mood);
    case "hit":
      return setHit(state, event);
    case "cancel-hit":
      return cancelHit(state, event.name);
    case "time-scale":
      return { ...state, scale: event.scale };
    case "expect":
      return state;
  }
}

/** The length of a hold in the tempo of its mood. */
function lastsOf(
  score: Score,
  { scale }: DirectorState,
  { mood: name, lasts }: Extract<GameEvent, { kind: "hold" }>,
): Seconds | undefined {
  if (lasts === undefined) return undefined;
  const mood = moodNamed(score, name);
  const tempo = tempoOf(mood, scale, 1);
  return lengthIn({ startsAt: seconds(0), tempo, meter: mood.meter }, lasts);
}

/** One control point: rules and holds, then changes of section, then phrases to the horizon, then levels. */
function control(
  score: Score,
  before: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
  problems: DirectorProblem[],
): DirectorState {
  let state: DirectorState = { ...before, controlPoints: before.controlPoints + 1 };
  const [first] = score.moods;
  const grid = state.section ?? {
    startsAt: at,
    tempo: score.tempo,
    meter: first?.meter ?? "4/4",
  };
  state = { ...state, rules: updateRules(score, state.rules, factsAt(state, at), at, grid) };
  state = tendHolds(state, at);
  state = changeSection(score, state, at, now, cues);
  state = cueStingers(score, state, at, now, cues, (problem, { name, at: time }) =>
    problems.push({ problem, name, at: time }),
  );
  const intensity = readNormalised(state.signals, "intensity", at);
  state = cuePhrases(state, at, intensity, cues);
  state = cueLayers(state, at, intensity, cues);
  return cueColour(score, state, at, cues);
}

/** What rules are asked about. Many of them ask for the same few signals: each is read once. */
function factsAt({ signals, location }: DirectorState, at: Seconds): Facts {
  const values = new Map<string, number>();
  const signal = (name: string): number => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const value = readSignal(signals, name, at);
    values.set(name, value);
    return value;
  };
  return { signal, location };
}

/** At most one change of section is made final at a time; what was committed before is begun first. */
function changeSection(
  score: Score,
  before: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  let state = beginSection(score, before, at, cues);
  const { section: opened } = state;
  // Its phrases and levels are cued before anything else is made final.
  if (before.section === undefined && opened !== undefined) {
    return alignStingers(score, state, opened);
  }
  state = reverseFade(score, state, at, cues);
  state = chooseTransition(score, state, at, now);
  state = landOnHit(score, state, at, cues);
  state = commitTransition(score, state, at, now, cues);
  state = aimAtHit(score, state, at, now, cues);
  state = followScale(score, state, at, now, cues);
  const { committed } = state;
  if (committed === undefined || committed === before.committed) return state;
  if (committed.mood !== state.section?.mood) state = cutStingers(score, state, committed, cues);
  state = alignStingers(score, state, committed);
  // One that comes back has had its stinger.
  const isNew = state.sections > before.sections;
  return isNew ? stingerOfTransition(score, state, committed) : state;
}
