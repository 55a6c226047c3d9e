import { Compressor, Gain, WaveShaper, type Context } from "tone";
import { seconds, type Seconds } from "../time/units.ts";
import { LIMITER, limiterDelay, softClip } from "./limiter-curve.ts";

/** The end of the chain: nothing leaves it above -1 dB true peak. */
export interface Limiter {
  readonly input: Compressor;
  readonly output: WaveShaper;
  /** How much later the sound leaves than it came in; the same for every sound. */
  readonly latency: Seconds;
  dispose(): void;
}

/** Linear input that the clip's curve covers; a wave shaper takes no more than 1. */
const CLIP_RANGE = 4;

/**
 * The compressor's own make-up gain, (1 / gain at full scale) ^ 0.6 by the specification. With no
 * knee the gain at full scale is exact in every browser, which is why there is none.
 */
const MAKE_UP = 10 ** ((0.6 * -LIMITER.thresholdDb * (1 - 1 / LIMITER.ratio)) / 20);

/** The limiter of `limiter-curve.ts`, made of audio nodes. */
export function createLimiter(tone: Context): Limiter {
  const compressor = new Compressor({
    context: tone,
    threshold: LIMITER.thresholdDb,
    ratio: LIMITER.ratio,
    knee: 0,
    attack: LIMITER.attackSeconds,
    release: LIMITER.releaseSeconds,
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
    latency: seconds(limiterDelay(tone.sampleRate) / tone.sampleRate),
    dispose: () => {
      for (const node of [compressor, intoClip, clip]) node.dispose();
    },
  };
}
