import { proxy, type Remote } from "comlink";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GeneratorService, ModelFile, ReadModelFile } from "../../engine/generator/service.ts";
import { perStem, STEMS } from "../../engine/music/stem.ts";
import { milliseconds, unitInterval } from "../../engine/time/units.ts";
import { bars, generationRequest, maskAll, note, noNotes } from "../helpers/generator-fixtures.ts";
import { readShipped, serveGenerator } from "../helpers/generator-model.ts";
import manifest from "../../models/shipped/full/model.json" with { type: "json" };

const wasm = { backend: "wasm" } as const;

describe("loading", () => {
  const loadWith = async (read: ReadModelFile, backend: "wasm" | "auto" = "wasm") => {
    const { remote, close } = serveGenerator({});
    try {
      return await remote.load({ backend }, proxy(read));
    } finally {
      close();
    }
  };

  test("reports the model, its hash and the time of a pass", async () => {
    const report = await loadWith(readShipped());
    const { sha256 } = manifest.files.wasm;
    expect(report.model).toEqual({ name: manifest.name, version: manifest.version, sha256 });
    expect(report.backend).toBe("wasm");
    expect(report.passTime.wasm).toBeGreaterThan(0);
    expect(report.rejected).toEqual({});
  });

  test("auto takes WASM where there is no WebGPU", async () => {
    expect((await loadWith(readShipped(), "auto")).backend).toBe("wasm");
  });

  test("asks for the manifest, then for graph and runtime with all that is known of them", async () => {
    const asked: ModelFile[] = [];
    await loadWith((file) => {
      asked.push(file);
      return readShipped()(file);
    });
    const { bytes, sha256, file: name } = manifest.files.wasm;
    expect(asked).toEqual([
      { kind: "manifest" },
      { kind: "model", backend: "wasm", name, sha256, bytes, totalBytes: bytes },
      { kind: "runtime", backend: "wasm", backends: ["wasm"] },
    ]);
  });

  test("rejects with the error of the file that cannot be had", async () => {
    const read: ReadModelFile = (file) =>
      file.kind === "model"
        ? Promise.reject(Object.assign(new Error("gone"), { name: "FileMissingError" }))
        : readShipped()(file);
    await expect(loadWith(read)).rejects.toMatchObject({
      name: "FileMissingError",
      message: "gone",
    });
  });

  test("says what is wrong with a file that is no graph", async () => {
    const read = readShipped((name, bytes) =>
      name === "model.json" ? bytes : Buffer.from("not a graph"),
    );
    await expect(loadWith(read)).rejects.toMatchObject({
      name: "BackendError",
      message: expect.stringContaining("cannot open wasm") as string,
    });
  });

  test("may be tried again after it failed, but not after it succeeded", async () => {
    const { remote, close } = serveGenerator({});
    const offline = proxy(() => Promise.reject(new TypeError("offline")));
    await expect(remote.load(wasm, offline)).rejects.toMatchObject({ message: "offline" });
    await remote.load(wasm, proxy(readShipped()));
    await expect(remote.load(wasm, proxy(readShipped()))).rejects.toMatchObject({
      name: "BackendError",
    });
    close();
  });
});

describe("writing", () => {
  let remote: Remote<GeneratorService>;
  let close: () => void;
  let hurry = false;
  const rests: number[] = [];

  beforeAll(async () => {
    ({ remote, close } = serveGenerator({
      now: () => (hurry ? Number.MAX_SAFE_INTEGER : Date.now()),
      pause: async (time) => {
        rests.push(time);
        await new Promise((resolve) => setImmediate(resolve));
      },
    }));
    await remote.load(wasm, proxy(readShipped()));
  }, 120_000);
  afterAll(() => close());

  test("eight bars of five stems have notes in every stem, inside the window", async () => {
    const answer = await remote.generate(generationRequest({ passes: 12 }));
    expect(answer).toMatchObject({ id: "take", outcome: "written", backend: "wasm" });
    expect(answer.passes).toBeGreaterThan(0);
    for (const stem of STEMS) {
      const notes = answer.notes[stem];
      expect(notes.length).toBeGreaterThan(7);
      for (const { at, duration, pitch, velocity } of notes) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at + duration).toBeLessThanOrEqual(8 * 3840);
        expect(duration).toBeGreaterThan(0);
        expect([Number.isInteger(at), Number.isInteger(duration), pitch, velocity]).toEqual([
          true,
          true,
          Math.max(21, Math.min(108, pitch)),
          Math.max(1, Math.min(127, velocity)),
        ]);
      }
    }
  });

  test("same request, same notes", async () => {
    const request = generationRequest({ seed: 5 });
    const [a, b] = [await remote.generate(request), await remote.generate(request)];
    expect(a.notes).toEqual(b.notes);
  });

  test("a kept melody is not answered, and its accompaniment is written", async () => {
    const melody = Array.from({ length: 16 }, (_, i) => note(i * 960, 960, 60 + (i % 5)));
    const mask = maskAll(4, "write").map((bar) => ({ ...bar, melody: "keep" as const }));
    const plans = bars(4);
    const given = { ...noNotes, melody };
    const { notes } = await remote.generate(generationRequest({ bars: plans, given, mask }));
    expect(notes.melody).toEqual([]);
    expect(notes.bass.length).toBeGreaterThan(0);
  });

  test("a rewrite of nothing answers the notes as they were", async () => {
    const melody = [note(13, 940, 60, 71), note(967, 1900, 65, 94)];
    const mask = maskAll(1, { rewrite: unitInterval(0) });
    const request = generationRequest({ bars: bars(1), given: { ...noNotes, melody }, mask });
    const { notes } = await remote.generate(request);
    expect(notes.melody.map(({ at, pitch, velocity }) => [at, pitch, velocity])).toEqual(
      melody.map(({ at, pitch, velocity }) => [at, pitch, velocity]),
    );
  });

  test("the higher priority goes first, then the earlier deadline, also before one that runs", async () => {
    const order: string[] = [];
    const ask = async (id: string, inSeconds: number, priority: number): Promise<void> => {
      const deadline = milliseconds(start + 1000 * inSeconds);
      await remote.generate(
        generationRequest({ id, deadline, priority, passes: 1, bars: bars(8) }),
      );
      order.push(id);
    };
    const start = Date.now() + 60_000;
    await Promise.all([
      ask("running", 9, 0),
      ask("late", 8, 9),
      ask("soon", 2, 0),
      ask("soon and urgent", 2, 5),
    ]);
    expect(order).toEqual(["late", "soon and urgent", "soon", "running"]);
  });

  test("what goes first does not wait for one that runs, and both are written", async () => {
    const order: string[] = [];
    const ask = async (id: string, priority: number, passes: number): Promise<string> => {
      const { outcome } = await remote.generate(generationRequest({ id, priority, passes }));
      order.push(id);
      return outcome;
    };
    const long = ask("long", 0, 32);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await ask("urgent", 1, 2)).toBe("written");
    expect(await long).toBe("written");
    expect(order).toEqual(["urgent", "long"]);
  });

  test("a request that was given way to is the same as one that ran alone", async () => {
    const request = generationRequest({ seed: 9, passes: 8 });
    const alone = await remote.generate(request);
    const disturbed = remote.generate(request);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await remote.generate(generationRequest({ id: "urgent", priority: 1, passes: 1 }));
    expect((await disturbed).notes).toEqual(alone.notes);
  });

  test("a waiting request whose terms are revised goes first", async () => {
    const order: string[] = [];
    const ask = async (id: string): Promise<void> => {
      await remote.generate(generationRequest({ id, passes: 2 }));
      order.push(id);
    };
    const all = ["running", "second", "third"].map(ask);
    const deadline = milliseconds(Date.now() + 60_000);
    await remote.revise("third", { deadline, priority: 1 });
    await Promise.all(all);
    expect(order.indexOf("third")).toBeLessThan(order.indexOf("second"));
  });

  test("at rest it waits after every pass but the last, as long as the deadline allows", async () => {
    const waits = async (deadline: number): Promise<readonly number[]> => {
      rests.length = 0;
      const request = generationRequest({ passes: 4, deadline: milliseconds(deadline) });
      expect((await remote.generate(request)).passes).toBeGreaterThan(0);
      return [...rests];
    };
    await remote.rest(0.5);
    const far = await waits(Date.now() + 60_000);
    const near = await waits(Date.now() + 1);
    await remote.rest(0);
    const none = await waits(Date.now() + 60_000);
    expect(far.map((rest) => rest > 0)).toEqual([false, true, true, true]);
    expect(Math.max(...far)).toBeLessThanOrEqual(250);
    expect([...near, ...none].every((rest) => rest === 0)).toBe(true);
  });

  test("cancelled while it runs, it stops before its next pass", async () => {
    const running = remote.generate(generationRequest({ id: "running", passes: 32 }));
    await new Promise((resolve) => setTimeout(resolve, 150));
    await remote.cancel("running");
    const answer = await running;
    expect(answer.outcome).toBe("cancelled");
    expect(answer.passes).toBeLessThan(32);
    expect(answer.notes).toEqual(perStem(() => []));
  });

  test("cancelled while it waits, it never runs", async () => {
    const running = remote.generate(generationRequest({ id: "running", passes: 4 }));
    const waiting = remote.generate(generationRequest({ id: "waiting" }));
    await remote.cancel("waiting");
    expect(await waiting).toMatchObject({ outcome: "cancelled", passes: 0 });
    expect((await running).outcome).toBe("written");
  });

  test("an unknown id to cancel is ignored", async () => {
    await expect(remote.cancel("nobody")).resolves.toBeUndefined();
  });

  test("at the deadline it commits what it has", async () => {
    const running = remote.generate(generationRequest({ id: "late", passes: 12 }));
    await new Promise((resolve) => setTimeout(resolve, 120));
    hurry = true;
    const answer = await running;
    hurry = false;
    expect(answer.outcome).toBe("committed-early");
    expect(answer.passes).toBeLessThan(12);
    for (const stem of STEMS) expect(answer.notes[stem].length).toBeGreaterThan(0);
  });

  test("a deadline that leaves no time gets fewer passes, not an error", async () => {
    const deadline = milliseconds(Date.now() - 1000);
    const answer = await remote.generate(generationRequest({ deadline, passes: 12 }));
    expect(answer.passes).toBe(1);
    for (const stem of STEMS) expect(answer.notes[stem].length).toBeGreaterThan(0);
  });

  test("a request that makes no sense is refused by name", async () => {
    const bad = [generationRequest({ bars: [], mask: [] }), generationRequest({ passes: 0 })];
    for (const request of bad) {
      await expect(remote.generate(request)).rejects.toMatchObject({ name: "GenerationError" });
    }
  });

  test("nothing is written before a model is loaded", async () => {
    const empty = serveGenerator({});
    await expect(empty.remote.generate(generationRequest())).rejects.toMatchObject({
      name: "GenerationError",
      message: "no model is loaded",
    });
    empty.close();
  });
});
