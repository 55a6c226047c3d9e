import type { SectionCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { TakeSpec } from "../score/score.ts";
import { canFollow } from "../score/take-fit.ts";
import type { LoadedTake, Pcm } from "./cut-take.ts";

/** What says which takes a section plays. */
type Place = Pick<SectionCue, "mood" | "tempo" | "meter" | "bridge">;

/** The takes that the composer brings, as far as they are in memory, and which stems play them. */
export class AuthoredTakes {
  readonly #specs: readonly TakeSpec[];
  readonly #pcm = new Map<string, Pcm>();

  constructor(specs: readonly TakeSpec[]) {
    this.#specs = specs;
  }

  /** A take has been decoded: phrases that are settled from now on play it. */
  add(name: string, pcm: Pcm): void {
    this.#pcm.set(name, pcm);
  }

  /** By stem. A bridge is generated as a whole. */
  playing(place: Place): ReadonlyMap<Stem, LoadedTake> {
    return new Map(this.#named(place).filter(([stem, { spec }]) => canFollow(stem, spec, place)));
  }

  /** Takes that are in memory and cannot follow the tempo. */
  outOfTempo(place: Place): readonly (readonly [Stem, TakeSpec])[] {
    return this.#named(place)
      .filter(([stem, { spec }]) => !canFollow(stem, spec, place))
      .map(([stem, { spec }]) => [stem, spec]);
  }

  #named({ mood, bridge }: Place): readonly (readonly [Stem, LoadedTake])[] {
    if (bridge !== undefined) return [];
    return STEMS.flatMap((stem): (readonly [Stem, LoadedTake])[] => {
      const spec = this.#specs.find(({ name }) => name === mood.takes[stem]);
      const pcm = spec && this.#pcm.get(spec.name);
      if (spec === undefined || pcm === undefined || mood.stems[stem] === undefined) return [];
      return [[stem, { spec, pcm }]];
    });
  }
}
