import { gainOf } from "../../time/units.ts";
import type { Tone } from "../service.ts";
import { tangent } from "./arithmetic.ts";

/** Filters both channels of the first `count` frames, in place. */
type Toning = (left: Float32Array, right: Float32Array, count: number) => void;

/** A filter: what it remembers of the past, and shares of its input, its band and its low part in what it gives out. */
interface Section {
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  readonly whole: number;
  readonly band: number;
  readonly low: number;
  readonly left: { first: number; second: number };
  readonly right: { first: number; second: number };
}

/** What has come down to it (-240 dB) is silence; smaller numbers are slow to reckon with. */
const SILENCE = 1e-12;

/**
 * The filters of a voice, one after the other, or `undefined` where it has none. Deterministic: the same
 * calls give the same samples however they are cut. Andrew Simper, "Solving the continuous SVF equations
 * using trapezoidal integration and equivalent currents" (Cytomic, 2013): high-pass, bell, high shelf.
 */
export function createTone(tone: Tone | undefined, sampleRate: number): Toning | undefined {
  const { lowCut, bell, shelf } = tone ?? {};
  /** Tangent of half the angle of a frequency, which stays below two fifths of the sample rate. */
  const edge = (hertz: number): number =>
    tangent((Math.PI * Math.min(hertz, 0.4 * sampleRate)) / sampleRate);
  const sections: Section[] = [];
  if (lowCut !== undefined) {
    sections.push(section(edge(lowCut), Math.SQRT2, { whole: 1, band: -Math.SQRT2, low: -1 }));
  }
  if (bell !== undefined) {
    const gain = gainOf(bell.gain);
    const damping = 1 / (bell.q * Math.sqrt(gain));
    sections.push(
      section(edge(bell.hertz), damping, { whole: 1, band: damping * (gain - 1), low: 0 }),
    );
  }
  if (shelf !== undefined) {
    const gain = gainOf(shelf.gain);
    const root = Math.sqrt(gain);
    const shares = { whole: gain, band: Math.SQRT2 * (1 - root) * root, low: 1 - gain };
    sections.push(section(edge(shelf.hertz) * Math.sqrt(root), Math.SQRT2, shares));
  }
  if (sections.length === 0) return undefined;
  return (left, right, count) => {
    for (const each of sections) {
      run(each, each.left, left, count);
      run(each, each.right, right, count);
    }
  };
}

function section(
  edge: number,
  damping: number,
  shares: Pick<Section, "whole" | "band" | "low">,
): Section {
  const a1 = 1 / (1 + edge * (edge + damping));
  const a2 = edge * a1;
  const past = () => ({ first: 0, second: 0 });
  return { a1, a2, a3: edge * a2, ...shares, left: past(), right: past() };
}

function run(section: Section, state: Section["left"], samples: Float32Array, count: number): void {
  const { a1, a2, a3, whole, band, low } = section;
  let { first, second } = state;
  for (let i = 0; i < count; i += 1) {
    const sample = samples[i] ?? 0;
    const rest = sample - second;
    const inBand = a1 * first + a2 * rest;
    const below = second + a2 * first + a3 * rest;
    first = 2 * inBand - first;
    second = 2 * below - second;
    samples[i] = whole * sample + band * inBand + low * below;
  }
  state.first = Math.abs(first) < SILENCE ? 0 : first;
  state.second = Math.abs(second) < SILENCE ? 0 : second;
}
