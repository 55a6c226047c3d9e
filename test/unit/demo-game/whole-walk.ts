import { MAP, placeIndexAt, type Spot } from "../../../demo-game/game/map.ts";
import { newPacing, stepPacing } from "../../../demo-game/game/pacing.ts";
import { canKindle } from "../../../demo-game/game/kindling.ts";
import {
  goalOf,
  lanternsHeard,
  stillness,
  waking,
  wayTo,
} from "../../../demo-game/game/signals.ts";
import { newGame, type GameState, type Happening } from "../../../demo-game/game/state.ts";
import { eastEnd, step } from "../../../demo-game/game/step.ts";
import { carries } from "../../../demo-game/game/stones.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";
import { intensityFrom, lost, threatNear } from "../../../integrations/babylon/index.ts";

/** Metres a second, as the game's walker goes. */
const SPEED = 3;
const DT = 0.05;
/** Seconds on the title screen, of a beat and of a phrase at 90 bpm, and after which nobody walks any more. */
const TITLE = 8;
const BEAT = 60 / 90;
const PHRASE = 16 * BEAT;
const LONGEST = 900;
const STINGERS = { fireflies: "spark", owls: "owl", stones: "spark", crystals: "touch" } as const;

export interface WholeWalk {
  readonly state: GameState;
  readonly happenings: readonly (Happening & { readonly at: number })[];
  /** What the music is told, in order. */
  readonly events: readonly GameEvent[];
  /** When the sun was up, in seconds. */
  readonly until: number;
}

export interface WalkThrough {
  readonly gentle?: boolean;
  /** Stands still after the first owl until the Hush has taken all light, then walks on at once. */
  readonly lingers?: boolean;
}

/** Somebody who follows the mote from the title to the sunrise and holds every lantern. */
export function walkThrough({ gentle = false, lingers = false }: WalkThrough = {}): WholeWalk {
  let state = newGame();
  let hasFallen = !lingers;
  let pacing = newPacing();
  let time = TITLE;
  const happenings: (Happening & { at: number })[] = [];
  const log = createLog();
  log.signal(0, "walking", 0);
  log.signal(TITLE, "walking", 1);
  while (time < LONGEST && state.dawn < 1) {
    const beats = Math.floor(time / BEAT) - Math.floor((time - DT) / BEAT);
    const isPhrase = Math.floor(time / PHRASE) > Math.floor((time - DT) / PHRASE);
    if (isPhrase) pacing = stepPacing(pacing, state.hush.presence < 0.5 && state.lanterns < 5);
    const stands = !hasFallen && state.lanterns === 1 && state.act.order.length > 0;
    const at = stands ? state.at : walked(state, gentle);
    const speed = Math.hypot(at.x - state.at.x, at.z - state.at.z) / DT;
    const next = step(state, {
      dt: DT,
      at,
      speed,
      holding: canKindle(state, PHRASE),
      beats,
      phase: (time / BEAT) % 1,
      twoBars: 8 * BEAT,
      phrase: PHRASE,
      finale: 64 * BEAT,
      gentle,
    });
    state = next.state;
    for (const it of next.happenings) {
      hasFallen ||= it.kind === "fallen";
      happenings.push({ ...it, at: time });
      log.happening(time, it);
    }
    log.state(time, state, pacing.breath);
    time += DT;
  }
  return { state, happenings, events: log.events, until: time };
}

function walked(state: GameState, gentle: boolean): Spot {
  if (state.kindling?.left !== undefined) return state.at;
  const way = wayTo(goalOf(state, PHRASE), state.at);
  const { x, z } = state.at;
  const to = { x: Math.min(x + way.x * SPEED * DT, eastEnd(state)), z: z + way.z * SPEED * DT };
  return carries(state, to, gentle) ? to : state.at;
}

/** Notes what has changed, as `attachSoundtrack` does. */
function createLog() {
  const events: GameEvent[] = [];
  const last = new Map<string, number>();
  const signal = (at: number, name: string, value: number): void => {
    const before = last.get(name);
    if (before !== undefined && Math.abs(before - value) < 0.01 && value !== 0 && value !== 1)
      return;
    if (before === value) return;
    last.set(name, value);
    events.push({ kind: "signal", at: seconds(at), name, value });
  };
  let now = newGame();
  let place = -1;
  const intensity = intensityFrom({
    threat: threatNear({
      listener: () => ({ ...now.at, y: 0 }),
      threats: () => (now.hush.presence < 0.5 ? [] : [{ position: { ...now.hush, y: 0 } }]),
    }),
    lost: lost(() => now.light),
  });
  return {
    events,
    signal,
    happening: (at: number, it: Happening): void => {
      if (it.kind === "token") {
        events.push({ kind: "trigger", at: seconds(at), stinger: STINGERS[it.act] });
      }
      if (it.kind === "sighted") {
        events.push({ kind: "trigger", at: seconds(at), stinger: "glimpse" });
      }
      if (it.kind === "about-to-light") {
        events.push({ kind: "trigger", at: seconds(at), stinger: "wake" });
      }
      if (it.kind !== "kindled") return;
      const [time, strength] = [seconds(at + 7.6), unitInterval(0.8)];
      events.push({ kind: "hit", at: seconds(at), name: "lantern", time, strength });
    },
    state: (at: number, state: GameState, breath: number): void => {
      now = state;
      const here = placeIndexAt(state.at.x);
      if (here !== place) {
        place = here;
        const name = MAP[here]?.name ?? "meadow";
        events.push({ kind: "location", at: seconds(at), name });
      }
      signal(at, "intensity", intensity());
      signal(at, "lanterns", lanternsHeard(state));
      signal(at, "light", state.light);
      signal(at, "stillness", stillness(state));
      signal(at, "waking", waking(state));
      signal(at, "dawn", state.dawn);
      signal(at, "breath", breath);
    },
  };
}
