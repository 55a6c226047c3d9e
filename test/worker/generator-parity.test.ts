import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openSession } from "../../engine/generator-worker/session.ts";
import * as T from "../../engine/generator/tokens.ts";
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
      { takesFewer: true },
    );

  test("answers what PyTorch answered, within the written tolerance", async () => {
    const session = await open();
    const logits = await session.runPass(parityInputs(parity));
    expect(worstDifference(parity, logits)).toBeLessThanOrEqual(parity.tolerance.wasm);
    await session.release();
  });

  test("runs over the bars of a window that are there and one more, and over no more than sixteen", async () => {
    const session = await open();
    expect([1, 4, 12, 15, 16].map(session.barsRun)).toEqual([2, 5, 13, 16, 16]);
    const inputs = parityInputs(parity);
    inputs.cells.subarray(8 * T.BAR_SLOTS * T.LANE_COUNT).forEach((_, i, cells) => {
      cells[i] = T.absentId(i % T.LANE_COUNT);
    });
    inputs.chords.fill(T.CHORD_ABSENT, (8 * T.BAR_SLOTS) / T.PATCH);
    for (let bar = 8; bar < T.WINDOW_BARS; bar += 1) {
      inputs.bars[bar * T.CONDITION_COUNT] = T.METER_ABSENT;
    }
    const { cells, chords, expression } = await session.runPass(inputs);
    expect(cells).toHaveLength(9 * T.BAR_SLOTS * T.SLOT_LOGITS);
    expect(chords).toHaveLength(9 * (T.BAR_SLOTS / T.PATCH) * T.CHORD_CLASSES);
    expect(expression).toHaveLength(9 * T.BAR_SLOTS * T.SLOT_EXPRESSION);
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
