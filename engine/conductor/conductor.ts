import type { Bank } from "../bank/bank.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { Cue } from "../director/cue.ts";
import { preset, step, type GameEvent } from "../director/director.ts";
import { desiredTarget, likelyTargets } from "../director/rules.ts";
import { createDirectorState, type DirectorState } from "../director/state.ts";
import type { Stem } from "../music/stem.ts";
import type { Palette } from "../renderer-worker/service.ts";
import type { Score } from "../score/score.ts";
import type { SignalProblem } from "../signals/signals.ts";
import { seconds, type Milliseconds, type Seconds } from "../time/units.ts";
import { Entries } from "./entries.ts";
import { LiveSection } from "./live-section.ts";
import type { Playing, Rendering, Writing } from "./parts.ts";
import type { Phrase } from "./phrase.ts";
import { Repertoire, type RepertoireEvents } from "./repertoire.ts";
import { Stage, type StageEvents } from "./stage.ts";

/** What the conductor tells; all of it is called during `tick` or when a worker answers. */
export interface ConductorEvents extends RepertoireEvents, StageEvents {
  cue(cue: Cue): void;
  taken(phrase: Phrase, take: PhraseTake): void;
  writtenLate(phrase: Phrase): void;
  problem(problem: SignalProblem, name: string): void;
  /** So many sync points passed before the director could be run. */
  missedSyncPoints(count: number): void;
}

export interface ConductorOptions {
  readonly score: Score;
  readonly seed: number;
  readonly bank: Bank;
  readonly playing: Playing;
  readonly paletteNamed: (name: string) => Palette;
  /** Milliseconds since the epoch, for the generator's deadlines. */
  readonly wallClock: () => Milliseconds;
  readonly events: ConductorEvents;
}

const ROOM_RAMP = seconds(2);
/** Chunks of an ended section that are still with the renderer arrive within this many seconds. */
const FORGET_AFTER = 5;
/** So many seconds an old section goes on for a new one that cannot be rendered. */
const LONGEST_WAIT = 30;

/**
 * Carries out the director's cues: has the composer plan, the generator write, the renderer render and
 * the player play, each far enough ahead. Knows no audio node and no worker, only what they can do, so
 * that it runs on a made-up clock as well.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #repertoire: Repertoire;
  readonly #entries: Entries;
  readonly #stage: Stage;
  readonly #sections: LiveSection[] = [];
  #state: DirectorState;
  #origin: Seconds = seconds(0);

  constructor(options: ConductorOptions) {
    const { score, seed, bank, wallClock, playing, paletteNamed, events } = options;
    this.#options = options;
    this.#state = createDirectorState(score);
    this.#repertoire = new Repertoire(bank, wallClock, events);
    this.#entries = new Entries(score, seed, this.#repertoire);
    const voiceOf = (palette: string, stem: Stem) => paletteNamed(palette).voices[stem];
    this.#stage = new Stage({ playing, voiceOf, events });
  }

  get state(): DirectorState {
    return this.#state;
  }

  /** Sections that sound or are about to, oldest first. */
  get sections(): readonly LiveSection[] {
    return this.#sections;
  }

  get readyMoods(): readonly string[] {
    return this.#entries.readyMoods();
  }

  /** Requests that wait for the generator. */
  get openRequests(): number {
    return this.#repertoire.open;
  }

  /** Gives the conductor a generator, a new one, or none. */
  set writing(writing: Writing | undefined) {
    this.#repertoire.writing = writing;
    this.#entries.retry();
    for (const section of this.#sections) section.retry();
  }

  /** Gives the conductor a renderer, a new one, or none. */
  set rendering(rendering: Rendering | undefined) {
    this.#stage.rendering = rendering;
  }

  /** Before the start: takes in what the game sets, as if it had always been so. */
  preset(event: GameEvent): void {
    const { state, problems } = preset(this.#options.score, this.#state, event);
    this.#state = state;
    for (const { problem, name } of problems) this.#options.events.problem(problem, name);
  }

  /** Before the start: prepares the first bars. True once they can be played at once. */
  prepareOpening(): boolean {
    const { score } = this.#options;
    const opening = desiredTarget(score, this.#state.rules, this.#state.location);
    return this.#entries.tend([opening], this.#state.visits, this.#stage);
  }

  /** The music begins at this audio-clock time, which must lie on a whole frame. */
  begin(origin: Seconds): void {
    this.#origin = origin;
    this.#stage.origin = origin;
  }

  /** Goes on to `now`, in seconds since the music began. Call it about 20 times a second; later calls catch up. */
  tick(now: Seconds, events: readonly GameEvent[]): void {
    const { score } = this.#options;
    const missed = this.#state.missedSyncPoints;
    const { state, cues, problems } = step(score, this.#state, events, now);
    this.#state = state;
    for (const { problem, name } of problems) this.#options.events.problem(problem, name);
    if (state.missedSyncPoints > missed) {
      this.#options.events.missedSyncPoints(state.missedSyncPoints - missed);
    }
    for (const cue of cues) this.#follow(cue, now);
    this.#handOver(now);
    for (const section of this.#sections) {
      section.tend(now);
      for (const phrase of section.phrases) {
        if (phrase.take !== undefined) this.#stage.perform(phrase, now);
      }
    }
    this.#prune(now);
    const latest = state.committed ?? state.section;
    if (latest === undefined) return;
    const sounds = { mood: latest.mood.name, palette: latest.palette };
    const targets = likelyTargets(score, sounds, state.location, state.pending?.target);
    this.#entries.tend(targets, state.visits, this.#stage);
  }

  #follow(cue: Cue, now: Seconds): void {
    const { score, seed, playing, paletteNamed, events } = this.#options;
    switch (cue.kind) {
      case "section": {
        this.#sections.push(new LiveSection(cue, score, seed, this.#repertoire, events));
        const at = seconds(this.#origin + Math.max(cue.startsAt, now));
        playing.setRoom({ send: paletteNamed(cue.palette).reverb, at, ramp: ROOM_RAMP });
        break;
      }
      case "phrase": {
        const section = this.#sections.findLast((live) => live.cue.index === cue.section);
        section?.add(cue, cue.index === 0 ? this.#entries.adopt(section.cue) : undefined);
        break;
      }
      case "layer": {
        this.#stage.setLevel(cue, seconds(Math.max(cue.at, now)));
        break;
      }
    }
    events.cue(cue);
  }

  /** The old section fades only when the new one's first bar is with the player: a late renderer makes no silence. */
  #handOver(now: Seconds): void {
    const latest = this.#sections.at(-1);
    const [first] = latest?.phrases ?? [];
    if (latest === undefined || first === undefined) return;
    const overdue = now > latest.cue.startsAt + LONGEST_WAIT;
    if (!overdue && !this.#stage.established(first)) return;
    for (const older of this.#sections) {
      if (older === latest || older.endsAt !== undefined) continue;
      const at = seconds(Math.max(latest.cue.startsAt, now));
      this.#stage.endSection(older.cue, at, latest.cue.fade);
      older.endsAt = seconds(at + latest.cue.fade);
    }
  }

  #prune(now: Seconds): void {
    for (const section of [...this.#sections]) {
      for (const phrase of section.prune(now)) this.#stage.release(phrase);
      if (section.endsAt === undefined || now < section.endsAt + FORGET_AFTER) continue;
      for (const phrase of section.phrases) this.#stage.release(phrase);
      this.#stage.forget(section.cue);
      this.#sections.splice(this.#sections.indexOf(section), 1);
    }
  }
}
