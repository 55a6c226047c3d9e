import type { PhraseTake } from "../composer/take.ts";
import type { SectionCue, StingerCue } from "../director/cue.ts";
import type { DirectorState } from "../director/state.ts";
import type { Score } from "../score/score.ts";
import type { Seconds } from "../time/units.ts";

/** A form of four phrases and the one before it: what later phrases may refer to. */
const REMEMBERED = 8;
/** Tunes to which the music may come back. */
const MOST_TUNES = 24;

/** What one visit of a mood plays: its phrases by index, and what has been asked for. */
export interface Tune {
  readonly name: string;
  /** Notes of each phrase: written, then what was taken. */
  readonly takes: Map<number, PhraseTake>;
  /** What a recording has of its phrases, in the order in which they were played. */
  readonly recorded: RecordedTake[];
  /** What was told of each phrase: it is told again only when it is another take. */
  readonly told: Map<number, PhraseTake>;
  /** Requests by phrase: on their way, or failed so many times. */
  readonly asked: Map<number, "open" | number>;
  /** Sections that play it. */
  players: number;
}

/** A tune as far as a save has it. */
export type KeptTune = Pick<Tune, "name" | "takes">;

/** What a phrase played from a section on: a hit point has one written anew that sounds already. */
interface RecordedTake {
  readonly index: number;
  readonly section: number;
  readonly take: PhraseTake;
}

/** What is known of a phrase by its index; of a recording also the section that played it first. */
export type KnownTake = readonly [index: number, take: PhraseTake, section?: number | undefined];

/** Remembers tunes, so that music goes on where it was left, and in another tempo with the same notes. */
export class Songbook {
  readonly #score: Pick<Score, "moods">;
  readonly #tunes = new Map<string, Tune>();

  constructor(score: Pick<Score, "moods">) {
    this.#score = score;
  }

  /** The tune of that name, a new one where there is none; the one used longest ago is forgotten. */
  open(name: string): Tune {
    const tune = this.#tunes.get(name) ?? newTune(name);
    this.#tunes.delete(name);
    this.#tunes.set(name, tune);
    for (const [other, { players }] of this.#tunes) {
      if (this.#tunes.size <= MOST_TUNES) break;
      if (players === 0 && other !== name) this.#tunes.delete(other);
    }
    return tune;
  }

  /** A tune that is remembered. */
  find(name: string): Tune | undefined {
    return this.#tunes.get(name);
  }

  /** What a save or a recording knows of a tune. What is kept is not forgotten: nobody can write it again. */
  learn(name: string, takes: readonly KnownTake[], isKept: boolean): void {
    const tune = this.open(name);
    if (isKept) tune.players += 1;
    for (const [index, take, section] of takes) {
      if (!fitsTune(this.#score, name, take)) continue;
      if (section !== undefined) tune.recorded.push({ index, section, take });
      if (section === undefined || !tune.takes.has(index)) tune.takes.set(index, take);
    }
  }

  /** Forgets all tunes; gives what they had. */
  clear(): readonly PhraseTake[] {
    const takes = this.tunes.flatMap((tune) => [...tune.takes.values()]);
    this.#tunes.clear();
    return takes;
  }

  /** All that is remembered, for saving. */
  get tunes(): readonly Tune[] {
    return [...this.#tunes.values()];
  }
}

const newTune = (name: string): Tune => ({
  name,
  takes: new Map(),
  recorded: [],
  told: new Map(),
  asked: new Map(),
  players: 0,
});

/** The notes of a phrase in a section, as far as they are known: of a recording those that it played there. */
export const takeIn = (
  { takes, recorded }: Tune,
  index: number,
  section: number,
): PhraseTake | undefined =>
  recorded.findLast((each) => each.index === index && each.section <= section)?.take ??
  takes.get(index);

/** What sounds, is about to or may come back: the tunes that a save keeps. */
export function tunesToKeep(
  tunes: readonly Tune[],
  { section, committed, fading, left, stingers }: DirectorState,
): readonly Tune[] {
  const sounding = [fading?.section, section, committed].flatMap((each) =>
    each === undefined ? [] : [tuneOfSection(each)],
  );
  const known = Object.entries(left).map(([mood, { visit }]) => tuneName(mood, visit));
  const shots = stingers.sounding.map(({ name, from: at }) =>
    stingerName({ stinger: { name }, at }),
  );
  const names = new Set([...sounding, ...known, ...shots]);
  return tunes.filter(({ name, players }) => players > 0 || names.has(name));
}

/** A bridge is known by when it begins: the same whenever it is played again. */
export const tuneOfSection = ({ mood, visit, bridge, startsAt }: SectionCue): string =>
  bridge === undefined
    ? tuneName(mood.name, visit)
    : bridgeName(mood.name, bridge.mood.name, startsAt);

export const bridgeName = (from: string, to: string, at: Seconds): string =>
  `bridge ${from}>${to} at ${at.toFixed(3)}`;

interface ShotAt extends Pick<StingerCue, "at"> {
  readonly stinger: Pick<StingerCue["stinger"], "name">;
}

/** What a stinger played, whenever it is played again. */
export const stingerName = ({ stinger, at }: ShotAt): string =>
  `stinger ${stinger.name} at ${at.toFixed(3)}`;

/** Whether a take is as long as the phrases of its mood: it may be from before the score was edited. */
function fitsTune({ moods }: Pick<Score, "moods">, name: string, { bars }: PhraseTake): boolean {
  const mood = moods.find((each) => name.startsWith(`${each.name}#`));
  if (mood === undefined) return true;
  return bars.length === mood.phrase && bars.every(({ meter }) => meter === mood.meter);
}

export const tuneName = (mood: string, visit: number): string => `${mood}#${visit}`;

/** Forgets what no later phrase can refer to. */
export function forgetBefore(tune: Tune, index: number): void {
  tune.takes.delete(index - REMEMBERED);
  tune.told.delete(index - REMEMBERED);
  tune.asked.delete(index - REMEMBERED);
}
