import type { ColourCue, Cue, LayerCue } from "../director/cue.ts";
import { preset, step, type DirectorProblem } from "../director/director.ts";
import type { GameEvent } from "../director/event.ts";
import { createDirectorState, type DirectorState } from "../director/state.ts";
import { CONTROL_PERIOD } from "../director/timing.ts";
import type { Score } from "../score/score.ts";
import { setSignal } from "../signals/signals.ts";
import { seconds, type Seconds } from "../time/units.ts";

export interface DecisionEvents {
  problem(problem: DirectorProblem): void;
  /** So many sync points passed before the director could be run. */
  missedSyncPoints(count: number): void;
}

/** The control point after a moment: what the game does then is decided there. */
export const nextControlPoint = (now: Seconds): Seconds =>
  seconds((Math.floor(now / CONTROL_PERIOD) + 1) * CONTROL_PERIOD);

/** What the director has decided so far, and the state from which it goes on. */
export class Decisions {
  readonly #score: Score;
  readonly #events: DecisionEvents;
  state: DirectorState;

  constructor(score: Score, events: DecisionEvents) {
    this.#score = score;
    this.#events = events;
    this.state = createDirectorState(score);
  }

  /** Before the start: takes in what the game sets, as if it had always been so. */
  preset(event: GameEvent): void {
    const { state, problems } = preset(this.#score, this.state, event);
    this.state = state;
    for (const problem of problems) this.#events.problem(problem);
  }

  /** What the state will be at a moment, with what the game has done since it was last decided. */
  stateAt(now: Seconds, events: readonly GameEvent[]): DirectorState {
    return step(this.#score, this.state, events, now).state;
  }

  /** Whether what the game has done moves a level or a colour at the next control point. Decides nothing. */
  wouldMove(events: readonly GameEvent[], now: Seconds): boolean {
    if (!events.some((event) => this.#isNews(event))) return false;
    const { cues } = step(this.#score, this.state, events, now, nextControlPoint(now));
    return cues.some(({ kind }) => kind === "layer" || kind === "colour");
  }

  /** A game may set its values in every frame: most say nothing new. Levels follow the intensity, colours the place. */
  #isNews(event: GameEvent): boolean {
    const { signals, location } = this.state;
    if (event.kind === "signal") {
      const { name, value, at } = event;
      return name === "intensity" && setSignal(signals, name, value, at).state !== signals;
    }
    return event.kind === "blend" || (event.kind === "location" && event.name !== location);
  }

  /** Goes on to `now`, and decides up to `upTo`. */
  decide(now: Seconds, events: readonly GameEvent[], upTo: Seconds): readonly Cue[] {
    const missed = this.state.missedSyncPoints;
    const { state, cues, problems } = step(this.#score, this.state, events, now, upTo);
    this.state = state;
    for (const problem of problems) this.#events.problem(problem);
    if (state.missedSyncPoints > missed) {
      this.#events.missedSyncPoints(state.missedSyncPoints - missed);
    }
    return cues;
  }
}

/** What was decided for a control point that is about to come moves from now on; what begins with a section, with it. */
export const movesFrom = ({ at, ramp }: LayerCue | ColourCue, now: Seconds): Seconds =>
  ramp > 0 && at <= now + CONTROL_PERIOD ? now : seconds(Math.max(at, now));
