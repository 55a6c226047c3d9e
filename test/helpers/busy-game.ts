import type { GameEvent } from "../../engine/director/event.ts";
import { readSaved } from "../../engine/saved-music-shape.ts";
import type { SavedMusic } from "../../engine/saved-music.ts";
import type { Score } from "../../engine/score/score.ts";
import { bpm, seconds } from "../../engine/time/units.ts";
import type { Session } from "./game-session.ts";
import { mood, rule, score, stinger, transition } from "./score.ts";

/** A score in which something is always on its way. */
export const busyScore: Score = score({
  moods: [mood("calm"), mood("danger", { tempo: bpm(110) }), mood("mystery")],
  stingers: [stinger("alarm", { at: "bar", cooldown: seconds(2) })],
  rules: [rule("danger", "intensity > 0.7", "intensity < 0.5")],
  transitions: [
    transition({ to: ["danger"], fade: { value: 3, unit: "seconds" } }),
    transition({ from: ["danger"], at: "phrase", bridge: { bars: 1, tempo: "ramp" } }),
    transition({ enter: "last position" }),
  ],
});

export const asJson = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data));
/** A save, by way of its text. */
export const load = (saved: SavedMusic): SavedMusic => readSaved(asJson(saved));

/** A game that does everything, over and over: what it does in a tick follows from the time alone. */
export function busyGame({ log, inbox }: Session): (now: number) => void {
  return (now) => {
    const at = seconds(now - 0.01);
    const second = Math.floor(now);
    const is = (every: number, offset: number): boolean =>
      second % every === offset && Math.abs(now - second) < 0.05;
    const take = (event: GameEvent | undefined): void => {
      if (event !== undefined) log.take(event, at);
    };
    take(inbox.read("intensity", 0.5 + 0.45 * Math.sin(now / 7), at));
    if (is(13, 4)) take(inbox.read("location", second % 26 === 4 ? "cave" : "meadow", at));
    if (is(11, 3)) take(inbox.readTrigger("alarm", at));
    if (is(37, 9)) take(inbox.readHold("mystery", { for: "3 bars" }, at));
    if (is(53, 20)) take(inbox.readHit("gate", { in: "9.3s" }, at));
    if (is(71, 50)) take(inbox.readTimeScale(second % 2 === 0 ? 1.2 : 1, at));
  };
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
