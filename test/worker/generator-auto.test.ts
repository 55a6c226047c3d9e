import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openModel, type Model } from "../../engine/generator-worker/model.ts";
import type { Backend, ReadModelFile, SpeedTest } from "../../engine/generator/service.ts";
import { readShipped } from "../helpers/generator-model.ts";

/** Passes that fail from now on, in turn. */
let failures: Backend[] = [];
let opened: Backend[] = [];
/** Milliseconds that a pass takes on each back end; `undefined` does not open. */
let passes: Partial<Record<Backend, number>> = {};
let now = 0;
let released: Backend[] = [];

vi.mock("../../engine/generator-worker/session.ts", () => ({
  openSession: async (_: Uint8Array, backend: Backend) => {
    const pass = passes[backend];
    if (pass === undefined) {
      throw Object.assign(new Error(`${backend} does not open`), { name: "BackendError" });
    }
    opened.push(backend);
    return {
      backend,
      threads: 1,
      runPass: async () => {
        now += pass;
        if (failures[0] === backend) {
          failures.shift();
          throw Object.assign(new Error("cell_logits holds NaN at 0"), { name: "BackendError" });
        }
        return {};
      },
      release: async () => {
        released.push(backend);
      },
    };
  },
}));

const adapter = (isFallbackAdapter: boolean, vendor = "acme") => ({
  userAgent: "a browser",
  gpu: { requestAdapter: async () => ({ info: { isFallbackAdapter, vendor } }) },
});

const open = (read: ReadModelFile = readShipped(), known?: SpeedTest): Promise<Model> =>
  openModel({
    read,
    backend: "auto",
    known,
    now: () => now,
  });

beforeEach(() => {
  now = 0;
  released = [];
  failures = [];
  opened = [];
});
afterEach(() => vi.unstubAllGlobals());

describe("the choice of a back end", () => {
  test("WebGPU is taken where it is faster, and WASM let go", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 50, webgpu: 10 };
    const { report } = await open();
    expect(report.backend).toBe("webgpu");
    expect(report.passTime).toEqual({ wasm: 50, webgpu: 10 });
    expect(released).toEqual(["wasm"]);
  });

  test("WASM stays where WebGPU is slower", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 10, webgpu: 50 };
    const { report } = await open();
    expect(report.backend).toBe("wasm");
    expect(released).toEqual(["webgpu"]);
  });

  test("a WebGPU that does not open is passed over, with its reason", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 10 };
    const { report } = await open();
    expect(report.backend).toBe("wasm");
    expect(report.rejected).toEqual({ webgpu: "webgpu does not open" });
  });

  test("an emulated adapter is not even tried", async () => {
    vi.stubGlobal("navigator", adapter(true));
    passes = { wasm: 50, webgpu: 1 };
    const { report } = await open();
    expect(report.passTime).toEqual({ wasm: 50 });
  });

  test("a network that fails for both is told as such, so that another try follows", async () => {
    vi.stubGlobal("navigator", adapter(false));
    const shipped = readShipped();
    const read: ReadModelFile = async (file) => {
      if (file.kind === "manifest") return shipped(file);
      throw Object.assign(new Error("no network"), { name: "NetworkError" });
    };
    await expect(open(read)).rejects.toMatchObject({ name: "NetworkError" });
  });

  test("where neither opens, both reasons are told", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = {};
    await expect(open()).rejects.toMatchObject({
      name: "BackendError",
      message: expect.stringMatching(/wasm does not open.*webgpu does not open/),
    });
  });
});

describe("a speed test that is known from an earlier visit", () => {
  /** What is asked for, but for the manifest. */
  const asking = (): { readonly read: ReadModelFile; readonly asked: string[] } => {
    const asked: string[] = [];
    const shipped = readShipped();
    const read: ReadModelFile = async (file) => {
      if (file.kind !== "manifest") asked.push(`${file.kind} ${file.backend}`);
      return shipped(file);
    };
    return { read, asked };
  };

  test("spares the other back end its files, and is made anew for another device, browser or model", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 50, webgpu: 10 };
    const { found } = (await open()).report;
    expect(found).toMatchObject({ backend: "webgpu" });
    const { read, asked } = asking();
    const { report } = await open(read, found);
    expect(asked).toEqual(["model webgpu", "runtime webgpu"]);
    expect(report).toMatchObject({ backend: "webgpu", passTime: { webgpu: 10 }, found: undefined });

    for (const other of [adapter(false, "another"), { ...adapter(false), userAgent: "another" }]) {
      vi.stubGlobal("navigator", other);
      passes = { wasm: 5, webgpu: 10 };
      const { report } = await open(readShipped(), found);
      expect(report).toMatchObject({ backend: "wasm", found: { backend: "wasm" } });
    }
    vi.stubGlobal("navigator", adapter(false));
    const changed = readShipped((name, bytes) => {
      const text =
        name === "model.json" ? bytes.toString().replaceAll(/[0-9a-f]{64}/g, "0".repeat(64)) : "";
      return text === "" ? bytes : Buffer.from(text);
    });
    expect((await open(changed, found)).report.found?.backend).toBe("wasm");
  });

  test("of a back end that does not open any more is made anew", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 50, webgpu: 10 };
    const { found } = (await open()).report;
    passes = { wasm: 50 };
    const { report } = await open(readShipped(), found);
    expect(report).toMatchObject({
      backend: "wasm",
      found: { backend: "wasm" },
      rejected: { webgpu: "webgpu does not open" },
    });
  });

  test("is not made where there is nothing to choose", async () => {
    vi.stubGlobal("navigator", adapter(true));
    passes = { wasm: 50 };
    expect((await open()).report.found).toBeUndefined();
  });
});

describe("a session that fails in mid-run", () => {
  const inputs = { cells: new Int32Array(), chords: new Int32Array(), bars: new Int32Array() };

  test("of WebGPU is replaced by WASM, for good, and not asked to let go", async () => {
    vi.stubGlobal("navigator", adapter(false));
    passes = { wasm: 50, webgpu: 10 };
    const model = await open();
    failures = ["webgpu"];
    await model.runPass(inputs);
    await model.runPass(inputs);
    expect(model.backend()).toBe("wasm");
    expect(opened).toEqual(["wasm", "webgpu", "wasm"]);
    expect(released).toEqual(["wasm"]);
  });

  test("of WASM is replaced by a new one, once for each time that it had worked", async () => {
    vi.stubGlobal("navigator", undefined);
    passes = { wasm: 50 };
    const model = await open();
    for (const _ of [1, 2]) {
      failures = ["wasm"];
      await model.runPass(inputs);
      await model.runPass(inputs);
    }
    expect(opened).toEqual(["wasm", "wasm", "wasm"]);
    expect(released).toEqual(["wasm", "wasm"]);
  });

  test("is not replaced again where a new one fails at once", async () => {
    vi.stubGlobal("navigator", undefined);
    passes = { wasm: 50 };
    const model = await open();
    failures = ["wasm"];
    await model.runPass(inputs);
    for (const _ of [1, 2, 3]) {
      failures = ["wasm"];
      await expect(model.runPass(inputs)).rejects.toMatchObject({ name: "BackendError" });
    }
    expect(opened).toEqual(["wasm", "wasm"]);
  });

  test("where none can be opened for a while, the next pass tries again", async () => {
    vi.stubGlobal("navigator", undefined);
    passes = { wasm: 50 };
    const model = await open();
    failures = ["wasm"];
    passes = {};
    await expect(model.runPass(inputs)).rejects.toMatchObject({ name: "BackendError" });
    passes = { wasm: 50 };
    await model.runPass(inputs);
    expect(model.backend()).toBe("wasm");
  });
});
