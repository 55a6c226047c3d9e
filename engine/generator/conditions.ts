import type { BarPlan } from "../music/bar-plan.ts";
import { FORM_ROLES, STYLES } from "../music/bar-plan.ts";
import { MODES } from "../music/key.ts";
import type { PerStem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import { habitsOf } from "../music/style-habits.ts";
import { METERS } from "../time/meter.ts";
import type { StemMask } from "./service.ts";
import { CONDITIONS, WINDOW_BARS } from "./tokens.ts";

const STRAIGHT = 0;
const TRIPLET = 2;

/** The stems that have a register, in the order of its columns. */
const PITCHED = ["melody", "counter", "harmony", "bass"] as const;

/** The id that says nothing; for the meter it says that the bar is absent. */
const unknownId = (column: number): number => (CONDITIONS[column]?.classes ?? 1) - 1;

/** Cuts [0, 1] into equal steps, 0 … steps − 1. */
const step = (value: number, steps: number): number =>
  Math.max(0, Math.min(steps - 1, Math.floor(value * steps)));

/**
 * The condition ids of one bar. Left to the model are the density of absent stems, the register of those that keep
 * notes or rest, and the mode of bars on another tonic than the window's, as in training.
 */
function barConditions(plan: BarPlan, mask: PerStem<StemMask>): readonly number[] {
  const own = plan.modulatedTo ?? plan.key;
  const { register } = habitsOf(plan.style);
  const unknown = CONDITIONS.map((_, column) => unknownId(column));
  const [meter, mode, style, role, position, intensity, valence, arousal, ...rest] = [
    METERS.indexOf(plan.meter),
    own.tonic === plan.key.tonic ? MODES.indexOf(own.mode) : unknownId(1),
    plan.style === undefined ? unknownId(2) : STYLES.indexOf(plan.style),
    FORM_ROLES.indexOf(plan.role),
    Math.max(0, Math.min(7, Math.round(plan.positionInPhrase))),
    step(plan.intensity, 8),
    step((plan.valence + 1) / 2, 5),
    step(plan.arousal, 5),
    ...STEMS.map((stem, index) => {
      const density = plan.density[stem];
      return density === "free" || mask[stem] === "absent" ? unknownId(8 + index) : density;
    }),
    ...PITCHED.map((stem, index) =>
      mask[stem] === "write" && plan.density[stem] !== 0 ? register[stem] : unknownId(13 + index),
    ),
  ];
  const known = [meter, mode, style, role, position, intensity, valence, arousal, ...rest];
  const feel = plan.meter === "12/8" ? TRIPLET : STRAIGHT;
  return unknown.map((id, column) =>
    column === CONDITIONS.length - 1 ? feel : (known[column] ?? id),
  );
}

/** The condition ids of a window, 16 × 18; bars without a plan are absent. */
export function encodeConditions(
  plans: readonly BarPlan[],
  mask: readonly PerStem<StemMask>[],
): Int32Array<ArrayBuffer> {
  const ids = new Int32Array(WINDOW_BARS * CONDITIONS.length);
  for (let bar = 0; bar < WINDOW_BARS; bar += 1) {
    const plan = plans[bar];
    const masks = mask[bar];
    const row =
      plan === undefined || masks === undefined
        ? CONDITIONS.map((_, column) => unknownId(column))
        : barConditions(plan, masks);
    ids.set(row, bar * CONDITIONS.length);
  }
  return ids;
}
