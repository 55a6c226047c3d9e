import type { Blend } from "../music/blend.ts";
import { perStem, type Stem } from "../music/stem.ts";
import type { Palette } from "./service.ts";

/**
 * From which weight on the second palette plays a stem. The first keeps the lead and the ground: melody, bass
 * and drums; the second answers it, and from 0.3 on gives the chords as well. No stem is played twice, so a
 * blend costs what one palette costs.
 */
const FROM: Readonly<Partial<Record<Stem, number>>> = { counter: 0, harmony: 0.3 };

/** The palette of a blend; the reverb is mixed by weight. */
export function blended(
  name: string,
  { share }: Pick<Blend, "share">,
  { first, second }: { readonly first: Palette; readonly second: Palette },
): Palette {
  const voices = perStem((stem) =>
    share >= (FROM[stem] ?? Infinity) ? second.voices[stem] : first.voices[stem],
  );
  return { name, voices, reverb: first.reverb * (1 - share) + second.reverb * share };
}
