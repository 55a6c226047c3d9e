import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult, type IConfiguration } from "dependency-cruiser";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const configuration = createRequire(import.meta.url)(
  "../../layers/dependency-cruiser.cjs",
) as IConfiguration;

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "attacca-layers-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Names of the rules that the planted files break. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  plant(files);
  const { tsConfig: _, ...options } = configuration.options ?? {};
  const { output } = await cruise(["."], {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: configuration.forbidden ?? [] },
  });
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

const PLANTED: readonly [rule: string, files: Readonly<Record<string, string>>][] = [
  [
    "no-circles",
    {
      "engine/music/a.ts": `import { b } from "./b.ts"; export const a = () => b;`,
      "engine/music/b.ts": `import { a } from "./a.ts"; export const b = () => a;`,
    },
  ],
  [
    "time-knows-nothing",
    {
      "engine/time/a.ts": `import "../music/b.ts";`,
      "engine/music/b.ts": "export const b = 1;",
    },
  ],
  [
    "pure-knows-no-edge",
    {
      "engine/director/a.ts": `import "../audio/b.ts";`,
      "engine/audio/b.ts": "export const b = 1;",
    },
  ],
  ["pure-knows-no-platform", { "engine/composer/a.ts": `import "comlink";` }],
  ["engine-knows-no-files", { "engine/score/a.ts": `import "node:fs";` }],
  [
    "decisions-know-no-conductor",
    {
      "engine/composer/a.ts": `import "../conductor/b.ts";`,
      "engine/conductor/b.ts": "export const b = 1;",
    },
  ],
  [
    "director-knows-no-notes",
    {
      "engine/director/a.ts": `import "../composer/b.ts";`,
      "engine/composer/b.ts": "export const b = 1;",
    },
  ],
  [
    "audio-knows-no-music",
    {
      "engine/audio/a.ts": `import "../director/b.ts";`,
      "engine/director/b.ts": "export const b = 1;",
    },
  ],
  ["tone-only-in-audio", { "engine/soundtrack.ts": `import "tone";` }],
  ["onnxruntime-only-in-generator-worker", { "engine/a.ts": `import "onnxruntime-web/wasm";` }],
  ["synthesiser-only-in-renderer-worker", { "engine/a.ts": `import "spessasynth_core";` }],
  [
    "workers-know-no-page",
    {
      "engine/renderer-worker/a.ts": `import "../audio/b.ts";`,
      "engine/audio/b.ts": "export const b = 1;",
    },
  ],
  ["engine-knows-no-game-engine", { "engine/a.ts": `import "@babylonjs/core/scene";` }],
  [
    "users-come-through-the-front-door",
    {
      "demo-game/a.ts": `import "../engine/director/b.ts";`,
      "engine/director/b.ts": "export const b = 1;",
    },
  ],
];

describe("layer rules", () => {
  test.each(PLANTED)("%s fires on a planted fault", async (rule, files) => {
    expect(await broken(files)).toContain(rule);
  });

  test("every rule has a planted fault", () => {
    const rules = (configuration.forbidden ?? []).map(({ name }) => name);
    expect(new Set(PLANTED.map(([rule]) => rule))).toEqual(new Set(rules));
  });

  test("clean layers break no rule", async () => {
    const files = {
      "engine/director/a.ts": `import { b } from "../time/b.ts"; export const a = b;`,
      "engine/time/b.ts": "export const b = 1;",
    };
    expect(await broken(files)).toEqual([]);
  });
});

/** Compiler messages for a file that is planted into a zone. */
function compiled(zone: string, source: string): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    `engine/${zone}`,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    },
  );
  const path = join(root, "planted.ts");
  writeFileSync(path, source);
  const options = { ...config?.options, rootDir: root, noEmit: true, composite: false };
  const program = ts.createProgram([path], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("compiler zones", () => {
  const faults = (name: string) => [expect.stringContaining(`Cannot find name '${name}'`)];

  test("pure code cannot name the page, a timer or a worker", () => {
    expect(compiled("tsconfig.pure.json", "document;")).toEqual(faults("document"));
    expect(compiled("tsconfig.pure.json", "setTimeout;")).toEqual(faults("setTimeout"));
    expect(compiled("tsconfig.pure.json", "Worker;")).toEqual(faults("Worker"));
  });

  test("a worker cannot name the page", () => {
    expect(compiled("tsconfig.workers.json", "self; fetch;")).toEqual([]);
    expect(compiled("tsconfig.workers.json", "document;")).toEqual(faults("document"));
  });

  test("the audio edge can name the page", () => {
    expect(compiled("tsconfig.json", "document;")).toEqual([]);
  });
});
