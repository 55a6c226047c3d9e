import type { Context, Gain } from "tone";
import { frames, unitInterval, type Frames, type Seconds } from "../time/units.ts";
import { DECLICK, startChunk, type Chunk, type ChunkSource } from "./chunk-source.ts";
import type { FrameClock } from "./clock.ts";
import { steady, withRamp, writeEnvelope, type Envelope } from "./envelope.ts";
import { createFader, stereoGain, type Fader, type Glide } from "./fader.ts";

/**
 * What became of a chunk: `scheduled` whole; `late`, so that it starts in its middle, in time with
 * the rest; `missed`, as less than 10 ms of it would be left; `closed`, as its voice is unknown or
 * silent by then.
 */
export type Played = "scheduled" | "late" | "missed" | "closed";

export interface FadeOptions {
  /** Context time, rounded to a whole frame; a time that has gone means now. */
  readonly at: Seconds;
  readonly fade: Seconds;
}

export interface OpenOptions extends FadeOptions {
  /** The level that it begins with, linear, clamped into [0, 1]; default 1, also for NaN. */
  readonly level?: number;
}

/** Events since the player was made. */
export interface Counters {
  /** Chunks that will be heard whole. */
  readonly scheduled: number;
  readonly late: number;
  readonly missed: number;
  /** Chunks taken back before their start because their voice was closed. */
  readonly stopped: number;
}

export interface Voices {
  open(name: string, options: OpenOptions): void;
  play(name: string, chunk: Chunk, at: Seconds): Played;
  close(name: string, options: FadeOptions): void;
  setLevel(name: string, gain: number, options: Glide): void;
  readonly counters: Counters;
  /** What is in memory now. */
  readonly held: { readonly voices: number; readonly sources: number };
  dispose(): void;
}

interface Voice {
  /** Fades it in and out; the chunks go in here. */
  readonly gain: Gain;
  /** The envelope of `gain`. */
  envelope: Envelope;
  /** Comes after `gain`. */
  readonly level: Fader;
  /** The first frame of its silence, once it is closed. */
  silentFrom: Frames | undefined;
  /** Whether a chunk was ever due: one that does not join the last then fades in. */
  hasBegun: boolean;
  /** The chunks that have not ended. */
  readonly sources: Set<ChunkSource>;
}

function free({ gain, level }: Voice): void {
  gain.dispose();
  level.node.dispose();
}

export function createVoices(tone: Context, clock: FrameClock, bus: Gain): Voices {
  const voices = new Map<string, Voice>();
  const counters = { scheduled: 0, late: 0, missed: 0, stopped: 0 };

  /** Lets go of the voices that are silent for good; done on every call, so that no timer is needed. */
  const sweep = (): void => {
    const now = clock.frameAt(clock.now());
    for (const [name, voice] of voices) {
      const { silentFrom, sources } = voice;
      if (silentFrom === undefined || silentFrom > now || sources.size > 0) continue;
      free(voice);
      voices.delete(name);
    }
  };

  const schedule = (voice: Voice, chunk: Chunk, start: Frames, skipped: number): void => {
    const last = [...voice.sources].find((source) => source.end === start);
    const fadesIn = skipped > 0 || (voice.hasBegun && !(last?.join() ?? false));
    const source = startChunk(
      { tone, clock },
      {
        chunk,
        start,
        skipped,
        fadesIn,
        into: voice.gain,
        onEnded: () => {
          voice.sources.delete(source);
          sweep();
        },
      },
    );
    voice.sources.add(source);
  };

  return {
    open(name, { at, fade, level: given = 1 }) {
      sweep();
      if (voices.has(name)) throw new RangeError(`voice "${name}" is open already`);
      const from = clock.frameAt(at);
      const over = clock.framesOf(fade);
      const envelope = withRamp(steady(0), { to: 1, from, over, shape: "equal-power" });
      const gain = stereoGain(tone, 0);
      writeEnvelope(gain.gain, envelope, { from, clock });
      const level = createFader(tone, clock, Number.isNaN(given) ? 1 : unitInterval(given));
      gain.chain(level.node, bus);
      voices.set(name, {
        gain,
        envelope,
        level,
        silentFrom: undefined,
        hasBegun: false,
        sources: new Set(),
      });
    },

    play(name, chunk, at) {
      sweep();
      const { length } = chunk.left;
      if (length === 0 || chunk.right.length !== length) {
        throw new RangeError(
          `a chunk needs two channels of one length, got ${length} and ${chunk.right.length}`,
        );
      }
      const voice = voices.get(name);
      const start = clock.frameAt(at);
      if (voice === undefined || start >= (voice.silentFrom ?? Infinity)) return "closed";
      const skipped = Math.max(0, clock.firstOpenFrame() - start);
      const isWorthIt = length - skipped >= 2 * clock.framesOf(DECLICK);
      const result = skipped === 0 ? "scheduled" : isWorthIt ? "late" : "missed";
      counters[result] += 1;
      if (result !== "missed") schedule(voice, chunk, start, skipped);
      voice.hasBegun = true;
      return result;
    },

    close(name, { at, fade }) {
      sweep();
      const voice = voices.get(name);
      if (voice === undefined) return;
      const from = frames(Math.max(clock.frameAt(at), clock.firstOpenFrame()));
      const over = frames(Math.max(clock.framesOf(fade), clock.framesOf(DECLICK)));
      const silentFrom = frames(from + over);
      if (silentFrom >= (voice.silentFrom ?? Infinity)) return;
      voice.silentFrom = silentFrom;
      voice.envelope = withRamp(voice.envelope, { to: 0, from, over, shape: "equal-power" });
      writeEnvelope(voice.gain.gain, voice.envelope, { from, clock });
      for (const source of voice.sources) {
        if (source.start < silentFrom) continue;
        counters.stopped += 1;
        source.cancel();
      }
    },

    setLevel(name, gain, options) {
      sweep();
      if (!Number.isNaN(gain)) voices.get(name)?.level.rampTo(unitInterval(gain), options);
    },

    counters,
    get held() {
      const sources = [...voices.values()].reduce((sum, voice) => sum + voice.sources.size, 0);
      return { voices: voices.size, sources };
    },

    dispose() {
      for (const voice of voices.values()) {
        for (const source of voice.sources) source.cancel();
        free(voice);
      }
      voices.clear();
    },
  };
}
