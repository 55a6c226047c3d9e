import type { Style } from "./bar-plan.ts";
import data from "./style-habits.json" with { type: "json" };
import { perStem, type PerStem, type Stem } from "./stem.ts";

/** What is asked of the model in a style where a score says nothing of it. */
export interface StyleHabits {
  /** How busy each stem is from the calmest to the most driven bar, within [1, 4] and between the levels. */
  readonly density: PerStem<readonly [calmest: number, driven: number]>;
  /**
   * The quarter of its range, 0 low to 3 high, in which each stem lies: the tune on top. Left to the model, a
   * counter-melody lies above the melody in a quarter of the time that both sound, and so do chords.
   */
  readonly register: Readonly<Record<Exclude<Stem, "drums">, number>>;
}

interface Written {
  readonly density: Readonly<Partial<Record<Stem, readonly number[]>>>;
  readonly register?: Readonly<Partial<StyleHabits["register"]>>;
}

const { usual, ...styles } = data;
const OF_STYLES: Readonly<Record<Style, Written>> = styles;

function complete({ density, register }: Written): StyleHabits {
  return {
    density: perStem((stem) => {
      const [calmest = 1, driven = calmest] = density[stem] ?? usual.density[stem];
      return [calmest, driven];
    }),
    register: { ...usual.register, ...register },
  };
}

const USUAL = complete(usual);
const HABITS = new Map(Object.entries(OF_STYLES).map(([style, found]) => [style, complete(found)]));

/**
 * The habits of a style, or the usual ones. Those of styles are means of the training bars that have the style
 * (`models/fit_styles.py`): the style's own token alone hardly moves what is written. Never at 4 are drums, where toms
 * and kick roll without pause.
 */
export const habitsOf = (style: Style | undefined): StyleHabits =>
  (style === undefined ? undefined : HABITS.get(style)) ?? USUAL;
