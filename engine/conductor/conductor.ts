import type { Novelty } from "../composer/novelty.ts";
import type { Cue, PhraseCue, SectionCue } from "../director/cue.ts";
import type { GameEvent } from "../director/event.ts";
import type { Likely } from "../director/outlook.ts";
import { renumbered, reopeningCues, reopeningEntry } from "../director/reopening.ts";
import { desiredTarget } from "../director/rules.ts";
import type { DirectorState, Target } from "../director/state.ts";
import type { Limits } from "../governor/tier.ts";
import type { Mood } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import { CONTROL_PERIOD } from "../director/timing.ts";
import { pendingEntry } from "../director/transitions.ts";
import { timeOfBar } from "../time/section.ts";
import { seconds, unitInterval, type Seconds } from "../time/units.ts";
import { AuthoredTakes } from "./authored-takes.ts";
import { Bridges } from "./bridges.ts";
import type { ConductorOptions } from "./conductor-options.ts";
import type { Pcm } from "./cut-take.ts";
import { Decisions, movesFrom } from "./decisions.ts";
import { Entries } from "./entries.ts";
import { Instruments } from "./instruments.ts";
import { FORGET_AFTER, handOver, letGo } from "./hand-over.ts";
import { LiveSection } from "./live-section.ts";
import type { Rendering, Writing } from "./parts.ts";
import { NoveltyMemory } from "./novelty-memory.ts";
import { Parting } from "./parting.ts";
import type { Phrase } from "./phrase.ts";
import { Repertoire } from "./repertoire.ts";
import { Songbook, stingerName, tuneOfSection, tunesToKeep } from "./songbook.ts";
import type { KeptTune, KnownTake } from "./songbook.ts";
import { Speculation, type Accounts } from "./speculation.ts";
import { Stage } from "./stage.ts";
import { StingerDesk } from "./stinger-desk.ts";

/** Seconds: what a tick took longer than this to come does not show how long the next will. */
const LONGEST_PAUSE = 1;
/** How fast the old music goes when another state takes its place. */
const FADE_OUT: Seconds = seconds(0.08);

/**
 * Carries out the director's cues: has the composer plan, the generator write, the renderer render and
 * the player play, each far enough ahead. Knows no audio node and no worker, only what they can do, so
 * that it runs on a made-up clock as well.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #repertoire: Repertoire;
  readonly #songbook: Songbook;
  readonly #entries: Entries;
  readonly #stage: Stage;
  readonly #novelty = new NoveltyMemory();
  readonly #themes = new Map<string, Theme>();
  readonly #authored: AuthoredTakes;
  readonly #bridges: Bridges;
  readonly #speculation: Speculation;
  readonly #stingers: StingerDesk;
  readonly #sections: LiveSection[] = [];
  #targets: readonly Likely[] = [];
  readonly #parting: Parting;
  /** Restored music has not been told to the players yet. */
  #reopens = false;
  readonly decisions: Decisions;
  /** The last tick. */
  #now: Seconds = seconds(0);
  #origin: Seconds = seconds(0);

  constructor(options: ConductorOptions) {
    const { score, seed, bank, wallClock, playing, paletteNamed, events, pcmBudget } = options;
    this.#options = options;
    this.decisions = new Decisions(score, events);
    this.#repertoire = new Repertoire(bank, wallClock, events);
    this.#speculation = new Speculation(score);
    const instruments = new Instruments(paletteNamed);
    this.#stage = new Stage({ playing, instruments, events, pcmBudget, rendered: this.#serve });
    this.#parting = new Parting(this.#stage);
    this.#songbook = new Songbook(score);
    this.#authored = new AuthoredTakes(score.takes);
    const common = { score, seed, repertoire: this.#repertoire, novelty: this.#novelty };
    const parts = { ...common, songbook: this.#songbook, authored: this.#authored };
    this.#entries = new Entries({ ...parts, themeOf: (mood) => this.#themeOf(mood) });
    this.#bridges = new Bridges({ ...parts, entryOf: (mood) => this.#entries.written(mood) });
    this.#stingers = new StingerDesk({
      ...common,
      stage: this.#stage,
      takeNamed: (name) => this.#authored.named(name),
      themeNamed: (name) => this.#themes.get(name),
      phraseAt: (section, at) => this.#phraseAt(section, at),
    });
  }

  get state(): DirectorState {
    return this.decisions.state;
  }

  /** Sections that sound or are about to, oldest first. */
  get sections(): readonly LiveSection[] {
    return this.#sections;
  }

  get readyMoods(): readonly string[] {
    return this.#entries.readyMoods();
  }

  /** What became of the generator's and the renderer's work; live. */
  get accounts(): Accounts {
    const { ledger, budget } = this.#repertoire;
    return { ledger, budget, changes: this.#speculation.changes, pcm: this.#stage.pcm };
  }

  /** Gives the conductor a generator, a new one, or none. */
  set writing(writing: Writing | undefined) {
    this.#repertoire.writing = writing;
    this.#retry();
  }

  /** How much of the device may be taken from now on. */
  set limits(limits: Limits) {
    this.#repertoire.limits = limits;
    this.#authored.areAlone = limits.authoredOnly;
    this.#retry();
  }

  dispose(): void {
    this.#stage.pcm.clear();
  }

  #retry(): void {
    for (const desk of [this.#entries, this.#bridges, this.#stingers]) desk.retry();
    for (const section of this.#sections) section.retry();
  }

  /** Gives the conductor a renderer, a new one, or none. */
  set rendering(rendering: Rendering | undefined) {
    this.#stage.rendering = rendering;
  }

  /** A theme has been read: phrases that begin from now on state it, the prepared opening too. */
  addTheme(name: string, theme: Theme): void {
    this.#themes.set(name, theme);
    this.#entries.planAnew(this.#stage);
  }

  /** An authored take has been decoded, or cannot be had: phrases that are settled from now on play it, or do without. */
  addTake(name: string, pcm: Pcm | undefined): void {
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
    this.decisions.preset(event);
  }

  /** Before the start: prepares the first bars. True once they can be played at once. */
  prepareOpening(): boolean {
    const { score } = this.#options;
    if (this.decisions.state.section !== undefined) {
      return this.#entries.tendReturn(reopeningEntry(this.decisions.state), this.#stage);
    }
    const opening = desiredTarget(score, this.decisions.state);
    const likely = [{ ...opening, weight: unitInterval(1) }];
    return this.#entries.tend(likely, this.decisions.state.visits, this.#stage);
  }

  /** The section that is heard at a moment of the near past or future. */
  sectionAt(time: Seconds): SectionCue | undefined {
    const { section, committed } = this.decisions.state;
    const sounding = this.#sections.findLast(({ entered }) => entered.at <= time)?.cue;
    return sounding ?? section ?? committed;
  }

  /** Tunes that sound or to which the music may come back, and what they have played. */
  get tunes(): readonly KeptTune[] {
    const known = [
      ...tunesToKeep(this.#songbook.tunes, this.decisions.state),
      ...this.#stingers.tunes,
    ];
    return [...new Map(known.map((tune) => [tune.name, tune])).values()];
  }

  /** What tunes are to play, as far as it is known already. */
  learn(name: string, takes: readonly KnownTake[], isKept: boolean): void {
    this.#songbook.learn(name, takes, isKept);
  }

  /** Lets go of all that sounds; the music goes on from another state. Call `begin` after it. */
  restore(state: DirectorState, now: Seconds): void {
    this.#repertoire.cancelAll();
    for (const live of this.#sections) {
      this.#stage.end(String(live.cue.index), now, FADE_OUT);
      for (const phrase of live.phrases) this.#stage.release(phrase);
      live.abandon();
    }
    const keys = this.#sections.splice(0).map(({ cue }) => String(cue.index));
    this.#entries.clear(this.#stage);
    this.#bridges.clear();
    this.#speculation.clear();
    this.#targets = [];
    for (const take of this.#songbook.clear()) this.#repertoire.setAside(take);
    this.#parting.keep(
      [...keys, ...this.#stingers.stop(now)],
      seconds(state.controlPoints * CONTROL_PERIOD + FORGET_AFTER),
    );
    this.decisions.state = renumbered(state, this.decisions.state);
    this.#reopens = state.section !== undefined;
  }

  /** The music begins at this audio-clock time, which must lie on a whole frame. */
  begin(origin: Seconds): void {
    this.#origin = origin;
    this.#stage.origin = origin;
  }

  /**
   * Goes on to `now`, in seconds since the music began, and decides up to `upTo`. Call it about 20 times a
   * second; later calls catch up, and where they come as late as foreseen (`Foresight`) nothing is missed.
   */
  tick(now: Seconds, events: readonly GameEvent[], upTo: Seconds = now): void {
    this.#reopen(now);
    this.#decide(now, events, upTo);
    const { state } = this.decisions;
    // What is due before the next tick is due now.
    const elapsed = seconds(Math.min(LONGEST_PAUSE, Math.max(0, now - this.#now)));
    const next = now + elapsed;
    this.#stage.tick(elapsed);
    this.#now = now;
    for (const section of this.#sections.toReversed()) section.tend(seconds(Math.max(upTo, next)));
    this.#perform();
    this.#parting.tend(now);
    letGo(this.#sections, this.#stage, now);
    const latest = state.committed ?? state.section;
    if (latest === undefined) return;
    this.#bridges.prepare(state, this.#live(latest.index), now);
    this.#stingers.tend(latest.mood);
    const isPrepared = (target: Target) => this.#entries.isPrepared(target, state.visits);
    this.#targets = this.#speculation.look(state, latest, now, isPrepared);
    this.#prepare();
    this.#bridges.speculate(this.#targets, this.#live(latest.index));
  }

  /** Decides between two ticks, up to `upTo`: a level, filter or room that moves is heard at once. */
  answer(now: Seconds, events: readonly GameEvent[], upTo: Seconds): void {
    this.#reopen(now);
    this.#decide(now, events, upTo);
  }

  #decide(now: Seconds, events: readonly GameEvent[], upTo: Seconds): void {
    this.#speculation.hear(events);
    for (const cue of this.decisions.decide(now, events, upTo)) {
      this.#follow(cue, now);
      this.#options.events.cue(cue);
    }
  }

  /** The renderer is free again: it need not wait for the next tick, which may come late. */
  readonly #serve = (): void => {
    this.#perform();
    if (this.#targets.length > 0) this.#prepare();
  };

  /** Has rendered and played what is due, what sounds sooner first; of that the newest section: the others may go. */
  #perform(): void {
    const now = this.#now;
    for (const within of [...this.#stage.horizons, undefined]) {
      for (const section of this.#sections.toReversed()) {
        for (const phrase of section.phrases) {
          if (phrase.take !== undefined) this.#stage.perform(phrase, now, within);
        }
      }
      handOver(this.#sections, this.#stage, now);
      this.#stingers.perform(now, within);
    }
  }

  #prepare(): void {
    const { visits, pending } = this.decisions.state;
    const soundsIn = pending && seconds(pending.at - this.#now);
    this.#entries.tendReturn(pendingEntry(this.#options.score, this.decisions.state), this.#stage);
    this.#entries.tend(this.#targets, visits, this.#stage, soundsIn);
  }

  #follow(cue: Cue, now: Seconds): void {
    const { playing, paletteNamed, events } = this.#options;
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
        if (section !== undefined) this.#addPhrase(section, cue, now);
        break;
      }
      case "layer":
        this.#stage.setLevel(cue, movesFrom(cue, now));
        break;
      case "colour": {
        const { ramp, brightness, level } = cue;
        const room = unitInterval(cue.room + cue.paletteRoom * paletteNamed(cue.palette).reverb);
        const at = seconds(this.#origin + movesFrom(cue, now));
        playing.setColour({ room, brightness, level, at, ramp });
        break;
      }
      case "stinger": {
        const section = this.#live(cue.section);
        if (section === undefined) break;
        const known = this.#songbook.find(stingerName(cue))?.takes.get(0);
        const take = this.#stingers.sound(cue, section.cue, known);
        // One that goes on was told when it began.
        if (cue.entersAt === cue.at) events.stingerTaken(cue, take, stingerName(cue));
        break;
      }
      case "stinger-cut":
        this.#stingers.cut(cue.id, cue.at);
        break;
      case "hit":
        break;
    }
  }

  /** The first tick of restored music. */
  #reopen(now: Seconds): void {
    if (!this.#reopens) return;
    this.#reopens = false;
    const cues = reopeningCues(this.#options.score, this.decisions.state, now);
    for (const cue of cues) this.#follow(cue, now);
    this.#options.events.reopened(cues);
  }

  #addPhrase(section: LiveSection, cue: PhraseCue, now: Seconds): void {
    const { cause, bridge } = section.cue;
    const isChange = cause === "transition" && bridge === undefined && section.phrases.length === 0;
    const prepared = this.#entries.adopt(section.cue, cue.index, this.#stage, now);
    section.add(cue, prepared);
    // Authored takes need no preparation.
    if (isChange && !this.#authored.areAlone)
      this.#speculation.changed(section.phrases[0]?.take, prepared?.take);
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
    const tune = this.#songbook.open(tuneOfSection(cue));
    return new LiveSection({
      cue,
      tune,
      around,
      spare: (plan) => cue.bridge && this.#bridges.spare(cue.mood.name, cue.bridge.mood.name, plan),
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
