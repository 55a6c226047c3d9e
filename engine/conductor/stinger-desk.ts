import { fitToChords, planStinger } from "../composer/stinger-plan.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import { chordOf, type PhraseTake } from "../composer/take.ts";
import type { SectionCue, StingerCue } from "../director/cue.ts";
import { meansMood } from "../director/rules.ts";
import type { Chord } from "../music/chord.ts";
import type { Mood, Score, Stinger } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import { ticksPerBar } from "../time/meter.ts";
import { barsUntil, timeOfBar } from "../time/section.ts";
import { bpm, seconds, TICKS_PER_QUARTER, type Seconds } from "../time/units.ts";
import { authoredStinger, keyOf } from "./authored-stinger.ts";
import type { LoadedTake } from "./cut-take.ts";
import { endOfPhrase, settingOf, TAIL, type Phrase, type Setting } from "./phrase.ts";
import { PRIORITY, type Repertoire } from "./repertoire.ts";
import { stingerName, type KeptTune } from "./songbook.ts";
import type { Stage } from "./stage.ts";

/** Stingers that are kept ready for the present mood. */
const MOST_READY = 8;
const DUE_IN = seconds(30);
/** Nobody knows whether a stinger will come. */
const LIKELIHOOD = 0.3;
/** Bars: a note on a bar line belongs to the bar that begins there. */
const TOLERANCE = 1e-6;
const CUT_FADE = seconds(0.08);
/** How one that goes on in its middle comes in. */
const FADE_IN = seconds(0.05);

interface Sounding {
  readonly phrase: Phrase;
  /** What its notes are kept as. */
  readonly tune: string;
}

interface Ready {
  readonly plan: PhrasePlan;
  take: PhraseTake | undefined;
  /** The name under which it was asked for. */
  asked: string | undefined;
}

export interface StingerDeskOptions {
  readonly score: Score;
  readonly seed: number;
  readonly repertoire: Repertoire;
  readonly stage: Stage;
  readonly takeNamed: (name: string) => LoadedTake | undefined;
  readonly themeNamed: (name: string) => Theme | undefined;
  /** The phrase of a section that sounds at a moment. */
  readonly phraseAt: (
    section: number,
    at: Seconds,
  ) => Pick<Phrase, "firstBar" | "take"> | undefined;
}

/** Keeps stingers written for the present mood, carries them to the chord that sounds, and has them played. */
export class StingerDesk {
  readonly #options: StingerDeskOptions;
  readonly #ready = new Map<string, Ready>();
  readonly #played = new Map<string, number>();
  readonly #sounding = new Map<number, Sounding>();

  constructor(options: StingerDeskOptions) {
    this.#options = options;
  }

  /** The notes of what sounds or is about to, for saving. */
  get tunes(): readonly KeptTune[] {
    return [...this.#sounding.values()].flatMap(({ tune: name, phrase: { take } }) =>
      take === undefined ? [] : [{ name, takes: new Map([[0, take]]) }],
    );
  }

  /** Has the stingers of a mood written while the generator has nothing better to do, and no others. */
  tend(mood: Mood): void {
    const { score, repertoire } = this.#options;
    const allowed = score.stingers
      .filter((each) => meansMood(score, each.moods, mood.name) && this.#take(each) === undefined)
      .slice(0, MOST_READY);
    this.#withdraw(new Set(allowed.map((stinger) => readyName(mood, stinger))));
    for (const stinger of allowed) {
      const ready = this.#readyFor(mood, stinger);
      if (ready.asked !== undefined || !repertoire.affords(LIKELIHOOD)) continue;
      const id = `stinger ${stinger.name} ${mood.name} ${this.#count(mood, stinger)}`;
      ready.asked = id;
      const surroundings = { before: undefined, after: undefined, original: undefined };
      void repertoire
        .write({
          id,
          mood: mood.name,
          isPhrase: false,
          plan: ready.plan,
          surroundings,
          dueIn: DUE_IN,
          priority: PRIORITY.stinger,
        })
        .then((take) => {
          if (take === undefined) return;
          const isWanted = this.#ready.get(readyName(mood, stinger)) === ready;
          if (isWanted && ready.take === undefined) ready.take = take;
          else repertoire.setAside(take);
        });
    }
  }

  /** Asks again for what was not written and is not on its way: generator or limits are new. */
  retry(): void {
    for (const ready of this.#ready.values()) {
      const isOpen = ready.asked !== undefined && this.#options.repertoire.isOpen(ready.asked);
      if (ready.take === undefined && !isOpen) ready.asked = undefined;
    }
  }

  /** Withdraws what is not written and belongs to other moods. */
  #withdraw(wanted: ReadonlySet<string>): void {
    for (const [name, ready] of this.#ready) {
      if (wanted.has(name) || ready.asked === undefined || ready.take !== undefined) continue;
      this.#options.repertoire.cancel(ready.asked);
      ready.asked = undefined;
    }
  }

  /**
   * A stinger begins: what is known of it from a save or a recording, else its authored take, for which it
   * answers nothing, else the one that is written, else from the bank; where only authored takes may be heard,
   * a rest. One that is to go on in its middle does so as it began or not at all.
   */
  sound(
    cue: StingerCue,
    section: SectionCue,
    known: PhraseTake | undefined,
  ): PhraseTake | undefined {
    const { id, entersAt: at } = cue;
    const authored = known === undefined ? this.#take(cue.stinger) : undefined;
    const goesOn = at > cue.at;
    if (goesOn && known === undefined && authored === undefined) return undefined;
    const { repertoire } = this.#options;
    if (authored === undefined && repertoire.isResting) {
      return repertoire.fromBank(this.#readyFor(section.mood, cue.stinger).plan);
    }
    this.#options.stage.duck(keyOf(cue), { ...cue, at });
    const phrase =
      authored === undefined
        ? this.#notes(cue, section, known)
        : authoredStinger(cue, section, authored);
    const placed = { ...phrase.setting, placing: cue.placing };
    const setting = goesOn ? { ...placed, entersAt: at, fade: FADE_IN } : placed;
    this.#sounding.set(id, { phrase: { ...phrase, setting }, tune: stingerName(cue) });
    return phrase.take;
  }

  #notes(cue: StingerCue, section: SectionCue, known: PhraseTake | undefined): Phrase {
    const { repertoire, phraseAt } = this.#options;
    const { stinger, at, id } = cue;
    const { mood } = section;
    const ready = this.#readyFor(mood, stinger);
    const take = ready.take ?? repertoire.fromBank(ready.plan);
    if (known === undefined) repertoire.use(take);
    else repertoire.setAside(take);
    this.#ready.delete(readyName(mood, stinger));
    this.#played.set(readyName(mood, stinger), this.#count(mood, stinger) + 1);
    const firstBar = barsUntil(section, at);
    const barTicks = ticksPerBar(section.meter);
    const chordAt = (tick: number): Chord | undefined => {
      const bar = firstBar + tick / barTicks + TOLERANCE;
      const under = phraseAt(section.index, timeOfBar(section, bar));
      return under?.take && chordOf(under.take, Math.floor((bar - under.firstBar) * barTicks));
    };
    const setting = { ...settingOf(section), key: keyOf(cue), entersAt: at, fade: seconds(0) };
    const isOlder = at < Math.max(section.entersAt, cue.entersAt);
    return {
      section,
      ...(known !== undefined && isOlder ? ownGrid(setting, cue, known) : { setting, firstBar }),
      index: 0,
      plan: ready.plan,
      name: `stinger ${id}`,
      take: known ?? fitToChords(take, mood.key, chordAt),
      authored: new Map(),
      ahead: new Map(),
      handled: new Set(),
    };
  }

  cut(id: number, at: Seconds): void {
    const sounding = this.#sounding.get(id);
    if (sounding === undefined) return;
    this.#options.stage.end(sounding.phrase.setting.key, at, CUT_FADE);
  }

  /** The music goes on elsewhere, and all that was asked for is withdrawn: ends all that sounds; gives the keys that the stage is to forget once they have faded out. */
  stop(at: Seconds): readonly string[] {
    const { stage } = this.#options;
    const sounding = [...this.#sounding.values()].map(({ phrase }) => phrase);
    for (const phrase of sounding) {
      stage.end(phrase.setting.key, at, CUT_FADE);
      stage.release(phrase);
    }
    this.#sounding.clear();
    this.retry();
    return sounding.map(({ setting }) => setting.key);
  }

  /** Has what sounds `within` so many seconds rendered and played, and lets go of what is over. */
  perform(now: Seconds, within?: Seconds): void {
    const { stage } = this.#options;
    for (const [id, { phrase }] of this.#sounding) {
      stage.perform(phrase, now, within);
      const end = seconds(endOfPhrase(phrase) + TAIL);
      if (now < end) continue;
      stage.end(phrase.setting.key, end, CUT_FADE);
      stage.release(phrase);
      stage.forget(phrase.setting.key);
      this.#sounding.delete(id);
    }
  }

  #readyFor(mood: Mood, stinger: Stinger): Ready {
    const name = readyName(mood, stinger);
    const count = this.#count(mood, stinger);
    const ready = this.#ready.get(name) ?? {
      plan: planStinger({
        mood,
        stinger,
        count,
        seed: this.#options.seed,
        theme: this.#theme(stinger),
      }),
      take: undefined,
      asked: undefined,
    };
    // The oldest are for moods long gone.
    this.#ready.delete(name);
    this.#ready.set(name, ready);
    const [oldest] = this.#ready.size > 4 * MOST_READY ? this.#ready : [];
    if (oldest !== undefined) {
      this.#ready.delete(oldest[0]);
      if (oldest[1].take !== undefined) this.#options.repertoire.setAside(oldest[1].take);
    }
    return ready;
  }

  #take({ take }: Stinger): LoadedTake | undefined {
    return take && this.#options.takeNamed(take.name);
  }

  #theme({ theme }: Stinger): Theme | undefined {
    return theme === undefined ? undefined : this.#options.themeNamed(theme);
  }

  #count(mood: Mood, stinger: Stinger): number {
    return this.#played.get(readyName(mood, stinger)) ?? 0;
  }
}

/**
 * Bars of its own, from the stinger's beginning to its end, for one that began before what sounds under it
 * now.
 */
function ownGrid(
  setting: Setting,
  { at, until }: StingerCue,
  { bars }: PhraseTake,
): Pick<Phrase, "setting" | "firstBar"> {
  const meter = bars[0]?.meter ?? setting.meter;
  const ticks = bars.length * ticksPerBar(meter);
  const tempo = bpm((60 * ticks) / (TICKS_PER_QUARTER * (until - at)));
  return { setting: { ...setting, startsAt: at, tempo, meter, ramp: undefined }, firstBar: 0 };
}

const readyName = (mood: Mood, stinger: Stinger): string => `${stinger.name} in ${mood.name}`;
