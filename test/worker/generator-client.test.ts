import { expose } from "comlink";
import { describe, expect, test, vi } from "vitest";
import {
  createGeneratorClient,
  type GeneratorClientOptions,
} from "../../engine/generator-worker/client.ts";
import type { GenerationAnswer, GeneratorService } from "../../engine/generator/service.ts";
import { perStem } from "../../engine/music/stem.ts";
import { milliseconds } from "../../engine/time/units.ts";
import type { WorkerLike } from "../../engine/worker-link/link.ts";
import { SIGN_OF_LIFE } from "../../engine/worker-link/pulse.ts";
import { generationRequest } from "../helpers/generator-fixtures.ts";

const options = { backend: "wasm" } as const;
const nothing = (): Promise<undefined> => Promise.resolve(undefined);
const report = {
  backend: "wasm",
  model: { name: "fake", version: "1", sha256: "0" },
  passTime: {},
  threads: 1,
  found: undefined,
  rejected: {},
} as const;
const answer = (id: string): GenerationAnswer => ({
  id,
  outcome: "written",
  notes: perStem(() => []),
  backend: "wasm",
  passes: 1,
  elapsed: milliseconds(1),
  queued: milliseconds(0),
});
const never = <Value>(): Promise<Value> => new Promise<Value>(() => undefined);

const healthy: GeneratorService = {
  load: () => Promise.resolve(report),
  generate: ({ id }) => Promise.resolve(answer(id)),
  cancel: () => undefined,
  revise: () => undefined,
  rest: () => undefined,
};

/** Services behind message ports, in the order in which they are started; the last serves all later ones. */
function workers(...services: readonly GeneratorService[]) {
  const made: (WorkerLike & {
    readonly fail: (message: string) => void;
    /** Posts to the page, past the service. */
    readonly say: (message: string) => void;
    terminated: boolean;
  })[] = [];
  const makeWorker = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    expose(services[Math.min(made.length, services.length - 1)] ?? healthy, port1);
    const failures: ((event: Event) => void)[] = [];
    const worker = {
      terminated: false,
      fail: (message: string) => {
        for (const listener of failures) listener(Object.assign(new Event("error"), { message }));
      },
      say: (message: string) => {
        const event = new MessageEvent("message", { data: message });
        port2.dispatchEvent(event);
      },
      postMessage: port2.postMessage.bind(port2),
      start: port2.start.bind(port2),
      addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
        if (type === "message") port2.addEventListener(type, listener as EventListener);
        else if (type === "error") failures.push(listener as EventListener);
      },
      removeEventListener: port2.removeEventListener.bind(
        port2,
      ) as WorkerLike["removeEventListener"],
      terminate: () => {
        worker.terminated = true;
        port1.close();
        port2.close();
      },
    };
    made.push(worker);
    return worker;
  };
  return { makeWorker, made };
}

/** Time that passes when a test says so. */
function manualTimers() {
  let now = 0;
  let next = 1;
  const waiting = new Map<number, { readonly at: number; readonly callback: () => void }>();
  return {
    timers: {
      set: (callback: () => void, delay: number): ReturnType<typeof setTimeout> => {
        waiting.set(next, { at: now + delay, callback });
        next += 1;
        return (next - 1) as unknown as ReturnType<typeof setTimeout>;
      },
      clear: (timer: ReturnType<typeof setTimeout>): void =>
        void waiting.delete(timer as unknown as number),
    },
    pass: (delay: number): void => {
      const end = now + delay;
      for (;;) {
        const due = [...waiting]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at)[0];
        if (due === undefined) break;
        waiting.delete(due[0]);
        now = due[1].at;
        due[1].callback();
      }
      now = end;
    },
    waiting,
  };
}

const client = (
  services: readonly GeneratorService[],
  more: Partial<GeneratorClientOptions> = {},
) => {
  const { makeWorker, made } = workers(...services);
  const clock = manualTimers();
  const onLost = vi.fn();
  const generator = createGeneratorClient({
    makeWorker,
    onLost,
    watchdog: { timers: clock.timers },
    ...more,
  });
  return { generator, made, clock, onLost };
};

describe("the generator's client", () => {
  test("passes answers and errors through by name", async () => {
    const failing: GeneratorService = {
      ...healthy,
      load: () =>
        Promise.reject(Object.assign(new Error("expected a, found b"), { name: "BackendError" })),
    };
    const { generator } = client([failing]);
    await expect(generator.load(options, nothing)).rejects.toMatchObject({ name: "BackendError" });
    await expect(generator.generate(generationRequest({ id: "x" }))).resolves.toEqual(answer("x"));
    generator.dispose();
  });

  test("has files read on this side, and moves their bytes to the worker", async () => {
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    const received: unknown[] = [];
    const reading: GeneratorService = {
      ...healthy,
      load: async (_, read) => {
        received.push(await read({ kind: "manifest" }));
        return report;
      },
    };
    const { generator } = client([reading]);
    await generator.load(options, () => Promise.resolve(bytes));
    expect(received).toEqual([new Uint8Array([1, 2, 3]).buffer]);
    expect(bytes.byteLength).toBe(0);
    generator.dispose();
  });

  test("a file that takes its time is no silence of the worker", async () => {
    const reading: GeneratorService = {
      ...healthy,
      load: async (_, read) => {
        await read({ kind: "manifest" });
        return report;
      },
    };
    const { generator, onLost } = client([reading], { watchdog: { loading: 80 } });
    const slow = (): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, 800));
    await expect(generator.load(options, slow)).resolves.toEqual(report);
    expect(onLost).not.toHaveBeenCalled();
    generator.dispose();
  });

  test("gives a silent worker up, rejects its calls and says so once", async () => {
    const { generator, made, clock, onLost } = client([{ ...healthy, generate: () => never() }]);
    const pending = [
      generator.generate(generationRequest()),
      generator.generate(generationRequest()),
    ];
    clock.pass(4_000);
    expect(made[0]?.terminated).toBe(false);
    clock.pass(500);
    for (const call of pending) {
      await expect(call).rejects.toMatchObject({
        name: "GeneratorLostError",
        message: "the generator worker has not answered for 4000 ms",
      });
    }
    expect(made[0]?.terminated).toBe(true);
    expect(onLost).toHaveBeenCalledTimes(1);
    await expect(generator.generate(generationRequest())).rejects.toMatchObject({
      name: "GeneratorLostError",
    });
  });

  test("a call to a silent worker grants it no more time", async () => {
    const { generator, clock, onLost } = client([{ ...healthy, generate: () => never() }]);
    const calls = [generator.generate(generationRequest())];
    for (let second = 0; second < 9; second += 1) {
      clock.pass(1_000);
      calls.push(generator.generate(generationRequest()));
    }
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ name: "GeneratorLostError" });
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  test("counts every answer as a sign of life", async () => {
    let first = true;
    const half: GeneratorService = {
      ...healthy,
      generate: ({ id }) => {
        if (!first) return never();
        first = false;
        return Promise.resolve(answer(id));
      },
    };
    const { generator, clock, onLost } = client([half]);
    const quick = generator.generate(generationRequest({ id: "quick" }));
    const stuck = generator.generate(generationRequest({ id: "stuck" }));
    clock.pass(3_000);
    await quick;
    clock.pass(3_000);
    expect(onLost).not.toHaveBeenCalled();
    clock.pass(1_500);
    await expect(stuck).rejects.toMatchObject({ name: "GeneratorLostError" });
  });

  test("misses a worker that answers what it is told and does not get on with its work", async () => {
    const { generator, clock, onLost } = client([{ ...healthy, generate: () => never() }]);
    const stuck = generator.generate(generationRequest());
    for (let second = 0; second < 5; second += 1) {
      generator.rest(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      clock.pass(1_000);
    }
    await expect(stuck).rejects.toMatchObject({ name: "GeneratorLostError" });
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  test("counts every sign of life", async () => {
    const { generator, made, clock, onLost } = client([{ ...healthy, generate: () => never() }]);
    const stuck = generator.generate(generationRequest());
    for (let second = 0; second < 10; second += 1) {
      clock.pass(1_000);
      made[0]?.say(SIGN_OF_LIFE);
    }
    expect(onLost).not.toHaveBeenCalled();
    clock.pass(5_000);
    await expect(stuck).rejects.toMatchObject({ name: "GeneratorLostError" });
  });

  test("gives a slow device twelve of its passes", async () => {
    const slow = { ...report, passTime: { wasm: milliseconds(500) } };
    const service = { ...healthy, load: async () => slow, generate: () => never<never>() };
    const { generator, clock, onLost } = client([service]);
    await generator.load(options, nothing);
    const stuck = generator.generate(generationRequest());
    clock.pass(6_000);
    expect(onLost).not.toHaveBeenCalled();
    clock.pass(500);
    await expect(stuck).rejects.toMatchObject({ name: "GeneratorLostError" });
  });

  test("misses a worker that has died before it is needed", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { generator, clock, onLost } = client([{ ...healthy, rest: () => never() }]);
      await generator.load(options, nothing);
      clock.pass(60_000);
      expect(onLost).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2_000);
      clock.pass(4_500);
      expect(onLost).toHaveBeenCalledTimes(1);
      generator.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  test("tells of every answer", async () => {
    const onAnswer = vi.fn();
    const { generator } = client([healthy], { onAnswer });
    await generator.load(options, nothing);
    await generator.generate(generationRequest());
    expect(onAnswer).toHaveBeenCalledTimes(2);
    generator.dispose();
  });

  test("waits for nothing while nothing is owed", async () => {
    const { generator, clock } = client([healthy]);
    await generator.generate(generationRequest());
    await vi.waitFor(() => expect(clock.waiting.size).toBe(0));
    generator.dispose();
  });

  test("loading may take longer than writing", async () => {
    const { generator, clock, onLost } = client([{ ...healthy, load: () => never() }]);
    const loading = generator.load(options, nothing);
    clock.pass(29_000);
    expect(onLost).not.toHaveBeenCalled();
    clock.pass(2_000);
    await expect(loading).rejects.toMatchObject({ name: "GeneratorLostError" });
  });

  test("a worker that fails rejects its calls with the reason", async () => {
    const { generator, made, onLost } = client([{ ...healthy, generate: () => never() }]);
    const pending = generator.generate(generationRequest());
    made[0]?.fail("out of memory");
    await expect(pending).rejects.toMatchObject({
      name: "GeneratorLostError",
      message: "the generator worker failed: out of memory",
    });
    expect(onLost).toHaveBeenCalledWith("the generator worker failed: out of memory");
  });

  test("a restart loads what was loaded before and works again", async () => {
    const load = vi.fn(() => Promise.resolve(report));
    const { generator, made, clock, onLost } = client([
      { ...healthy, generate: () => never() },
      { ...healthy, load },
    ]);
    await generator.load(options, nothing);
    const lost = generator.generate(generationRequest());
    clock.pass(9_000);
    await expect(lost).rejects.toMatchObject({ name: "GeneratorLostError" });
    await expect(generator.restart()).resolves.toEqual(report);
    expect(load).toHaveBeenCalledWith(options, expect.anything());
    await expect(generator.generate(generationRequest({ id: "again" }))).resolves.toEqual(
      answer("again"),
    );
    expect(made).toHaveLength(2);
    expect(onLost).toHaveBeenCalledTimes(1);
    generator.dispose();
  });

  test("a restart loads in another way where it is told to", async () => {
    const load = vi.fn(() => Promise.resolve(report));
    const { generator } = client([healthy, { ...healthy, load }]);
    await generator.load({ backend: "webgpu" }, nothing);
    await generator.restart(options);
    expect(load).toHaveBeenCalledWith(options, expect.anything());
    generator.dispose();
  });

  test("a restart of a living worker rejects what was pending, and is no loss", async () => {
    const { generator, made, onLost } = client([{ ...healthy, generate: () => never() }, healthy]);
    const pending = generator.generate(generationRequest());
    const restarted = generator.restart();
    await expect(pending).rejects.toMatchObject({ message: "the generator worker was restarted" });
    await expect(restarted).resolves.toBeUndefined();
    expect([made[0]?.terminated, made[1]?.terminated]).toEqual([true, false]);
    expect(onLost).not.toHaveBeenCalled();
    generator.dispose();
  });

  test("after dispose every call rejects and nothing is lost", async () => {
    const { generator, made, onLost } = client([{ ...healthy, generate: () => never() }]);
    const pending = generator.generate(generationRequest());
    generator.dispose();
    await expect(pending).rejects.toMatchObject({ name: "GeneratorLostError" });
    await expect(generator.load(options, nothing)).rejects.toMatchObject({
      name: "GeneratorLostError",
    });
    expect(made[0]?.terminated).toBe(true);
    expect(onLost).not.toHaveBeenCalled();
  });
});
