import type { Soundtrack } from "../../engine/index.ts";
import type { Position } from "./position.ts";
import { distanceTo, type Zone } from "./zone.ts";

/** Weights that moved less than this since they were told sound as before. */
const LEAST_MOVE = 0.02;
/** Nearness is told in steps of this, and again after so many seconds, as the soundtrack forgets it. */
const HINT_STEP = 0.2;
const HINT_AGAIN = 5;
/** Coming near is not yet going in. */
const HINT_MOST = 0.8;

interface Place {
  readonly name: string;
  weight: number;
  /** The weight that the soundtrack was told. */
  told: number;
  nearness: number;
  hint: number;
  hintedAt: number;
}

/**
 * Where the listener is: tells the soundtrack its location, the weights of several places between them, and
 * which place comes near. Zones lie over one another in the order of the list: the first that holds the listener
 * counts whole, one that is near takes a share that falls with the distance, and the next ones get what is left.
 * Outside all of them the last location stays.
 */
export class Places {
  readonly #zones: readonly Zone[];
  readonly #approach: number;
  readonly #music: Pick<Soundtrack, "set" | "blend" | "expect">;
  readonly #places: readonly Place[];
  readonly #placeOf: readonly Place[];
  /** Used again for every blend. */
  readonly #weights: Record<string, number> = {};
  #only: Place | undefined;

  /** `approach`: the distance at which a place begins to be expected; 0: never. */
  constructor(
    zones: readonly Zone[],
    approach: number,
    music: Pick<Soundtrack, "set" | "blend" | "expect">,
  ) {
    this.#zones = zones;
    this.#approach = approach;
    this.#music = music;
    const byName = new Map(zones.map(({ location: name }) => [name, placeNamed(name)]));
    this.#places = [...byName.values()];
    this.#placeOf = zones.map(({ location }) => byName.get(location) ?? placeNamed(location));
  }

  /** `now` in seconds. */
  sample(at: Position, now: number): void {
    this.#weigh(at);
    this.#tellWeights();
    for (const place of this.#places) this.#hint(place, now);
  }

  #weigh(at: Position): void {
    for (const place of this.#places) {
      place.weight = 0;
      place.nearness = 0;
    }
    let left = 1;
    for (let index = 0; index < this.#zones.length; index += 1) {
      const zone = this.#zones[index];
      const place = this.#placeOf[index];
      if (zone === undefined || place === undefined) continue;
      const distance = distanceTo(zone, at);
      const share = distance === 0 ? 1 : Math.max(0, 1 - distance / (zone.blend ?? 0));
      place.weight += left * share;
      left *= 1 - share;
      place.nearness = Math.max(place.nearness, 1 - distance / this.#approach);
    }
  }

  #tellWeights(): void {
    let heard = 0;
    let one: Place | undefined;
    let hasMoved = false;
    for (const place of this.#places) {
      if (place.weight > 0) {
        heard += 1;
        one = place;
      }
      hasMoved ||= Math.abs(place.weight - place.told) >= LEAST_MOVE;
    }
    if (one === undefined) return;
    if (heard === 1) {
      if (one === this.#only) return;
      this.#only = one;
      for (const place of this.#places) place.told = place === one ? 1 : 0;
      this.#music.set("location", one.name);
      return;
    }
    if (!hasMoved && this.#only === undefined) return;
    this.#only = undefined;
    for (const place of this.#places) {
      place.told = place.weight;
      this.#weights[place.name] = place.weight;
    }
    this.#music.blend(this.#weights);
  }

  /** A place in whose zone the listener is needs no announcement. */
  #hint(place: Place, now: number): void {
    const isOutside = place.weight === 0 && this.#approach > 0 && place.nearness > 0;
    const near = isOutside ? Math.min(1, place.nearness + HINT_STEP / 2) : 0;
    const hint = Math.floor(near / HINT_STEP) * HINT_STEP * HINT_MOST;
    const isStale = hint > 0 && now - place.hintedAt >= HINT_AGAIN;
    if (hint === place.hint && !isStale) return;
    place.hint = hint;
    place.hintedAt = now;
    this.#music.expect(place.name, hint);
  }
}

const placeNamed = (name: string): Place => ({
  name,
  weight: 0,
  told: 0,
  nearness: 0,
  hint: 0,
  hintedAt: 0,
});
