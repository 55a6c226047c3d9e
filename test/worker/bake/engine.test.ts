import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { thisEngine } from "../../../integrations/cli/bake/this-engine.ts";
import { hearConsole } from "../../helpers/hear-console.ts";

vi.mock("../../../integrations/cli/bake/this-engine.ts", { spy: true });

const out = mkdtempSync(join(tmpdir(), "attacca-updated-"));
const said = hearConsole("log");
afterAll(() => rmSync(out, { recursive: true }));

/** What a bake says, and the engine of its manifest. */
async function baked() {
  said.length = 0;
  const asked = ["--genre", "folk", "--mood", "calm", "--duration", "2s", "--rate", "8000"];
  expect(await runBake([...asked, "--out", out])).toBe(0);
  const { engine } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    readonly engine: unknown;
  };
  return { line: said[0], engine, at: statSync(join(out, "mix.wav")).mtimeMs };
}

test("what another engine baked is not taken for its own: it is baked anew, and the manifest has who did", async () => {
  const own = await thisEngine();
  const first = await baked();
  expect(first.engine).toEqual(own);
  expect(await baked()).toEqual({ ...first, line: expect.stringContaining("is there already") });
  const newer = { version: "9.9.9", sha256: own.sha256.replaceAll(/./g, "0") };
  vi.mocked(thisEngine).mockResolvedValue(newer);
  const again = await baked();
  expect(again.line).toMatch(/s of music baked$/);
  expect(again.engine).toEqual(newer);
  expect(again.at).toBeGreaterThan(first.at);
});
