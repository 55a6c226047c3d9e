/** `PROPERTY_RUNS=20` looks for what the usual runs do not find, in twenty times the time. */
export const TIMES: number = Math.max(
  1,
  Math.floor(Number(process.env["PROPERTY_RUNS"] ?? 1)) || 1,
);

/** Milliseconds of a property, which looks for a smaller counterexample until then. */
const LONGEST = 250_000;

interface Runs {
  readonly numRuns: number;
  readonly interruptAfterTimeLimit: number;
  readonly markInterruptAsFailure: true;
}

/** Runs of one of the director's properties: so many in the usual test command. */
export const runs = (usual: number): Runs => ({
  numRuns: usual * TIMES,
  interruptAfterTimeLimit: LONGEST * TIMES,
  markInterruptAsFailure: true,
});
