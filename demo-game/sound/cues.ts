import type { HitPoint, Soundtrack } from "attacca";
import { BUILD } from "../game/kindling.ts";
import { placeAt, type Spot } from "../game/map.ts";
import type { Happening } from "../game/state.ts";

const STINGERS = { fireflies: "spark", owls: "owl", stones: "spark", crystals: "touch" } as const;

export interface CuesOptions {
  readonly music: Pick<Soundtrack, "trigger" | "hit">;
  /** A stinger from somewhere in the world. */
  readonly sound: (stinger: string, from: Spot) => void;
  /** The music goes so many times as fast as written. */
  readonly tempo: number;
  /** Number of the place whose turn it is. */
  readonly place: () => number;
}

/** What the music does when something happens in the game. */
export function createCues({ music, sound, tempo, place }: CuesOptions): (it: Happening) => void {
  let lantern: HitPoint | undefined;
  return (it) => {
    switch (it.kind) {
      case "sighted":
        // What the lanterns will bring together is hinted at from where the next one stands.
        return sound("glimpse", placeAt(it.lantern).lantern);
      case "token": {
        const { tokens, lantern: home } = placeAt(place());
        return sound(STINGERS[it.act], tokens[it.index] ?? home);
      }
      case "kindled":
        lantern = music.hit("lantern", { in: `${BUILD / tempo}s` });
        return undefined;
      case "about-to-light":
        return music.trigger("wake");
      case "fallen":
        lantern?.cancel();
        lantern = undefined;
        return undefined;
      case "act-done":
      case "lit":
      case "beset":
      case "home":
        return undefined;
    }
  };
}
