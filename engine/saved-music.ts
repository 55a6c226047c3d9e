import type { Novelty } from "./composer/novelty.ts";
import type { TakeSource } from "./composer/take.ts";
import type { KnownTake } from "./conductor/songbook.ts";
import { saveDirector, type SavedDirector } from "./director/save.ts";
import type { DirectorState } from "./director/state.ts";
import type { BarPlan } from "./music/bar-plan.ts";
import type { Note } from "./music/note.ts";
import { perStem, type PerStem } from "./music/stem.ts";
import type { Score } from "./score/score.ts";
import { midiPitch, ticks, velocity, type Seconds } from "./time/units.ts";

/** Counts the shapes that saves and recordings have had; only this one is read. */
export const FORMAT = 2;

/** The musical state as JSON: `music.save()`. */
export interface SavedMusic {
  readonly attacca: typeof FORMAT;
  readonly kind: "save";
  readonly seed: number;
  /** Seconds since the music began. */
  readonly time: number;
  readonly director: SavedDirector;
  readonly tunes: readonly SavedTune[];
  /** What the player has heard of late. */
  readonly heard: Novelty;
}

/** What a visit of a mood has played and is about to play. */
export interface SavedTune {
  readonly name: string;
  readonly takes: readonly SavedTake[];
}

interface SavedTake {
  /** Of the phrase in its tune. */
  readonly index: number;
  /** In a recording: the section that played it first. A phrase may have been written anew for another. */
  readonly section?: number | undefined;
  readonly source: TakeSource;
  readonly bars: readonly BarPlan[];
  /** For each stem `at, duration, pitch, velocity` of every note, one after another. */
  readonly notes: PerStem<readonly number[]>;
}

/** The musical state as it is in memory: nothing in it changes any more, so it costs little to keep. */
export interface Checkpoint {
  readonly score: Score;
  readonly seed: number;
  readonly time: Seconds;
  readonly state: DirectorState;
  readonly tunes: readonly TuneToSave[];
  readonly heard: Novelty;
}

interface TuneToSave {
  readonly name: string;
  readonly takes: Iterable<KnownTake>;
}

export const saveMusic = ({ score, seed, time, state, tunes, heard }: Checkpoint): SavedMusic => ({
  attacca: FORMAT,
  kind: "save",
  seed,
  time,
  director: saveDirector(score, state),
  tunes: tunes.map(saveTune),
  heard,
});

/** What was no save: says where and what was expected. */
export class SaveError extends Error {
  override readonly name = "SaveError";
}

export const saveTune = ({ name, takes }: TuneToSave): SavedTune => ({
  name,
  takes: [...takes].map(([index, { source, bars, notes }, section]) => ({
    index,
    ...(section === undefined ? {} : { section }),
    source,
    bars,
    notes: perStem((stem) =>
      notes[stem].flatMap((note) => [note.at, note.duration, note.pitch, note.velocity]),
    ),
  })),
});

export const takesOf = ({ takes }: SavedTune): readonly KnownTake[] =>
  takes.map(({ index, section, source, bars, notes }) => [
    index,
    {
      source,
      // JSON has no undefined: a half bar without a chord comes back as null.
      bars: bars.map((bar) => ({
        ...bar,
        chords: [bar.chords[0] ?? undefined, bar.chords[1] ?? undefined],
      })),
      notes: perStem((stem) => notesFrom(notes[stem])),
    },
    section,
  ]);

const notesFrom = (numbers: readonly number[]): readonly Note[] =>
  Array.from({ length: Math.floor(numbers.length / 4) }, (_, index) => {
    const [at = 0, duration = 1, pitch = 60, loudness = 64] = numbers.slice(
      4 * index,
      4 * index + 4,
    );
    return {
      at: ticks(at),
      duration: ticks(duration),
      pitch: midiPitch(pitch),
      velocity: velocity(loudness),
    };
  });
