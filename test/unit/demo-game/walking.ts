import type { GameInput, GameState, Happening } from "../../../demo-game/game/state.ts";
import { newGame } from "../../../demo-game/game/state.ts";
import { step } from "../../../demo-game/game/step.ts";

/** Ten steps a second; a beat is a second, and a phrase sixteen. */
export const INPUT: GameInput = {
  dt: 0.1,
  at: newGame().at,
  speed: 0,
  holding: false,
  beats: 0,
  phase: 0.75,
  twoBars: 8,
  phrase: 16,
  finale: 64,
  gentle: false,
};

export interface Walked {
  readonly state: GameState;
  readonly happenings: readonly Happening[];
}

/** Plays for so many seconds with the same input; beats come once a second. */
export function play(from: GameState, seconds: number, input: Partial<GameInput> = {}): Walked {
  let state = from;
  const happenings: Happening[] = [];
  for (let i = 1; i <= Math.round(seconds * 10); i += 1) {
    const given = { ...INPUT, at: state.at, ...input, beats: i % 10 === 0 ? 1 : 0 };
    const next = step(state, given);
    state = next.state;
    happenings.push(...next.happenings);
  }
  return { state, happenings };
}

export const kinds = ({ happenings }: Walked): readonly string[] =>
  happenings.map(({ kind }) => kind);
