import type { PlaybackStats } from "./audio/playback-stats.ts";
import type { Held, HitOptions, HitPoint, HoldOptions, TriggerOptions } from "./call-options.ts";
import type { Tally } from "./conductor/ledger.ts";
import type { TakeSource } from "./composer/take.ts";
import type { TransitionChoice } from "./director/cue.ts";
import type { RuleExplanation, TransitionExplanation } from "./director/explain.ts";
import type { FileReader } from "./file-reader.ts";
import type { FileProgress } from "./files.ts";
import type { Backend } from "./generator/service.ts";
import type { Tier, TierCause } from "./governor/tier.ts";
import type { FileCheck, LoadProblem } from "./loader-worker/service.ts";
import type { Note } from "./music/note.ts";
import type { PerStem, Stem } from "./music/stem.ts";
import type { Novelty } from "./composer/novelty.ts";
import type { Recording } from "./recorder.ts";
import type { SavedMusic } from "./saved-music.ts";
import type { AudioChange } from "./sound-watch.ts";
import type { Score } from "./score/score.ts";
import type { Meter } from "./time/meter.ts";
import type { SyncPoint } from "./time/sync-point.ts";
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
  /**
   * What `recording()` gave: it is played back, and what the game wants is ignored. Give its own score:
   * `{ score: recording.score, replay: recording }`; its seed is the default.
   */
  readonly replay?: Recording;
  /** Gives the bytes of the MIDI and audio files that the score names. Default: fetched from beside the page. */
  readonly files?: FileReader;
  /** What this player has heard in an earlier session (`save().heard`), so that it does not come again too soon. */
  readonly heard?: Novelty;
  /**
   * How much of the device the music may take; default `auto`. See `setQuality`. The model is fetched once a tier
   * wants it; for `authored-only` neither it nor the instruments are.
   */
  readonly quality?: Quality;
  /**
   * MB (10^6 bytes) of rendered sound that is kept for the case that it is heard again; default 32, which is 18 s
   * of five stems at 44.1 kHz. What is about to be heard is in memory besides. 0 keeps none: all is rendered anew.
   */
  readonly pcmMemory?: number;
  /** Where the heavy files lie. Default: beside the package's code. */
  readonly assets?: SoundtrackAssets;
  /** The page's own context, so that it has one. It is never closed here. Default: a new one. */
  readonly audioContext?: AudioContext;
}

/** `auto`, or one of the tiers, fixed. */
export type Quality = Tier | "auto";

export type ModelSize = "full" | "lite";

/** Where the heavy files lie; relative addresses begin at the page. Any origin will do that allows this one (CORS). */
export interface SoundtrackAssets {
  /** A folder that `npx attacca files` has filled. What is named below comes before it. */
  readonly baseUrl?: string;
  /** The `model.json` of another model. */
  readonly modelManifestUrl?: string;
  /** Default: beside the manifest, under the names that it gives. */
  readonly modelFileUrls?: Readonly<Partial<Record<Backend, string>>>;
  /** Another soundfont. */
  readonly soundfontUrl?: string;
  /** Size and SHA-256 (lower-case hexadecimal) of another soundfont: with them it is checked, and read from the cache first. */
  readonly soundfontCheck?: FileCheck;
  /** The soundfont of the palette `orchestra`, as it is shipped. */
  readonly orchestraUrl?: string;
  /** onnxruntime's WebAssembly. */
  readonly runtimeUrls?: Readonly<Partial<Record<Backend, string>>>;
  /** The cache of the browser in which files are kept. Default `attacca`; games that share an origin may want their own. */
  readonly cacheName?: string;
}

/** What the music does, for overlays and bug reports. A new object on every call. */
export interface SoundtrackSnapshot {
  readonly state: "idle" | "starting" | "playing" | "paused" | "disposed";
  /** Audio-clock time since the first bar. */
  readonly time: Seconds;
  readonly mood: string;
  readonly location: string | undefined;
  /** Moods that the game holds, oldest first. */
  readonly holds: readonly { readonly mood: string; readonly priority: number }[];
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
  readonly quality: QualityView;
  readonly counters: Readonly<Record<string, number>>;
}

export interface PhraseView {
  readonly index: number;
  readonly role: string;
  readonly bars: number;
  readonly startsAt: Seconds;
  readonly endsAt: Seconds;
  readonly sources: Readonly<Partial<Record<Stem, StemSource>>>;
  readonly notes: Readonly<Partial<Record<Stem, readonly Note[]>>>;
}

/** Where what a stem or a stinger plays comes from: the composer's own file, or notes that were written; `rest`: it is silent. */
export type StemSource = TakeSource | "authored";

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

/** Numbers since the soundtrack was made, for telemetry. What they mean and how they add up: docs/telemetry.md. */
export interface SoundtrackStats {
  readonly tier: Tier;
  readonly generator: GeneratorView["state"];
  readonly backend: Backend | undefined;
  /** Running estimate of a pass of the model; undefined before the first answer. */
  readonly passTime: Milliseconds | undefined;
  /** Of the last 64 answers, the time that was left until the deadline: negative where one was late. */
  readonly marginLeast: Milliseconds | undefined;
  readonly marginMedian: Milliseconds | undefined;
  /** Requests: open, delivered (`onTime`, `committedEarly` or `late`), `cancelled` or `failed`. */
  readonly requested: number;
  readonly open: number;
  readonly onTime: number;
  readonly committedEarly: number;
  readonly late: number;
  readonly cancelled: number;
  readonly failed: number;
  /** What became of what was delivered. */
  readonly waiting: number;
  readonly used: number;
  readonly kept: number;
  readonly wasted: number;
  /** Changes of mood or place whose entry was ready as the model wrote it, ready otherwise, or not ready. */
  readonly hits: number;
  readonly unwritten: number;
  readonly misses: number;
  /** 0–1; undefined before the first change. */
  readonly hitRate: number | undefined;
  /** The generator's work on what might not be heard, and what of it was not heard so far, in milliseconds. */
  readonly speculated: number;
  readonly speculatedForNothing: number;
  /** Half bars of a stem that the renderer made, and those that sounded like one that was kept. */
  readonly chunksRendered: number;
  readonly chunksReused: number;
  /** Bytes of PCM: kept for the case that it is heard again, at most `pcmBudget`; and with the player. */
  readonly pcmKept: number;
  readonly pcmBudget: number;
  readonly pcmPlaying: number;
  /** Requests once more, once for each of their stems. Made when it is read. */
  readonly byMood: Readonly<Record<string, PerStem<Tally>>>;
  /** How often each fault came. Made when it is read. */
  readonly faults: Readonly<Partial<Record<FaultCode, number>>>;
  /** How often each thing happened to the sound. Made when it is read. */
  readonly audio: Readonly<Partial<Record<AudioChange, number>>>;
  /** What the browser says of its sound device; undefined where it says nothing. Made when it is read. */
  readonly playback: PlaybackStats | undefined;
}

export interface QualityView {
  readonly tier: Tier;
  /** What the game set. */
  readonly wish: Quality;
  /** Why the tier was last changed; undefined: it never was. */
  readonly cause: TierCause | undefined;
  /** What a frame of the game takes when nothing disturbs it; 0 where nobody tells. */
  readonly frameTime: Milliseconds;
  /** The share of the last seconds that was lost in slow frames. */
  readonly strain: UnitInterval;
}

/** What `on` can be told of. Events come ahead of their sound: `audibleAt` is the context time. */
export interface SoundtrackEvents {
  beat: { bar: number; beat: number; audibleAt: Seconds };
  bar: { bar: number; audibleAt: Seconds };
  phrase: { index: number; role: string; audibleAt: Seconds };
  mood: { from: string | undefined; to: string; audibleAt: Seconds };
  /** `matched`: which of the score's transitions is taken, from 0; `because`: who asked for the mood, in words. */
  transition: TransitionChoice & { because: string; audibleAt: Seconds };
  /** A place in the phrase that the mood names. */
  marker: { name: string; mood: string; audibleAt: Seconds };
  stinger: { name: string; audibleAt: Seconds; source: StemSource };
  /** Where a hit point will land: told when it is set or moved, and again when the music changes before it. */
  hit: { name: string; wantedAt: Seconds; audibleAt: Seconds; tempoFactor: number };
  take: { stem: Stem; phrase: number; mood: string; source: StemSource };
  /** The music takes more or less of the device from now on. */
  quality: { from: Tier; tier: Tier; cause: TierCause };
  /** How much of the model, its runtime, the instruments and, where the score names it, the orchestra is there. */
  progress: FileProgress;
  /** What browser, device and page do to the sound while there is music. */
  audio: { what: AudioChange; message: string };
  /** Something was wrong with what the game gave; said once for each kind and name. */
  warning: { code: WarningCode; message: string };
  /** Something failed and its fallback has taken over. `reason`: what was wrong with a file that is fetched. */
  fault: { code: FaultCode; message: string; reason?: LoadProblem };
}

export type WarningCode =
  | "unknown-signal"
  | "unknown-location"
  | "not-a-number"
  | "out-of-range"
  | "not-text"
  | "unknown-mood"
  | "unknown-stinger"
  | "unknown-quality"
  | "not-authored"
  | "cooling-down"
  | "not-in-this-mood"
  | "too-many"
  | "not-a-length"
  | "replaying"
  | "theme"
  | "score"
  | "events-dropped"
  | "cache-unavailable";

export type FaultCode =
  | "download-failed"
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
  | "soundfont-unavailable"
  | "theme-unavailable"
  | "take-unavailable"
  | "sync-point-missed"
  | "audio-interrupted"
  | "listener-threw";

export interface Position {
  readonly mood: string;
  readonly bar: number;
  readonly beat: number;
  readonly time: Seconds;
}

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
  /**
   * Stands between places: their colours are mixed by weight, the strongest gives palette and mood. Weights
   * need not sum to 1; unknown places and what is no positive number are left out.
   */
  blend(weights: Readonly<Record<string, number>>): void;
  /** Plays a stinger at its sync point. One that may not sound now is dropped, warned of once and counted. */
  trigger(stinger: string, options?: TriggerOptions): void;
  /**
   * Asks for a mood whatever rules and places say, until it is released or its time is over; then the
   * music returns to what they ask for by then. Of several the one of the highest priority counts, of equals
   * the last; a rule of higher priority overrules it.
   */
  hold(mood: string, options?: HoldOptions): Held;
  /** Lets go of every hold of a mood, those too that a save has brought back. */
  release(mood: string): void;
  /**
   * Has a downbeat meet a moment of the game: the tempo is bent by at most 3 %, the phrase is cut to fit, and
   * where its notes are not written yet it builds towards the moment. The event `hit` tells where it will
   * land. The same name again moves it.
   */
  hit(name: string, options: HitOptions): HitPoint;
  /**
   * Says how likely the game thinks it is that a mood, or a location, comes soon, 0 – 1: what is likely is
   * written and rendered first. It counts half after 20 s, until it is said again; 0 takes it back. Changes no
   * decision.
   */
  expect(moodOrLocation: string, probability: number): void;
  /**
   * Tells how long a frame of the game took, in milliseconds. Without it the page's own frames are measured.
   * Where they suffer, the music takes less of the device; see `quality`.
   */
  frame(milliseconds: number): void;
  /**
   * How much of the device the music may take: `full`; `reduced`, with rests between passes, and only
   * what is likely beforehand; `present-only`, what sounds or is asked for; `bank-only`, no inference;
   * `authored-only`, the takes that the score names and no note that was generated: what has none rests. `auto`
   * chooses among the first four by frame times and the generator's speed.
   */
  setQuality(quality: Quality): void;
  /** Stands still at once; what the game sets meanwhile counts when it goes on. The context runs on. */
  pause(): void;
  /** Goes on from the very place. */
  resume(): void;
  /** Follows the game's own time: 0.5 plays at half the tempo from the next beat on, at the same pitch. Within [0.25, 4]. */
  setTimeScale(scale: number): void;
  /** How far the beat, bar or phrase that is heard now has gone, 0 – 1. */
  phase(unit: "beat" | "bar" | "phrase"): UnitInterval;
  /** What is heard now: the mood, the bar and beat of its tune, from 0, and seconds since the music began. */
  position(): Position;
  /**
   * The musical state as JSON: where the music is, what is on its way, what the game has set up to now, the
   * notes of its tunes.
   */
  save(): SavedMusic;
  /**
   * Goes on where `save` was called: before `start`, while it plays, or, once it is resumed, while it is
   * paused. Rejects with `SaveError`, of one line, for what is no save of this format, and the music goes on;
   * what the score no longer has is left out.
   */
  restore(saved: unknown): Promise<void>;
  /** The last minutes as one file that plays back: `createSoundtrack({ score: recording.score, replay: recording })`. */
  recording(): Recording;
  /** Calls `listener` for every event of a kind; returns a function that stops it. */
  on<Kind extends keyof SoundtrackEvents>(
    kind: Kind,
    listener: (event: SoundtrackEvents[Kind]) => void,
  ): () => void;
  /** Level of all the music in decibels, 0 at most; -60 or lower silences it while it plays on. */
  setVolume(level: number): void;
  snapshot(): SoundtrackSnapshot;
  /** Numbers for telemetry; cheap enough for every frame. */
  stats(): SoundtrackStats;
  /** The context the music plays in, for the game's own sounds. */
  readonly audioContext: AudioContext;
  /** The last node before the destination: connect a recorder or an analyser. */
  readonly output: AudioNode;
  /** Stops the sound, ends the workers, forgets everything. */
  dispose(): Promise<void>;
}
