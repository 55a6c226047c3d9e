import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

/** Which engine bakes: two that may write or play otherwise have different hashes. */
export interface Engine {
  /** Of the package. */
  readonly version: string;
  /** Of its code and data, and of the versions of all packages that it stands on. */
  readonly sha256: string;
}

/** Where an engine lies. */
interface EnginePlace {
  /** Folder of its code: compiled in the package, in the repository as it was written. */
  readonly code: string;
  /** Path of its `package.json`. */
  readonly description: string;
}

/** What decides notes and sound. Score, model and soundfonts have hashes of their own. */
const FOLDERS = ["engine", "integrations/cli/bake"] as const;
const CODE_OR_DATA = /(?<!\.d)\.(?:js|ts|json)$/;

let known: Promise<Engine> | undefined;

/** The engine that runs here. Rejects as `node:fs` does. */
export const thisEngine = (): Promise<Engine> =>
  (known ??= engineAt({
    code: fileURLToPath(new URL("../../../", import.meta.url)),
    description: createRequire(import.meta.url).resolve("attacca/package.json"),
  }));

/** Rejects as `node:fs` does. */
export async function engineAt({ code, description }: EnginePlace): Promise<Engine> {
  const hash = createHash("sha256");
  for (const folder of FOLDERS) {
    const names = await readdir(join(code, folder), { recursive: true });
    for (const name of names.filter((each) => CODE_OR_DATA.test(each)).toSorted()) {
      const content = await readFile(join(code, folder, name));
      hash.update(`${folder}/${name.replaceAll("\\", "/")} ${content.length}\n`).update(content);
    }
  }
  const packages = new Map<string, string>();
  await collectPackages(description, packages);
  hash.update(JSON.stringify([...packages.values()].toSorted()));
  return { version: (await readPackage(description)).version, sha256: hash.digest("hex") };
}

const PACKAGE = z.object({
  version: z.string(),
  dependencies: z.optional(z.record(z.string(), z.string())),
});

const readPackage = async (path: string): Promise<z.infer<typeof PACKAGE>> =>
  PACKAGE.parse(JSON.parse(await readFile(path, "utf8")));

/** Names and versions of the packages that one stands on, and that those stand on, by path. */
async function collectPackages(description: string, found: Map<string, string>): Promise<void> {
  const { dependencies = {} } = await readPackage(description);
  for (const name of Object.keys(dependencies)) {
    const path = findPackage(name, description);
    if (path === undefined || found.has(path)) continue;
    found.set(path, `${name}@${(await readPackage(path)).version}`);
    await collectPackages(path, found);
  }
}

/** The `package.json` that Node would take; undefined where there is none. */
const findPackage = (name: string, from: string): string | undefined =>
  createRequire(from)
    .resolve.paths(name)
    ?.map((folder) => join(folder, name, "package.json"))
    .find((path) => existsSync(path));
