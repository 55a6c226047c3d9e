import type { PhraseTake } from "./composer/take.ts";
import type { KnownTake } from "./conductor/songbook.ts";
import type { Cue, SectionCue } from "./director/cue.ts";
import type { GameEvent, Placing } from "./director/event.ts";
import {
  FORMAT,
  saveMusic,
  saveTune,
  type Checkpoint,
  type SavedMusic,
  type SavedTune,
} from "./saved-music.ts";
import type { Score } from "./score/score.ts";
import type { Seconds } from "./time/units.ts";

/** The last minutes of a soundtrack: enough to hear and see them again. Plain JSON. */
export interface Recording {
  readonly attacca: typeof FORMAT;
  readonly kind: "recording";
  readonly score: Score;
  readonly seed: number;
  /** Where it begins; null: at the very beginning. */
  readonly from: SavedMusic | null;
  /** Seconds since the music began. */
  readonly until: number;
  readonly events: readonly GameEvent[];
  /** What was decided, in words: a replay decides the same. */
  readonly cues: readonly string[];
  /** Stingers that did not sound, and why. */
  readonly dropped?: readonly string[] | undefined;
  /** The notes that were heard. */
  readonly tunes: readonly SavedTune[];
}

/** A checkpoint so often, and the recording begins at one of the last few. */
const CHECKPOINT_SECONDS = 60;
const CHECKPOINT_EVENTS = 8000;
const CHECKPOINT_CUES = 20_000;
const MOST_CHECKPOINTS = 5;
/** Takes between two checkpoints; stingers without cooldown come many a second. */
const MOST_TAKES = 800;
/** Stingers between two checkpoints that did not sound; a game may ask in every frame. */
const MOST_DROPPED = 1000;

interface Chapter {
  /** Packed only when a recording is asked for. */
  readonly from: () => SavedMusic | null;
  readonly begins: number;
  readonly events: GameEvent[];
  readonly cues: string[];
  readonly dropped: string[];
  readonly takes: Map<string, Taken>;
}

interface Taken {
  readonly tune: string;
  /** Of the phrase in its tune. */
  readonly index: number;
  /** In which it is played. */
  readonly section: number;
  readonly take: PhraseTake;
}

/** Keeps the last five minutes, in memory of bounded size. */
export class FlightRecorder {
  readonly #score: Score;
  readonly #seed: number;
  readonly #chapters: Chapter[] = [chapter(() => null, 0)];

  constructor(score: Score, seed: number) {
    this.#score = score;
    this.#seed = seed;
  }

  /** Begins anew: the music has been put somewhere else. */
  restart(from: SavedMusic): void {
    this.#chapters.splice(
      0,
      Infinity,
      chapter(() => from, from.time),
    );
  }

  /** Takes in what the game did. */
  events(events: readonly GameEvent[]): void {
    this.#chapters.at(-1)?.events.push(...events);
  }

  /** Call it when all that was taken in has been decided: `checkpoint` is asked for when one is due. */
  turnPage(now: Seconds, checkpoint: () => Checkpoint): void {
    const last = this.#chapters.at(-1);
    const isDue =
      last === undefined ||
      now - last.begins >= CHECKPOINT_SECONDS ||
      last.events.length >= CHECKPOINT_EVENTS ||
      last.cues.length >= CHECKPOINT_CUES;
    if (!isDue) return;
    const kept = checkpoint();
    this.#chapters.push(chapter(() => saveMusic(kept), now));
    if (this.#chapters.length > MOST_CHECKPOINTS) this.#chapters.shift();
  }

  cue(cue: Cue): void {
    this.#chapters.at(-1)?.cues.push(describeCue(cue));
  }

  /** A stinger that was asked for does not sound. */
  dropped(name: string, why: string, at: Seconds): void {
    const dropped = this.#chapters.at(-1)?.dropped;
    if (dropped !== undefined && dropped.length < MOST_DROPPED) {
      dropped.push(`${at.toFixed(6)} stinger ${name}: ${why}`);
    }
  }

  taken(taken: Taken): void {
    const takes = this.#chapters.at(-1)?.takes;
    if (takes === undefined) return;
    const { tune, index, section } = taken;
    takes.set(`${tune}:${index}:${section}`, taken);
    const oldest = takes.size > MOST_TAKES ? takes.keys().next().value : undefined;
    if (oldest !== undefined) takes.delete(oldest);
  }

  /** What was kept. */
  recording(until: Seconds): Recording {
    const [first] = this.#chapters;
    const tunes = new Map<string, KnownTake[]>();
    for (const { takes } of this.#chapters) {
      for (const { tune, index, take, section } of takes.values()) {
        const known = tunes.get(tune) ?? [];
        known.push([index, take, section]);
        tunes.set(tune, known);
      }
    }
    return {
      attacca: FORMAT,
      kind: "recording",
      score: this.#score,
      seed: this.#seed,
      from: first?.from() ?? null,
      until,
      events: this.#chapters.flatMap(({ events }) => events),
      cues: this.#chapters.flatMap(({ cues }) => cues),
      dropped: this.#chapters.flatMap(({ dropped }) => dropped),
      tunes: [...tunes].map(([name, takes]): SavedTune => saveTune({ name, takes })),
    };
  }
}

const chapter = (from: Chapter["from"], begins: number): Chapter => ({
  from,
  begins,
  events: [],
  cues: [],
  dropped: [],
  takes: new Map(),
});

const placed = (placing: Placing | undefined): string =>
  placing === undefined ? "" : ` at ${placing.pan.toFixed(3)}, ${placing.level.toFixed(2)} dB`;

/** Which transition is taken, and who asked for the mood. */
const by = ({ transition, because }: SectionCue): string =>
  (transition === undefined ? "" : ` by transitions[${transition.matched}] at ${transition.sync}`) +
  (because === undefined ? "" : `, because ${because}`);

/** One line a cue, exact to the microsecond. */
function describeCue(cue: Cue): string {
  const at = (time: number): string => time.toFixed(6);
  switch (cue.kind) {
    case "section":
      return `${at(cue.entersAt)} section ${cue.index} ${cue.cause} ${cue.mood.name}#${cue.visit} on ${cue.palette} at ${cue.tempo.toFixed(3)} bpm${by(cue)}`;
    case "reversal":
      return `${at(cue.at)} reversal to section ${cue.section}, because ${cue.because}`;
    case "phrase":
      return `${at(cue.at)} phrase ${cue.section}.${cue.index} of ${cue.bars} bars for ${cue.intensity.toFixed(4)}`;
    case "layer":
      return `${at(cue.at)} layer ${cue.section} ${cue.stem} to ${cue.gain.toFixed(4)}`;
    case "colour":
      return `${at(cue.at)} colour ${cue.room.toFixed(3)} ${cue.brightness.toFixed(3)} ${cue.level.toFixed(2)} dB`;
    case "stinger":
      return `${at(cue.at)} stinger ${cue.id} ${cue.stinger.name}${placed(cue.placing)}`;
    case "stinger-cut":
      return `${at(cue.at)} stinger ${cue.id} cut`;
    case "hit":
      return `${at(cue.at)} hit ${cue.name} for ${at(cue.wanted)}`;
  }
}
