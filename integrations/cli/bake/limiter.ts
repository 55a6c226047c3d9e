import { LIMITER, limiterDelay, softClip } from "../../../engine/audio/limiter-curve.ts";

/**
 * The compressor of `DynamicsCompressorNode` as Chromium computes it (third_party/blink, audio
 * `dynamics_compressor.cc`, BSD), without a knee and without make-up gain, and the player's soft clip behind
 * it. Changes both channels in place and returns them `limiterDelay` frames late.
 */
export function createLimiter(
  sampleRate: number,
): (left: Float32Array, right: Float32Array) => void {
  const delay = limiterDelay(sampleRate);
  const delayed = [new Float32Array(delay), new Float32Array(delay)] as const;
  const { attackRate, releaseRate } = rates(sampleRate);
  let place = 0;
  let frame = 0;
  let detector = 0;
  let gain = 1;
  let deepest = -1;
  let rate = 0;
  let wanted = 0;

  /** Once every 32 frames: where the gain goes to, and how fast. */
  const plan = (): void => {
    wanted = Math.asin(detector) / (Math.PI / 2);
    const ratio = toDb(gain / wanted);
    const isReleasing = wanted > gain;
    const difference = Number.isFinite(ratio) ? ratio : isReleasing ? -1 : 1;
    if (isReleasing) {
      deepest = -1;
      rate = releaseRate(difference);
    } else {
      deepest = deepest === -1 || deepest < difference ? difference : deepest;
      rate = attackRate(Math.max(0.5, deepest));
    }
  };

  return (left, right) => {
    for (let i = 0; i < left.length; i += 1) {
      if (frame % PLAN_FRAMES === 0) plan();
      frame += 1;
      const [newLeft, newRight] = [left[i] ?? 0, right[i] ?? 0];
      detector = follow(detector, Math.max(Math.abs(newLeft), Math.abs(newRight)), sampleRate);
      gain = rate < 1 ? gain + (wanted - gain) * rate : Math.min(1, gain * rate);
      const applied = Math.sin((Math.PI / 2) * gain);
      left[i] = softClip((delayed[0][place] ?? 0) * applied);
      right[i] = softClip((delayed[1][place] ?? 0) * applied);
      delayed[0][place] = newLeft;
      delayed[1][place] = newRight;
      place = (place + 1) % delay;
    }
  };
}

const PLAN_FRAMES = 32;
/** Seconds in which the detector lets go of a peak. */
const DETECTOR_RELEASE = 0.0025;
/** Decibels between two steps of a release. */
const SPACING_DB = 5;

const toDb = (gain: number): number => 20 * Math.log10(gain);

/** The attenuation that the curve asks for, followed at once downwards and slowly upwards. */
function follow(detector: number, level: number, sampleRate: number): number {
  const threshold = 10 ** (LIMITER.thresholdDb / 20);
  const asked = level <= threshold ? 1 : (level / threshold) ** (1 / LIMITER.ratio - 1);
  if (asked <= detector) return asked;
  const decibels = Math.max(2, -toDb(asked));
  const release = 10 ** (decibels / (DETECTOR_RELEASE * sampleRate) / 20) - 1;
  return Math.min(1, detector + (asked - detector) * release);
}

function rates(sampleRate: number) {
  const attackFrames = Math.max(0.001, LIMITER.attackSeconds) * sampleRate;
  const releaseFrames = LIMITER.releaseSeconds * sampleRate;
  const zone = (share: number): number => share * releaseFrames;
  const [y1, y2, y3, y4] = [zone(0.09), zone(0.16), zone(0.42), zone(0.98)];
  /** A polynomial of the fourth order through the four zones of release. */
  const [a, b, c, d, e] = [
    y1,
    -1.5788320352845888 * y1 +
      2.3305837032074286 * y2 -
      0.9141194204840429 * y3 +
      0.1623677525612032 * y4,
    0.5334142869106424 * y1 -
      1.272736789213631 * y2 +
      0.9258856042207512 * y3 -
      0.18656310191776226 * y4,
    0.08783463138207234 * y1 -
      0.1694162967925622 * y2 +
      0.08588057951595272 * y3 -
      0.00429891410546283 * y4,
    -0.042416883008123074 * y1 +
      0.1115693827987602 * y2 -
      0.09764676325265872 * y3 +
      0.028494263462021576 * y4,
  ];
  return {
    attackRate: (difference: number): number => 1 - (0.25 / difference) ** (1 / attackFrames),
    releaseRate: (difference: number): number => {
      const x = 0.25 * (Math.max(-12, Math.min(0, difference)) + 12);
      const length = a + b * x + c * x ** 2 + d * x ** 3 + e * x ** 4;
      return 10 ** (SPACING_DB / length / 20);
    },
  };
}
