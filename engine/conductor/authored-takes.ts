import type { SectionCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { TakeSpec } from "../score/score.ts";
import { canFollow } from "../score/take-fit.ts";
import type { LoadedTake, Pcm } from "./cut-take.ts";

/** What says which takes a section plays. */
export type Place = Pick<SectionCue, "mood" | "tempo" | "meter" | "bridge">;

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

  /** A take that is in memory. */
  named(name: string): LoadedTake | undefined {
    const spec = this.#specs.find((each) => each.name === name);
    const pcm = this.#pcm.get(name);
    return spec && pcm && { spec, pcm };
  }

  /** By stem: those of the mood, or of the bridge that leaves it. */
  playing(place: Place): ReadonlyMap<Stem, LoadedTake> {
    return new Map(this.#named(place).filter(([stem, { spec }]) => canFollow(stem, spec, place)));
  }

  /** Takes that are in memory and cannot follow the tempo. */
  outOfTempo(place: Place): readonly (readonly [Stem, TakeSpec])[] {
    return this.#named(place)
      .filter(([stem, { spec }]) => !canFollow(stem, spec, place))
      .map(([stem, { spec }]) => [stem, spec]);
  }

  /** Takes of a bridge that are not in memory: it is over before they could be. */
  missing({ bridge }: Place): readonly (readonly [Stem, TakeSpec])[] {
    const { takes = {} } = bridge?.parts ?? {};
    return STEMS.flatMap((stem): (readonly [Stem, TakeSpec])[] => {
      const spec = this.#specs.find(({ name }) => name === takes[stem]);
      return spec === undefined || this.#pcm.has(spec.name) ? [] : [[stem, spec]];
    });
  }

  #named({ mood, bridge }: Place): readonly (readonly [Stem, LoadedTake])[] {
    const takes = bridge === undefined ? mood.takes : (bridge.parts?.takes ?? {});
    return STEMS.flatMap((stem): (readonly [Stem, LoadedTake])[] => {
      const take = this.named(takes[stem] ?? "");
      const isInPlay = bridge !== undefined || mood.stems[stem] !== undefined;
      return take !== undefined && isInPlay ? [[stem, take]] : [];
    });
  }
}
