import { planBridge } from "../composer/bridge-plan.ts";
import { planPhrase, type PhrasePlan, type PhraseRequest } from "../composer/phrase-plan.ts";
import { hasWork, type Surroundings } from "../composer/request.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { PhraseCue, SectionCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { Mood, TakeSpec } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { AuthoredTakes } from "./authored-takes.ts";
import { partsOf, playedIn } from "./bridge-parts.ts";
import { createPhrase, partCount, renderLead, timeOfPart, type Phrase } from "./phrase.ts";
import type { NoveltyMemory } from "./novelty-memory.ts";
import { PRIORITY, type Commission, type Repertoire } from "./repertoire.ts";
import { forgetBefore, takeIn, type Tune } from "./songbook.ts";

/** A phrase is asked for again after a failure, but not for ever. */
const MOST_FAILURES = 2;
/** A bridge is decided upon at the last moment: its notes can be asked for only once it is sure to come. */
export const BRIDGE_LEAD: Seconds = seconds(0.3);

interface LiveSectionEvents {
  /** The time to decide came before the model's answer. */
  writtenLate(phrase: Phrase): void;
  /** `tune` names what the phrase belongs to. */
  taken(phrase: Phrase, take: PhraseTake, tune: string): void;
  /** A stem does not play its authored take, as the music has another tempo. Once for each section and stem. */
  outOfTempo(section: SectionCue, stem: Stem, take: TakeSpec): void;
  /** A stem of a bridge does not play its authored take, as that is not there, or not yet. */
  notInMemory(section: SectionCue, stem: Stem, take: TakeSpec): void;
}

export interface LiveSectionOptions {
  readonly cue: SectionCue;
  readonly tune: Tune;
  /** What sounds before a bridge and what will after it, as far as it is known. */
  readonly around: Pick<Surroundings, "before" | "after">;
  /** What was written for a bridge before it was asked for, where it fits the plan. */
  readonly spare: (plan: PhrasePlan) => PhraseTake | undefined;
  readonly seed: number;
  readonly themeOf: (mood: Mood) => Theme | undefined;
  readonly authored: AuthoredTakes;
  readonly novelty: NoveltyMemory;
  readonly repertoire: Repertoire;
  readonly events: LiveSectionEvents;
}

/** A section with its phrases: asks for their notes in time and settles what each will play. */
export class LiveSection {
  /** When it was last entered, and how: anew where a fade was turned round. */
  entered: { readonly at: Seconds; readonly fade: Seconds };
  /** Until when it sounds, once a later section has taken over. */
  endsAt: Seconds | undefined;
  readonly phrases: Phrase[] = [];
  /** From when on it is certain that another section is heard. */
  #supersededAt: Seconds | undefined;
  readonly #options: LiveSectionOptions;
  readonly #outOfTempo = new Set<Stem>();

  constructor(options: LiveSectionOptions) {
    const { entersAt, fade } = options.cue;
    this.#options = options;
    this.entered = { at: entersAt, fade };
    options.tune.players += 1;
  }

  get cue(): SectionCue {
    return this.#options.cue;
  }

  get tune(): Tune {
    return this.#options.tune;
  }

  /** Plans a phrase, once; the first one may come prepared. */
  add(cue: PhraseCue, prepared: Phrase | undefined): void {
    if (this.phrases.some(({ index }) => index === cue.index)) return;
    const known = this.#known(cue);
    // What the tune has played here before goes before what is only prepared.
    const ready = known === undefined || prepared?.take === known ? prepared : undefined;
    const phrase = createPhrase(this.cue, cue, ready?.plan ?? this.#plan(cue), ready);
    this.phrases.push(phrase);
    const take = phrase.take ?? known;
    if (take !== undefined) this.#settle(phrase, take, known !== undefined);
  }

  /** What the tune has played here before: a phrase that a hit point cuts is written anew if it can be. */
  #known({ index, ending, bars }: PhraseCue): PhraseTake | undefined {
    return ending === undefined ? this.#written(index, bars) : undefined;
  }

  /** What is written, if it has the right length: that of a bridge hangs on the tempo. */
  #written(index: number, bars: number): PhraseTake | undefined {
    const take = takeIn(this.tune, index, this.cue.index);
    return take?.bars.length === bars ? take : undefined;
  }

  #plan({ index, bars, intensity, ending }: PhraseCue): PhrasePlan {
    const { seed } = this.#options;
    const { mood, visit, bridge } = this.cue;
    if (bridge !== undefined) {
      const parts = partsOf(this.cue, this.#options.authored);
      return planBridge({
        from: mood,
        to: bridge.mood,
        bars: bridge.bars,
        intensity,
        seed,
        ...parts,
      });
    }
    const request: PhraseRequest = {
      mood,
      length: bars,
      visit,
      index,
      intensity: index === 0 ? mood.arousal : intensity,
      seed,
      theme: this.#options.themeOf(mood),
      authored: [...this.#options.authored.playing(this.cue).keys()],
    };
    const whole = planPhrase(request);
    if (ending === undefined) return whole;
    const { bars: length, strength } = ending;
    const cut = planPhrase({ ...request, length, strength, ending: "fill" });
    return { ...cut, bars: [...cut.bars, ...whole.bars.slice(length)] };
  }

  /** Asks for what is not written yet and settles what must be rendered now. */
  tend(now: Seconds): void {
    for (const phrase of this.phrases) {
      if (phrase.take !== undefined) continue;
      const startsAt = timeOfPart(phrase, 0);
      if (this.endsAt !== undefined && startsAt >= this.endsAt) continue;
      const waits = this.cue.bridge !== undefined && hasWork(phrase.plan);
      const lead = waits ? BRIDGE_LEAD : renderLead(phrase);
      const dueIn = seconds(startsAt - lead - now);
      if (dueIn > 0) this.#ask(phrase, dueIn);
      else this.#decide(phrase);
    }
  }

  /** Asks again for what was not written and is not on its way: generator or limits are new. */
  retry(): void {
    const { asked, takes } = this.tune;
    for (const index of asked.keys()) {
      const isOpen = this.#options.repertoire.isOpen(this.#requestName(index));
      if (!takes.has(index) && !isOpen) asked.delete(index);
    }
  }

  /** Lets go of phrases that have ended. */
  prune(now: Seconds): readonly Phrase[] {
    const over = this.phrases.filter((phrase) => this.#over(phrase, now));
    for (const phrase of over) {
      this.phrases.splice(this.phrases.indexOf(phrase), 1);
      this.#withdraw(phrase);
      forgetBefore(this.tune, phrase.index);
    }
    return over;
  }

  /** It is certain that the section is not heard from this time on: what was asked for after it is withdrawn. */
  supersede(at: Seconds): void {
    this.#supersededAt = at;
    for (const phrase of this.phrases) if (timeOfPart(phrase, 0) >= at) this.#withdraw(phrase);
  }

  /** The section is heard again. */
  reinstate(entered: { readonly at: Seconds; readonly fade: Seconds }): void {
    this.entered = entered;
    this.endsAt = undefined;
    this.#supersededAt = undefined;
  }

  /** The section is over; its tune may be played again. */
  leave(): void {
    for (const phrase of this.phrases) this.#withdraw(phrase);
    this.tune.players -= 1;
  }

  /** Nobody will hear a phrase now; what is written of it waits for the next visit. */
  #withdraw({ take, index }: Phrase): void {
    const { asked, takes, players } = this.tune;
    const written = takes.get(index);
    if (take !== undefined || players > 1) return;
    if (written !== undefined) {
      this.#options.repertoire.setAside(written, true);
    } else if (asked.get(index) === "open") {
      asked.delete(index);
      this.#options.repertoire.cancel(this.#requestName(index));
    }
  }

  /** The music goes on elsewhere, and all that was asked for is withdrawn. */
  abandon(): void {
    this.tune.asked.clear();
    this.tune.players -= 1;
  }

  #requestName(index: number): string {
    return `${this.tune.name}:${index}`;
  }

  /** Whether the model was asked for a phrase and has not answered. */
  #waitsFor(index: number): boolean {
    return this.tune.asked.get(index) === "open" && !this.tune.takes.has(index);
  }

  #ask(phrase: Phrase, dueIn: Seconds): void {
    const { index, plan } = phrase;
    const { origin } = plan;
    const { novelty, repertoire } = this.#options;
    const { asked, takes } = this.tune;
    const failures = asked.get(index) ?? 0;
    if (takes.has(index) || failures === "open" || failures >= MOST_FAILURES) return;
    if (!repertoire.available || this.#isSuperseded(phrase)) return;
    // A bridge that is asked for only now would be written in a hurry.
    const spare = this.#options.spare(plan);
    if (spare !== undefined) {
      this.#settle(phrase, spare, false);
      return;
    }
    const original = origin.kind === "variation" ? origin.of : index;
    if (this.#waitsFor(index - 1) || this.#waitsFor(original)) return;
    asked.set(index, "open");
    const commission: Commission = {
      id: this.#requestName(index),
      mood: this.cue.mood.name,
      isPhrase: this.cue.bridge === undefined,
      plan,
      surroundings: this.#surroundings(phrase),
      dueIn,
      priority: PRIORITY.sure,
    };
    void novelty.write(repertoire, commission).then((take) => {
      const isWanted = asked.get(index) === "open";
      if (take === undefined) {
        if (isWanted) asked.set(index, failures + 1);
      } else if (isWanted && !takes.has(index)) takes.set(index, take);
      else repertoire.setAside(take);
    });
  }

  #isSuperseded(phrase: Phrase): boolean {
    return this.#supersededAt !== undefined && timeOfPart(phrase, 0) >= this.#supersededAt;
  }

  #surroundings({ index, plan: { origin, towards } }: Phrase): Surroundings {
    const { takes } = this.tune;
    const { around } = this.#options;
    if (this.cue.bridge !== undefined) return { ...around, original: undefined };
    return {
      before: takes.get(index - 1) ?? (index === 0 ? around.before : undefined),
      after: towards === undefined ? undefined : takes.get(towards),
      original: origin.kind === "variation" ? takes.get(origin.of) : undefined,
    };
  }

  #decide(phrase: Phrase): void {
    const { index, plan } = phrase;
    const { events } = this.#options;
    const written = this.#written(index, plan.bars.length);
    if (written === undefined && this.#waitsFor(index)) events.writtenLate(phrase);
    const spare = written === undefined ? this.#options.spare(plan) : undefined;
    this.#settle(phrase, written ?? spare ?? this.#fallback(plan), false);
  }

  /** No phrase of the mood leads out of it. */
  #fallback(plan: PhrasePlan): PhraseTake {
    const { repertoire } = this.#options;
    return this.cue.bridge === undefined
      ? repertoire.fallback(this.cue.mood.name, plan)
      : repertoire.fromBank(plan);
  }

  /** What is `known` from before, or from a save or a recording, was heard then and is told at most once. */
  #settle(phrase: Phrase, found: PhraseTake, known: boolean): void {
    const { authored, novelty, repertoire, events } = this.#options;
    const { mood, bridge } = this.cue;
    const takes = bridge === undefined ? mood.takes : (bridge.parts?.takes ?? {});
    const written = repertoire.permitted(found, phrase.plan);
    const isRest = written.source === "rest";
    repertoire.use(written);
    if (!known && !isRest) novelty.remember(written);
    // The model left these to authored takes, which may be unable to play them now or in another tempo.
    const left = STEMS.filter((stem) => takes[stem] !== undefined);
    const take = repertoire.completed(written, phrase.plan, left);
    phrase.take = take;
    phrase.authored = playedIn(this.cue, phrase.plan, authored);
    // What only rests here is no part of the tune: the next visit may play notes.
    if (!isRest) this.tune.takes.set(phrase.index, take);
    const isNews = this.tune.told.get(phrase.index) !== take;
    this.tune.told.set(phrase.index, take);
    if (isNews) events.taken(phrase, take, this.tune.name);
    for (const [stem, spec] of authored.outOfTempo(this.cue)) {
      if (!this.#outOfTempo.has(stem)) events.outOfTempo(this.cue, stem, spec);
      this.#outOfTempo.add(stem);
    }
    for (const [stem, spec] of authored.missing(this.cue)) events.notInMemory(this.cue, stem, spec);
  }

  #over(phrase: Phrase, now: Seconds): boolean {
    const end = timeOfPart(phrase, partCount(phrase));
    const cutOff = this.endsAt !== undefined && timeOfPart(phrase, 0) >= this.endsAt;
    return now > end || cutOff;
  }
}
