import type { Context } from "tone";
import type { Decibels, Seconds } from "../time/units.ts";
import { createFrameClock } from "./clock.ts";
import type { Glide } from "./fader.ts";
import { createMixer } from "./mixer.ts";
import type { Chunk } from "./chunk-source.ts";
import {
  createVoices,
  type Counters,
  type FadeOptions,
  type OpenOptions,
  type Played,
} from "./voices.ts";

/**
 * Voices and mixer on one context, live or offline. A time is a context time in seconds, rounded to
 * a whole frame; what is asked for at a time that has gone happens as soon as it can.
 */
export interface Deck {
  readonly sampleRate: number;
  /**
   * From the time given to `play` until the sound reaches `output`: the limiter's look-ahead, the
   * same for every sound, 6 ms. What the device adds is the context's `outputLatency`.
   */
  readonly latency: Seconds;
  /** The last node before the destination: connect a recorder or an analyser. */
  readonly output: AudioNode;
  readonly counters: Counters;
  /** Voices and chunks in memory now. */
  readonly held: { readonly voices: number; readonly sources: number };
  now(): Seconds;
  /**
   * Opens a voice for one take: silent until `at`, then fading in with equal power. Fade 0 is at
   * once; it does not click where the PCM starts at zero. It has its `level` from its first frame on.
   * Throws `RangeError` when a voice of that name is open or still fading out.
   */
  open(voice: string, options: OpenOptions): void;
  /**
   * Schedules a chunk so that its first frame sounds at `at`, without interpolation: chunks whose
   * frames follow each other join without a seam, if each comes 5 ms before the last one ends. One
   * that comes late starts in its middle, still in time. Where chunks do not join, the sound fades
   * out and in over 5 ms; only the first of a voice starts at full level, for its attack. Throws
   * `RangeError` for channels of different or no length.
   */
  play(voice: string, chunk: Chunk, at: Seconds): Played;
  /**
   * Fades a voice out with equal power, from the gain it has at `at`, and forgets it: chunks that
   * would start later are taken back. The shortest fade is 5 ms. Of two calls, the one that ends
   * earlier wins. Unknown voices are ignored.
   */
  close(voice: string, options: FadeOptions): void;
  /**
   * Ramps the level of a voice, on top of its fades, to a linear gain, clamped into [0, 1]. At zero it
   * plays on, unheard. Counts until the voice is silent, so also while it fades out. Unknown voices
   * and NaN are ignored.
   */
  setLevel(voice: string, gain: number, options: Glide): void;
  /** Ramps the reverb: `send` is clamped into [0, 1]; at 1 noise is as loud in the room as without it. */
  setRoom(options: Glide & { readonly send: number }): void;
  /** The level of everything, after the limiter; 0 dB at most, at once but for a ramp of 20 ms. */
  setVolume(level: Decibels): void;
}

export function createDeck(tone: Context): Deck & { dispose(): void } {
  const clock = createFrameClock(tone.rawContext);
  const mixer = createMixer(tone, clock);
  const voices = createVoices(tone, clock, mixer.bus);
  return {
    sampleRate: clock.sampleRate,
    latency: mixer.latency,
    output: mixer.output,
    counters: voices.counters,
    get held() {
      return voices.held;
    },
    now: () => clock.now(),
    open: (voice, options) => voices.open(voice, options),
    play: (voice, chunk, at) => voices.play(voice, chunk, at),
    close: (voice, options) => voices.close(voice, options),
    setLevel: (voice, gain, options) => voices.setLevel(voice, gain, options),
    setRoom: (options) => mixer.setRoom(options),
    setVolume: (level) => mixer.setVolume(level),
    dispose: () => {
      voices.dispose();
      mixer.dispose();
    },
  };
}
