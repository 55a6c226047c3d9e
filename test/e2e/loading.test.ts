import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { copyFiles } from "../../integrations/cli/copy-files.ts";
import {
  buildGame,
  openGame,
  PATIENCE,
  remove,
  serveFolder,
  type FolderOptions,
  type Playing,
} from "../helpers/built-game.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "../helpers/chromium.ts";
import type { FileServer } from "../helpers/file-server.ts";

/** What the music needs of a policy; see `docs/loading.md`. `img-src` is for the page's icon. */
const policyFor = (files: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    `connect-src ${files}`,
    "img-src 'self'",
  ].join("; ");
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const HEAVY = /\.(onnx|sf3|wasm)$/;
/** A thread of the model runs onnxruntime's own script. */
const THREAD = /\/ort\.wasm[^/]*\.js$/;
const MODEL = "/lite/model.int8.onnx";
const RUNTIME = "/ort-wasm-simd-threaded.wasm";

let browser: Browser;
let built: string;
let folder: string;
const servers: FileServer[] = [];
const games: Playing[] = [];

beforeAll(async () => {
  built = await buildGame();
  folder = await mkdtemp(join(tmpdir(), "attacca-files-"));
  copyFiles(folder, "lite");
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGUMENTS],
  });
}, PATIENCE);

afterEach(async () => {
  await Promise.all(games.splice(0).map((game) => game.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

afterAll(async () => {
  await browser?.close();
  await remove(built);
  await remove(folder);
});

const serve = async (of: string, options: FolderOptions = {}): Promise<FileServer> => {
  const server = await serveFolder(of, options);
  servers.push(server);
  return server;
};

async function open(
  url: string,
  wishes: Record<string, unknown> = {},
  cores?: number,
): Promise<Playing> {
  const game = await openGame(browser, url, wishes, cores);
  games.push(game);
  return game;
}

const heavyOf = ({ asked }: FileServer): readonly string[] =>
  asked.map(({ path }) => path).filter((path) => HEAVY.test(path));

describe("a built page", () => {
  test("plays what the model writes under a strict policy, from a path of its own", async () => {
    const at = "/some/sub/path/";
    const headers = { "Content-Security-Policy": policyFor("'self'") };
    const server = await serve(built, { at, headers });
    const game = await open(`${server.origin}${at}`);
    await game.until('[data-state="playing"][data-sources~="model"]');
    expect(await game.read("violations")).toBe("");
    expect(game.complaints).toEqual([]);
    expect(server.asked.filter(({ path }) => !path.startsWith(at))).toEqual([]);
    expect(await game.read("palette")).toMatch(/^ready (\d+) of \1$/);
    expect(await game.read("model")).toMatch(/^ready (\d+) of \1$/);
    expect(await game.read("runtime")).toMatch(/^ready (\d+) of \1$/);
  });

  test("plays without workers of blobs as well: only Tone.js's own is refused", async () => {
    const policy = policyFor("'self'").replace(" blob:", "");
    const server = await serve(built, { headers: { "Content-Security-Policy": policy } });
    const game = await open(`${server.origin}/`);
    await game.until('[data-state="playing"][data-sources~="model"]');
    expect(await game.read("violations")).toBe("worker-src=blob");
    expect(await game.read("faults")).not.toMatch(/unavailable|lost/);
  });

  test("says at the start that the policy forbids WebAssembly", async () => {
    const policy = policyFor("'self'").replace(" 'wasm-unsafe-eval'", "");
    const server = await serve(built, { headers: { "Content-Security-Policy": policy } });
    const game = await open(`${server.origin}/`);
    await game.until('[data-failure][data-generator="failed"]');
    expect(await game.read("failure")).toMatch(/^PaletteError: .*Content Security Policy/i);
    expect(await game.read("faults")).toBe("palette-unavailable model-unavailable");
  });

  test("takes its files from another origin, isolated; afterwards it needs that no more", async () => {
    const data = await serve(folder);
    const headers = { ...ISOLATION, "Content-Security-Policy": policyFor(data.origin) };
    const server = await serve(built, { headers });
    const wishes = { assets: { baseUrl: data.origin } };
    const game = await open(`${server.origin}/`, wishes);
    await game.until('[data-sources~="model"]');
    expect(await game.read("isolated")).toBe("true");
    expect(heavyOf(server)).toEqual([]);
    expect(heavyOf(data).toSorted()).toEqual(["/band.sf3", MODEL, RUNTIME]);

    await data.stop();
    await game.again();
    await game.until('[data-state="playing"][data-sources~="model"]');
    expect(await game.read("faults")).not.toContain("unavailable");
    expect(heavyOf(data)).toHaveLength(3);
  });

  test("has a second thread for the model where it is isolated and has cores to spare, under the policy", async () => {
    const headers = { ...ISOLATION, "Content-Security-Policy": policyFor("'self'") };
    const server = await serve(built, { headers });
    const game = await open(`${server.origin}/`, {}, 8);
    await game.until('[data-generator="ready"]');
    expect(await game.read("isolated")).toBe("true");
    expect(await game.read("faults")).not.toMatch(/unavailable|lost/);
    expect(await game.read("violations")).toBe("");
    const threads = game.page.workers().filter((worker) => THREAD.test(worker.url()));
    expect(threads).toHaveLength(1);
  });

  test("fetches each file once for two soundtracks that begin together", async () => {
    const server = await serve(built);
    const game = await open(`${server.origin}/`, { soundtracks: 2 });
    await game.until('[data-state="playing"][data-sources~="model"]');
    const heavy = heavyOf(server);
    expect(heavy).toHaveLength(3);
    expect(new Set(heavy).size).toBe(3);
  });
});

describe("when files cannot be had, the bank plays on", () => {
  test("a model that is not there", async () => {
    const data = await serve(folder);
    const server = await serve(built);
    data.fail(MODEL, { status: 404 });
    const game = await open(`${server.origin}/`, { assets: { baseUrl: data.origin } });
    await game.until('[data-generator="failed"][data-state="playing"][data-sources="bank"]');
    expect(await game.read("faults")).toContain("download-failed:missing model-unavailable");
  });

  test("a model that is another one than its manifest says", async () => {
    const other = await mkdtemp(join(tmpdir(), "attacca-files-"));
    copyFiles(other, "lite");
    const bytes = await readFile(join(other, MODEL));
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await writeFile(join(other, MODEL), bytes);
    const data = await serve(other);
    const server = await serve(built);
    const game = await open(`${server.origin}/`, { assets: { baseUrl: data.origin } });
    await game.until('[data-generator="failed"][data-state="playing"][data-sources="bank"]');
    expect(await game.read("faults")).toContain("download-failed:damaged model-refused");
    expect(heavyOf(data).filter((path) => path === MODEL)).toHaveLength(2);
    await remove(other);
  });

  test("a connection that stalls and one that breaks: both go on where they stopped", async () => {
    const data = await serve(folder);
    const server = await serve(built);
    data.fail(MODEL, { stallAfter: 1_000_000 });
    data.fail(RUNTIME, { breakAfter: 5_000_000 });
    const game = await open(`${server.origin}/`, { assets: { baseUrl: data.origin } });
    await game.until('[data-stalls~="model"][data-state="playing"][data-sources="bank"]');
    await game.until('[data-sources~="model"]');
    const faults = await game.read("faults");
    expect(faults).toContain("download-failed:stalled");
    expect(faults).toContain("download-failed:interrupted");
    const ranges = (of: string) =>
      data.asked.filter(({ path }) => path === of).map(({ range }) => range);
    expect(ranges(MODEL)).toEqual([undefined, "bytes=1000000-"]);
    // A browser may lose the last bytes of a connection that breaks.
    expect(ranges(RUNTIME)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test("no network at all, until there is one again", async () => {
    const data = await serve(folder);
    await data.stop();
    const server = await serve(built);
    const modelManifestUrl = `${data.origin}/lite/model.json`;
    const game = await open(`${server.origin}/`, { assets: { modelManifestUrl } });
    await game.until('[data-state="playing"]');
    await game.page.context().setOffline(true);
    await game.until('[data-faults~="download-failed:offline"][data-sources="bank"]');
    await game.until('[data-generator="failed"]');
    expect(await game.read("faults")).toContain("model-unavailable");
    await data.start();
    await game.page.context().setOffline(false);
    await game.until('[data-sources~="model"]');
  });

  test("a browser without room: everything plays, and a warning says that nothing is kept", async () => {
    const server = await serve(built);
    const game = await open("about:blank");
    const { page } = game;
    const session = await page.context().newCDPSession(page);
    const { origin } = server;
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
    await page.goto(`${origin}/`);
    await game.until('[data-state="playing"][data-sources~="model"]');
    expect(await game.read("warnings")).toBe("cache-unavailable");
  });
});

describe("as players have it", () => {
  test("a browser that wants a gesture refuses, is told of, and plays after a click", async () => {
    const args = CHROMIUM_ARGUMENTS.filter((each) => !each.startsWith("--autoplay-policy"));
    const strict = await chromium.launch({ executablePath: findChromium(), args });
    onTestFinished(() => strict.close());
    const server = await serve(built);
    const game = await openGame(strict, server.origin);
    await game.until("[data-failure]");
    expect(await game.read("failure")).toContain("NotAllowedError");
    expect(await game.read("audio")).toBe("refused");
    await game.page.mouse.click(10, 10);
    await game.until('[data-state="playing"]');
    expect(await game.read("audio")).toBe("refused");
  });
});
