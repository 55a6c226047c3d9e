import { planPhrase, type PhrasePlan } from "../composer/phrase-plan.ts";
import { hasWork } from "../composer/request.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { SectionCue } from "../director/cue.ts";
import { paletteOf } from "../director/places.ts";
import { moodNamed } from "../director/rules.ts";
import type { EntryPoint } from "../director/entry.ts";
import type { Likely } from "../director/outlook.ts";
import type { Target } from "../director/state.ts";
import type { Mood, Score } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { AuthoredTakes } from "./authored-takes.ts";
import type { NoveltyMemory } from "./novelty-memory.ts";
import { partOfBar, type Phrase } from "./phrase.ts";
import { preparedPhrase, type Preparing } from "./prepared-phrase.ts";
import { PRIORITY, type Commission, type Repertoire } from "./repertoire.ts";
import { tuneName, type Songbook } from "./songbook.ts";
import type { Stage } from "./stage.ts";

/** An entry take may wait this long in the generator's queue: what plays goes first by its priority. */
const DUE_IN = seconds(20);
/** Before it sounds, its first bars must be rendered. */
const RENDERING: Seconds = seconds(0.8);
/** Less time than this would only yield a guess. */
const MIN_DUE = 0.3;
/** An entry is asked for again after a failure, but not for ever. */
const MOST_FAILURES = 2;
/** The generator is told where a likelihood has changed by more than this. */
const NEWS = 0.1;

export interface EntriesOptions {
  readonly score: Score;
  readonly seed: number;
  readonly repertoire: Repertoire;
  readonly novelty: NoveltyMemory;
  readonly songbook: Songbook;
  readonly themeOf: (mood: Mood) => Theme | undefined;
  readonly authored: AuthoredTakes;
}

/** Where a tune begins. */
interface Entry extends Omit<Preparing, "plan" | "take"> {
  /** It is asked for. */
  readonly isSure: boolean;
}

type Terms = Pick<Commission, "dueIn" | "priority">;

interface Notes {
  readonly plan: PhrasePlan;
  /** The priority with which they were asked for; undefined: they were not, or are to be asked for again. */
  asked: number | undefined;
  failures: number;
  /** Counts the requests. */
  requests: number;
  written: PhraseTake | undefined;
}

/** Keeps the first bars of every likely next mood written and rendered, so that a change can come at once. */
export class Entries {
  readonly #score: Score;
  readonly #seed: number;
  readonly #repertoire: Repertoire;
  readonly #notes = new Map<string, Notes>();
  readonly #prepared = new Map<string, Phrase>();
  readonly #upgrades = new Map<string, Phrase>();
  readonly #novelty: NoveltyMemory;
  readonly #songbook: Songbook;
  readonly #themeOf: (mood: Mood) => Theme | undefined;
  readonly #authored: AuthoredTakes;
  /** The place in a known tune to which the music is about to come back. */
  #return: { readonly name: string; readonly phrase: Phrase } | undefined;

  constructor(options: EntriesOptions) {
    const { score, seed, repertoire, novelty, songbook, themeOf, authored } = options;
    this.#score = score;
    this.#seed = seed;
    this.#repertoire = repertoire;
    this.#novelty = novelty;
    this.#songbook = songbook;
    this.#themeOf = themeOf;
    this.#authored = authored;
  }

  /**
   * Goes on preparing; call it on every tick. True once every target's first bars are rendered, or, where only
   * authored takes may be heard, its takes are there. What is certain (weight 1) sounds in `soundsIn`, if that is
   * known.
   */
  tend(
    targets: readonly Likely[],
    visits: Readonly<Record<string, number>>,
    stage: Stage,
    soundsIn?: Seconds,
  ): boolean {
    if (this.#authored.areAlone) {
      this.clear(stage);
      return targets.every(({ mood }) => this.#authored.areKnown(moodNamed(this.#score, mood)));
    }
    const entries: Entry[] = [];
    const wanted = new Set<string>();
    for (const target of targets) {
      const mood = moodNamed(this.#score, target.mood);
      const palette = paletteOf(this.#score, target.location);
      const visit = visits[mood.name] ?? 0;
      const isSure = target.weight === 1;
      entries.push({ name: entryName(mood, visit, palette), mood, visit, palette, isSure });
      if (wanted.has(notesName(mood, visit))) continue;
      this.#askFor(mood, visit, termsOf(target, soundsIn));
      wanted.add(notesName(mood, visit));
    }
    // What the model's notes may replace comes last, and not before it is asked for where the renderer is quick.
    const isLast = (entry: Entry): number => Number(this.#standsIn(entry));
    const inTurn = entries.toSorted((a, b) => isLast(a) - isLast(b));
    const ready = inTurn.map((entry) => this.#prepare(entry, stage));
    this.#withdraw(wanted);
    const names = new Set(entries.map(({ name }) => name));
    for (const [name, phrase] of this.#prepared) {
      if (names.has(name)) continue;
      stage.release(phrase);
      const upgrade = this.#upgrades.get(name);
      if (upgrade !== undefined) stage.release(upgrade);
      this.#prepared.delete(name);
      this.#upgrades.delete(name);
    }
    return ready.every(Boolean);
  }

  /** Whether first bars of a target are rendered or on their way. */
  isPrepared({ mood, location }: Target, visits: Readonly<Record<string, number>>): boolean {
    const palette = paletteOf(this.#score, location);
    const named = moodNamed(this.#score, mood);
    return this.#prepared.has(entryName(named, visits[mood] ?? 0, palette));
  }

  /**
   * Prepares where the music is about to come back, unless that is the beginning of a new tune. True once
   * its first bars are rendered.
   */
  tendReturn(entry: (Target & EntryPoint) | undefined, stage: Stage): boolean {
    const tune = entry && this.#songbook.find(tuneName(entry.mood, entry.visit));
    if (entry !== undefined && this.#authored.areAlone) {
      return this.#authored.areKnown(moodNamed(this.#score, entry.mood));
    }
    if (entry === undefined || (entry.bar === 0 && tune?.takes.has(0) !== true)) {
      this.#letGo(stage);
      return true;
    }
    const mood = moodNamed(this.#score, entry.mood);
    const palette = paletteOf(this.#score, entry.location);
    const index = Math.floor(entry.bar / mood.phrase + 1e-6);
    const name = returnName(mood.name, entry.visit, palette, index);
    const part = partOfBar(entry.bar - index * mood.phrase);
    if (this.#return?.name !== name) {
      this.#letGo(stage);
      const fresh =
        index === 0 ? this.#prepared.get(entryName(mood, entry.visit, palette)) : undefined;
      const plan = fresh?.plan ?? this.#plan(mood, entry.visit, index);
      const take = tune?.takes.get(index) ?? fresh?.take;
      if (take === undefined) return true;
      const { visit } = entry;
      this.#return = {
        name,
        phrase: preparedPhrase({ name, mood, visit, palette, plan, take, index }),
      };
    }
    return this.#return === undefined || stage.prepare(this.#return.phrase, part, true);
  }

  /** The music goes on elsewhere, and all that was asked for is withdrawn: frees what is prepared. */
  clear(stage: Stage): void {
    this.#letGo(stage);
    for (const phrase of [...this.#prepared.values(), ...this.#upgrades.values()]) {
      stage.release(phrase);
    }
    for (const { written } of this.#notes.values()) {
      if (written !== undefined) this.#repertoire.setAside(written);
    }
    this.#prepared.clear();
    this.#upgrades.clear();
    this.#notes.clear();
  }

  /** Another theme is known: what is not heard yet is planned with it. */
  planAnew(stage: Stage): void {
    this.#withdraw(new Set());
    this.clear(stage);
  }

  #letGo(stage: Stage): void {
    if (this.#return !== undefined) stage.release(this.#return.phrase);
    this.#return = undefined;
  }

  /**
   * What is ready for a phrase of a section that begins now, or can be once that is heard; it then belongs to the
   * caller.
   */
  adopt(section: SectionCue, index: number, stage: Stage, now: Seconds): Phrase | undefined {
    if (section.bridge !== undefined) return undefined;
    const { mood, visit, palette } = section;
    const back = this.#return;
    if (back?.name === returnName(mood.name, visit, palette, index)) {
      this.#return = undefined;
      this.#notes.delete(notesName(mood, visit));
      return this.#inTempo(back.phrase, section);
    }
    return index === 0 ? this.#adoptFirst(section, stage, now) : undefined;
  }

  #adoptFirst(section: SectionCue, stage: Stage, now: Seconds): Phrase | undefined {
    const name = entryName(section.mood, section.visit, section.palette);
    const [prepared, upgrade] = [this.#prepared.get(name), this.#upgrades.get(name)];
    const left = seconds(section.entersAt - now);
    const isUpgraded = upgrade !== undefined && stage.canBegin(upgrade, left);
    const [phrase, spare] = isUpgraded ? [upgrade, prepared] : [prepared, upgrade];
    if (spare !== undefined) stage.release(spare);
    this.#prepared.delete(name);
    this.#upgrades.delete(name);
    const { written } = this.#notes.get(notesName(section.mood, section.visit)) ?? {};
    this.#notes.delete(notesName(section.mood, section.visit));
    this.#repertoire.cancel(requestName(section.mood, section.visit));
    // It came too late to be rendered.
    if (written !== undefined && phrase?.take !== written) this.#repertoire.setAside(written);
    return phrase && this.#inTempo(phrase, section);
  }

  /** In another tempo the notes are right, what was rendered is not. */
  #inTempo(phrase: Phrase, section: SectionCue): Phrase {
    if (section.tempo === section.mood.tempo) return phrase;
    return {
      ...phrase,
      name: `${phrase.name} ${section.index}`,
      ahead: new Map(),
      handled: new Set(),
    };
  }

  /** The first phrase of a mood's next tune, if the model has written it. */
  written(mood: string): PhraseTake | undefined {
    return [...this.#notes].find(
      ([name, { written }]) => written !== undefined && name.startsWith(`${mood}#`),
    )?.[1].written;
  }

  /** Asks again for what was not written and is not on its way: generator or limits are new. */
  retry(): void {
    for (const [name, notes] of this.#notes) {
      notes.failures = 0;
      const isOpen = this.#repertoire.isOpen(`entry ${name}`);
      if (notes.written === undefined && !isOpen) notes.asked = undefined;
    }
  }

  /** Moods whose entry the model has written, or has nothing to write for, and the renderer rendered. */
  readyMoods(): readonly string[] {
    const ready = [...this.#prepared.values()].filter(
      ({ take, plan }) => take?.source === "model" || !hasWork(plan),
    );
    return [...new Set(ready.map(({ section }) => section.mood.name))];
  }

  /** Whether what is there of a likely entry may be replaced: the model's notes are on their way. */
  #standsIn({ mood, visit, isSure }: Entry): boolean {
    const { asked, failures, written } = this.#notesFor(mood, visit);
    return !isSure && asked !== undefined && failures < MOST_FAILURES && written === undefined;
  }

  #prepare(entry: Entry, stage: Stage): boolean {
    const { name, mood, visit, isSure } = entry;
    const { plan, written } = this.#notesFor(mood, visit);
    const phraseOf = (take: PhraseTake): Phrase => preparedPhrase({ ...entry, plan, take });
    const current =
      this.#prepared.get(name) ?? phraseOf(written ?? this.#repertoire.fallback(mood.name, plan));
    this.#prepared.set(name, current);
    if (written === undefined || current.take === written || current.take?.source === "model") {
      const waits = stage.isQuick && this.#standsIn(entry);
      return !waits && stage.prepare(current, 0, isSure);
    }
    const upgrade = this.#upgrades.get(name) ?? phraseOf(written);
    this.#upgrades.set(name, upgrade);
    if (stage.prepare(upgrade, 0, isSure)) {
      stage.release(current);
      this.#prepared.set(name, upgrade);
      this.#upgrades.delete(name);
    }
    return true;
  }

  /** An entry is written before anyone knows how intense its moment will be: the mood's own arousal stands for it. */
  #plan(mood: Mood, visit: number, index = 0): PhrasePlan {
    const { tempo, meter } = mood;
    return planPhrase({
      mood,
      visit,
      index,
      intensity: mood.arousal,
      seed: this.#seed,
      theme: this.#themeOf(mood),
      authored: [...this.#authored.playing({ mood, tempo, meter, bridge: undefined }).keys()],
    });
  }

  /** What a recording knows of a tune that has not begun needs no writing. */
  #notesFor(mood: Mood, visit: number): Notes {
    const name = notesName(mood, visit);
    const notes = this.#notes.get(name) ?? {
      plan: this.#plan(mood, visit),
      asked: undefined,
      failures: 0,
      requests: 0,
      written: this.#songbook.find(tuneName(mood.name, visit))?.takes.get(0),
    };
    this.#notes.set(name, notes);
    return notes;
  }

  #askFor(mood: Mood, visit: number, terms: Terms): void {
    const notes = this.#notesFor(mood, visit);
    const id = requestName(mood, visit);
    const { priority } = terms;
    if (notes.written !== undefined) return;
    if (notes.asked !== undefined) {
      if (Math.abs(priority - notes.asked) <= NEWS) return;
      notes.asked = priority;
      this.#repertoire.revise(id, terms);
      return;
    }
    const { sure } = PRIORITY;
    const mayAsk =
      priority === sure ? this.#repertoire.available : this.#repertoire.affords(priority);
    if (!mayAsk) return;
    notes.asked = priority;
    notes.requests += 1;
    const { requests } = notes;
    const surroundings = { before: undefined, after: undefined, original: undefined };
    const commission = { id, mood: mood.name, isPhrase: true, plan: notes.plan, surroundings };
    // One that is asked for by now is played as it is.
    const hasTime = (): boolean =>
      notes.asked !== undefined && notes.asked < sure && this.#repertoire.affords(notes.asked);
    void this.#novelty
      .write(this.#repertoire, { ...commission, ...terms }, hasTime)
      .then((take) => {
        if (take === undefined) {
          // It was withdrawn.
          if (notes.asked === undefined || notes.requests > requests) return;
          notes.failures += 1;
          if (notes.failures < MOST_FAILURES) notes.asked = undefined;
          return;
        }
        const isWanted = this.#notes.get(notesName(mood, visit)) === notes;
        if (isWanted && notes.written === undefined) notes.written = take;
        else this.#repertoire.setAside(take);
      });
  }

  /** Withdraws what is not written and not likely any more. What is written is kept for another time. */
  #withdraw(wanted: ReadonlySet<string>): void {
    for (const [name, notes] of this.#notes) {
      if (wanted.has(name) || notes.asked === undefined || notes.written !== undefined) continue;
      this.#repertoire.cancel(`entry ${name}`);
      notes.asked = undefined;
    }
  }
}

/** What is certain is needed for when it sounds; what is only likely may wait for everything else. */
function termsOf({ weight }: Likely, soundsIn: Seconds | undefined): Terms {
  if (weight < 1) return { dueIn: DUE_IN, priority: weight };
  const dueIn = soundsIn === undefined ? DUE_IN : Math.max(MIN_DUE, soundsIn - RENDERING);
  return { dueIn: seconds(dueIn), priority: PRIORITY.sure };
}

const returnName = (mood: string, visit: number, palette: string, index: number): string =>
  `${mood}#${visit}@${palette}!${index}`;
const notesName = (mood: Mood, visit: number): string => `${mood.name}#${visit}`;
const requestName = (mood: Mood, visit: number): string => `entry ${notesName(mood, visit)}`;
const entryName = (mood: Mood, visit: number, palette: string): string =>
  `${notesName(mood, visit)}@${palette}`;
