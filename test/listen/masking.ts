import type { Pcm } from "../../integrations/cli/bake/tape-voice.ts";
import { SAMPLE_RATE, type Clip } from "./clips.ts";
import { bandsOf, EAR_BANDS, powerSpectra } from "./spectrum.ts";

/** Whether the melody is heard among the others, while it plays. */
export interface Masking {
  /** Decibels by which the melody lies above harmony and counter in the bands that carry it; the middle of all moments. */
  readonly above: number;
  /** Share of its moments, 0–1, at which no band of it stands out from harmony and counter. */
  readonly masked: number;
}

/** The melody plays where it has this share of the power of its loudest moment (-40 dB). */
const PLAYS = 1e-4;
/** The loudest bands that carry this share of its power are those by which it is heard. */
const CARRIED = 0.8;
/** A tone is heard in noise that is 4 dB louder in its band: B. C. J. Moore, "An Introduction to the Psychology of Hearing". */
const HEARD_BELOW = 10 ** -0.4;

/** Undefined where no melody plays. */
export function maskingOf(stems: Clip["stems"]): Masking | undefined {
  const melody = stems.get("melody");
  if (melody === undefined) return undefined;
  const tune = bandSeries(melody);
  const others = [stems.get("harmony"), stems.get("counter")]
    .filter((stem) => stem !== undefined)
    .map(bandSeries);
  const loudest = tune.reduce((most, bands) => Math.max(most, sum(bands)), 0);
  const ratios: number[] = [];
  let masked = 0;
  for (const [moment, bands] of tune.entries()) {
    if (sum(bands) < loudest * PLAYS || loudest === 0) continue;
    const over = bands.map((_, band) =>
      others.reduce((power, series) => power + (series[moment]?.[band] ?? 0), 0),
    );
    const carriers = carriersOf(bands);
    const of = (powers: readonly number[]): number =>
      carriers.reduce((power, band) => power + (powers[band] ?? 0), 0);
    ratios.push(10 * Math.log10(of(bands) / Math.max(of(over), Number.MIN_VALUE)));
    const isHeard = carriers.some((band) => (bands[band] ?? 0) > (over[band] ?? 0) * HEARD_BELOW);
    if (!isHeard) masked += 1;
  }
  const middle = ratios.toSorted((a, b) => a - b)[ratios.length >> 1];
  return middle === undefined ? undefined : { above: middle, masked: masked / ratios.length };
}

const bandSeries = (pcm: Pcm): readonly (readonly number[])[] =>
  Array.from(powerSpectra(pcm), (power) => bandsOf(power, EAR_BANDS, SAMPLE_RATE));

const sum = (powers: readonly number[]): number => powers.reduce((all, power) => all + power, 0);

/** Numbers of the loudest bands that together carry most of the power. */
function carriersOf(bands: readonly number[]): readonly number[] {
  const wanted = sum(bands) * CARRIED;
  const carriers: number[] = [];
  let carried = 0;
  for (const [band, power] of [...bands.entries()].toSorted(([, a], [, b]) => b - a)) {
    if (carried >= wanted) break;
    carriers.push(band);
    carried += power;
  }
  return carriers;
}
