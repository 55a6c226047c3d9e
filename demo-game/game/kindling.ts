import { isActDone } from "./acts.ts";
import { distance, placeAt } from "./map.ts";
import type { GameInput, GameState, Happening, Kindling } from "./state.ts";

/** Seconds for which one holds before the lantern takes over. */
export const HOLD = 1.2;
/** The music needs seven seconds to build up to a downbeat. */
export const BUILD = 7.6;
/** So long before the light the music is told which stem joins, for its change to fall on the same downbeat. */
const AHEAD = 2.2;
/** Metres. */
const ARM = 2.4;

export interface SteppedKindling {
  readonly kindling: Kindling | undefined;
  readonly happenings: readonly Happening[];
}

/** Whether one stands where the lantern can be woken, and all it asks for is done. */
export const canKindle = (state: GameState, phrase: number): boolean =>
  isActDone(state, phrase) && distance(state.at, placeAt(state.lanterns).lantern) < ARM;

/** Holding wakes the lantern; once it has taken over, it needs no hand any more. */
export function stepKindling(state: GameState, input: GameInput): SteppedKindling {
  const { kindling } = state;
  if (kindling?.left !== undefined) return burn({ ...kindling, left: kindling.left }, input, state);
  if (!input.holding || !canKindle(state, input.phrase)) {
    const held = Math.max(0, (kindling?.held ?? 0) - 2 * input.dt);
    const rest = held > 0 ? { held, left: undefined, announced: false } : undefined;
    return { kindling: rest, happenings: [] };
  }
  const held = (kindling?.held ?? 0) + input.dt;
  if (held < HOLD) return { kindling: { held, left: undefined, announced: false }, happenings: [] };
  return {
    kindling: { held: HOLD, left: BUILD, announced: false },
    happenings: [{ kind: "kindled" }],
  };
}

function burn(
  kindling: Kindling & { readonly left: number },
  { dt, lightsIn }: GameInput,
  { lanterns }: GameState,
): SteppedKindling {
  const left = lightsIn ?? kindling.left - dt;
  if (left <= 0) {
    const told: Happening[] = kindling.announced ? [] : [{ kind: "about-to-light" }];
    return { kindling: undefined, happenings: [...told, { kind: "lit", lantern: lanterns }] };
  }
  const tells = !kindling.announced && left <= AHEAD;
  return {
    kindling: { ...kindling, left, announced: kindling.announced || tells },
    happenings: tells ? [{ kind: "about-to-light" }] : [],
  };
}
