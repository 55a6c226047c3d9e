import type { Page } from "playwright";
import type { Scene } from "../scene.ts";
import type { Case } from "./case.ts";

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var devices: GPUDevice[];
}

/** Notes every device that the generator's worker is given from now on. */
const noteDevices = (): void => {
  globalThis.devices = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function noted(options) {
    const device = await requestDevice.call(this, options);
    globalThis.devices.push(device);
    return device;
  };
};

/** Does something in the generator's worker as soon as it is there. */
const inGenerator = (page: Page, what: () => void): void => {
  page.on("worker", (worker) => {
    if (worker.url().includes("generator-worker")) void worker.evaluate(plain(what));
  });
};

/** The function alone: what the tools that run this file add to it is unknown in a worker. */
const plain = (what: () => void): string =>
  `(() => { const __name = (f) => f; (${String(what)})(); })()`;

async function onGpu(scene: Scene, need: "page" | "generator", break_: () => void): Promise<void> {
  inGenerator(scene.page, noteDevices);
  await scene.play({ generator: "webgpu" });
  // A pass takes seconds where WebGPU is emulated: one is on its way as soon as something is asked for.
  await scene.page.waitForFunction(() => faulty.stats().open > 0 && faulty.generator() === "ready");
  await scene.wander(2);
  await scene.suffer(need, () =>
    Promise.all(scene.workers("generator-worker").map((worker) => worker.evaluate(plain(break_)))),
  );
  await scene.written();
}

export const gpuAbsent: Case = {
  name: "WebGPU absent",
  tells: [],
  launch: { without: ["--enable-unsafe-webgpu"] },
  async act(scene) {
    const before = Date.now();
    await scene.play({ generator: "auto" });
    await scene.written();
    scene.recovered((Date.now() - before) / 1000);
  },
};

export const gpuDestroyed: Case = {
  name: "WebGPU device destroyed in mid-pass",
  tells: ["backend-lost"],
  act: (scene) =>
    onGpu(scene, "page", () => {
      for (const device of globalThis.devices) device.destroy();
    }),
};

export const gpuHangs: Case = {
  name: "WebGPU hangs in mid-pass",
  tells: ["generator-lost", "backend-lost"],
  act: (scene) =>
    onGpu(scene, "generator", () => {
      GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined);
    }),
};

/** The browser grants WebAssembly no more than so many pages of 64 kB. */
export const memoryRefused: Case = {
  name: "memory refused to the model",
  tells: ["model-unavailable"],
  lasts: "the model's runtime needs more memory",
  launch: { flags: ["--js-flags=--wasm-max-mem-pages=300"] },
  async act(scene) {
    await scene.play();
    await scene.told("model-unavailable");
    await scene.wait(17);
  },
};
