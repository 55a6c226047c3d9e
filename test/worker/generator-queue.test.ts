import { describe, expect, test } from "vitest";
import { createQueue, type Job } from "../../engine/generator-worker/queue.ts";

const job = (id: string, deadline = 0, priority = 0): Job => ({ id, deadline, priority });

/** A queue whose jobs finish when told to, after they have given way if that is wanted. */
function manualQueue(givesWay = false) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const queue = createQueue<Job, string>(async ({ id }, { isCancelled, giveWay }) => {
    started.push(id);
    if (!isCancelled()) await new Promise<void>((resolve) => finish.set(id, resolve));
    if (givesWay) await giveWay();
    return isCancelled() ? `${id} cancelled` : `${id} done`;
  });
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

  test("a running job that gives way lets only those pass that go first, and then goes on", async () => {
    const order: string[] = [];
    const { queue, passDone } = queueOfPasses(order);
    const running = queue.submit(job("running", 50, 1));
    const done = [
      queue.submit(job("later", 60, 1)),
      queue.submit(job("lesser", 10, 0)),
      queue.submit(job("nearer", 20, 1)),
      queue.submit(job("greater", 90, 2)),
    ];
    passDone();
    await Promise.all([running, ...done]);
    expect(order).toEqual([
      "running begins",
      "greater begins",
      "greater ends",
      "nearer begins",
      "nearer ends",
      "running ends",
      "later begins",
      "later ends",
      "lesser begins",
      "lesser ends",
    ]);
  });

  test("a job that has given way can be cancelled meanwhile", async () => {
    const { queue, started, finish } = manualQueue(true);
    const running = queue.submit(job("running", 5, 0));
    const urgent = queue.submit(job("urgent", 5, 1));
    finish("running");
    await expect.poll(() => started).toEqual(["running", "urgent"]);
    queue.cancel("running");
    finish("urgent");
    await expect(urgent).resolves.toBe("urgent done");
    await expect(running).resolves.toBe("running cancelled");
  });

  test("a job whose terms are revised takes its new place", async () => {
    const order: string[] = [];
    const { queue, passDone } = queueOfPasses(order);
    const all = ["running", "second", "third", "fourth"].map((id) => queue.submit(job(id, 5, 1)));
    queue.revise("fourth", { deadline: 9, priority: 2 });
    queue.revise("second", { deadline: 5, priority: 0 });
    queue.revise("nobody", { deadline: 0, priority: 9 });
    passDone();
    await Promise.all(all);
    expect(order.filter((what) => what.endsWith("begins"))).toEqual(
      ["running", "fourth", "third", "second"].map((id) => `${id} begins`),
    );
  });

  test("an error of one that went first does not reach the one that gave way", async () => {
    const queue = createQueue<Job, string>(async ({ id }, { giveWay }) => {
      await Promise.resolve();
      if (id === "bad") throw new Error("no");
      await giveWay();
      return id;
    });
    const good = queue.submit(job("good", 0, 0));
    const bad = queue.submit(job("bad", 0, 1));
    await expect(bad).rejects.toThrow("no");
    await expect(good).resolves.toBe("good");
  });
});

/** A queue whose jobs write down when they begin and end; the first gives way once `passDone` is called. */
function queueOfPasses(order: string[]) {
  let passDone: () => void = () => undefined;
  const pass = new Promise<void>((resolve) => {
    passDone = resolve;
  });
  const queue = createQueue<Job, void>(async ({ id }, { giveWay }) => {
    order.push(`${id} begins`);
    await pass;
    await giveWay();
    order.push(`${id} ends`);
  });
  return { queue, passDone: () => passDone() };
}
