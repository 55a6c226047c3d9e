import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright";
import { build } from "vite";
import { shared } from "../../vite.config.ts";
import { serveFiles, type FileServer, type Served } from "./file-server.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Long: the model's first notes on a busy machine. */
export const PATIENCE = 180_000;

/** Builds the game of `test/e2e/game` as a game would be built; returns its folder. */
export async function buildGame(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "attacca-game-"));
  await build({
    ...shared,
    configFile: false,
    logLevel: "error",
    root: path("../e2e/game"),
    publicDir: false,
    build: { ...shared.build, outDir: folder, emptyOutDir: true },
  });
  return folder;
}

export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true });

export interface FolderOptions {
  /** Where on the server the folder lies. Default `/`. */
  readonly at?: string;
  /** Sent with every file. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ranges?: boolean;
}

/** Serves a folder as it is. */
export const serveFolder = (
  folder: string,
  { at = "/", headers = {}, ranges = true }: FolderOptions = {},
): Promise<FileServer> =>
  serveFiles({
    ranges,
    read: async (requested): Promise<Served | undefined> => {
      if (!requested.startsWith(at)) return undefined;
      const name = normalize(requested.slice(at.length)) || "index.html";
      const file = name === "." ? "index.html" : name;
      // Browsers ask for one by themselves.
      const isIcon = file === "favicon.ico";
      const body = isIcon
        ? new Uint8Array()
        : await readFile(join(folder, file)).catch(() => undefined);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      return body && { body, headers: { ...headers, "Content-Type": type } };
    },
  });

/** A page in which the game plays, and what the browser complained of. */
export interface Playing {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Waits until `#game` has these attributes: a list of CSS attribute selectors. */
  until(condition: string): Promise<void>;
  /** Everything, with the same profile, from the beginning. */
  again(): Promise<void>;
  /** An attribute of `#game`: `faults`, `sources` … */
  read(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens the game in a browser profile of its own. */
export async function openGame(
  browser: Browser,
  url: string,
  wishes: Readonly<Record<string, unknown>> = {},
  cores?: number,
): Promise<Playing> {
  const context = await browser.newContext();
  if (cores !== undefined) await context.addInitScript(pretendCores, cores);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.goto(addressOf(url, wishes));
  return {
    page,
    complaints,
    until: (condition) => page.locator(`#game${condition}`).waitFor({ state: "attached" }),
    read: async (name) => (await page.locator("#game").getAttribute(`data-${name}`)) ?? "",
    again: async () => {
      await page.reload();
    },
    close: () => context.close(),
  };
}

/** The page believes that its machine has so many cores. */
function pretendCores(cores: number): void {
  Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => cores });
}

const addressOf = (url: string, wishes: Readonly<Record<string, unknown>>): string =>
  `${url}?wishes=${encodeURIComponent(JSON.stringify(wishes))}`;
