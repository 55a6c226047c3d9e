import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Inside the project, so that packages are found. */
const FOLDER = join(process.cwd(), ".cache/snippets");

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** Code blocks of a page. */
const inPage = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

/** `@example`s of a source file, without the stars before each line. */
const inSource = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(/@example\n([\s\S]*?)(?:\n \* @|\n? \*\/)/g)].map(
    ([, code = ""]) => code.replaceAll(/^ \* ?/gm, ""),
  );

/** Names that an example may take from its surroundings. */
const GIVEN: Readonly<Record<string, string>> = {
  createSoundtrack: `import { createSoundtrack } from "attacca";`,
  parseScore: `import { formatIssue, parseScore } from "attacca";`,
  attachSoundtrack: `import { attachSoundtrack } from "attacca/babylon";`,
  actOn: `import { actOn } from "attacca/babylon";`,
  pulseOn: `import { pulseOn } from "attacca/babylon";`,
  placeStingers: `import { placeStingers } from "attacca/babylon";`,
  audioContextOf: `import { audioContextOf } from "attacca/babylon";`,
  AbstractMesh: `import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh";`,
  recentDamage: `import { intensityFrom, lost, recentDamage, speedOf, threatNear } from "attacca/babylon";`,
  CreateAudioEngineAsync: `import { CreateAudioEngineAsync } from "@babylonjs/core/AudioV2/webAudio/webAudioEngine";`,
  enemies: `declare const enemies: readonly import("@babylonjs/core/Meshes/abstractMesh").AbstractMesh[];`,
  health: "declare const health: { left: number };",
  lamp: "declare const lamp: { intensity: number };",
  doors: "declare const doors: { open(): void; close(): void };",
  score: "declare const score: string;",
  music: `declare const music: import("attacca").Soundtrack;`,
  button: "declare const button: HTMLButtonElement;",
  camera: `declare const camera: import("@babylonjs/core/Cameras/camera").Camera;`,
  threat: "declare const threat: { nearness: number };",
  scene: `declare const scene: import("@babylonjs/core/scene").Scene;`,
  hero: `declare const hero: import("@babylonjs/core/Meshes/abstractMesh").AbstractMesh;`,
  caveVolume: `declare const caveVolume: import("@babylonjs/core/Meshes/abstractMesh").AbstractMesh;`,
};

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  paths: {
    attacca: [join(process.cwd(), "engine/index.ts")],
    "attacca/babylon": [join(process.cwd(), "integrations/babylon/index.ts")],
  },
};

function complete(code: string): string {
  const declared = (name: string): boolean =>
    new RegExp(`(const|let|function) ${name}\\b|import .*\\b${name}\\b|\\b${name}: `).test(code);
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const given = Object.entries(GIVEN).filter(([name]) => used(name) && !declared(name));
  return `${given.map(([, line]) => line).join("\n")}\n${code}\nexport {};\n`;
}

const snippets = [
  ...["README.md", "CONTRIBUTING.md", ...filesIn("docs", ".md")].flatMap((path) =>
    inPage(path).map((code, index) => ({ name: `${path} ${index + 1}`, code })),
  ),
  ...["engine", "integrations"].flatMap((folder) =>
    filesIn(folder, ".ts").flatMap((path) =>
      inSource(path).map((code, index) => ({ name: `${path} ${index + 1}`, code })),
    ),
  ),
];

const pathOf = (name: string): string => join(FOLDER, `${name.replaceAll(/\W/g, "-")}.ts`);
const messages = new Map<string, string[]>();

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, code } of snippets) writeFileSync(pathOf(name), complete(code));
  const program = ts.createProgram(
    snippets.map(({ name }) => pathOf(name)),
    OPTIONS,
  );
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const path = file?.fileName ?? "";
    const known = messages.get(path) ?? [];
    messages.set(path, [...known, ts.flattenDiagnosticMessageText(messageText, "\n")]);
  }
}, 120_000);

afterAll(() => rmSync(FOLDER, { recursive: true }));

test("the pages and docstrings hold examples", () => {
  expect(snippets.length).toBeGreaterThanOrEqual(4);
});

test.each(snippets)("the example of $name compiles", ({ name }) => {
  expect(messages.get(pathOf(name)) ?? []).toEqual([]);
});

test.each(["README.md", "CONTRIBUTING.md", "NOTICE.md", ...filesIn("docs", ".md")])(
  "every file that %s links to is there",
  (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !link.includes(":"));
    for (const link of links) expect(existsSync(join(dirname(page), link)), link).toBe(true);
  },
);
