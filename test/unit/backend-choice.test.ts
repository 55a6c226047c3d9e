import { describe, expect, test } from "vitest";
import { BackendChoice, threadsFor } from "../../engine/backend-choice.ts";
import { generatorError } from "../../engine/generator-worker/errors.ts";
import type { SpeedTest } from "../../engine/generator/service.ts";

const FOUND: SpeedTest = { of: "a model on a device", backend: "webgpu" };

/** What is kept of speed tests, in a list. */
function memory() {
  const kept: SpeedTest[] = [];
  return {
    kept,
    recall: () => kept.at(-1),
    keep: (test: SpeedTest) => void kept.push(test),
    forget: () => void kept.splice(0),
  };
}

test("a second thread writes where the page is isolated and two cores are left to the others", () => {
  expect([1, 2, 3, 4, 16].map((cores) => threadsFor(cores, true))).toEqual([1, 1, 1, 2, 2]);
  expect(threadsFor(16, false)).toBe(1);
});

describe("the next worker", () => {
  test("is opened by what an earlier visit found", () => {
    const speeds = memory();
    const choice = new BackendChoice("auto", 2, speeds);
    expect(choice.options).toEqual({ backend: "auto", known: undefined, threads: 2 });
    choice.opened({ found: FOUND });
    choice.opened({ found: undefined });
    expect(choice.options.known).toEqual(FOUND);
    expect(speeds.kept).toHaveLength(1);
  });

  test("has one thread where it did not open with two, once", () => {
    const choice = new BackendChoice("wasm", 2, memory());
    const error = generatorError("BackendError", "no thread starts");
    expect(choice.refused(error)).toBe(true);
    expect(choice.options.threads).toBe(1);
    expect(choice.refused(error)).toBe(false);
    const missing = new BackendChoice("wasm", 2, memory());
    expect(missing.refused(generatorError("ManifestError", "no manifest"))).toBe(false);
  });

  test("is WebAssembly on one thread after one was lost, and a WebGPU that was is forgotten", () => {
    const speeds = memory();
    const choice = new BackendChoice("auto", 2, speeds);
    choice.opened({ found: FOUND });
    choice.lost("wasm");
    expect(choice.options).toEqual({ backend: "wasm", known: FOUND, threads: 1 });
    choice.lost("webgpu");
    expect(choice.options.known).toBeUndefined();
  });
});
