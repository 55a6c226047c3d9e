import { stepAct, STANDING } from "./acts.ts";
import { stepHush, stepLight } from "./hush.ts";
import { stepKindling } from "./kindling.ts";
import { distance, placeAt, START, WALK, type Spot } from "./map.ts";
import {
  NO_ACT,
  type BeatState,
  type GameInput,
  type GameState,
  type Happening,
  type Stepped,
} from "./state.ts";

/** One step of the game: the state after it, and what happened. The same input gives the same step. */
export function step(before: GameState, input: GameInput): Stepped {
  const { dt, at } = input;
  const here: GameState = {
    ...before,
    at,
    still: input.speed < STANDING ? before.still + dt : Math.min(0, before.still + dt),
    beat: stepBeat(before.beat, input),
    spread: Math.min(1, before.spread + dt / input.twoBars),
    dawn: before.lanterns < 5 ? 0 : Math.min(1, before.dawn + dt / input.finale),
  };
  const { act, happenings: reached } = stepAct(here, input);
  const { lanterns } = here;
  const isNew = comesIntoView(here);
  const seen: Happening[] = isNew ? [{ kind: "sighted", lantern: lanterns }] : [];
  const acted = { ...here, act, sighted: isNew ? lanterns + 1 : here.sighted };
  const { kindling, happenings: kindled } = stepKindling(acted, input);
  const lit = kindled.some(({ kind }) => kind === "lit");
  const burning: GameState = lit ? lightUp(acted, input.phrase) : { ...acted, kindling };
  const hushed = { ...burning, hush: stepHush(burning, input) };
  const light = stepLight(hushed, input);
  const home: Happening[] = before.dawn < 1 && here.dawn === 1 ? [{ kind: "home" }] : [];
  const happenings = [...seen, ...reached, ...kindled, ...home];
  return light > 0
    ? { state: { ...hushed, light }, happenings }
    : fall({ ...hushed, light }, happenings);
}

/** Metres from which a great lantern is seen for the first time. */
const SIGHT = 12;

const comesIntoView = ({ at, lanterns, sighted }: GameState): boolean =>
  lanterns < 5 && sighted <= lanterns && distance(at, placeAt(lanterns).lantern) < SIGHT;

/** For a phrase after it, standing still counts for nothing: the stem is to be heard, however the music comes to it. */
const lightUp = (state: GameState, phrase: number): GameState => ({
  ...state,
  kindling: undefined,
  lanterns: state.lanterns + 1,
  act: NO_ACT,
  still: -phrase,
  spread: 0,
  light: 1,
  crystal: state.lanterns === CAVE ? (state.act.order[0] ?? 0) : state.crystal,
});

/** Number of the cave among the places. */
const CAVE = 3;

/** What is left of the light when one wakes up. */
const FAINT = 0.01;

/** Nobody dies: one wakes at the last lantern, and what was reached stays reached. */
function fall(state: GameState, happenings: readonly Happening[]): Stepped {
  const back = lastLantern(state);
  const hush = { ...state.hush, presence: 0, chasing: false };
  return {
    state: { ...state, at: back, light: FAINT, hush },
    happenings: [...happenings, { kind: "fallen", back }],
  };
}

const lastLantern = ({ lanterns }: GameState): Spot =>
  lanterns === 0 ? START : placeAt(lanterns - 1).lantern;

/** After so many seconds without a beat the game counts by itself, so that it goes on without sound. */
const PATIENCE = 2;
const OWN_BEAT = 0.7;

function stepBeat({ count, silence }: BeatState, { dt, beats }: GameInput): BeatState {
  if (beats > 0) return { count: count + beats, silence: 0 };
  const now = silence + dt;
  return now < PATIENCE
    ? { count, silence: now }
    : { count: count + 1, silence: PATIENCE - OWN_BEAT };
}

/** How far east one can go, in metres: the dark between two places opens with the lantern. */
export const eastEnd = ({ lanterns }: GameState): number =>
  lanterns >= 5 ? WALK.east : Math.min(WALK.east, placeAt(lanterns).east - 1);
