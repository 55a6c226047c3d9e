import type { Cue, SectionCue } from "../../engine/director/cue.ts";
import { step } from "../../engine/director/director.ts";
import type { GameEvent, Placing } from "../../engine/director/event.ts";
import { createDirectorState, type DirectorState } from "../../engine/director/state.ts";
import type { Score } from "../../engine/score/score.ts";
import { seconds } from "../../engine/time/units.ts";
import { score } from "./score.ts";

export const set = (at: number, value: unknown, name = "intensity"): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name,
  value,
});
export const go = (at: number, name: string): GameEvent => ({
  kind: "location",
  at: seconds(at),
  name,
});
export const trigger = (at: number, stinger: string, placing?: Placing): GameEvent => ({
  kind: "trigger",
  at: seconds(at),
  stinger,
  ...(placing && { placing }),
});

export interface Directed {
  readonly cues: readonly Cue[];
  readonly state: DirectorState;
  readonly problems: readonly string[];
}

/** Runs the director alone, every `tick` seconds. */
export function directing(
  events: readonly GameEvent[],
  until: number,
  written: Score = score(),
  tick = 0.05,
): Directed {
  let state = createDirectorState(written);
  const cues: Cue[] = [];
  const problems: string[] = [];
  let given = 0;
  for (let index = 0; index * tick <= until; index += 1) {
    const now = index * tick;
    const due = events.slice(given).filter((event) => event.at <= now);
    given += due.length;
    const result = step(written, state, due, seconds(now));
    state = result.state;
    cues.push(...result.cues);
    problems.push(...result.problems.map(({ problem, name }) => `${problem} ${name}`));
  }
  return { cues, state, problems };
}

/** All cues up to a time. */
export const direct = (
  events: readonly GameEvent[],
  until: number,
  written: Score = score(),
): readonly Cue[] => directing(events, until, written).cues;

export const ofKind = <Kind extends Cue["kind"]>(
  cues: readonly Cue[],
  kind: Kind,
): readonly Extract<Cue, { kind: Kind }>[] =>
  cues.filter((cue): cue is Extract<Cue, { kind: Kind }> => cue.kind === kind);

export const sections = (cues: readonly Cue[]): readonly SectionCue[] => ofKind(cues, "section");

/** `calm at 0.00`, for every section. */
export const story = (cues: readonly Cue[]): readonly string[] =>
  sections(cues).map((cue) => `${cue.mood.name} at ${cue.entersAt.toFixed(2)}`);
