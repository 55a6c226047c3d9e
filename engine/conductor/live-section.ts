import { planPhrase } from "../composer/phrase-plan.ts";
import type { Surroundings } from "../composer/request.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { PhraseCue, SectionCue } from "../director/cue.ts";
import type { Score } from "../score/score.ts";
import { seconds, type Seconds } from "../time/units.ts";
import { createPhrase, partCount, renderLead, timeOfPart, type Phrase } from "./phrase.ts";
import type { Repertoire } from "./repertoire.ts";

/** A form of four phrases and the one before it: what later phrases may refer to. */
const REMEMBERED = 8;
/** A phrase is asked for again after a failure, but not for ever. */
const MOST_FAILURES = 2;

export interface LiveSectionEvents {
  /** The time to decide came before the model's answer. */
  writtenLate(phrase: Phrase): void;
  taken(phrase: Phrase, take: PhraseTake): void;
}

/** A section with its phrases: asks for their notes in time and settles what each will play. */
export class LiveSection {
  readonly cue: SectionCue;
  /** Until when it sounds, once a later section has taken over. */
  endsAt: Seconds | undefined;
  readonly phrases: Phrase[] = [];
  readonly #score: Score;
  readonly #seed: number;
  readonly #repertoire: Repertoire;
  readonly #events: LiveSectionEvents;
  /** Requests by phrase: on their way, or failed so many times. */
  readonly #asked = new Map<number, "open" | number>();
  /** Notes of each phrase by its index: written, then what was taken. */
  readonly #takes = new Map<number, PhraseTake>();

  constructor(
    cue: SectionCue,
    score: Score,
    seed: number,
    repertoire: Repertoire,
    events: LiveSectionEvents,
  ) {
    this.cue = cue;
    this.#score = score;
    this.#seed = seed;
    this.#repertoire = repertoire;
    this.#events = events;
  }

  /** Plans a phrase; the first one may come prepared. */
  add(cue: PhraseCue, prepared: Phrase | undefined): void {
    const { mood, visit, meter } = this.cue;
    const plan =
      prepared?.plan ??
      planPhrase({
        mood,
        meter,
        length: this.#score.phrase,
        visit,
        index: cue.index,
        intensity: cue.index === 0 ? mood.arousal : cue.intensity,
        seed: this.#seed,
      });
    const phrase = createPhrase(this.cue, cue, plan, prepared);
    this.phrases.push(phrase);
    if (phrase.take !== undefined) this.#settle(phrase, phrase.take);
  }

  /** Asks for what is not written yet and settles what must be rendered now. */
  tend(now: Seconds): void {
    for (const phrase of this.phrases) {
      if (phrase.take !== undefined) continue;
      const startsAt = timeOfPart(phrase, 0);
      if (this.endsAt !== undefined && startsAt >= this.endsAt) continue;
      const dueIn = seconds(startsAt - renderLead(phrase) - now);
      if (dueIn > 0) this.#ask(phrase, dueIn);
      else this.#decide(phrase);
    }
  }

  /** Asks again for what was not written: there is a new generator. */
  retry(): void {
    for (const index of this.#asked.keys()) if (!this.#takes.has(index)) this.#asked.delete(index);
  }

  /** Lets go of phrases that have ended and withdraws requests that no one will hear. */
  prune(now: Seconds): readonly Phrase[] {
    const over = this.phrases.filter((phrase) => this.#over(phrase, now));
    for (const phrase of over) {
      this.phrases.splice(this.phrases.indexOf(phrase), 1);
      if (phrase.take === undefined) this.#repertoire.cancel(phrase.name);
      this.#takes.delete(phrase.cue.index - REMEMBERED);
      this.#asked.delete(phrase.cue.index - REMEMBERED);
    }
    return over;
  }

  /** Whether the model was asked for a phrase and has not answered. */
  #waitsFor(index: number): boolean {
    return this.#asked.get(index) === "open" && !this.#takes.has(index);
  }

  #ask(phrase: Phrase, dueIn: Seconds): void {
    const { cue, plan } = phrase;
    const { origin } = plan;
    const failures = this.#asked.get(cue.index) ?? 0;
    if (failures === "open" || failures >= MOST_FAILURES || !this.#repertoire.available) return;
    const original = origin.kind === "variation" ? origin.of : cue.index;
    if (this.#waitsFor(cue.index - 1) || this.#waitsFor(original)) return;
    this.#asked.set(cue.index, "open");
    const surroundings: Surroundings = {
      before: this.#takes.get(cue.index - 1),
      after: plan.role === "B" ? this.#takes.get(cue.index - 2) : undefined,
      original: origin.kind === "variation" ? this.#takes.get(origin.of) : undefined,
    };
    const commission = {
      id: phrase.name,
      mood: this.cue.mood.name,
      plan,
      surroundings,
      dueIn,
      priority: 1,
    };
    void this.#repertoire.write(commission).then((take) => {
      if (this.#asked.get(cue.index) !== "open") return;
      if (take === undefined) this.#asked.set(cue.index, failures + 1);
      else if (phrase.take === undefined) this.#takes.set(cue.index, take);
    });
  }

  #decide(phrase: Phrase): void {
    const { index } = phrase.cue;
    const written = this.#takes.get(index);
    if (written === undefined && this.#waitsFor(index)) this.#events.writtenLate(phrase);
    this.#settle(phrase, written ?? this.#repertoire.fallback(this.cue.mood.name, phrase.plan));
  }

  #settle(phrase: Phrase, take: PhraseTake): void {
    phrase.take = take;
    this.#takes.set(phrase.cue.index, take);
    this.#events.taken(phrase, take);
  }

  #over(phrase: Phrase, now: Seconds): boolean {
    const end = timeOfPart(phrase, partCount(phrase));
    const cutOff = this.endsAt !== undefined && timeOfPart(phrase, 0) >= this.endsAt;
    return now > end || cutOff;
  }
}
