import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const PATIENCE_MS = 300_000;

/** Installs the peers into this folder, once. Returns why they cannot be had, if so. */
export function installPeers(): string | undefined {
  if (existsSync(`${FOLDER}node_modules/@magenta/music`)) return undefined;
  console.error("peers: installing @magenta/music, once");
  const { status, stderr, error } = spawnSync(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: FOLDER, encoding: "utf8", timeout: PATIENCE_MS },
  );
  if (status === 0) return undefined;
  const said = error?.message ?? stderr.trim().split("\n")[0] ?? "";
  return `@magenta/music cannot be installed: ${said}`;
}
