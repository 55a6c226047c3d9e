import { describe, expect, test } from "vitest";
import { createQueue, type Job } from "../../engine/generator-worker/queue.ts";

const job = (id: string, deadline = 0, priority = 0): Job => ({ id, deadline, priority });

/** A queue whose jobs finish when told to. */
function manualQueue() {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const queue = createQueue<Job, string>(
    ({ id }, isCancelled) =>
      new Promise((resolve) => {
        started.push(id);
        const settle = (): void => resolve(isCancelled() ? `${id} cancelled` : `${id} done`);
        if (isCancelled()) settle();
        else finish.set(id, settle);
      }),
  );
  return { queue, started, finish: (id: string) => finish.get(id)?.() };
}

describe("the queue", () => {
  test("never runs two jobs at once", async () => {
    let running = 0;
    let most = 0;
    const queue = createQueue<Job, void>(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    });
    await Promise.all(["a", "b", "c", "d"].map((id) => queue.submit(job(id))));
    expect(most).toBe(1);
  });

  test("takes the highest priority, then the earliest deadline, then the first comer", async () => {
    const order: string[] = [];
    const queue = createQueue<Job, void>(({ id }) => {
      order.push(id);
      return Promise.resolve();
    });
    await Promise.all([
      queue.submit(job("running", 99)),
      queue.submit(job("late", 9, 9)),
      queue.submit(job("first", 5, 1)),
      queue.submit(job("second", 5, 1)),
      queue.submit(job("urgent", 5, 2)),
    ]);
    expect(order).toEqual(["running", "late", "urgent", "first", "second"]);
  });

  test("goes on after a job that failed, and tells its caller", async () => {
    const queue = createQueue<Job, string>(({ id }) =>
      id === "bad" ? Promise.reject(new Error("no")) : Promise.resolve(id),
    );
    const bad = queue.submit(job("bad"));
    const good = queue.submit(job("good"));
    await expect(bad).rejects.toThrow("no");
    await expect(good).resolves.toBe("good");
  });

  test("answers a waiting job that is cancelled at once, and skips it", async () => {
    const { queue, started, finish } = manualQueue();
    const first = queue.submit(job("first"));
    const second = queue.submit(job("second"));
    queue.cancel("second");
    await expect(second).resolves.toBe("second cancelled");
    finish("first");
    await expect(first).resolves.toBe("first done");
    expect(started).toEqual(["first", "second"]);
  });

  test("tells a running job that it is cancelled", async () => {
    const { queue, finish } = manualQueue();
    const running = queue.submit(job("a"));
    queue.cancel("a");
    finish("a");
    await expect(running).resolves.toBe("a cancelled");
  });
});
