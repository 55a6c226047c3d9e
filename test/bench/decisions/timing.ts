import { BATCH, type Subject } from "./subjects.ts";

/** How many batches of each subject are made. */
export interface Effort {
  /** Not timed: until then the code is being compiled. */
  readonly warmUp: number;
  readonly batches: number;
}

/**
 * Microseconds a call for each subject, one value for each batch. The subjects take turns, so that other
 * work on the machine and the compiler's moods meet them alike; what a batch prepares is not timed.
 * `clock` gives milliseconds.
 */
export function timeInTurns(
  subjects: readonly ReturnType<Subject>[],
  { warmUp, batches }: Effort,
  clock: () => number = () => performance.now(),
): readonly (readonly number[])[] {
  const times: readonly number[][] = subjects.map(() => []);
  for (let batch = 0; batch < warmUp + batches; batch += 1) {
    for (const [index, prepare] of subjects.entries()) {
      const run = prepare(batch);
      const begun = clock();
      run();
      const spent = clock() - begun;
      if (batch >= warmUp) times[index]?.push((1000 * spent) / BATCH);
    }
  }
  return times;
}
