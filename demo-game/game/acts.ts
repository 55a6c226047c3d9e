import { distance, placeAt } from "./map.ts";
import type { ActState, GameInput, GameState, Happening } from "./state.ts";

/** Below this, in metres a second, one stands still. */
export const STANDING = 0.4;

/** How much of the act is done, 0–1. */
export function actProgress(state: Pick<GameState, "lanterns" | "act">, phrase: number): number {
  const { act, tokens } = placeAt(state.lanterns);
  if (act === "courage") {
    return state.act.done[0] === true ? 1 : Math.min(1, state.act.courage / phrase);
  }
  return state.act.order.length / tokens.length;
}

/** Whether the Hush stands all around, on the ridge. */
export const isBeset = ({ lanterns, act }: Pick<GameState, "lanterns" | "act">): boolean =>
  lanterns === 4 && act.courage > 0 && act.done[0] !== true;

/** Whether the lantern of the place waits for nothing but a hand. */
export const isActDone = (state: GameState, phrase: number): boolean =>
  state.lanterns < 5 && actProgress(state, phrase) >= 1;

export interface SteppedAct {
  readonly act: ActState;
  readonly happenings: readonly Happening[];
}

/** Looks what of the present act has been reached. */
export function stepAct(state: GameState, input: GameInput): SteppedAct {
  if (state.lanterns >= 5) return { act: state.act, happenings: [] };
  const place = placeAt(state.lanterns);
  return place.act === "courage" ? stepCourage(state, input) : stepTokens(state, input);
}

function stepTokens({ lanterns, act }: GameState, { at }: GameInput): SteppedAct {
  const place = placeAt(lanterns);
  if (place.act === "courage") return { act, happenings: [] };
  const reached = place.tokens.findIndex(
    (token, i) => act.done[i] !== true && distance(token, at) < place.reach,
  );
  if (reached < 0) return { act, happenings: [] };
  const order = [...act.order, reached];
  const token: Happening = { kind: "token", act: place.act, index: reached };
  return {
    act: { ...act, done: place.tokens.map((_, i) => order.includes(i)), order },
    happenings: order.length === place.tokens.length ? [token, { kind: "act-done" }] : [token],
  };
}

/** To stand firm for one phrase near the beacon, with the Hush all around. Who walks off loses what was won. */
function stepCourage({ act }: GameState, { at, speed, dt, phrase }: GameInput): SteppedAct {
  const place = placeAt(4);
  // Once done it stays so, whatever the tempo makes of a phrase.
  if (act.done[0] === true) return { act, happenings: [] };
  const near = distance(place.lantern, at) < place.reach;
  const stands = near && speed < STANDING;
  const courage = stands ? act.courage + dt : Math.max(0, act.courage - 2 * dt);
  const happenings: Happening[] = [];
  if (act.courage === 0 && courage > 0) happenings.push({ kind: "beset" });
  if (courage < phrase) return { act: { ...act, courage }, happenings };
  return {
    act: { ...act, courage, done: [true] },
    happenings: [...happenings, { kind: "act-done" }],
  };
}
