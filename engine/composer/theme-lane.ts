import type { MoodTheme } from "../score/score.ts";
import type { Theme } from "../theme/theme.ts";
import type { Note } from "../music/note.ts";
import { randomAt } from "../music/random.ts";
import { perStem } from "../music/stem.ts";
import { ticksPerBar } from "../time/meter.ts";
import { unitInterval } from "../time/units.ts";
import type { PhrasePlan } from "./phrase-plan.ts";
import type { PhraseTake } from "./take.ts";

/** The theme as a phrase is to state it, and how much of it may change. */
export interface ThemeLane {
  readonly melody: readonly Note[];
  readonly likeness: MoodTheme["likeness"];
  readonly compare: Theme["compare"];
}

/**
 * Has a phrase state a theme: its melody in the mood's key, meter, register and density is given to the
 * model, which writes so much of it anew that it comes out in the middle of the designer's bounds; the
 * chords are the theme's own where it has them.
 */
export function stateTheme(plan: PhrasePlan, theme: Theme, given: MoodTheme): PhrasePlan {
  const [bar] = plan.bars;
  if (bar === undefined || plan.origin.kind !== "fresh" || plan.role !== "A") return plan;
  const { melody, chords } = theme.fit({
    key: bar.key,
    meter: bar.meter,
    bars: plan.bars.length,
    register: given.register,
    density: given.density,
  });
  const [low, high] = given.likeness;
  return {
    ...plan,
    bars: plan.bars.map((each, index) => ({
      ...each,
      chords: [chords[index]?.[0] ?? each.chords[0], chords[index]?.[1] ?? each.chords[1]],
      density: { ...each.density, melody: each.density.melody === 0 ? 1 : each.density.melody },
    })),
    origin: { kind: "theme", change: unitInterval(1 - (low + high) / 2) },
    theme: { melody, likeness: given.likeness, compare: theme.compare },
  };
}

/** How like its theme a phrase is: the mean of kept onsets and contour. */
function likenessTo(lane: ThemeLane, melody: readonly Note[], plan: PhrasePlan): number {
  const { onsetsKept, contour } = lane.compare(lane.melody, melody, plan.bars[0]?.meter ?? "4/4");
  return (onsetsKept + contour) / 2;
}

/** A phrase that came out less like its theme than it must takes bars of it back, the first ones first. */
export function keepLikeness(take: PhraseTake, plan: PhrasePlan): PhraseTake {
  const { theme: lane } = plan;
  if (lane === undefined) return take;
  const [least] = lane.likeness;
  const barTicks = ticksPerBar(plan.bars[0]?.meter ?? "4/4");
  const withBars = (count: number): readonly Note[] => [
    ...lane.melody.filter(({ at }) => at < count * barTicks),
    ...take.notes.melody.filter(({ at }) => at >= count * barTicks),
  ];
  for (let count = 0; count <= plan.bars.length; count += 1) {
    const melody = withBars(count);
    const isLast = count === plan.bars.length;
    if (!isLast && likenessTo(lane, melody, plan) < least - 1e-9) continue;
    return { ...take, notes: perStem((stem) => (stem === "melody" ? melody : take.notes[stem])) };
  }
  return take;
}

/** Whether a phrase is more like its theme than it may be. */
export function isTooLike(take: PhraseTake, plan: PhrasePlan): boolean {
  const { theme: lane } = plan;
  if (lane === undefined) return false;
  const [, most] = lane.likeness;
  return likenessTo(lane, take.notes.melody, plan) > most + 1e-9;
}

/** The same phrase with other notes; one with a theme goes as far from it as it may. */
export function writtenAnew(plan: PhrasePlan): PhrasePlan {
  const { theme: lane } = plan;
  const seed = Math.floor(randomAt(plan.seed, "again") * 2 ** 31);
  if (lane === undefined) return { ...plan, seed };
  const change = unitInterval(1 - lane.likeness[0]);
  return { ...plan, seed, origin: { kind: "theme", change } };
}
