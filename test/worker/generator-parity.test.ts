import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openSession } from "../../engine/generator-worker/session.ts";
import fullManifest from "../../models/shipped/full/model.json" with { type: "json" };
import fullParity from "../../models/shipped/full/parity.json" with { type: "json" };
import liteManifest from "../../models/shipped/lite/model.json" with { type: "json" };
import liteParity from "../../models/shipped/lite/parity.json" with { type: "json" };
import { parityInputs, worstDifference } from "../helpers/generator-parity.ts";
import { shippedFile } from "../helpers/generator-model.ts";

const SHIPPED = [
  { size: "full", manifest: fullManifest, parity: fullParity },
  { size: "lite", manifest: liteManifest, parity: liteParity },
] as const;

describe.each(SHIPPED)("the shipped WASM graph, $size", ({ size, manifest, parity }) => {
  const open = async () =>
    openSession(
      new Uint8Array(await readFile(shippedFile(manifest.files.wasm.file, size))),
      "wasm",
    );

  test("answers what PyTorch answered, within the written tolerance", async () => {
    const session = await open();
    const logits = await session.runPass(parityInputs(parity));
    expect(worstDifference(parity, logits)).toBeLessThanOrEqual(parity.tolerance.wasm);
    await session.release();
  });

  test("is refused an id that is out of range before it sees it", async () => {
    const session = await open();
    const inputs = parityInputs(parity);
    inputs.cells[17] = 52;
    await expect(session.runPass(inputs)).rejects.toMatchObject({
      name: "GenerationError",
      message: "cell id 52 at 17 is out of range",
    });
    await session.release();
  });
});
