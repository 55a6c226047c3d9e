import { distance, MAP, placeAt, type MapPlace, type Spot } from "../game/map.ts";
import { goalOf, wayTo } from "../game/signals.ts";
import type { GameState } from "../game/state.ts";
import { approach, mix } from "../maths.ts";
import { groundHeight } from "../places/terrain.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint } from "../shapes/shapes.ts";
import { drawOwl } from "./owls.ts";

/** What an act asks one to reach, as light; and a mote that shows the way. */
export interface Tokens {
  draw(puffs: Puffs, moment: TokenMoment): void;
}

interface TokenMoment {
  readonly state: GameState;
  readonly dt: number;
  readonly time: number;
  readonly pulse: number;
  readonly phrase: number;
}

const origin = { x: 0, y: 0, z: 0, alpha: 0 };

export function createTokens(): Tokens {
  /** How far each token has gone from its place to the lantern, 0–1. */
  const gone = MAP.map(({ tokens }) => tokens.map(() => 0));
  const mote: Puff = { ...origin, size: 0.5, paint: paint("#ffe7a0"), forward: 0.2 };
  const core: Puff = { ...origin, size: 0.16, paint: paint("#fff9e6"), forward: 0.3 };
  const touch: Puff = { ...origin, size: 3.4, paint: paint("#bffff0"), forward: 1.2 };
  const ring: Puff = { ...origin, size: 0.34, paint: paint("#ffe2b0"), forward: 0.2 };
  const guide = createGuide();

  const draw = (puffs: Puffs, moment: TokenMoment): void => {
    const { state, dt, time, pulse } = moment;
    const place = MAP[state.lanterns];
    guide(puffs, moment);
    if (place === undefined) return;
    const goneHere = gone[state.lanterns] ?? [];
    place.tokens.forEach((token, i) => {
      const done = state.act.done[i] === true;
      const t = (goneHere[i] = mix(goneHere[i] ?? 0, done ? 1 : 0, approach(dt, 0.9)));
      if (place.act === "fireflies") drawFirefly(puffs, { place, token, t, i, time });
      if (place.act === "owls") drawOwl(puffs, ownFlight(place, token, t, i, time));
      if (place.act === "crystals") {
        touch.x = token.x;
        touch.z = token.z;
        touch.y = groundHeight(token.x, token.z) + 1.2;
        touch.size = mix(2.6, 5.2, t);
        touch.alpha = mix(0.1, 0.5, t) + 0.09 * pulse;
        puffs.draw(touch);
      }
    });
    if (place.act === "courage") drawCourage(puffs, moment);
  };

  const drawFirefly = (
    puffs: Puffs,
    {
      place,
      token,
      t,
      i,
      time,
    }: { place: MapPlace; token: Spot; t: number; i: number; time: number },
  ): void => {
    const at = ownFlight(place, token, t, i, time);
    for (const puff of [mote, core]) {
      puff.x = at.x;
      puff.y = at.y;
      puff.z = at.z;
    }
    mote.size = mix(0.9, 0.6, t);
    mote.alpha = 0.5 + 0.25 * Math.sin(time * 2.2 + i * 1.7);
    core.alpha = 1;
    puffs.draw(mote);
    puffs.draw(core);
  };

  /** A ring of sparks closes around who stands firm. */
  const drawCourage = (puffs: Puffs, { state, time, phrase }: TokenMoment): void => {
    const count = 24;
    const shown = Math.ceil((state.act.courage / phrase) * count);
    for (let i = 0; i < Math.min(count, shown); i += 1) {
      const angle = (i / count) * Math.PI * 2 - Math.PI / 2;
      ring.x = state.at.x + Math.cos(angle) * 1.7;
      ring.z = state.at.z + Math.sin(angle) * 1.7;
      ring.y = groundHeight(ring.x, ring.z) + 0.35 + 0.12 * Math.sin(time * 2 + i);
      ring.alpha = 0.9;
      puffs.draw(ring);
    }
  };

  return { draw };
}

/** From its place to a round about the lantern. */
function ownFlight(place: MapPlace, token: Spot, t: number, i: number, time: number) {
  const angle = time * 0.5 + i * 0.9;
  const home = placeAt(MAP.indexOf(place)).lantern;
  const high = place.act === "owls" ? 2.3 : 1.05;
  const x = mix(token.x, home.x + Math.cos(angle) * 1.3, t);
  const z = mix(
    token.z + (place.act === "owls" ? 0.9 : 0),
    home.z + 1.5 + Math.sin(angle) * 0.8,
    t,
  );
  const bob = 0.14 * Math.sin(time * 1.4 + i * 2.1);
  return { x, y: groundHeight(x, z) + mix(high, 2.5, t) + bob, z, t, time, index: i };
}

/** Metres by which the mote is ahead. */
const AHEAD = 2.4;

/** A mote a few steps ahead on the way to what comes next. */
function createGuide(): (puffs: Puffs, moment: TokenMoment) => void {
  const mote: Puff = { ...origin, size: 0.34, paint: paint("#ffcf8a"), forward: 0.3 };
  const now = { x: 0, z: 0, set: false };
  return (puffs, { state, dt, time, phrase }) => {
    const goal = state.kindling?.left === undefined ? goalOf(state, phrase) : undefined;
    if (goal === undefined) return;
    const far = distance(goal, state.at);
    const way = wayTo(goal, state.at);
    const ahead = Math.min(AHEAD, far);
    const k = now.set ? approach(dt, 0.5) : 1;
    now.set = true;
    now.x = mix(now.x, state.at.x + way.x * ahead, k);
    now.z = mix(now.z, state.at.z + way.z * ahead, k);
    mote.x = now.x;
    mote.z = now.z;
    mote.y = Math.max(-0.2, groundHeight(now.x, now.z)) + 1.25 + 0.15 * Math.sin(time * 2.6);
    mote.alpha = Math.min(1, far / 2) * (0.55 + 0.25 * Math.sin(time * 3.4));
    puffs.draw(mote);
  };
}
