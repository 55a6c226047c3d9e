import type { ModelInputs } from "../generator/encode.ts";
import type { RunPass } from "../generator/sampler.ts";
import * as T from "../generator/tokens.ts";

/** Timed passes, after one that compiles and warms up; fewer when they take longer than this in all. */
const TIMED = 3;
const BUDGET = 1000;

/** Median time of a pass in milliseconds. Rejects as `runPass` does, so it also shows that a back end works. */
export async function timePasses(runPass: RunPass, now: () => number): Promise<number> {
  const inputs = blankWindow();
  await runPass(inputs);
  const times: number[] = [];
  const begin = now();
  while (times.length < TIMED && now() - begin < BUDGET) {
    const start = now();
    await runPass(inputs);
    times.push(now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** Sixteen bars of 4/4 with everything masked and nothing said of them. */
function blankWindow(): ModelInputs {
  const cells = Int32Array.from({ length: T.CELLS }, (_, i) => T.maskId(i % T.LANE_COUNT));
  const bars = Int32Array.from({ length: T.WINDOW_BARS * T.CONDITION_COUNT }, (_, i) => {
    const column = i % T.CONDITION_COUNT;
    return column === 0 ? 0 : (T.CONDITIONS[column]?.classes ?? 1) - 1;
  });
  return { cells, chords: new Int32Array(T.TOKENS).fill(T.CHORD_MASK), bars };
}
