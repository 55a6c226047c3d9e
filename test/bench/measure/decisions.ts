import {
  directing,
  lookingAhead,
  planning,
  switchingStates,
  type Subject,
} from "../decisions/subjects.ts";
import { timeInTurns } from "../decisions/timing.ts";
import { progress } from "../progress.ts";
import { rowOf, type Labels, type Row } from "../report.ts";
import { estimate, percentile } from "../statistics.ts";
import type { Section } from "./section.ts";

/** Of a score, in moods; the first is what the others are compared with. */
const SIZES = [1, 20, 500] as const;
const SHARES = { p50: 0.5, p95: 0.95 } as const;

/** For each of the sizes, microseconds a call. */
type Times = readonly (readonly number[])[];

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

function rowsOf(
  what: string,
  noun: string,
  times: Times,
  peerAt: (index: number, share: number) => Labels["peer"],
): readonly Row[] {
  return SIZES.flatMap((size, index) =>
    Object.entries(SHARES).map(([figure, share]) => {
      const name = `${what}, ${counted(size, noun)}, ${figure}`;
      const peer = peerAt(index, share);
      const labels = { name, unit: "µs", ...(peer === undefined ? {} : { peer }) };
      return rowOf(
        labels,
        estimate(times[index] ?? [], (values) => percentile(values, share)),
      );
    }),
  );
}

/** What it costs to decide, over the size of the score, and beside it a bare state machine of the same size. */
export const decisions: Section = async ({ quick }) => {
  const effort = quick ? { warmUp: 20, batches: 40 } : { warmUp: 200, batches: 600 };
  const { step } = progress("decisions", 4);
  const timed = (subject: Subject): Times => {
    const times = timeInTurns(SIZES.map(subject), effort);
    step();
    return times;
  };
  const besideOneMood = (what: string, times: Times): readonly Row[] =>
    rowsOf(what, "mood", times, (index, share) =>
      index === 0 ? undefined : { name: "1 mood", value: percentile(times[0] ?? [], share) },
    );
  const director = timed(directing);
  return [
    ...besideOneMood("director, one control point", director),
    ...besideOneMood("director, likely next moods", timed(lookingAhead)),
    ...besideOneMood("composer, one phrase", timed(planning)),
    ...rowsOf("XState, one event, no music", "state", timed(switchingStates), (index, share) => ({
      name: `director, ${counted(SIZES[index] ?? 0, "mood")}`,
      value: percentile(director[index] ?? [], share),
    })),
  ];
};
