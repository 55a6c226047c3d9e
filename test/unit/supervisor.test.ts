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
const passing = new TypeError("out of memory");

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
    prospectOf: (error) => (error === refused ? "never" : error === passing ? "later" : "soon"),
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

  test("waits longer before each try: 0, 250 ms, 1 s, 4 s, 15 s; then a minute, two and so on up to ten", async () => {
    const { loads } = employ(times(12));
    await vi.advanceTimersByTimeAsync(3_000_000);
    const later = loads.slice(6).map((at, nth) => (at - (loads[nth + 5] ?? 0)) / 60_000);
    expect(loads.slice(0, 6)).toEqual([0, 0, 250, 1250, 5250, 20_250]);
    expect(later).toEqual([1, 2, 4, 8, 10, 10, 10]);
  });

  test("says once that it has failed after five tries", async () => {
    const { supervisor, log } = employ(times(9));
    await all();
    supervisor.lost(lost);
    await all();
    expect(log).toEqual([...Array<string>(5).fill("lost: lost"), "failed: lost"]);
  });

  test("a worker that loads after all is ready again, and may fail once more", async () => {
    const { supervisor, log } = employ(times(6));
    await all();
    expect(log.slice(-2)).toEqual(["failed: lost", "ready"]);
    supervisor.lost(lost);
    expect(log.slice(-2)).toEqual(["lost: lost", "failed: lost"]);
  });

  test("a loss that is told of twice, by the worker and by its load, is one loss", async () => {
    const { supervisor, log } = employ(times(9));
    supervisor.lost(lost);
    await all();
    expect(log).toEqual([...Array<string>(5).fill("lost: lost"), "failed: lost"]);
  });

  test("an error that may pass is told as a failure at once, and tried again in a minute", async () => {
    const { log, loads } = employ([passing, passing]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect([log, loads]).toEqual([["failed: out of memory"], [0]]);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(log).toEqual(["failed: out of memory", "ready"]);
    expect(loads).toEqual([0, 60_000, 180_000]);
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

  test("a worker that answers but for a moment uses up its tries", async () => {
    const { supervisor, log } = employ();
    for (let loss = 0; loss < 6; loss += 1) {
      await vi.advanceTimersByTimeAsync(16_000);
      supervisor.lost(lost);
    }
    expect(log.filter((line) => line === "lost: lost")).toHaveLength(6);
    expect(log.at(-1)).toBe("failed: lost");
  });

  test("a worker that answers two seconds after it was ready gets all its tries back", async () => {
    const { supervisor, log, loads } = employ();
    for (let loss = 0; loss < 12; loss += 1) {
      await vi.advanceTimersByTimeAsync(2_000);
      supervisor.answered();
      supervisor.lost(lost);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(log.filter((line) => line === "lost: lost")).toHaveLength(12);
    expect(log.at(-1)).toBe("ready");
    expect(loads.at(-1)).toBe(24_000);
  });

  test("an answer at once is no proof", async () => {
    const { supervisor, loads } = employ();
    await vi.advanceTimersByTimeAsync(0);
    for (let loss = 0; loss < 3; loss += 1) {
      supervisor.answered();
      supervisor.lost(lost);
      await vi.advanceTimersByTimeAsync(900);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(loads).toEqual([0, 0, 1150, 2800]);
  });

  test("tries again at once where it is told that what it failed of is over", async () => {
    const { supervisor, log, loads } = employ([passing]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(supervisor.tryAgain("RangeError")).toBe(false);
    expect(supervisor.tryAgain("TypeError")).toBe(true);
    await all();
    expect(log).toEqual(["failed: out of memory", "ready"]);
    expect(loads).toEqual([0, 1_000]);
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
