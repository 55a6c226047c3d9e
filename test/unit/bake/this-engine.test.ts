import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { engineAt, thisEngine } from "../../../integrations/cli/bake/this-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-engine-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ version: "1.2.3", dependencies: { synth: "1.0.0" } }),
  "node_modules/synth/package.json": JSON.stringify({
    version: "1.0.0",
    dependencies: { dsp: "*" },
  }),
  "node_modules/dsp/package.json": JSON.stringify({ version: "2.0.0" }),
  "engine/audio/limiter.ts": "export const threshold = -3;",
  "engine/music/habits.json": "{}",
  "engine/README.md": "An engine.",
  "integrations/cli/bake/tape.ts": "export const tape = 1;",
  "integrations/babylon/index.ts": "export {};",
};

/** The engine in a folder of these files, some of them with another content, or away (undefined). */
function engineOf(name: string, changes: Readonly<Record<string, string | undefined>> = {}) {
  for (const [path, content] of Object.entries({ ...FILES, ...changes })) {
    if (content === undefined) continue;
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return engineAt({ code: join(folder, name), description: join(folder, name, "package.json") });
}

test("the same engine has the same hash, in whatever folder it lies, and the version of its package", async () => {
  const here = await engineOf("here");
  expect(here).toEqual({ version: "1.2.3", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await engineOf("elsewhere/deep")).toEqual(here);
});

test.each<[string, Readonly<Record<string, string | undefined>>]>([
  ["code of the engine", { "engine/audio/limiter.ts": "export const threshold = -4;" }],
  ["data of the engine", { "engine/music/habits.json": "[]" }],
  ["code of the bake", { "integrations/cli/bake/tape.ts": "export const tape = 2;" }],
  ["a file more", { "engine/audio/more.ts": "" }],
  ["a file less", { "engine/music/habits.json": undefined }],
  ["the version of a package", { "node_modules/synth/package.json": '{"version":"1.0.1"}' }],
  [
    "that of one that a package stands on",
    { "node_modules/dsp/package.json": '{"version":"2.0.1"}' },
  ],
])("%s makes another engine", async (what, changes) => {
  const { sha256 } = await engineOf("as it was");
  expect((await engineOf(what, changes)).sha256).not.toBe(sha256);
});

test("what does not render makes no other engine", async () => {
  const changes = {
    "engine/README.md": "Ours.",
    "integrations/babylon/index.ts": "export default 1;",
  };
  expect(await engineOf("untouched", changes)).toEqual(await engineOf("as it was"));
});

test("of the engine that runs here the version is that of the package", async () => {
  const { default: own } = await import("../../../package.json", { with: { type: "json" } });
  expect((await thisEngine()).version).toBe(own.version);
});
