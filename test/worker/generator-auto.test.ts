import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openModel, type Model } from "../../engine/generator-worker/model.ts";
import type { Backend } from "../../engine/generator/service.ts";
import { readShipped } from "../helpers/generator-model.ts";

/** Milliseconds that a pass takes on each back end; `undefined` does not open. */
let passes: Partial<Record<Backend, number>> = {};
let now = 0;
let released: Backend[] = [];

vi.mock("../../engine/generator-worker/session.ts", () => ({
  openSession: async (_: Uint8Array, backend: Backend) => {
    const pass = passes[backend];
    if (pass === undefined) throw new Error(`${backend} does not open`);
    return {
      backend,
      runPass: async () => {
        now += pass;
        return {};
      },
      release: async () => {
        released.push(backend);
      },
    };
  },
}));

const adapter = (isFallbackAdapter: boolean) => ({
  gpu: { requestAdapter: async () => ({ info: { isFallbackAdapter } }) },
});

const open = (): Promise<Model> =>
  openModel({
    read: readShipped(),
    backend: "auto",
    now: () => now,
  });

beforeEach(() => {
  now = 0;
  released = [];
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
});
