import { STEMS, type Stem } from "../../engine/music/stem.ts";
import type { Pcm } from "../../integrations/cli/bake/tape-voice.ts";
import { powerOf } from "../../integrations/cli/loudness.ts";
import { longestSilence, peak, rms, toDecibels } from "../helpers/pcm-measure.ts";
import { SAMPLE_RATE, type Clip } from "./clips.ts";
import { lonelyClicks } from "./lonely-clicks.ts";
import { maskingOf, type Masking } from "./masking.ts";
import { bandsOf, powerSpectra } from "./spectrum.ts";

/** Edges in hertz of the five bands: sub, bass, low middle, high middle, treble. */
const BALANCE_EDGES = [20, 90, 250, 1_000, 4_000, 16_000] as const;

/** What is heard of a clip, by our own analysis. */
export interface Measured {
  /** Decibels of the side against the middle. */
  readonly sideToMid: number;
  /** Decibels of each of the five bands against their sum. */
  readonly balance: readonly number[];
  /** Decibels of the peak against the root mean square. */
  readonly crest: number;
  /** Clicks that stand alone, in both channels. */
  readonly clicks: number;
  /** Seconds: the longest stretch below -60 dBFS before the last bar line. */
  readonly silence: number;
  /** Decibels of full scale, the larger of both channels; -Infinity for none. */
  readonly offset: number;
  /** Share of each stem in the power of the mix, K-weighted, 0–1. */
  readonly shares: Readonly<Record<Stem, number>>;
  /** Undefined where no melody plays. */
  readonly masking: Masking | undefined;
}

export function measureClip({ mix, stems, musicEnds }: Clip): Measured {
  const { left, right } = mix;
  const both = Float32Array.from({ length: 2 * left.length }, (_, i) =>
    i < left.length ? (left[i] ?? 0) : (right[i - left.length] ?? 0),
  );
  const mid = left.map((sample, i) => (sample + (right[i] ?? 0)) / 2);
  const side = left.map((sample, i) => (sample - (right[i] ?? 0)) / 2);
  const music = mid.subarray(0, musicEnds);
  return {
    sideToMid: toDecibels(rms(side) / rms(mid)),
    balance: balanceOf(mix),
    crest: toDecibels(peak(both) / rms(both)),
    clicks: lonelyClicks(left, SAMPLE_RATE).length + lonelyClicks(right, SAMPLE_RATE).length,
    silence: longestSilence(music, SAMPLE_RATE, -60).duration,
    offset: toDecibels(Math.max(Math.abs(mean(left)), Math.abs(mean(right)))),
    shares: sharesOf(stems),
    masking: maskingOf(stems),
  };
}

const mean = (samples: Float32Array): number =>
  samples.reduce((sum, sample) => sum + sample, 0) / samples.length;

function balanceOf(mix: Pcm): readonly number[] {
  const sums = BALANCE_EDGES.slice(1).map(() => 0);
  for (const power of powerSpectra(mix)) {
    for (const [band, value] of bandsOf(power, BALANCE_EDGES, SAMPLE_RATE).entries()) {
      sums[band] = (sums[band] ?? 0) + value;
    }
  }
  const whole = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((value) => 10 * Math.log10(value / whole));
}

function sharesOf(stems: Clip["stems"]): Measured["shares"] {
  const powers = STEMS.map((stem) => {
    const pcm = stems.get(stem);
    return pcm === undefined ? 0 : powerOf([pcm.left, pcm.right], SAMPLE_RATE);
  });
  const whole = powers.reduce((sum, power) => sum + power, 0);
  const [melody = 0, counter = 0, harmony = 0, bass = 0, drums = 0] = STEMS.map(
    (_, nth) => (powers[nth] ?? 0) / whole,
  );
  return { melody, counter, harmony, bass, drums };
}
