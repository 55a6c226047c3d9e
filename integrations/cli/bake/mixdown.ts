import { limiterDelay } from "../../../engine/audio/limiter-curve.ts";
import type { Seconds } from "../../../engine/time/units.ts";
import { CONVOLVER_BLOCK } from "./convolver.ts";
import { createLimiter } from "./limiter.ts";
import { BUSES, type Bus, type Tape } from "./tape.ts";
import type { Pcm } from "./tape-voice.ts";

/** Takes what was mixed, a stretch at a time and each in order. */
export interface MixSink {
  mix(pcm: Pcm): Promise<void>;
  /** `from` is the frame at which the stretch begins. */
  stem(bus: Bus, pcm: Pcm, from: number): Promise<void>;
}

/** Reads a tape to its end: each bus by itself, and all of them through the limiter. */
export interface Mixdown {
  /** Mixes what is final: all whole blocks before `until`. */
  advance(until: Seconds): Promise<void>;
  /** Mixes the rest, `length` frames in all. */
  finish(length: number): Promise<void>;
}

/** The sum of the stems is the mix before its limiter; the limiter's delay is taken out of the mix. Only `buses` are heard. */
export function createMixdown(tape: Tape, sink: MixSink, buses: readonly Bus[] = BUSES): Mixdown {
  const limit = createLimiter(tape.sampleRate);
  let skip = limiterDelay(tape.sampleRate);
  let left = Infinity;

  const give = async (pcm: Pcm): Promise<void> => {
    const heard = cut(pcm, skip, left);
    skip = Math.max(0, skip - pcm.left.length);
    left -= heard.left.length;
    if (heard.left.length > 0) await sink.mix(heard);
  };

  const readBlock = async (length: number): Promise<void> => {
    const from = tape.position;
    const sum = {
      left: new Float32Array(CONVOLVER_BLOCK),
      right: new Float32Array(CONVOLVER_BLOCK),
    };
    for (const [bus, pcm] of tape.read(CONVOLVER_BLOCK)) {
      if (!buses.includes(bus)) continue;
      for (let i = 0; i < CONVOLVER_BLOCK; i += 1) {
        sum.left[i] = (sum.left[i] ?? 0) + (pcm.left[i] ?? 0);
        sum.right[i] = (sum.right[i] ?? 0) + (pcm.right[i] ?? 0);
      }
      const heard = cut(pcm, 0, length - from);
      if (heard.left.length > 0) await sink.stem(bus, heard, from);
    }
    limit(sum.left, sum.right);
    await give(sum);
  };

  return {
    async advance(until) {
      const end = Math.floor(until * tape.sampleRate);
      while (tape.position + CONVOLVER_BLOCK <= end) await readBlock(Infinity);
    },
    async finish(length) {
      left = length - Math.max(0, tape.position - limiterDelay(tape.sampleRate));
      while (tape.position < length + limiterDelay(tape.sampleRate)) await readBlock(length);
    },
  };
}

/** Without the first `skip` frames, and at most `most` of the rest. */
const cut = ({ left, right }: Pcm, skip: number, most: number): Pcm => ({
  left: left.subarray(Math.min(skip, left.length), Math.min(left.length, skip + most)),
  right: right.subarray(Math.min(skip, right.length), Math.min(right.length, skip + most)),
});
