/** Says on stderr how far a measurement has come. */
export interface Progress {
  step(): void;
}

/** A line that counts up; where stderr is no terminal, the line is only said once. */
export function progress(what: string, total: number): Progress {
  let done = 0;
  const { stderr } = process;
  const say = (): void => {
    const end = done === total ? "\n" : "";
    if (stderr.isTTY) stderr.write(`\r${what}: ${done} of ${total}${end}`);
  };
  if (!stderr.isTTY) stderr.write(`${what} (${total})\n`);
  say();
  return {
    step() {
      done += 1;
      say();
    },
  };
}

/** Takes measurements one after another. */
export async function repeat<Result>(
  what: string,
  times: number,
  measure: (index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const { step } = progress(what, times);
  const results: Result[] = [];
  for (let index = 0; index < times; index += 1) {
    results.push(await measure(index));
    step();
  }
  return results;
}
