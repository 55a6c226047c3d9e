import type { GameEvent } from "../../../engine/director/event.ts";
import { CONTROL_PERIOD } from "../../../engine/director/timing.ts";
import { pickAt, randomAt } from "../../../engine/music/random.ts";
import type { Score } from "../../../engine/score/score.ts";
import { seconds, type Seconds } from "../../../engine/time/units.ts";

/** 60 a second. */
const FRAMES_A_POINT = 3;
/** Control points from one change of place, or one stinger, to the next: 8 s and 5 s. */
const STAY = 160;
const BETWEEN_STINGERS = 100;
/** Game values go up and down with these periods, in seconds, and are as rough as unfiltered ones. */
const WAVES = { intensity: 7, threat: 11, health: 31 } as const;
const ROUGHNESS = 0.1;

/**
 * What the game does from one control point, counted from 0, until the next, the same every time: three
 * signals in every frame, now and then more.
 */
export function eventsOf(score: Score, point: number): readonly GameEvent[] {
  const at = seconds(point * CONTROL_PERIOD);
  const events: GameEvent[] = [];
  if (point % STAY === STAY - 1) {
    events.push({ kind: "location", at, name: pickAt(score.locations, point, "place").name });
  }
  if (point % BETWEEN_STINGERS === BETWEEN_STINGERS - 1) {
    events.push({ kind: "trigger", at, stinger: pickAt(score.stingers, point, "stinger").name });
  }
  for (let frame = 0; frame < FRAMES_A_POINT; frame += 1) {
    const time = seconds((point + frame / FRAMES_A_POINT) * CONTROL_PERIOD);
    for (const [name, period] of Object.entries(WAVES)) {
      const noise = randomAt(point * FRAMES_A_POINT + frame, name);
      events.push({ kind: "signal", at: time, name, value: valueAt(time, period, noise) });
    }
  }
  return events;
}

/** Within [0, 1], with `noise` within [0, 1). */
function valueAt(at: Seconds, period: number, noise: number): number {
  const wave = 0.5 + 0.5 * Math.sin((2 * Math.PI * at) / period);
  return Math.max(0, Math.min(1, wave + ROUGHNESS * (noise - 0.5)));
}
