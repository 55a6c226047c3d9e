import { expect, test } from "vitest";
import { randomCheckpoint, TRIO_CELLS } from "../../bench/peers/trio.ts";

interface Manifest {
  readonly weights: readonly { readonly shape: readonly number[] }[];
}

test("Magenta's trio writes four bars of three stems", () => {
  expect(TRIO_CELLS).toBe(12);
});

test("the checkpoint has as many weights as it says, about those of the published one of a byte each", async () => {
  const manifest = await randomCheckpoint("checkpoint/weights_manifest.json");
  const [{ weights } = { weights: [] }] = (await manifest.json()) as readonly Manifest[];
  const count = weights.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  const values = await (await randomCheckpoint("checkpoint/weights")).arrayBuffer();
  expect(values.byteLength).toBe(4 * count);
  expect(count / 17.6e6).toBeCloseTo(1, 1);
});
