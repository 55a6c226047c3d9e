import type { Soundtrack } from "attacca";
import { attachSoundtrack, intensityFrom, lost, threatNear } from "attacca/babylon";
import { lanternsHeard, stillness, waking } from "../game/signals.ts";
import type { Play } from "../play.ts";
import type { Stage } from "../stage/stage.ts";

/** Moods in which one walks quietly: in these the music takes its rests. */
const QUIET = /^(wander|mystery|rest|deep-rest)/;

/** Everything that the music is told of the game. This is all that a Babylon game has to do. */
export function connect(
  music: Soundtrack,
  stage: Stage,
  { play, isWalking }: { readonly play: Play; readonly isWalking: () => boolean },
): void {
  attachSoundtrack(stage.scene, music, {
    listener: stage.player.node,
    zones: stage.zones,
    intensity: intensityFrom({
      threat: threatNear({ listener: stage.player.node, threats: () => threats(play) }),
      lost: lost(() => play.state.light),
    }),
    signals: {
      walking: () => (isWalking() ? 1 : 0),
      lanterns: () => lanternsHeard(play.state),
      light: () => play.state.light,
      stillness: () => stillness(play.state),
      waking: () => waking(play.state),
      dawn: () => play.state.dawn,
      breath: () => play.pacing.breath,
    },
  });
  music.on("phrase", () => play.phraseBegins(QUIET.test(music.snapshot().mood)));
}

/** The Hush, while it is there. */
function threats({ state: { hush } }: Play): readonly { position: Position }[] {
  if (hush.presence < 0.5) return [];
  return [{ position: { x: hush.x, y: 0, z: hush.z } }];
}

interface Position {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}
