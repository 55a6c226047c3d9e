import type { HitPoint, Soundtrack } from "attacca";
import { BUILD } from "../game/kindling.ts";
import type { Happening } from "../game/state.ts";

const STINGERS = { fireflies: "spark", owls: "owl", stones: "spark", crystals: "touch" } as const;

/** What the music does when something happens in the game; it goes `tempo` times as fast as written. */
export function createCues(
  music: Pick<Soundtrack, "trigger" | "hit">,
  tempo = 1,
): (it: Happening) => void {
  let lantern: HitPoint | undefined;
  return (it) => {
    switch (it.kind) {
      case "token":
        return music.trigger(STINGERS[it.act]);
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
