import type { Conductor } from "./conductor/conductor.ts";
import { nextControlPoint } from "./conductor/decisions.ts";
import { effective, type Look } from "./conductor/foresight.ts";
import type { GameEvent } from "./director/event.ts";
import type { DirectorState } from "./director/state.ts";
import type { Inbox } from "./inbox.ts";
import type { FlightRecorder, Recording } from "./recorder.ts";
import type { MusicClock } from "./music-clock.ts";
import type { Reporter } from "./reporter.ts";
import { saveMusic, takesOf, type Checkpoint, type SavedMusic } from "./saved-music.ts";
import type { Score } from "./score/score.ts";
import { seconds, type Seconds } from "./time/units.ts";

/** Recorded for what the game set before the music began. */
const BEFORE_START = seconds(-1);

export interface GameLogParts {
  readonly score: Score;
  readonly seed: number;
  readonly conductor: Conductor;
  readonly inbox: Inbox;
  readonly recorder: FlightRecorder;
  readonly reporter: Reporter;
}

/** A save that has been read, and the state that it holds in a score. */
export interface OpenedSave {
  readonly music: SavedMusic;
  readonly state: DirectorState;
}

export interface OpenedRecording {
  readonly recording: Recording;
  /** Undefined: at the very beginning. */
  readonly from: OpenedSave | undefined;
}

/** What the game did on its way to the conductor: kept for the next tick, recorded, saved, and played back. */
export class GameLog {
  readonly #parts: GameLogParts;
  /** The events of a recording in order of time, of which so many have been played. */
  #script: readonly GameEvent[] | undefined;
  #played = 0;
  #hasBegun = false;
  /** Until when has been decided: what the game does takes effect after that. */
  #decided: Seconds = seconds(-Infinity);

  constructor(parts: GameLogParts) {
    this.#parts = parts;
  }

  get isReplay(): boolean {
    return this.#script !== undefined;
  }

  /** Takes in what the game did. What comes before the first tick is there from the first moment on. */
  take(event: GameEvent, now: Seconds): void {
    const { conductor, inbox, recorder, reporter } = this.#parts;
    if (this.#script !== undefined) {
      reporter.warn("replaying", "replay", "a recording is played back; the game is ignored");
    } else if (this.#hasBegun) {
      inbox.keep(event);
    } else {
      recorder.events([{ ...event, at: BEFORE_START }]);
      conductor.preset(event);
      recorder.turnPage(now, () => this.#checkpoint(conductor.state, now));
    }
  }

  /** Goes on to where the clock is, and decides as far as it foresees. */
  tick(look: Look): void {
    const { conductor, recorder } = this.#parts;
    const { now, upTo } = look;
    this.#hasBegun = true;
    conductor.tick(now, this.#take(look), upTo);
    recorder.turnPage(now, () => this.#checkpoint(conductor.state, now));
  }

  /**
   * What the game has done since the last tick is decided at once, at the next control point, where it moves a
   * level or a colour; else it waits for the tick, as it does where that point is decided already.
   */
  answer(clock: Pick<MusicClock, "now" | "glance">): void {
    const { conductor, inbox } = this.#parts;
    const now = clock.now();
    if (this.#script !== undefined || this.#decided >= nextControlPoint(now)) return;
    const events = effective(inbox.waiting, this.#decided);
    if (!conductor.decisions.wouldMove(events, now)) return;
    const look = clock.glance();
    conductor.answer(look.now, this.#take(look), look.upTo);
  }

  /** What is to be decided upon, which is recorded. */
  #take({ upTo, since }: Look): readonly GameEvent[] {
    const { inbox, recorder } = this.#parts;
    const events = this.#script === undefined ? effective(inbox.empty(), since) : this.#due(upTo);
    this.#decided = upTo;
    if (this.#script !== undefined) this.#played += events.length;
    recorder.events(events);
    return events;
  }

  /** The music as it is at `now`, with what the game has done since the last tick. */
  save(now: Seconds): SavedMusic {
    const { conductor, inbox } = this.#parts;
    const events =
      this.#script === undefined ? effective(inbox.waiting, this.#decided) : this.#due(now);
    const state = this.#hasBegun ? conductor.decisions.stateAt(now, events) : conductor.state;
    return saveMusic(this.#checkpoint(state, now));
  }

  /** Puts the music where it was saved; `now` is where it is until then. Begins the recording anew. */
  restore({ music: { time, tunes, heard }, state }: OpenedSave, now: Seconds): void {
    const { conductor, inbox, recorder } = this.#parts;
    conductor.restore({ ...state, holds: inbox.adopt(state.holds) }, now);
    for (const tune of tunes) conductor.learn(tune.name, takesOf(tune), false);
    conductor.heard = heard;
    inbox.empty();
    this.#decided = seconds(-Infinity);
    recorder.restart(saveMusic(this.#checkpoint(conductor.state, seconds(time))));
  }

  /** Plays a recording: the same events at the same moments, and the notes that were heard. */
  play({ recording: { events, tunes }, from }: OpenedRecording): void {
    const { conductor, recorder } = this.#parts;
    if (from !== undefined) this.restore(from, seconds(0));
    for (const tune of tunes) conductor.learn(tune.name, takesOf(tune), true);
    const before = events.filter(({ at }) => at < 0);
    for (const event of before) conductor.preset({ ...event, at: seconds(from?.music.time ?? 0) });
    recorder.events(before);
    this.#script = events.filter(({ at }) => at >= 0).toSorted((a, b) => a.at - b.at);
  }

  /** What a recording has until then and has not been played. */
  #due(now: Seconds): readonly GameEvent[] {
    const script = this.#script ?? [];
    let end = this.#played;
    while ((script[end]?.at ?? Infinity) <= now) end += 1;
    return script.slice(this.#played, end);
  }

  #checkpoint(state: DirectorState, time: Seconds): Checkpoint {
    const { score, seed, conductor } = this.#parts;
    return {
      score,
      seed,
      time,
      state,
      tunes: conductor.tunes.map(({ name, takes }) => ({ name, takes: new Map(takes) })),
      heard: conductor.heard,
    };
  }
}
