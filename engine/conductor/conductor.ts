import type { Bank } from "../bank/bank.ts";
import type { Novelty } from "../composer/novelty.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { Cue, PhraseCue, SectionCue, StingerCue } from "../director/cue.ts";
import { preset, step, type DirectorProblem } from "../director/director.ts";
import type { GameEvent } from "../director/event.ts";
import { desiredTarget } from "../director/rules.ts";
import { createDirectorState, type DirectorState, type Target } from "../director/state.ts";
import type { Limits } from "../governor/tier.ts";
import type { Stem } from "../music/stem.ts";
import type { Palette } from "../renderer-worker/service.ts";
import type { Mood, Score, TakeSpec } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import { pendingEntry } from "../director/transitions.ts";
import { timeOfBar } from "../time/section.ts";
import { seconds, unitInterval, type Milliseconds, type Seconds } from "../time/units.ts";
import { AuthoredTakes } from "./authored-takes.ts";
import { Bridges } from "./bridges.ts";
import type { Pcm } from "./cut-take.ts";
import { Entries } from "./entries.ts";
import { LiveSection } from "./live-section.ts";
import type { Playing, Rendering, Writing } from "./parts.ts";
import { NoveltyMemory } from "./novelty-memory.ts";
import type { Phrase } from "./phrase.ts";
import { Repertoire, type RepertoireEvents } from "./repertoire.ts";
import { Songbook, tuneName, type Tune } from "./songbook.ts";
import { Speculation, type Accounts } from "./speculation.ts";
import { Stage, type StageEvents } from "./stage.ts";
import { StingerDesk } from "./stinger-desk.ts";
import { handOver, letGo } from "./succession.ts";

/** What the conductor tells; all of it is called during `tick` or when a worker answers. */
export interface ConductorEvents extends RepertoireEvents, StageEvents {
  cue(cue: Cue): void;
  /** `tune` names what the phrase belongs to. */
  taken(phrase: Phrase, take: PhraseTake, tune: string): void;
  writtenLate(phrase: Phrase): void;
  /** A stem does not play its authored take, as the music has another tempo. */
  outOfTempo(section: SectionCue, stem: Stem, take: TakeSpec): void;
  stingerTaken(cue: StingerCue, take: PhraseTake, tune: string): void;
  problem(problem: DirectorProblem): void;
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

/** What a stinger played, whenever it is played again. */
const stingerName = ({ stinger, at }: StingerCue): string =>
  `stinger ${stinger.name} at ${at.toFixed(3)}`;
const RESTORE_FADE: Seconds = seconds(0.08);

/**
 * Carries out the director's cues: has the composer plan, the generator write, the renderer render and
 * the player play, each far enough ahead. Knows no audio node and no worker, only what they can do, so
 * that it runs on a made-up clock as well.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #repertoire: Repertoire;
  readonly #songbook = new Songbook();
  readonly #entries: Entries;
  readonly #stage: Stage;
  readonly #novelty = new NoveltyMemory();
  readonly #themes = new Map<string, Theme>();
  readonly #authored: AuthoredTakes;
  readonly #bridges: Bridges;
  readonly #speculation: Speculation;
  readonly #stingers: StingerDesk;
  readonly #sections: LiveSection[] = [];
  #state: DirectorState;
  #origin: Seconds = seconds(0);

  constructor(options: ConductorOptions) {
    const { score, seed, bank, wallClock, playing, paletteNamed, events } = options;
    this.#options = options;
    this.#state = createDirectorState(score);
    this.#repertoire = new Repertoire(bank, wallClock, events);
    this.#speculation = new Speculation(score);
    for (const theme of score.themes) {
      if (theme.kind === "notes") this.#themes.set(theme.name, theme.theme);
    }
    const voiceOf = (palette: string, stem: Stem) => paletteNamed(palette).voices[stem];
    this.#stage = new Stage({ playing, voiceOf, events });
    const common = { score, seed, repertoire: this.#repertoire };
    const songbook = this.#songbook;
    this.#authored = new AuthoredTakes(score.takes);
    this.#entries = new Entries({
      ...common,
      songbook,
      themeOf: (mood) => this.#themeOf(mood),
      authored: this.#authored,
    });
    this.#bridges = new Bridges({
      ...common,
      songbook,
      entryOf: (mood) => this.#entries.written(mood),
    });
    this.#stingers = new StingerDesk({
      ...common,
      stage: this.#stage,
      themeNamed: (name) => this.#themes.get(name),
      phraseAt: (section, at) => this.#phraseAt(section, at),
    });
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

  /** What became of the generator's work; live. */
  get accounts(): Accounts {
    const { ledger, budget } = this.#repertoire;
    return { ledger, budget, changes: this.#speculation.changes };
  }

  /** Gives the conductor a generator, a new one, or none. */
  set writing(writing: Writing | undefined) {
    this.#repertoire.writing = writing;
    this.#retry();
  }

  /** How much of the device may be taken from now on. */
  set limits(limits: Limits) {
    this.#repertoire.limits = limits;
    this.#retry();
  }

  #retry(): void {
    this.#entries.retry();
    this.#stingers.retry();
    for (const section of this.#sections) section.retry();
  }

  /** Gives the conductor a renderer, a new one, or none. */
  set rendering(rendering: Rendering | undefined) {
    this.#stage.rendering = rendering;
  }

  /** A theme has been read: phrases planned from now on state it. */
  addTheme(name: string, theme: Theme): void {
    this.#themes.set(name, theme);
  }

  /** An authored take has been decoded: phrases that are settled from now on play it. */
  addTake(name: string, pcm: Pcm): void {
    this.#authored.add(name, pcm);
  }

  /** What the player has heard of late. */
  get heard(): Novelty {
    return this.#novelty.heard;
  }

  set heard(heard: Novelty) {
    this.#novelty.heard = heard;
  }

  /** Before the start: takes in what the game sets, as if it had always been so. */
  preset(event: GameEvent): void {
    this.#speculation.hear([event]);
    const { state, problems } = preset(this.#options.score, this.#state, event);
    this.#state = state;
    for (const problem of problems) this.#options.events.problem(problem);
  }

  /** Before the start: prepares the first bars. True once they can be played at once. */
  prepareOpening(): boolean {
    const { score } = this.#options;
    const { reopening } = this.#state;
    if (reopening !== undefined) return this.#entries.tendReturn(reopening, this.#stage);
    const opening = desiredTarget(score, this.#state);
    const likely = [{ ...opening, weight: unitInterval(1) }];
    return this.#entries.tend(likely, this.#state.visits, this.#stage);
  }

  /** The section that is heard at a moment of the near past or future. */
  sectionAt(time: Seconds): SectionCue | undefined {
    const { section, committed } = this.#state;
    const sounding = this.#sections.findLast(({ entered }) => entered.at <= time)?.cue;
    return sounding ?? section ?? committed;
  }

  /** Tunes to which the music may come back, and what they have played. */
  get tunes(): readonly Tune[] {
    const left = new Set(
      Object.entries(this.#state.left).map(([mood, { visit }]) => tuneName(mood, visit)),
    );
    return this.#songbook.tunes.filter(({ name, players }) => players > 0 || left.has(name));
  }

  /** What tunes are to play, as far as it is known already. */
  learn(name: string, takes: readonly (readonly [number, PhraseTake])[], isKept: boolean): void {
    const tune = this.#songbook.open(name);
    // What a recording gave is kept for as long as it takes: nobody can write it again.
    if (isKept) tune.players += 1;
    for (const [index, take] of takes) tune.takes.set(index, take);
  }

  /** Lets go of all that sounds; the music goes on from another state. Call `begin` after it. */
  restore(state: DirectorState, now: Seconds): void {
    for (const live of this.#sections) {
      this.#stage.end(String(live.cue.index), now, RESTORE_FADE);
      for (const phrase of live.phrases) this.#stage.release(phrase);
      live.leave();
    }
    this.#sections.length = 0;
    this.#repertoire.cancelAll();
    this.#entries.retry();
    this.#stingers.retry();
    this.#songbook.clear();
    this.#stingers.stop(now);
    // Voices that fade out keep their names for a moment.
    const { sections, stingers } = this.#state;
    this.#state = {
      ...state,
      sections: sections + state.sections,
      stingers: { ...state.stingers, count: stingers.count },
    };
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
    this.#speculation.hear(events);
    const { state, cues, problems } = step(score, this.#state, events, now);
    this.#state = state;
    for (const problem of problems) this.#options.events.problem(problem);
    if (state.missedSyncPoints > missed) {
      this.#options.events.missedSyncPoints(state.missedSyncPoints - missed);
    }
    for (const cue of cues) this.#follow(cue, now);
    handOver(this.#sections, this.#stage, now);
    // The newest first: it must not wait for the renderer behind one that is about to go.
    for (const section of this.#sections.toReversed()) {
      section.tend(now);
      for (const phrase of section.phrases) {
        if (phrase.take !== undefined) this.#stage.perform(phrase, now);
      }
    }
    this.#stingers.perform(now);
    letGo(this.#sections, this.#stage, now);
    const latest = state.committed ?? state.section;
    if (latest === undefined) return;
    this.#bridges.prepare(state, this.#live(latest.index), now);
    this.#stingers.tend(latest.mood);
    this.#entries.tendReturn(pendingEntry(score, state), this.#stage);
    const { visits, pending } = state;
    const isPrepared = (target: Target) => this.#entries.isPrepared(target, visits);
    const targets = this.#speculation.look(state, latest, now, isPrepared);
    this.#entries.tend(targets, visits, this.#stage, pending && seconds(pending.at - now));
    this.#bridges.speculate(targets, state, this.#live(latest.index));
  }

  #follow(cue: Cue, now: Seconds): void {
    const { playing, paletteNamed, events } = this.#options;
    const soon = (at: Seconds): Seconds => seconds(this.#origin + Math.max(at, now));
    switch (cue.kind) {
      case "section":
        this.#sections.push(this.#open(cue));
        for (const live of this.#sections) {
          if (live.cue !== cue) live.supersede(seconds(cue.entersAt + cue.fade));
        }
        break;
      case "reversal":
        this.#reverse(cue.section, { at: cue.at, fade: cue.fade });
        break;
      case "phrase": {
        const section = this.#live(cue.section);
        if (section !== undefined) this.#addPhrase(section, cue);
        break;
      }
      case "layer":
        this.#stage.setLevel(cue, seconds(Math.max(cue.at, now)));
        break;
      case "colour": {
        const { at, ramp, brightness, level } = cue;
        const room = unitInterval(cue.room + cue.paletteRoom * paletteNamed(cue.palette).reverb);
        playing.setColour({ room, brightness, level, at: soon(at), ramp });
        break;
      }
      case "stinger": {
        const section = this.#live(cue.section);
        if (section === undefined) break;
        const known = this.#songbook.find(stingerName(cue))?.takes.get(0);
        const take = this.#stingers.sound(cue, section.cue, known);
        events.stingerTaken(cue, take, stingerName(cue));
        if (cue.duck === undefined) break;
        playing.duck({ ...cue.duck, at: soon(cue.at), until: soon(cue.until) });
        break;
      }
      case "stinger-cut":
        this.#stingers.cut(cue.id, cue.at);
        break;
      case "hit":
        break;
    }
    events.cue(cue);
  }

  #addPhrase(section: LiveSection, cue: PhraseCue): void {
    const { cause, bridge } = section.cue;
    const isChange = cause === "transition" && bridge === undefined && section.phrases.length === 0;
    const prepared = this.#entries.adopt(section.cue, cue.index);
    section.add(cue, prepared);
    if (isChange) this.#speculation.changed(section.phrases[0]?.take, prepared?.take);
  }

  #live(index: number): LiveSection | undefined {
    return this.#sections.findLast((live) => live.cue.index === index);
  }

  #phraseAt(section: number, at: Seconds): Phrase | undefined {
    return this.#live(section)?.phrases.findLast(
      ({ setting, firstBar }) => timeOfBar(setting, firstBar) <= at,
    );
  }

  #open(cue: SectionCue): LiveSection {
    const { seed, events } = this.#options;
    const around =
      cue.bridge === undefined
        ? { before: undefined, after: undefined }
        : this.#bridges.around(this.#sections.at(-1), cue.entersAt, cue.bridge.mood.name);
    const tune = this.#tuneOf(cue);
    return new LiveSection({
      cue,
      tune,
      around,
      spare: () => cue.bridge && this.#bridges.spare(cue.mood.name, cue.bridge.mood.name),
      seed,
      themeOf: (mood) => this.#themeOf(mood),
      authored: this.#authored,
      novelty: this.#novelty,
      repertoire: this.#repertoire,
      events,
    });
  }

  #themeOf({ theme }: Mood): Theme | undefined {
    return theme && this.#themes.get(theme.name);
  }

  #tuneOf(cue: SectionCue): Tune {
    if (cue.bridge !== undefined) {
      return this.#bridges.tuneOf(cue.mood.name, cue.bridge.mood.name, cue.entersAt);
    }
    return this.#songbook.open(tuneName(cue.mood.name, cue.visit));
  }

  /** A section that was fading out comes back, and with it what it had no longer been given. */
  #reverse(index: number, entered: { at: Seconds; fade: Seconds }): void {
    const live = this.#live(index);
    if (live === undefined) return;
    const { endsAt } = live;
    live.reinstate(entered);
    this.#sections.splice(this.#sections.indexOf(live), 1);
    this.#sections.push(live);
    if (endsAt === undefined) return;
    this.#stage.resume(live.cue, live.phrases, { ...entered, endedAt: endsAt });
  }
}
