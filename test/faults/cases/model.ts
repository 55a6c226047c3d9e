import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { cutInHalf, withNaN } from "../../helpers/broken-model.ts";
import type { Scene } from "../scene.ts";
import type { Case } from "./case.ts";

const MODEL = "/lite/model.int8.onnx";
const MANIFEST = "/lite/model.json";
/** Seconds in which what lasts is listened to. */
const LISTEN = 17;

const shipped = (name: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../../../models/shipped${name}`, import.meta.url)));

/** Ends well: the model is there after all, `late` by so many seconds, from which the recovery counts. */
async function overcome(scene: Scene, late = 0): Promise<void> {
  const before = Date.now();
  await scene.play({ files: true });
  await scene.written();
  scene.recovered(Math.max(0, (Date.now() - before) / 1000 - late));
}

/** The model never comes. */
async function endure(scene: Scene, fault: string): Promise<void> {
  await scene.play({ files: true });
  await scene.told(fault);
  await scene.wait(LISTEN);
}

export const missing: Case = {
  name: "model 404",
  tells: ["download-failed", "model-unavailable"],
  lasts: "the model is not there",
  async act(scene) {
    scene.files.fail(MODEL, { status: 404 });
    await endure(scene, "model-unavailable");
  },
};

export const truncatedOnce: Case = {
  name: "model truncated, then whole",
  tells: ["download-failed"],
  async act(scene) {
    scene.files.fail(MODEL, { body: (await shipped(MODEL)).subarray(0, 1_500_000) });
    await overcome(scene);
  },
};

const flipped = async (): Promise<Uint8Array> => {
  const model = await shipped(MODEL);
  model[1000] = (model[1000] ?? 0) ^ 1;
  return model;
};

export const cut: Case = {
  name: "model cut in half, with a hash that fits",
  tells: ["model-unavailable"],
  lasts: "the model does not open",
  async act(scene) {
    const { manifest, model } = cutInHalf(await shipped(MODEL), await shipped(MANIFEST));
    scene.files.fail(MANIFEST, { body: manifest });
    scene.files.fail(MODEL, { body: model });
    await endure(scene, "model-unavailable");
  },
};

export const wrongOnce: Case = {
  name: "model with a wrong hash, then the right one",
  tells: ["download-failed"],
  async act(scene) {
    scene.files.fail(MODEL, { body: await flipped() });
    await overcome(scene);
  },
};

export const wrong: Case = {
  name: "model with a wrong hash",
  tells: ["download-failed", "model-refused"],
  lasts: "the model is refused",
  async act(scene) {
    const body = await flipped();
    scene.files.fail(MODEL, { body }, { body });
    await endure(scene, "model-refused");
  },
};

export const slow = (seconds: number): Case => ({
  name: `model slow: ${seconds} s`,
  tells: [],
  async act(scene) {
    scene.files.fail(MODEL, { lasting: seconds });
    await overcome(scene, seconds);
  },
});

export const nan: Case = {
  name: "model answers NaN",
  tells: ["generation-failed"],
  lasts: "the model gives no notes",
  async act(scene) {
    const { manifest, model } = withNaN(await shipped(MODEL), await shipped(MANIFEST));
    scene.files.fail(MANIFEST, { body: manifest });
    scene.files.fail(MODEL, { body: model });
    await endure(scene, "generation-failed");
  },
};
