import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Supervisor } from "../../engine/supervisor.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const lost = new Error("lost");
const refused = new RangeError("refused");

/** A worker whose loads end as told, in turn; without more outcomes it loads. */
function employ(outcomes: readonly (Error | undefined)[] = []) {
  const log: string[] = [];
  const loads: number[] = [];
  const waiting = [...outcomes];
  const begun = Date.now();
  const load = async (): Promise<void> => {
    loads.push(Date.now() - begun);
    const outcome = waiting.shift();
    if (outcome !== undefined) throw outcome;
  };
  const restart = vi.fn(load);
  const supervisor = new Supervisor({
    load,
    restart,
    onReady: () => log.push("ready"),
    onLost: ({ message }) => log.push(`lost: ${message}`),
    onFailed: ({ message }) => log.push(`failed: ${message}`),
    isFinal: (error) => error instanceof RangeError,
  });
  return { supervisor, log, loads, restart };
}

const times = (count: number): readonly Error[] => Array.from({ length: count }, () => lost);
const all = (): Promise<unknown> => vi.advanceTimersByTimeAsync(100_000);

describe("the supervisor", () => {
  test("a worker that loads is ready, and nothing else is told", async () => {
    const { log, loads, restart } = employ();
    await all();
    expect(log).toEqual(["ready"]);
    expect(loads).toEqual([0]);
    expect(restart).not.toHaveBeenCalled();
  });

  test("a worker that is lost is told of, made anew and ready again", async () => {
    const { supervisor, log, restart } = employ();
    await vi.advanceTimersByTimeAsync(10);
    supervisor.lost(lost);
    expect(log).toEqual(["ready", "lost: lost"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(["ready", "lost: lost", "ready"]);
    expect(restart).toHaveBeenCalledTimes(1);
  });

  test("waits longer before each try: 0, 250 ms, 1 s, 4 s, 15 s", async () => {
    const { loads } = employ(times(9));
    await all();
    expect(loads).toEqual([0, 0, 250, 1250, 5250, 20_250]);
  });

  test("gives up after five tries, and says so once", async () => {
    const { supervisor, log, loads } = employ(times(9));
    await all();
    supervisor.lost(lost);
    await all();
    expect(log).toEqual([...Array<string>(5).fill("lost: lost"), "failed: lost"]);
    expect(loads).toHaveLength(6);
  });

  test("a loss that is told of twice, by the worker and by its load, is one loss", async () => {
    const { supervisor, log, loads } = employ(times(9));
    supervisor.lost(lost);
    await all();
    expect(log).toEqual([...Array<string>(5).fill("lost: lost"), "failed: lost"]);
    expect(loads).toHaveLength(6);
  });

  test("an error that no other try can mend is final at once", async () => {
    const { supervisor, log, loads } = employ([refused]);
    await all();
    supervisor.lost(lost);
    await all();
    expect(log).toEqual(["failed: refused"]);
    expect(loads).toEqual([0]);
  });

  test("an error that no other try can mend is final after a loss, too", async () => {
    const { log, loads } = employ([lost, refused]);
    await all();
    expect(log).toEqual(["lost: lost", "failed: refused"]);
    expect(loads).toHaveLength(2);
  });

  test("a worker that was ready and is lost again at once is made anew for ever, once a minute in the end", async () => {
    const { supervisor, loads, log } = employ();
    for (let loss = 0; loss < 8; loss += 1) {
      await vi.advanceTimersByTimeAsync(0);
      supervisor.lost(lost);
      await vi.advanceTimersToNextTimerAsync();
    }
    const waits = loads.slice(1).map((at, nth) => at - (loads[nth] ?? 0));
    expect(waits).toEqual([0, 250, 1000, 4000, 15_000, 60_000, 60_000, 60_000]);
    expect(log.at(-1)).toBe("ready");
  });

  test("a worker that worked for ten seconds gets all its tries back", async () => {
    const { supervisor, loads, log } = employ();
    for (let loss = 0; loss < 12; loss += 1) {
      await vi.advanceTimersByTimeAsync(10_001);
      supervisor.lost(lost);
    }
    await all();
    expect(log.filter((line) => line === "lost: lost")).toHaveLength(12);
    const waits = loads.slice(1).map((at, nth) => at - (loads[nth] ?? 0));
    expect(Math.max(...waits)).toBeLessThan(10_100);
  });

  test("after dispose() there is no further try and nothing is told", async () => {
    const { supervisor, log, loads } = employ(times(2));
    await vi.advanceTimersByTimeAsync(100);
    expect(loads).toHaveLength(2);
    const before = [...log];
    supervisor.dispose();
    supervisor.lost(lost);
    await all();
    expect(log).toEqual(before);
    expect(loads).toHaveLength(2);
  });

  test("dispose() while it loads leaves the end of the load untold", async () => {
    for (const outcome of [undefined, lost, refused]) {
      const { supervisor, log } = employ([outcome]);
      supervisor.dispose();
      await all();
      expect(log).toEqual([]);
    }
  });
});
