import { planPhrase, type PhrasePlan } from "../composer/phrase-plan.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { PhraseCue, SectionCue } from "../director/cue.ts";
import { moodNamed, paletteOf } from "../director/rules.ts";
import type { Target } from "../director/state.ts";
import type { Mood, Score } from "../score/score.ts";
import { seconds } from "../time/units.ts";
import { createPhrase, type Phrase } from "./phrase.ts";
import type { Repertoire } from "./repertoire.ts";
import type { Stage } from "./stage.ts";

/**
 * Entry takes are kept for at most this many likely next moods: about 35 MB of PCM at 96 bpm, and 20 of
 * the 30 synthesisers that the renderer keeps.
 */
const MOST_TARGETS = 4;
/** An entry take may wait this long in the generator's queue: what plays goes first by its priority. */
const DUE_IN = seconds(20);

interface Notes {
  readonly plan: PhrasePlan;
  asked: boolean;
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

  constructor(score: Score, seed: number, repertoire: Repertoire) {
    this.#score = score;
    this.#seed = seed;
    this.#repertoire = repertoire;
  }

  /** Goes on preparing; call it on every tick. True once every target's first bars are rendered. */
  tend(
    targets: readonly Target[],
    visits: Readonly<Record<string, number>>,
    stage: Stage,
  ): boolean {
    const kept = targets.slice(0, MOST_TARGETS);
    const names = new Set<string>();
    let ready = true;
    for (const target of kept) {
      const mood = moodNamed(this.#score, target.mood);
      const palette = paletteOf(this.#score, target.location);
      const visit = visits[mood.name] ?? 0;
      const name = entryName(mood, visit, palette);
      names.add(name);
      ready = this.#prepare(name, mood, visit, palette, stage) && ready;
    }
    for (const [name, phrase] of this.#prepared) {
      if (names.has(name)) continue;
      stage.release(phrase);
      this.#prepared.delete(name);
      this.#upgrades.delete(name);
    }
    return ready;
  }

  /** What is ready for a section that begins now; it then belongs to the caller. */
  adopt(section: SectionCue): Phrase | undefined {
    const name = entryName(section.mood, section.visit, section.palette);
    const phrase = this.#prepared.get(name);
    this.#prepared.delete(name);
    this.#upgrades.delete(name);
    this.#notes.delete(notesName(section.mood, section.visit));
    this.#repertoire.cancel(requestName(section.mood, section.visit));
    return phrase;
  }

  /** Asks again for what was not written: there is a new generator. */
  retry(): void {
    for (const notes of this.#notes.values()) notes.asked = notes.written !== undefined;
  }

  /** Moods whose entry the model has written and the renderer rendered. */
  readyMoods(): readonly string[] {
    const ready = [...this.#prepared.values()].filter(({ take }) => take?.source === "model");
    return [...new Set(ready.map(({ section }) => section.mood.name))];
  }

  #prepare(name: string, mood: Mood, visit: number, palette: string, stage: Stage): boolean {
    const notes = this.#notesFor(mood, visit);
    const current = this.#prepared.get(name);
    if (current === undefined) {
      const take = notes.written ?? this.#repertoire.fallback(mood.name, notes.plan);
      const phrase = this.#phrase(name, mood, visit, palette, notes.plan, take);
      this.#prepared.set(name, phrase);
      return stage.prepare(phrase);
    }
    if (notes.written === undefined || current.take?.source === "model") {
      return stage.prepare(current);
    }
    const upgrade =
      this.#upgrades.get(name) ??
      this.#phrase(name, mood, visit, palette, notes.plan, notes.written);
    this.#upgrades.set(name, upgrade);
    if (stage.prepare(upgrade)) {
      stage.release(current);
      this.#prepared.set(name, upgrade);
      this.#upgrades.delete(name);
    }
    return true;
  }

  #notesFor(mood: Mood, visit: number): Notes {
    const name = notesName(mood, visit);
    const notes = this.#notes.get(name) ?? {
      plan: entryPlan(this.#score, mood, visit, this.#seed),
      asked: false,
      written: undefined,
    };
    this.#notes.set(name, notes);
    if (!notes.asked && this.#repertoire.available) {
      notes.asked = true;
      void this.#repertoire
        .write({
          id: requestName(mood, visit),
          mood: mood.name,
          plan: notes.plan,
          surroundings: { before: undefined, after: undefined, original: undefined },
          dueIn: DUE_IN,
          priority: -1,
        })
        .then((take) => {
          notes.written = take;
        });
    }
    return notes;
  }

  #phrase(
    name: string,
    mood: Mood,
    visit: number,
    palette: string,
    plan: PhrasePlan,
    take: PhraseTake,
  ): Phrase {
    const section: SectionCue = {
      kind: "section",
      startsAt: seconds(0),
      tempo: mood.tempo,
      meter: this.#score.meter,
      index: -1,
      visit,
      mood,
      location: undefined,
      palette,
      fade: seconds(0),
      transition: undefined,
    };
    const cue: PhraseCue = {
      kind: "phrase",
      section: -1,
      index: 0,
      at: seconds(0),
      until: seconds(0),
      intensity: mood.arousal,
    };
    const phrase = createPhrase(section, cue, plan);
    return { ...phrase, name: `${name} ${take.source}`, take };
  }
}

/** An entry is written before anyone knows how intense its moment will be: the mood's own arousal stands for it. */
const entryPlan = (score: Score, mood: Mood, visit: number, seed: number): PhrasePlan =>
  planPhrase({
    mood,
    meter: score.meter,
    length: score.phrase,
    visit,
    index: 0,
    intensity: mood.arousal,
    seed,
  });

const notesName = (mood: Mood, visit: number): string => `${mood.name}#${visit}`;
const requestName = (mood: Mood, visit: number): string => `entry ${notesName(mood, visit)}`;
const entryName = (mood: Mood, visit: number, palette: string): string =>
  `${notesName(mood, visit)}@${palette}`;
