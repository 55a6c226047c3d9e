import type { Context } from "tone";
import { frames, seconds, unitInterval, type Frames, type Seconds } from "../time/units.ts";
import { createBuffers } from "./buffers.ts";
import { pieceOf, type Chunk, type ChunkSource, type Piece } from "./chunk-source.ts";
import { DECLICK, type FrameClock } from "./clock.ts";
import type { Glide } from "./fader.ts";
import type { Bus } from "./lines.ts";
import type { Dip } from "./pump.ts";
import { createStandstill } from "./standstill.ts";
import {
  createVoice,
  freeVoice,
  partFromCancelled,
  pauseVoice,
  resumeVoice,
  schedule,
  type Voice,
} from "./voice.ts";

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
  /** Share of it that the room gets beside the others, clamped into [0, 1]; default 1, also for NaN. */
  readonly room?: number;
  /** Where between the ears, for as long as it lives: -1 is left, 1 is right; default 0, as it is. */
  readonly pan?: number;
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
  reopen(name: string, options: FadeOptions): boolean;
  setLevel(name: string, gain: number, options: Glide): void;
  dip(name: string, dips: readonly Dip[]): void;
  setDipDepth(name: string, share: number, at: Seconds): void;
  /** Everything stands still at `at`; what is asked for then waits. Only while it runs. */
  pause(at: Frames): void;
  /** Goes on `by` frames later than it stood still. Only while it is paused. */
  resume(by: Frames): void;
  readonly counters: Counters;
  /** What is in memory now; `frames` of stereo PCM. */
  readonly held: { readonly voices: number; readonly sources: number; readonly frames: number };
  dispose(): void;
}

export function createVoices(
  tone: Context,
  clock: FrameClock,
  busOf: (name: string) => Bus,
): Voices {
  const parts = { tone, clock, buffers: createBuffers(tone) };
  const voices = new Map<string, Voice>();
  const counters = { scheduled: 0, late: 0, missed: 0, stopped: 0 };
  const standstill = createStandstill(clock);
  /** Sources that sounded until a pause, and what still holds them. */
  const leaving = new Set<ChunkSource>();

  const firstOpenFrame = (): Frames => standstill.at ?? clock.firstOpenFrame();
  const shortestFade = (fade: Seconds): Seconds => seconds(Math.max(fade, DECLICK));

  const isSilent = ({ silentFrom }: Voice): boolean =>
    silentFrom !== undefined && silentFrom <= standstill.musicNow();

  /** Lets go of what is silent for good; done on every call, so that no timer is needed. */
  const sweep = (): void => {
    const now = clock.frameAt(clock.now());
    for (const source of leaving) {
      if (source.end >= now) continue;
      leaving.delete(source);
      source.cancel();
    }
    for (const [name, voice] of voices) {
      const { sources, waiting } = voice;
      if (!isSilent(voice) || sources.size > 0 || waiting.length > 0) continue;
      freeVoice(voice);
      voices.delete(name);
    }
  };

  /** A voice that has faded out while its last chunks go on unheard leaves its name to another. */
  const makeWay = (name: string): void => {
    const voice = voices.get(name);
    if (voice === undefined) return;
    if (!isSilent(voice)) throw new RangeError(`voice "${name}" is open already`);
    for (const source of voice.sources) source.cancel();
    freeVoice(voice);
    voices.delete(name);
  };

  return {
    open(name, { at, fade, level = 1, room = 1, pan = 0 }) {
      sweep();
      makeWay(name);
      const share = (value: number) =>
        Number.isNaN(value) ? unitInterval(1) : unitInterval(value);
      const start = { level: share(level), room: share(room), pan };
      const voice = createVoice(parts, start, busOf(name));
      const { at: stoodAt } = standstill;
      if (stoodAt !== undefined) {
        for (const automation of [voice.fade, voice.dipped, voice.level]) automation.hold(stoodAt);
        voice.pump.pause(stoodAt);
      }
      voice.fade.rampTo(1, { at, ramp: fade, shape: "equal-power" });
      voices.set(name, voice);
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
      const skipped = Math.max(0, firstOpenFrame() - start);
      const isWorthIt = length - skipped >= 2 * clock.framesOf(DECLICK);
      const result = skipped === 0 ? "scheduled" : isWorthIt ? "late" : "missed";
      counters[result] += 1;
      const startsFull = skipped === 0 && !voice.hasBegun;
      voice.hasBegun = true;
      if (result === "missed") return result;
      const piece = pieceOf(parts, chunk, { start, skipped, startsFull });
      if (standstill.at === undefined) schedule(parts, voice, { piece, onEnded: sweep });
      else voice.waiting = [...voice.waiting, piece];
      return result;
    },

    close(name, { at, fade }) {
      sweep();
      const voice = voices.get(name);
      if (voice === undefined) return;
      const ramp = shortestFade(fade);
      const from = Math.max(clock.frameAt(at), firstOpenFrame());
      const silentFrom = frames(from + clock.framesOf(ramp));
      if (silentFrom >= (voice.silentFrom ?? Infinity)) return;
      voice.silentFrom = silentFrom;
      voice.fade.rampTo(0, { at, ramp, shape: "equal-power" });
      const tooLate = [...voice.sources].filter(({ piece }) => piece.start >= silentFrom);
      for (const source of tooLate) source.cancel();
      const kept = voice.waiting.filter(({ start }) => start < silentFrom);
      counters.stopped += tooLate.length + voice.waiting.length - kept.length;
      voice.waiting = kept;
    },

    reopen(name, { at, fade }) {
      sweep();
      const voice = voices.get(name);
      if (voice === undefined) return false;
      if (voice.silentFrom === undefined) return true;
      if (Math.max(clock.frameAt(at), firstOpenFrame()) >= voice.silentFrom) return false;
      voice.silentFrom = undefined;
      voice.fade.rampTo(1, { at, ramp: shortestFade(fade), shape: "equal-power" });
      partFromCancelled(voice);
      return true;
    },

    setLevel(name, gain, options) {
      sweep();
      if (!Number.isNaN(gain)) voices.get(name)?.level.rampTo(unitInterval(gain), options);
    },

    dip: (name, dips) => voices.get(name)?.pump.add(dips),
    setDipDepth: (name, share, at) => voices.get(name)?.pump.setDepth(share, at),

    pause(at) {
      sweep();
      standstill.begin(at);
      for (const voice of voices.values()) {
        for (const source of pauseVoice(parts, voice, at)) leaving.add(source);
      }
    },

    resume(by) {
      sweep();
      const from = standstill.end();
      if (from === undefined) return;
      for (const voice of voices.values()) {
        for (const piece of resumeVoice(voice, from, by)) {
          schedule(parts, voice, { piece, onEnded: sweep });
        }
      }
    },

    counters,
    get held() {
      let sources = 0;
      let frameCount = 0;
      const count = ({ pcm }: Piece): void => {
        sources += 1;
        frameCount += pcm.length;
      };
      for (const { piece } of leaving) count(piece);
      for (const voice of voices.values()) {
        for (const { piece } of voice.sources) count(piece);
        for (const piece of voice.waiting) count(piece);
      }
      return { voices: voices.size, sources, frames: frameCount };
    },

    dispose() {
      for (const source of leaving) source.cancel();
      for (const voice of voices.values()) {
        for (const source of voice.sources) source.cancel();
        freeVoice(voice);
      }
      leaving.clear();
      voices.clear();
    },
  };
}
