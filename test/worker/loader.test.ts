import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Patience } from "../../engine/loader-worker/download.ts";
import { createFileCache, type Caches } from "../../engine/loader-worker/file-cache.ts";
import { createLoader } from "../../engine/loader-worker/loader.ts";
import type { LoaderService, LoadNews, WantedFile } from "../../engine/loader-worker/service.ts";
import { milliseconds } from "../../engine/time/units.ts";
import { fakeCaches } from "../helpers/fake-caches.ts";
import { serveFiles, type FileServer } from "../helpers/file-server.ts";

const BODY = new Uint8Array(randomBytes(300_000));
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const HASH = hashOf(BODY);
const checkOf = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: hashOf(bytes) });

let server: FileServer;
let files: Record<string, Uint8Array>;
let online = true;
let waits: number[] = [];

beforeEach(async () => {
  files = { "/model": BODY };
  online = true;
  waits = [];
  server = await serveFiles({
    read: async (path) => {
      const body = files[path];
      return body && { body };
    },
  });
});
afterEach(() => server.stop());

const wanted = (changes: Partial<WantedFile> = {}): WantedFile => ({
  kind: "model",
  slot: "model lite wasm",
  url: `${server.origin}/model`,
  check: checkOf(BODY),
  cache: "attacca",
  ...changes,
});

const QUICK: Patience = {
  stall: milliseconds(300),
  waits: [1, 2, 3, 4].map(milliseconds),
};

interface Given {
  readonly caches?: Caches | "none";
  readonly hashing?: "none";
  readonly patience?: Patience;
}

const loaderWith = ({ caches = fakeCaches(), hashing, patience = QUICK }: Given = {}) =>
  createLoader(
    {
      fetch: (url, init) => fetch(url, init),
      isOnline: () => online,
      wait: async (time) => {
        waits.push(time);
        await new Promise((resolve) => setTimeout(resolve, time));
      },
      hashing: hashing === "none" ? undefined : crypto.subtle,
      patience,
    },
    createFileCache(caches === "none" ? undefined : caches, "https://game.test"),
  );

/** What comes of reading, and what is told on the way. */
async function reading(loader: LoaderService, file = wanted()) {
  const news: LoadNews[] = [];
  const outcome = await loader
    .read(file, (item) => news.push(item))
    .then(
      (bytes) => ({ sha256: hashOf(new Uint8Array(bytes)), error: undefined }),
      (error: unknown) => ({ sha256: undefined, error: error as Error }),
    );
  const failures = news.flatMap((item) => (item.kind === "failed" ? [item] : []));
  return { ...outcome, news, failures, problems: failures.map(({ problem }) => problem) };
}

const ranges = () => server.asked.map(({ range }) => range);

describe("a download", () => {
  test("brings the bytes, and tells how many of how many have come", async () => {
    const { sha256, news } = await reading(loaderWith());
    expect(sha256).toBe(HASH);
    const told = news.flatMap((item) => (item.kind === "progress" ? [item] : []));
    expect(told.length).toBeGreaterThan(2);
    expect(told.every(({ totalBytes }) => totalBytes === BODY.length)).toBe(true);
    const loaded = told.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(loaded.at(-1)).toBe(BODY.length);
  });

  test("that breaks goes on where it stopped, and only the rest is sent again", async () => {
    server.fail("/model", { breakAfter: 100_000 }, { breakAfter: 50_000 });
    const { sha256, problems } = await reading(loaderWith());
    expect(sha256).toBe(HASH);
    expect(problems).toEqual(["interrupted", "interrupted"]);
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
  });

  test("that breaks begins anew where the server cannot send a part", async () => {
    await server.stop();
    server = await serveFiles({ ranges: false, read: async () => ({ body: BODY }) });
    server.fail("/model", { breakAfter: 100_000 });
    const { sha256 } = await reading(loaderWith());
    expect(sha256).toBe(HASH);
    expect(server.asked.map(({ sent }) => sent)).toEqual([BODY.length, BODY.length]);
  });

  test("whose hash is not known begins anew: its parts might be of two versions", async () => {
    server.fail("/model", { breakAfter: 100_000 });
    const { sha256 } = await reading(loaderWith(), wanted({ check: undefined }));
    expect(sha256).toBe(HASH);
    expect(ranges()).toEqual([undefined, undefined]);
  });

  test("waits longer before each try, and from the beginning once it gets further", async () => {
    const refused = { status: 503 };
    server.fail("/model", refused, refused, { breakAfter: 100_000 }, refused);
    const { sha256, problems } = await reading(loaderWith());
    expect(sha256).toBe(HASH);
    expect(problems).toEqual(["server-error", "server-error", "interrupted", "server-error"]);
    expect(waits).toEqual([1, 2, 1, 2]);
  });

  test("of a file that is not there fails at once, and says where it looked", async () => {
    const { error, problems } = await reading(loaderWith(), wanted({ url: `${server.origin}/no` }));
    expect(error).toMatchObject({
      name: "FileMissingError",
      message: `cannot fetch ${server.origin}/no: status 404`,
    });
    expect(problems).toEqual(["missing"]);
    expect(server.asked).toHaveLength(1);
  });

  test("of a file that is too short is tried again, and fails as the network does", async () => {
    files["/model"] = BODY.subarray(0, 200_000);
    const { error, problems } = await reading(loaderWith());
    expect(error).toMatchObject({
      name: "NetworkError",
      message: expect.stringContaining("truncated: it ended after 200000 of 300000 bytes"),
    });
    expect(new Set(problems)).toEqual(new Set(["truncated"]));
  });

  test("of a file that was too short and is whole by the next try succeeds", async () => {
    files["/model"] = BODY.subarray(0, 200_000);
    const loader = loaderWith();
    const news: LoadNews[] = [];
    const bytes = await loader.read(wanted(), (item) => {
      news.push(item);
      if (item.kind === "failed") files["/model"] = BODY;
    });
    expect(hashOf(new Uint8Array(bytes))).toBe(HASH);
    expect(ranges()).toEqual([undefined, "bytes=200000-"]);
  });

  test("with a wrong hash is fetched once more, then refused with both hashes named", async () => {
    const other = BODY.slice();
    other[5] = (other[5] ?? 0) ^ 1;
    files["/model"] = other;
    const { error, problems } = await reading(loaderWith());
    expect(error).toMatchObject({ name: "FileDamagedError" });
    expect(error?.message).toContain(`expected sha256 ${checkOf(BODY).sha256}`);
    expect(error?.message).toContain(`found ${checkOf(other).sha256}`);
    expect(problems).toEqual(["damaged", "damaged"]);
    expect(ranges()).toEqual([undefined, undefined]);
  });

  test("that goes on with another version of the file is fetched whole once more", async () => {
    server.fail("/model", { breakAfter: 100_000 });
    const loader = loaderWith();
    const old = BODY.map((byte) => byte ^ 1);
    files["/model"] = old;
    const problems: string[] = [];
    const bytes = await loader.read(wanted(), (item) => {
      if (item.kind !== "failed") return;
      problems.push(item.problem);
      files["/model"] = BODY;
    });
    expect(hashOf(new Uint8Array(bytes))).toBe(HASH);
    expect(problems).toEqual(["interrupted", "damaged"]);
    expect(ranges()).toEqual([undefined, "bytes=100000-", undefined]);
  });

  test("that is longer than it should be is broken off", async () => {
    files["/model"] = new Uint8Array([...BODY, ...BODY]);
    const { error } = await reading(loaderWith());
    expect(error).toMatchObject({
      name: "FileDamagedError",
      message: expect.stringContaining("longer than 300000 bytes"),
    });
  });

  test("from which no byte comes is told of as stalled, and goes on where it stopped", async () => {
    server.fail("/model", { stallAfter: 120_000 });
    const { sha256, failures } = await reading(loaderWith());
    expect(sha256).toBe(HASH);
    expect(failures).toEqual([
      {
        kind: "failed",
        problem: "stalled",
        message: `cannot fetch ${server.origin}/model: stalled: no byte for 300 ms; another try follows in 1 ms`,
      },
    ]);
    expect(ranges()).toEqual([undefined, "bytes=120000-"]);
  });

  test("without a network is offline, until the network is back", async () => {
    await server.stop();
    online = false;
    const loader = loaderWith({ patience: { ...QUICK, waits: [1, 400].map(milliseconds) } });
    const problems: string[] = [];
    const bytes = await loader.read(wanted(), (item) => {
      if (item.kind !== "failed") return;
      problems.push(item.problem);
      if (problems.length === 2) void server.start();
    });
    expect(hashOf(new Uint8Array(bytes))).toBe(HASH);
    expect(problems).toEqual(["offline", "offline"]);
  });

  test("that never succeeds ends with the last reason", async () => {
    await server.stop();
    const { error, problems } = await reading(loaderWith());
    expect(error).toMatchObject({
      name: "NetworkError",
      message: expect.stringContaining(`cannot fetch ${server.origin}/model: interrupted`),
    });
    expect(problems).toHaveLength(5);
    await server.start();
  });
});

describe("the cache", () => {
  test("gives what was fetched once, without the network", async () => {
    const caches = fakeCaches();
    await reading(loaderWith({ caches }));
    await server.stop();
    const { sha256, news } = await reading(loaderWith({ caches }));
    expect(sha256).toBe(HASH);
    expect(news).toEqual([{ kind: "progress", loadedBytes: BODY.length, totalBytes: BODY.length }]);
    await server.start();
  });

  test("whose bytes are damaged is not believed: the file is fetched again and kept", async () => {
    const caches = fakeCaches();
    await reading(loaderWith({ caches }));
    caches.spoil();
    const { sha256, failures } = await reading(loaderWith({ caches }));
    expect(sha256).toBe(HASH);
    expect(failures).toMatchObject([
      { problem: "damaged", message: expect.stringContaining("in the cache") },
    ]);
    expect(server.asked).toHaveLength(2);
    await reading(loaderWith({ caches }));
    expect(server.asked).toHaveLength(2);
  });

  test("keeps one version of a file, and every file of another slot", async () => {
    const caches = fakeCaches();
    const newer = BODY.map((byte) => byte ^ 1);
    files["/newer"] = newer;
    await reading(loaderWith({ caches }));
    await reading(loaderWith({ caches }), wanted({ slot: "runtime wasm" }));
    const url = `${server.origin}/newer`;
    await reading(loaderWith({ caches }), wanted({ url, check: checkOf(newer) }));
    expect(caches.keys().toSorted()).toEqual([
      `https://game.test/.attacca/model%20lite%20wasm/${checkOf(newer).sha256}`,
      `https://game.test/.attacca/runtime%20wasm/${checkOf(BODY).sha256}`,
    ]);
  });

  test("that is full makes room by the old version", async () => {
    const caches = fakeCaches(400_000);
    const newer = BODY.map((byte) => byte ^ 1);
    files["/newer"] = newer;
    await reading(loaderWith({ caches }));
    const url = `${server.origin}/newer`;
    const { news } = await reading(loaderWith({ caches }), wanted({ url, check: checkOf(newer) }));
    expect(news.map(({ kind }) => kind)).not.toContain("not-kept");
    expect(caches.keys()).toHaveLength(1);
  });

  test.each<[what: string, caches: Caches | "none", why: string]>([
    ["is full", fakeCaches(1000), "full"],
    ["is missing", "none", "no Cache API"],
    [
      "is forbidden",
      { open: () => Promise.reject(new DOMException("not here", "SecurityError")) },
      "not here",
    ],
  ])("that %s is told of; the file is there, and stays in memory", async (_, caches, why) => {
    const loader = loaderWith({ caches });
    const first = await reading(loader);
    expect(first.sha256).toBe(HASH);
    expect(first.news.filter(({ kind }) => kind === "not-kept")).toMatchObject([
      { message: expect.stringContaining(why) },
    ]);
    const second = await reading(loader);
    expect(second.sha256).toBe(HASH);
    expect(server.asked).toHaveLength(1);
  });

  test("serves a file without a hash only where the network fails, and then at once", async () => {
    const caches = fakeCaches();
    const manifest = wanted({ check: undefined, slot: "manifest lite" });
    await reading(loaderWith({ caches }), manifest);
    const newer = BODY.map((byte) => byte ^ 1);
    files["/model"] = newer;
    expect((await reading(loaderWith({ caches }), manifest)).sha256).toBe(hashOf(newer));
    server.fail("/model", { status: 500 });
    expect((await reading(loaderWith({ caches }), manifest)).sha256).toBe(hashOf(newer));
    expect(waits).toEqual([]);
    expect(caches.keys()).toHaveLength(1);
  });
});

describe("two who want the same file", () => {
  test("share one download, with bytes and progress for each", async () => {
    const loader = loaderWith();
    const [one, two] = await Promise.all([reading(loader), reading(loader)]);
    expect(one.sha256).toBe(HASH);
    expect(two.sha256).toBe(HASH);
    expect(two.news.length).toBeGreaterThan(1);
    expect(server.asked).toHaveLength(1);
  });

  test("share its failure, and a third who asks after it tries anew", async () => {
    const loader = loaderWith();
    server.fail("/model", { status: 404 });
    const [one, two] = await Promise.all([reading(loader), reading(loader)]);
    expect([one.error?.name, two.error?.name]).toEqual(["FileMissingError", "FileMissingError"]);
    expect((await reading(loader)).sha256).toBe(HASH);
  });
});

test("on a page without hashing a palette is taken as it comes, and a model is refused", async () => {
  const page = { caches: "none", hashing: "none" } as const;
  expect((await reading(loaderWith(page), wanted({ kind: "palette" }))).sha256).toBe(HASH);
  expect((await reading(loaderWith(page))).error).toMatchObject({
    name: "FileDamagedError",
    message: expect.stringContaining("https"),
  });
});
