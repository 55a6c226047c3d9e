import { Compressor, Gain, WaveShaper, type Context } from "tone";
import { decibels, gainOf, seconds, type Seconds } from "../time/units.ts";

/** The end of the chain: nothing leaves it above -1 dB true peak. */
export interface Limiter {
  readonly input: Compressor;
  readonly output: WaveShaper;
  /** How much later the sound leaves than it came in; the same for every sound. */
  readonly latency: Seconds;
  dispose(): void;
}

/** Fixed look-ahead of a `DynamicsCompressorNode`, by the Web Audio specification. */
const LOOK_AHEAD_SECONDS = 0.006;
const RATIO = 20;
const THRESHOLD_DB = -8;
/** Where the soft clip begins and what it never passes. Samples stop here; the wave between them may rise 2 dB higher. */
const CLIP_KNEE = gainOf(decibels(-6));
const CLIP_CEILING = gainOf(decibels(-3));
/** Linear input that the clip's curve covers; a wave shaper takes no more than 1. */
const CLIP_RANGE = 4;

/**
 * The compressor's own make-up gain, (1 / gain at full scale) ^ 0.6 by the specification. With no
 * knee the gain at full scale is exact in every browser, which is why there is none.
 */
const MAKE_UP = 10 ** ((0.6 * -THRESHOLD_DB * (1 - 1 / RATIO)) / 20);

/** Straight up to the knee, then a tanh that meets the ceiling. */
function softClip(level: number): number {
  const room = CLIP_CEILING - CLIP_KNEE;
  const size = Math.abs(level);
  if (size <= CLIP_KNEE) return level;
  return Math.sign(level) * (CLIP_KNEE + room * Math.tanh((size - CLIP_KNEE) / room));
}

/** A compressor at 20:1, its make-up gain taken back, then a soft clip for what slips through its attack. */
export function createLimiter(tone: Context): Limiter {
  const compressor = new Compressor({
    context: tone,
    threshold: THRESHOLD_DB,
    ratio: RATIO,
    knee: 0,
    attack: 0.002,
    release: 0.1,
  });
  const intoClip = new Gain({ context: tone, gain: 1 / (MAKE_UP * CLIP_RANGE) });
  const clip = new WaveShaper({ context: tone });
  clip.curve = Float32Array.from({ length: 8193 }, (_, index) =>
    softClip((index / 4096 - 1) * CLIP_RANGE),
  );
  compressor.chain(intoClip, clip);
  return {
    input: compressor,
    output: clip,
    latency: seconds(
      Math.floor(Math.fround(LOOK_AHEAD_SECONDS) * tone.sampleRate) / tone.sampleRate,
    ),
    dispose: () => {
      for (const node of [compressor, intoClip, clip]) node.dispose();
    },
  };
}
