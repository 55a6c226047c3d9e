import { effective, Foresight } from "../../engine/conductor/foresight.ts";
import type { Cue } from "../../engine/director/cue.ts";
import { preset, step } from "../../engine/director/director.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { reopeningCues } from "../../engine/director/reopening.ts";
import { restoreDirector } from "../../engine/director/restore.ts";
import { saveDirector, type SavedDirector } from "../../engine/director/save.ts";
import { CONTROL_PERIOD } from "../../engine/director/timing.ts";
import { createDirectorState, type DirectorState } from "../../engine/director/state.ts";
import type { Score } from "../../engine/score/score.ts";
import { seconds } from "../../engine/time/units.ts";
import { eventOf, isOfPlayer, type Game } from "./random-game.ts";

/** Music in one stretch of time: from the start, or from where it was put, to the next such place. */
export interface Stretch {
  readonly score: Score;
  readonly from: number;
  readonly until: number;
  readonly before: DirectorState;
  readonly after: DirectorState;
  readonly cues: readonly Cue[];
  /** When each cue came: the time of the tick, in seconds of the music. */
  readonly told: readonly number[];
  /** After each tick that decided something. */
  readonly states: readonly { readonly at: number; readonly state: DirectorState }[];
  /** Of the last thing that the game did. */
  readonly lastDeed: number;
}

interface Saved {
  readonly time: number;
  readonly director: string;
}

/** How far the music still goes when the engine is told to pause. */
const PAUSE_FADE = 0.03;

/** Plays a game as the soundtrack does, on a made-up clock that stands still while it is paused. */
class Played {
  readonly stretches: Stretch[] = [];
  readonly #score: Score;
  readonly #ticks: readonly number[];
  #state: DirectorState;
  #before: DirectorState;
  #inbox: GameEvent[] = [];
  #now = 0;
  #from = 0;
  #nextTick = 0;
  #count = 0;
  #paused = false;
  #saved: Saved | undefined;
  /** Restored music has not been told yet. */
  #reopens = false;
  #foresight = new Foresight();
  #lastDeed = 0;
  #cues: Cue[] = [];
  #told: number[] = [];
  #states: { at: number; state: DirectorState }[] = [];

  constructor(score: Score, { before, ticks }: Game) {
    this.#score = score;
    this.#ticks = ticks;
    this.#state = createDirectorState(score);
    for (const deed of before) {
      if (isOfPlayer(deed)) continue;
      this.#state = preset(score, this.#state, eventOf(deed, 0)).state;
    }
    this.#before = this.#state;
  }

  get state(): DirectorState {
    return this.#state;
  }

  get now(): number {
    return this.#now;
  }

  /** What the game did since the last tick. */
  get hasNews(): boolean {
    return this.#inbox.length > 0;
  }

  wait(span: number): void {
    if (this.#paused) return;
    const until = this.#now + span;
    while (this.#nextTick <= until) {
      this.#tick(this.#nextTick);
      this.#nextTick = this.#after(this.#nextTick);
    }
    this.#now = until;
  }

  does(deed: Game["moves"][number]["deed"]): void {
    this.#lastDeed = this.#now;
    if (!isOfPlayer(deed)) this.#inbox.push(eventOf(deed, this.#now));
    else this[deed.kind]();
  }

  pause(): void {
    if (this.#paused) return;
    this.#tick(this.#now);
    this.#now += PAUSE_FADE;
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#nextTick = this.#ticks.length > 0 ? this.#now : this.#after(this.#now);
  }

  save(): void {
    const { state } = step(this.#score, this.#state, this.#inbox, seconds(this.#now));
    const director = JSON.stringify(saveDirector(this.#score, state));
    this.#saved = { time: this.#now, director };
  }

  restore(): void {
    if (this.#saved === undefined) return;
    this.close();
    const { time, director } = this.#saved;
    const saved: SavedDirector = JSON.parse(director);
    this.#state = restoreDirector(this.#score, saved, seconds(time));
    this.#before = this.#state;
    this.#reopens = this.#state.section !== undefined;
    this.#inbox = [];
    this.#now = time;
    this.#from = time;
    this.#lastDeed = time;
    this.#nextTick = time;
    this.#foresight = new Foresight();
  }

  /** The last tick falls on this moment, whatever their lengths. */
  end(): void {
    this.resume();
    this.#tick(this.#now);
    this.close();
  }

  #after(tick: number): number {
    const length = this.#ticks[this.#count % this.#ticks.length];
    this.#count += 1;
    return length === undefined ? this.#state.controlPoints * CONTROL_PERIOD : tick + length;
  }

  #tick(at: number): void {
    const { now, upTo, since } = this.#foresight.look(seconds(at));
    // At a control point is seen what was decided there: what comes at the same moment waits.
    const isDue = (event: GameEvent): boolean => this.#ticks.length > 0 || event.at < at;
    const events = effective(this.#inbox.filter(isDue), since);
    const told = this.#reopens ? reopeningCues(this.#score, this.#state, now) : [];
    this.#reopens = false;
    const decided = step(this.#score, this.#state, events, now, upTo);
    const cues = [...told, ...decided.cues];
    const { state } = decided;
    this.#inbox = this.#inbox.filter((event) => !isDue(event));
    this.#cues.push(...cues);
    this.#told.push(...cues.map(() => at));
    if (state.controlPoints > this.#state.controlPoints) this.#states.push({ at, state });
    this.#state = state;
  }

  close(): void {
    this.stretches.push({
      score: this.#score,
      from: this.#from,
      until: this.#now,
      before: this.#before,
      after: this.#state,
      cues: this.#cues,
      told: this.#told,
      states: this.#states,
      lastDeed: this.#lastDeed,
    });
    this.#cues = [];
    this.#told = [];
    this.#states = [];
  }
}

/** The whole game, and then `quiet` seconds without a deed: fewer once `isOver` says so. */
export function play(
  score: Score,
  game: Game,
  quiet: number,
  isOver?: (state: DirectorState) => boolean,
): readonly Stretch[] {
  const played = new Played(score, game);
  for (const { wait, deed } of game.moves) {
    played.wait(wait);
    played.does(deed);
  }
  played.resume();
  if (isOver === undefined) {
    played.wait(quiet);
  } else {
    const end = played.now + quiet;
    do played.wait(1);
    while (played.now < end && (played.hasNews || !isOver(played.state)));
    played.close();
    return played.stretches;
  }
  played.end();
  return played.stretches;
}
