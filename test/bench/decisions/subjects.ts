import { planPhrase, type PhraseRequest } from "../../../engine/composer/phrase-plan.ts";
import { step } from "../../../engine/director/director.ts";
import { outlook } from "../../../engine/director/outlook.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import { CONTROL_PERIOD } from "../../../engine/director/timing.ts";
import { pickAt, randomAt } from "../../../engine/music/random.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";
import { eventsOf } from "./game.ts";
import { scoreOf } from "./score.ts";
import { openMachine } from "./states.ts";

/** So many calls are timed together: for the director one second of the game. */
export const BATCH: number = Math.round(1 / CONTROL_PERIOD);

/** What is measured, for a score of so many moods: prepares a batch of calls, which the result then makes. */
export type Subject = (moods: number) => (batch: number) => () => void;

/** The director, run at every control point; a batch is the next second of the game. */
export const directing: Subject = (moods) => {
  const score = scoreOf(moods);
  let state = createDirectorState(score);
  return (batch) => {
    const calls = batchOf(batch, (point) => ({
      due: eventsOf(score, point),
      now: seconds((point + 1) * CONTROL_PERIOD),
    }));
    return () => {
      for (const { due, now } of calls) ({ state } = step(score, state, due, now));
    };
  };
};

/** Where the music may go next, as the conductor asks twice a second. */
export const lookingAhead: Subject = (moods) => {
  const score = scoreOf(moods);
  const state = createDirectorState(score);
  const omens = { trendOf: () => 0, expected: new Map<string, number>() };
  return (batch) => {
    const calls = batchOf(batch, (call) => {
      const { name: mood } = pickAt(score.moods, call, "mood");
      const { name: location, palette } = pickAt(score.locations, call, "place");
      return { sounds: { mood, palette }, location };
    });
    return () => {
      for (const { sounds, location } of calls)
        outlook(score, { ...state, location }, sounds, omens, seconds(0));
    };
  };
};

/** The composer, planning phrases of any moods and of any place in their tunes. */
export const planning: Subject = (moods) => {
  const score = scoreOf(moods);
  return (batch) => {
    const calls = batchOf(batch, (call): PhraseRequest => ({
      mood: pickAt(score.moods, call, "mood"),
      visit: call % 3,
      index: call % 16,
      intensity: unitInterval(randomAt(call, "intensity")),
      seed: 1,
    }));
    return () => {
      for (const request of calls) planPhrase(request);
    };
  };
};

/** XState: a call sends an event that leads to another state, or back where there is only one. */
export const switchingStates: Subject = (moods) => {
  const send = openMachine(moods);
  return (batch) => {
    const calls = batchOf(batch, (call) => Math.floor(randomAt(call, "state") * moods));
    return () => {
      for (const mood of calls) send(mood);
    };
  };
};

const batchOf = <Call>(batch: number, prepare: (call: number) => Call): readonly Call[] =>
  Array.from({ length: BATCH }, (_, index) => prepare(batch * BATCH + index));
