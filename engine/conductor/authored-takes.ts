import type { SectionCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { Mood, Score, TakeSpec } from "../score/score.ts";
import { canFollow } from "../score/take-fit.ts";
import type { LoadedTake, Pcm } from "./cut-take.ts";

/** What says which takes a section plays. */
export type Place = Pick<SectionCue, "mood" | "tempo" | "meter" | "bridge">;

/** The takes that the composer brings, as far as they are in memory, and which stems play them. */
export class AuthoredTakes {
  readonly #specs: readonly TakeSpec[];
  /** Undefined where the file cannot be had. */
  readonly #pcm = new Map<string, Pcm | undefined>();
  /** Whether nothing else may be heard: then a take follows any tempo, as a tape does, and goes on over a bridge without one. */
  areAlone = false;

  constructor(specs: readonly TakeSpec[]) {
    this.#specs = specs;
  }

  /** A take has been decoded, or cannot be had: phrases that are settled from now on play it, or do without. */
  add(name: string, pcm: Pcm | undefined): void {
    this.#pcm.set(name, pcm);
  }

  /** Whether it is known of every take of a mood if it can be had. */
  areKnown({ takes }: Pick<Mood, "takes">): boolean {
    return Object.values(takes).every((name) => this.#pcm.has(name));
  }

  /** A take that is in memory. */
  named(name: string): LoadedTake | undefined {
    const spec = this.#specs.find((each) => each.name === name);
    const pcm = this.#pcm.get(name);
    return spec && pcm && { spec, pcm };
  }

  /** By stem: those of the mood, or of the bridge that leaves it. */
  playing(place: Place): ReadonlyMap<Stem, LoadedTake> {
    return new Map(
      this.#named(place).filter(([stem, { spec }]) => this.#follows(stem, spec, place)),
    );
  }

  /** Takes that are in memory and cannot follow the tempo. */
  outOfTempo(place: Place): readonly (readonly [Stem, TakeSpec])[] {
    return this.#named(place)
      .filter(([stem, { spec }]) => !this.#follows(stem, spec, place))
      .map(([stem, { spec }]) => [stem, spec]);
  }

  /** Takes of a bridge that are not in memory: it is over before they could be. */
  missing({ bridge }: Place): readonly (readonly [Stem, TakeSpec])[] {
    const { takes = {} } = bridge?.parts ?? {};
    return STEMS.flatMap((stem): (readonly [Stem, TakeSpec])[] => {
      const spec = this.#specs.find(({ name }) => name === takes[stem]);
      return spec === undefined || this.#pcm.get(spec.name) ? [] : [[stem, spec]];
    });
  }

  /** In another meter there is no place for its bars. */
  #follows(stem: Stem, spec: TakeSpec, place: Place): boolean {
    return this.areAlone ? spec.meter === place.meter : canFollow(stem, spec, place);
  }

  #named({ mood, bridge }: Place): readonly (readonly [Stem, LoadedTake])[] {
    const own = bridge?.parts?.takes ?? {};
    const goesOn = bridge === undefined || (this.areAlone && Object.keys(own).length === 0);
    const takes = goesOn ? mood.takes : own;
    return STEMS.flatMap((stem): (readonly [Stem, LoadedTake])[] => {
      const take = this.named(takes[stem] ?? "");
      const isInPlay = !goesOn || mood.stems[stem] !== undefined;
      return take !== undefined && isInPlay ? [[stem, take]] : [];
    });
  }
}

/** Moods in which no stem has an authored take: they rest where nothing else may be heard. */
export const moodsWithoutTakes = ({
  moods,
  takes,
}: Pick<Score, "moods" | "takes">): readonly Mood[] =>
  moods.filter((mood) => {
    const fitting = new Set(
      takes.filter(({ meter }) => meter === mood.meter).map(({ name }) => name),
    );
    return !STEMS.some(
      (stem) => mood.stems[stem] !== undefined && fitting.has(mood.takes[stem] ?? ""),
    );
  });
