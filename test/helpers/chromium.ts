import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright";

/**
 * How tests and benchmarks start it: off the network, with audio that needs no click. WebGPU in
 * headless Chromium needs no more than its own flag.
 */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
  "--autoplay-policy=no-user-gesture-required",
];

const HOW =
  "set CHROMIUM_PATH, or install one: `apt-get install chromium` or `npx playwright install chromium`";

const candidates = (): string[] =>
  [
    process.env["CHROMIUM_PATH"],
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    chromium.executablePath(),
  ].filter((path): path is string => path !== undefined && path !== "");

/**
 * The browser for the tests: `CHROMIUM_PATH`, an installed Chromium or Chrome, or Playwright's own.
 * Where there is none it is installed: from Debian's packages as root, otherwise by Playwright.
 * Throws with one line on how to get one when that fails too.
 */
export function findChromium(): string {
  const found = candidates().find(existsSync);
  if (found !== undefined) return found;
  const asRoot = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  const commands = asRoot
    ? [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "chromium"],
      ]
    : [["npx", "playwright", "install", "chromium"]];
  console.log(`No Chromium found; installing one with ${asRoot ? "apt-get" : "Playwright"} …`);
  for (const [command = "", ...rest] of commands) spawnSync(command, rest, { stdio: "inherit" });
  const installed = candidates().find(existsSync);
  if (installed === undefined) throw new Error(`The browser tests need Chromium: ${HOW}.`);
  return installed;
}
