import type { Context } from "tone";
import { frames, seconds, type Decibels, type Frames, type Seconds } from "../time/units.ts";
import { createFrameClock, DECLICK } from "./clock.ts";
import type { Glide } from "./fader.ts";
import type { DuckOptions } from "./ducks.ts";
import { createMixer, type ColourOptions } from "./mixer.ts";
import type { Chunk } from "./chunk-source.ts";
import type { Dip } from "./pump.ts";
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
  /** Voices, chunks and their frames in memory now; while it is paused also of the chunks that wait. */
  readonly held: { readonly voices: number; readonly sources: number; readonly frames: number };
  now(): Seconds;
  /**
   * Opens a voice for one take: silent until `at`, then fading in with equal power. Fade 0 is at
   * once; it does not click where the PCM starts at zero. It has its `level` from its first frame on, and
   * gives its share of `room` to the reverb as long as it sounds.
   * A voice whose name begins with `stinger:` is not ducked. Throws `RangeError` when a voice of that
   * name is open or still fading out.
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
   * Takes back a `close` of a voice that still fades: from the gain it has at `at` it comes up with
   * equal power, over at least 5 ms. Two voices whose crossfade is turned round at one moment, over
   * one time, keep their power. Chunks that the close took back stay away: play them again. False
   * for a voice that is unknown, or silent by then; one that was not closed stays as it is.
   */
  reopen(voice: string, options: FadeOptions): boolean;
  /**
   * Ramps the level of a voice, on top of its fades, to a linear gain, clamped into [0, 1]. At zero it
   * plays on, unheard. Counts until the voice is silent, so also while it fades out. Unknown voices
   * and NaN are ignored.
   */
  setLevel(voice: string, gain: number, options: Glide): void;
  /**
   * Has a voice go down to a linear gain at each of these times, as a pad does under a kick: over the 12 ms
   * before it, and back over the 200 ms after it, in straight lines. Dips may come in any order; one on the
   * frame of another takes its place. Unknown voices are ignored.
   */
  dip(voice: string, dips: readonly Dip[]): void;
  /** From `at` on its dips are so deep: 1 (the default) as they say, 0 not at all. Clamped; NaN is ignored. */
  setDipDepth(voice: string, share: number, at: Seconds): void;
  /**
   * Ramps the colour of everything before the limiter. `room` is the reverb send, within [0, 1]; at
   * 1 noise is as loud in the room as without it. `brightness`, within [0, 1], is a low-pass from
   * 20 kHz down to 300 Hz, even in octaves; at 1 the sound stays as it is. `level` ramps as a linear
   * gain, -60 dB (silent) to 0 dB. Values are clamped; one that is NaN leaves its part as it is.
   */
  setColour(options: ColourOptions): void;
  /**
   * Lowers every voice but those named `stinger:...`: from `at` over `attack` down to `by`, a level
   * such as -6 dB, and from `until` over `release` back up, both in straight lines of gain, 5 ms at
   * least. Of ducks that overlap the deepest counts at any moment. 0 dB or more, NaN, and a duck
   * whose `until` has gone do nothing.
   */
  duck(name: string, options: DuckOptions): void;
  /**
   * Has the duck of that name come back early: from `at`, and from the level that it has by then, over
   * its own release. One that is unknown or comes back already stays as it is.
   */
  endDuck(name: string, at: Seconds): void;
  /**
   * Makes the music stand still as soon as it can: all voices fade out over `fade`, default 30 ms, at
   * least 5 ms, while the reverb rings on. Returns the context time, on a whole frame, at which it
   * stands, which is when the fade ends. What is asked for while it stands, but for the volume, is
   * done on `resume`; it is given in the time of before the pause, and what lies before the
   * standstill happens there. A second call returns the same time.
   */
  pause(fade?: Seconds): Seconds;
  /**
   * Goes on where the music stood still, at `at` or as soon as it can, with a fade of 5 ms. All that
   * was to come (chunks, fades, levels, colours, ducks) comes later by the shift in seconds, of whole
   * frames, that it returns; 0 if it is not paused.
   */
  resume(at: Seconds): Seconds;
  /** The level of everything, after the limiter; 0 dB at most, at once but for a ramp of 20 ms. */
  setVolume(level: Decibels): void;
}

const PAUSE_FADE = seconds(0.03);

export function createDeck(tone: Context): Deck & { dispose(): void } {
  const clock = createFrameClock(tone.rawContext);
  const mixer = createMixer(tone, clock);
  const voices = createVoices(tone, clock, (name) => mixer.busOf(name));
  let stoodAt: Frames | undefined;

  const pause = (fade: Seconds): Seconds => {
    if (stoodAt === undefined) {
      const length = seconds(Math.max(fade, DECLICK));
      stoodAt = frames(clock.firstOpenFrame() + clock.framesOf(length));
      mixer.pause(stoodAt, length);
      voices.pause(stoodAt);
    }
    return clock.sourceTime(stoodAt);
  };

  const resume = (at: Seconds): Seconds => {
    if (stoodAt === undefined) return seconds(0);
    const start = frames(Math.max(stoodAt, clock.frameAt(at), clock.firstOpenFrame()));
    const by = frames(start - stoodAt);
    stoodAt = undefined;
    mixer.resume(start, by);
    voices.resume(by);
    return clock.sourceTime(by);
  };

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
    reopen: (voice, options) => voices.reopen(voice, options),
    dip: (voice, dips) => voices.dip(voice, dips),
    setDipDepth: (voice, share, at) => voices.setDipDepth(voice, share, at),
    setColour: (options) => mixer.setColour(options),
    duck: (name, options) => mixer.duck(name, options),
    endDuck: (name, at) => mixer.endDuck(name, at),
    pause: (fade = PAUSE_FADE) => pause(fade),
    resume,
    setVolume: (level) => mixer.setVolume(level),
    dispose: () => {
      voices.dispose();
      mixer.dispose();
    },
  };
}
