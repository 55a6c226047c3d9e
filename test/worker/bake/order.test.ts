import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { PALETTE } from "../../../integrations/cli/package-files.ts";
import { hearConsole } from "../../helpers/hear-console.ts";

vi.mock("../../../engine/generator-worker/model.ts", () => ({
  openModel: () => Promise.reject(new Error("the model was opened")),
}));

const folder = mkdtempSync(join(tmpdir(), "attacca-order-"));
const shipped = readFileSync(PALETTE);
const said = hearConsole("error");
afterAll(() => rmSync(folder, { recursive: true }));

/** What a bake says of a score that plays on such a soundfont. */
async function toldOf(font: Uint8Array | undefined): Promise<string> {
  if (font !== undefined) writeFileSync(join(folder, "own.sf3"), font);
  else rmSync(join(folder, "own.sf3"), { force: true });
  const score = join(folder, "own.score.yaml");
  writeFileSync(
    score,
    "attacca: 1\npalette: own\nmoods: { calm: }\npalettes: { own: { font: own.sf3, voices: { melody: { program: 73 } } } }\n",
  );
  const out = join(folder, "out");
  expect(await runBake(["--score", score, "--duration", "8s", "--out", out])).toBe(1);
  expect(said).toHaveLength(1);
  expect(readdirSync(out)).toEqual([]);
  return said[0] ?? "";
}

test("a soundfont that is missing or damaged is told of before the model is opened", async () => {
  expect(await toldOf(undefined)).toMatch(/own\.sf3: there is no such file or folder$/);
  said.length = 0;
  expect(await toldOf(shipped.subarray(0, 900_000))).toMatch(
    /own\.sf3: .* it ends after 900000 of/,
  );
  said.length = 0;
  expect(await toldOf(shipped)).toBe("the model was opened");
});
