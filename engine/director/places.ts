import { PLAIN } from "../score/plain.ts";
import type { Location, Score } from "../score/score.ts";
import { decibels, gainOf, seconds, unitInterval, type Seconds } from "../time/units.ts";
import type { ColourCue, Cue } from "./cue.ts";
import { lookupOf } from "./lookup.ts";
import type { DirectorState } from "./state.ts";

/** Another place takes over once it weighs so much more than the present one: on the border it stays. */
const LEAD = 0.1;
/** Sums of weights must stay numbers. */
const MOST_WEIGHT = 1e12;
/** Colour changes smaller than this wait, so that slow walks do not flood the cue list. */
const STEP = 0.02;
const COLOUR_RAMP: Seconds = seconds(0.5);

export const locationNamed = (score: Score, name: string | undefined): Location | undefined =>
  name === undefined ? undefined : lookupOf(score).locations.get(name);

/** The palette of a place, or the score's own. */
export const paletteOf = (score: Score, location: string | undefined): string =>
  locationNamed(score, location)?.palette ?? score.palette;

/** The player stands between places: unknown ones and weights that are no positive numbers are left out. */
export function standBetween(
  score: Score,
  state: DirectorState,
  given: Readonly<Record<string, number>>,
): DirectorState {
  const known = score.locations.flatMap(({ name }): [string, number][] => {
    const weight = Object.hasOwn(given, name) ? given[name] : undefined;
    return weight !== undefined && weight > 0 && weight < MOST_WEIGHT ? [[name, weight]] : [];
  });
  const sum = known.reduce((total, [, weight]) => total + weight, 0);
  if (sum === 0) return state;
  const weights = Object.fromEntries(known.map(([name, weight]) => [name, weight / sum]));
  const [first = "", most = 0] = Object.entries(weights).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const here = weights[state.location ?? ""] ?? 0;
  return { ...state, weights, location: most > here + LEAD ? first : state.location };
}

/** Cues the mixture of the places' colours where it has moved. */
export function cueColour(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  const section = state.committed ?? state.section;
  if (section === undefined) return state;
  const colour = mixColours(score, state.weights, section.palette);
  const last = state.colour;
  const isFirst = last === undefined;
  const hasMoved =
    isFirst ||
    last.palette !== colour.palette ||
    Math.abs(last.room - colour.room) >= STEP ||
    Math.abs(last.paletteRoom - colour.paletteRoom) >= STEP ||
    Math.abs(last.brightness - colour.brightness) >= STEP ||
    Math.abs(gainOf(last.level) - gainOf(colour.level)) >= STEP;
  if (!hasMoved) return state;
  cues.push({ kind: "colour", at, ramp: isFirst ? seconds(0) : COLOUR_RAMP, ...colour });
  return { ...state, colour };
}

/** By weight: shares of the reverb and brightness evenly, levels as gains. */
function mixColours(
  score: Score,
  weights: Readonly<Record<string, number>>,
  palette: string,
): Omit<ColourCue, "kind" | "at" | "ramp"> {
  const places = Object.entries(weights).map(([name, weight]) => ({
    weight,
    colour: locationNamed(score, name)?.colour ?? PLAIN,
  }));
  if (places.length === 0) places.push({ weight: 1, colour: PLAIN });
  const sum = (share: (colour: typeof PLAIN) => number): number =>
    places.reduce((total, { weight, colour }) => total + weight * share(colour), 0);
  return {
    palette,
    room: unitInterval(sum(({ room }) => room ?? 0)),
    paletteRoom: unitInterval(sum(({ room }) => (room === undefined ? 1 : 0))),
    brightness: unitInterval(sum(({ brightness }) => brightness)),
    level: decibels(
      20 *
        Math.log10(
          Math.max(
            1e-3,
            sum(({ level }) => gainOf(level)),
          ),
        ),
    ),
  };
}
