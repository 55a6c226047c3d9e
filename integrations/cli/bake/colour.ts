import { BUTTERWORTH_DB, DARKEST_HERTZ } from "../../../engine/audio/brightness-curve.ts";
import { makeImpulse, ROOM } from "../../../engine/audio/impulse.ts";
import { createConvolver } from "./convolver.ts";
import { gainsInto, isSteady } from "./gains.ts";
import type { OfflineAutomation } from "./offline-automation.ts";
import type { Lines } from "./tape-voice.ts";

/** What moves the colour of a bus. */
interface ColourPlan {
  readonly duck: OfflineAutomation;
  /** Of the low-pass, in cents above `DARKEST_HERTZ`. */
  readonly detune: OfflineAutomation;
  readonly level: OfflineAutomation;
  readonly room: OfflineAutomation;
}

/** The part of the mixer between voices and limiter: duck → brightness → level → dry and reverb. */
export interface Colour {
  /** Makes of the dry channels, in place, what is heard with the room; they begin at `from`. */
  apply(lines: Lines, from: number, plan: ColourPlan, isDucked: boolean): void;
}

export function createColour(sampleRate: number): Colour {
  const filters = Array.from({ length: 4 }, () => createLowPass(sampleRate));
  const [leftRoom, rightRoom] = makeImpulse({ sampleRate, ...ROOM });
  const convolveLeft = createConvolver(leftRoom);
  const convolveRight = createConvolver(rightRoom);
  return {
    apply({ left, right, room: sent }, from, { duck, detune, level, room }, isDucked) {
      const count = left.length;
      const gains = new Float32Array(count);
      const scale = (automation: OfflineAutomation, channels: readonly Float32Array[]): void => {
        if (isSteady(automation.envelope, 1, from, from + count)) return;
        gainsInto(automation.envelope, from, gains);
        for (const channel of channels) {
          for (let i = 0; i < count; i += 1) channel[i] = (channel[i] ?? 0) * (gains[i] ?? 0);
        }
      };
      const lines = [left, right, sent.left, sent.right];
      if (isDucked) scale(duck, lines);
      gainsInto(detune.envelope, from, gains);
      for (const [nth, channel] of lines.entries()) filters[nth]?.(channel, gains);
      scale(level, lines);
      scale(room, [sent.left, sent.right]);
      add(left, convolveLeft(sent.left));
      add(right, convolveRight(sent.right));
    },
  };
}

function add(channel: Float32Array, wet: Float32Array): void {
  for (let i = 0; i < channel.length; i += 1) channel[i] = (channel[i] ?? 0) + (wet[i] ?? 0);
}

/**
 * The low-pass of a `BiquadFilterNode`, in place: coefficients from the Web Audio specification, an
 * identity from half the sample rate on. `detune` has a value for every frame, in cents; coefficients are
 * reckoned anew where it changes.
 */
function createLowPass(sampleRate: number): (samples: Float32Array, detune: Float32Array) => void {
  let [in1, in2, out1, out2] = [0, 0, 0, 0];
  let known: number | undefined;
  let [b0, b1, a1, a2] = [1, 0, 0, 0];
  const learn = (cents: number): void => {
    known = cents;
    const hertz = DARKEST_HERTZ * 2 ** (cents / 1200);
    [b0, b1, a1, a2] = [1, 0, 0, 0];
    if (hertz >= sampleRate / 2) return;
    const angle = (2 * Math.PI * hertz) / sampleRate;
    const alpha = Math.sin(angle) / (2 * 10 ** (BUTTERWORTH_DB / 20));
    const cosine = Math.cos(angle);
    const scale = 1 / (1 + alpha);
    b1 = (1 - cosine) * scale;
    [b0, a1, a2] = [b1 / 2, -2 * cosine * scale, (1 - alpha) * scale];
  };
  return (samples, detune) => {
    for (let i = 0; i < samples.length; i += 1) {
      const wanted = detune[i] ?? 0;
      if (wanted !== known) learn(wanted);
      const sample = samples[i] ?? 0;
      const b2 = b1 === 0 ? 0 : b0;
      const out = b0 * sample + b1 * in1 + b2 * in2 - a1 * out1 - a2 * out2;
      [in2, in1, out2, out1] = [in1, sample, out1, out];
      samples[i] = out;
    }
  };
}
