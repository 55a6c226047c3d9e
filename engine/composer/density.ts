import type { Density, FormRole } from "../music/bar-plan.ts";
import { STEMS, perStem, type PerStem, type Stem } from "../music/stem.ts";
import { habitsOf } from "../music/style-habits.ts";
import { curveAt } from "../score/curve.ts";
import type { Mood } from "../score/score.ts";
import type { UnitInterval } from "../time/units.ts";
import type { Rest } from "./rests.ts";

/** Who carries a bar that an authored activity leaves empty: no bar is silent as a whole. */
const CARRIERS: readonly Stem[] = ["harmony", "melody", "bass", "counter", "drums"];

interface BarRequest {
  readonly mood: Mood;
  /** Of the game, as the mood's own curves see it. */
  readonly intensity: UnitInterval;
  /** The intensity that the bar is written for. */
  readonly drive: UnitInterval;
  readonly bar: number;
  readonly last: boolean;
  readonly role: FormRole;
  readonly rest: Rest | undefined;
}

/** How busy each stem is in a bar: 0 for those that rest or are not in play. */
export function densitiesOf(request: BarRequest): PerStem<Density> {
  const { mood } = request;
  const inPlay = (stem: Stem): boolean => mood.stems[stem] !== undefined;
  const levels = perStem((stem) => (inPlay(stem) ? levelOf(stem, request) : 0));
  const resting = restingIn(levels, request);
  if (resting !== undefined) return { ...levels, [resting]: 0 };
  if (STEMS.some((stem) => levels[stem] > 0)) return levels;
  const carrier = CARRIERS.find(inPlay);
  return carrier === undefined ? levels : { ...levels, [carrier]: 1 };
}

/** The melody breathes in the last bar of a phrase. */
function levelOf(stem: Stem, { mood, intensity, drive, last }: BarRequest): Level {
  const curve = mood.activity[stem];
  const [calmest, driven] = habitsOf(mood.style).density[stem];
  const busy = Math.round(
    curve === undefined ? calmest + (driven - calmest) * drive : curveAt(curve, intensity),
  );
  const level = last && stem === "melody" && busy > 1 ? busy - 1 : busy;
  return LEVELS[level] ?? 0;
}

type Level = Exclude<Density, "free">;
const LEVELS: readonly Level[] = [0, 1, 2, 3, 4];

/** The stem that rests in this bar: a fill stays, two others go on, and of bass and melody one does. */
function restingIn(levels: PerStem<Level>, { bar, role, rest }: BarRequest): Stem | undefined {
  if (rest === undefined || bar < rest.from || bar >= rest.to) return undefined;
  const { stem } = rest;
  if (stem === "drums" && role === "fill") return undefined;
  const others = STEMS.filter((other) => other !== stem && levels[other] > 0);
  const partner = stem === "melody" ? "bass" : stem === "bass" ? "melody" : undefined;
  const isAlone = others.length < 2 || (partner !== undefined && !others.includes(partner));
  return isAlone ? undefined : stem;
}
