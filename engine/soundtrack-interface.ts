import type { TakeSource } from "./composer/take.ts";
import type { RuleExplanation, TransitionExplanation } from "./director/explain.ts";
import type { Backend } from "./generator/service.ts";
import type { Note } from "./music/note.ts";
import type { PerStem, Stem } from "./music/stem.ts";
import type { Score } from "./score/score.ts";
import type { Meter } from "./time/meter.ts";
import type { SyncPoint } from "./time/section.ts";
import type { Bpm, Milliseconds, Seconds, UnitInterval } from "./time/units.ts";

export interface SoundtrackOptions {
  /** A score script (YAML or JSON text), or one that `parseScore` has checked. */
  readonly score: string | Score;
  /** Same seed, score and signal log → the same cues. Default 1. */
  readonly seed?: number;
  /** `auto` (default) takes the faster of WebGPU and WASM; `off` plays from the bank alone. */
  readonly generator?: Backend | "auto" | "off";
  /** `lite` (default) is half the download and the work of `full`, which scores no better in the evaluation so far. */
  readonly model?: ModelSize;
  /** Where the heavy files lie. Default: beside the package's code. */
  readonly assets?: Partial<SoundtrackAssets>;
}

export type ModelSize = "full" | "lite";

export interface SoundtrackAssets {
  readonly modelManifestUrl: string;
  /** Default: beside the manifest, under the names that it gives. */
  readonly modelFileUrls?: Readonly<Partial<Record<Backend, string>>>;
  readonly soundfontUrl: string;
}

/** What the music does, for overlays and bug reports. A new object on every call. */
export interface SoundtrackSnapshot {
  readonly state: "idle" | "starting" | "playing" | "disposed";
  /** Audio-clock time since the first bar. */
  readonly time: Seconds;
  readonly mood: string;
  readonly location: string | undefined;
  /** As in a score: "D dorian". */
  readonly key: string;
  readonly tempo: Bpm;
  readonly meter: Meter;
  /** Bars since the present mood began, from 0. */
  readonly bar: number;
  readonly beat: number;
  readonly phrase: PhraseView | undefined;
  readonly nextPhrase: PhraseView | undefined;
  /** The transition that is asked for or on its way. */
  readonly pending: TransitionView | undefined;
  /** What every rule makes of the present moment, in the score's order: which decides, and why the others do not. */
  readonly rules: readonly RuleExplanation[];
  /** Smoothed values. */
  readonly signals: Readonly<Record<string, number>>;
  /** Level of each stem now, 0–1. */
  readonly layers: PerStem<UnitInterval>;
  readonly generator: GeneratorView;
  /** Moods whose entry takes are ready. */
  readonly readyMoods: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
}

export interface PhraseView {
  readonly index: number;
  readonly role: string;
  readonly bars: number;
  readonly startsAt: Seconds;
  readonly endsAt: Seconds;
  readonly sources: Readonly<Partial<Record<Stem, TakeSource>>>;
  readonly notes: Readonly<Partial<Record<Stem, readonly Note[]>>>;
}

export interface TransitionView {
  readonly from: string;
  readonly to: string;
  readonly sync: SyncPoint;
  readonly at: Seconds;
  /** Why each of the score's transitions fits or does not; the first that fits is taken. */
  readonly considered: readonly TransitionExplanation[];
}

export interface GeneratorView {
  readonly state: "off" | "loading" | "ready" | "failed";
  readonly backend: Backend | undefined;
  readonly queueLength: number;
  /** The last answers, newest last, at most 32. */
  readonly answers: readonly {
    readonly elapsed: Milliseconds;
    readonly queued: Milliseconds;
    /** Time left until the deadline when the answer came; negative when late. */
    readonly margin: Milliseconds;
    readonly passes: number;
  }[];
}

/** What `on` can be told of. Events come ahead of their sound: `audibleAt` is the context time. */
export interface SoundtrackEvents {
  beat: { bar: number; beat: number; audibleAt: Seconds };
  bar: { bar: number; audibleAt: Seconds };
  phrase: { index: number; role: string; audibleAt: Seconds };
  mood: { from: string | undefined; to: string; audibleAt: Seconds };
  transition: { from: string; to: string; sync: SyncPoint; audibleAt: Seconds };
  take: { stem: Stem; phrase: number; mood: string; source: TakeSource };
  progress: { what: "model"; loadedBytes: number; totalBytes: number };
  /** Something was wrong with what the game gave; said once for each kind and name. */
  warning: { code: WarningCode; message: string };
  /** Something failed and its fallback has taken over. */
  fault: { code: FaultCode; message: string };
}

export type WarningCode =
  | "unknown-signal"
  | "unknown-location"
  | "not-a-number"
  | "out-of-range"
  | "not-text"
  | "events-dropped";

export type FaultCode =
  | "model-unavailable"
  | "model-refused"
  | "generator-lost"
  | "backend-lost"
  | "generation-failed"
  | "generation-late"
  | "renderer-lost"
  | "render-failed"
  | "render-late"
  | "palette-unavailable"
  | "sync-point-missed"
  | "audio-interrupted"
  | "listener-threw";

/** A running soundtrack. Nothing here throws in the game loop. */
export interface Soundtrack {
  /**
   * Unlocks audio (call it from a user gesture) and plays; resolves when the first sound is scheduled.
   * While it plays, resumes an interrupted context. Rejects with a `DOMException` where the browser
   * refuses (`NotAllowedError`) or the soundtrack is disposed (`AbortError`), and with `PaletteError` or
   * `NetworkError` where the instruments cannot be had.
   */
  start(): Promise<void>;
  /** Sets a signal, or `location` by name. Any frame, any rate: bad values are clamped or ignored, warned of once and counted. */
  set(signal: string, value: number | string): void;
  /** Calls `listener` for every event of a kind; returns a function that stops it. */
  on<Kind extends keyof SoundtrackEvents>(
    kind: Kind,
    listener: (event: SoundtrackEvents[Kind]) => void,
  ): () => void;
  /** Level of all the music in decibels, 0 at most; -60 or lower silences it while it plays on. */
  setVolume(level: number): void;
  snapshot(): SoundtrackSnapshot;
  /** The context the music plays in, for the game's own sounds. */
  readonly audioContext: AudioContext;
  /** The last node before the destination: connect a recorder or an analyser. */
  readonly output: AudioNode;
  /** Stops the sound, ends the workers, forgets everything. */
  dispose(): Promise<void>;
}
