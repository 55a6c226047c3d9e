import type { Score } from "../score/score.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Cue } from "./cue.ts";
import { explainWish } from "./explain.ts";
import { desiredTarget } from "./rules.ts";
import type { DirectorState } from "./state.ts";
import { phraseAt } from "./tempo.ts";
import { LOOKAHEAD } from "./timing.ts";
import { soundsAlike } from "./transitions.ts";

/** The music that comes back must still be heard, and a fade so short is over before anyone notices. */
const SHORTEST_REST: Seconds = seconds(0.25);

/**
 * Turns a fade round in its middle: when the game wants back what is fading out, that goes on as if it
 * had never been left, and both gains retrace their way. It begins a lookahead after it is asked for.
 */
export function reverseFade(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  const { fading, section } = state;
  if (fading === undefined || section === undefined || state.committed !== undefined) return state;
  if (at >= fading.until) return { ...state, fading: undefined };
  const turnsAt = seconds(at + LOOKAHEAD);
  if (at < fading.from || turnsAt > fading.until - SHORTEST_REST) return state;
  const desired = desiredTarget(score, state);
  if (!soundsAlike(score, desired, fading.section) || soundsAlike(score, desired, section)) {
    return state;
  }
  const fade = seconds(turnsAt - fading.from);
  const { section: back } = fading;
  const because = explainWish(score, state, at);
  cues.push({
    kind: "reversal",
    section: back.index,
    leaves: section.index,
    at: turnsAt,
    fade,
    because,
  });
  return {
    ...state,
    committed: { ...back, entersAt: turnsAt, fade, transition: undefined, because },
    pending: undefined,
    // A downbeat that was meant for it has gone.
    aim: undefined,
    fading: {
      section,
      layers: state.layers,
      phrases: state.phrases,
      from: turnsAt,
      until: seconds(turnsAt + fade),
    },
    // What was to follow it has been let go.
    phrases: Math.min(phraseAt(back, turnsAt).index + 1, fading.phrases),
    layers: fading.layers,
  };
}
