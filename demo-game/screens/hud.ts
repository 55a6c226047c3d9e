import { canKindle } from "../game/kindling.ts";
import { DAZED } from "../game/hush.ts";
import { distance, MAP, placeIndexAt } from "../game/map.ts";
import { actProgress, isBeset } from "../game/acts.ts";
import type { GameState } from "../game/state.ts";
import type { Play } from "../play.ts";
import { element, say } from "./element.ts";

export interface HudOptions {
  readonly play: Play;
  /** 1 on the beat, falling to 0. */
  readonly pulse: () => number;
  /** How the lantern is held: "Hold Space". */
  readonly how: () => string;
  readonly still: () => boolean;
  /** Says something large for a while. */
  readonly announce: (text: string) => void;
}

/** What is drawn over the picture: names of places, a hint, the beat as a ring, the Hush as a shade. */
export function createHud({ play, pulse, how, still, announce }: HudOptions): () => void {
  const [shade, beat, hint, letterbox, hold] = ["shade", "beat", "hint", "letterbox", "hold"].map(
    element,
  );
  const now = { place: -1 };
  return () => {
    const { state, phrase } = play;
    const place = placeIndexAt(state.at.x);
    if (place !== now.place) {
      now.place = place;
      // Who wakes up elsewhere is told of that alone.
      if (state.light > DAZED) announce(MAP[place]?.title ?? "");
    }
    const ready = canKindle(state, phrase);
    if (hint && document.body.dataset["screen"] === "walk")
      say(hint, hintOf(state, { phrase, ready, how: how() }));
    hold?.classList.toggle("shown", ready && state.kindling?.left === undefined);
    letterbox?.classList.toggle("shown", state.kindling?.left !== undefined || state.spread < 1);
    if (shade) drawShade(shade, state);
    if (beat) {
      const size = still() ? 1 : 1 + 0.5 * (1 - pulse());
      beat.style.transform = `scale(${size.toFixed(3)})`;
      beat.style.opacity = (0.15 + 0.6 * pulse()).toFixed(3);
    }
  };
}

/** The side from which the Hush comes is dark, the more so the nearer it is. */
function drawShade(shade: HTMLElement, { hush, at, light }: GameState): void {
  const near = hush.presence * Math.max(0, 1 - distance(hush, at) / 12);
  const [x, y] = [50 + (hush.x - at.x) * 7, 50 - (hush.z - at.z) * 7];
  shade.style.setProperty("--x", `${Math.max(-20, Math.min(120, x)).toFixed(1)}%`);
  shade.style.setProperty("--y", `${Math.max(-20, Math.min(120, y)).toFixed(1)}%`);
  shade.style.opacity = Math.max(near * 0.8, 1 - light * 1.6).toFixed(3);
}

const HINTS = {
  fireflies: "Walk the ring of fireflies",
  owls: "Find the four owls of light",
  stones: "The stones come up on the beat: cross with them",
  crystals: "Touch the three crystals, in any order",
  courage: "Stand still by the beacon, and be brave until the phrase is over",
} as const;

const EATEN = "The Hush eats your light: walk on, it is slower than you";
const BACK = "Your light comes back, and what you found stays found";
/** Below this share of light it is told what becomes of it. */
const LITTLE = 0.5;

function hintOf(
  state: GameState,
  { phrase, ready, how }: { phrase: number; ready: boolean; how: string },
): string {
  const { lanterns, kindling, at, act, light, hush } = state;
  const place = MAP[lanterns];
  if (place === undefined || kindling?.left !== undefined) return "";
  if (ready) return `${how} to wake the lantern`;
  if (light < LITTLE && !isBeset(state)) return hush.presence > 0 ? EATEN : BACK;
  if (placeIndexAt(at.x) !== lanterns) return placeIndexAt(at.x) < lanterns ? "On to the east" : "";
  const progress = actProgress({ lanterns, act }, phrase);
  if (progress >= 1) return "Go to the lantern";
  const { length } = place.tokens;
  return length > 0 ? `${HINTS[place.act]} · ${act.order.length} of ${length}` : HINTS[place.act];
}
