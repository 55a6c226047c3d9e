import { milliseconds, type Milliseconds } from "../time/units.ts";
import { FailedTry, loaderError, messageOf } from "./errors.ts";
import { checkBytes, type Hashing } from "./hash.ts";
import type { LoadNews, WantedFile } from "./service.ts";

/** What downloading needs of its surroundings. */
export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** What the browser says; it is sure only of `false`. */
  readonly isOnline: () => boolean;
  /** Resolves after so long, or as soon as the browser finds a network. */
  readonly wait: (time: Milliseconds) => Promise<void>;
  readonly hashing: Hashing | undefined;
  readonly patience: Patience;
}

export interface Patience {
  /** Without a byte for so long, a try counts as failed. */
  readonly stall: Milliseconds;
  /** Before the second try, the third and so on; a try that got further than all before starts them anew. */
  readonly waits: readonly Milliseconds[];
}

export const PATIENCE: Patience = {
  stall: milliseconds(10_000),
  waits: [250, 1000, 4000, 15_000].map(milliseconds),
};

/** What has come so far. */
interface Received {
  parts: Uint8Array<ArrayBuffer>[];
  loaded: number;
}

/**
 * Downloads a file. A download that breaks goes on where it stopped, if its hash is known and the server can
 * do so (HTTP `Range`), else from the beginning. Rejects as `LoaderService.read`.
 */
export async function download(
  file: WantedFile,
  network: Network,
  tell: (news: LoadNews) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const received: Received = { parts: [], loaded: 0 };
  const { waits } = network.patience;
  let furthest = 0;
  let isDamaged = false;
  for (let tries = 0; ;) {
    try {
      await receive(file, received, { network, tell, reload: isDamaged });
      const bytes = joined(received);
      await checkBytes(file, bytes, network.hashing);
      return bytes;
    } catch (error) {
      if (!(error instanceof FailedTry)) throw error;
      if (received.loaded > furthest) tries = 0;
      furthest = Math.max(furthest, received.loaded);
      const { problem, message } = error;
      const isFinal = problem === "missing" || (problem === "damaged" && isDamaged);
      const retryIn = isFinal ? undefined : waits[tries];
      if (problem === "damaged") isDamaged = true;
      if (problem === "damaged" || file.check === undefined) forget(received);
      const next = retryIn === undefined ? "" : `; another try follows in ${retryIn} ms`;
      tell({ kind: "failed", problem, message: `${message}${next}` });
      if (retryIn === undefined) throw failure(error);
      tries += 1;
      await network.wait(retryIn);
    }
  }
}

function failure(error: FailedTry): Error {
  const { problem, message } = error;
  if (problem === "missing") return loaderError("FileMissingError", message, error);
  if (problem === "damaged") return loaderError("FileDamagedError", message, error);
  return loaderError("NetworkError", message, error);
}

function forget(received: Received): void {
  received.parts = [];
  received.loaded = 0;
}

interface Try {
  readonly network: Network;
  readonly tell: (news: LoadNews) => void;
  /** Past the browser's own cache, which may hold the damage. */
  readonly reload: boolean;
}

/** One try: adds to what there is. Rejects with `FailedTry`. */
async function receive(
  file: WantedFile,
  received: Received,
  { network, tell, reload }: Try,
): Promise<void> {
  const { url, check } = file;
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStalled = false;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isStalled = true;
      abort.abort();
    }, network.patience.stall);
  };
  try {
    watch();
    const response = await network.fetch(url, {
      cache: reload ? "reload" : "default",
      signal: abort.signal,
      ...(received.loaded > 0 ? { headers: { Range: `bytes=${received.loaded}-` } } : {}),
    });
    if (response.status === NO_SUCH_RANGE) forget(received);
    refuse(url, response);
    if (!continues(response, received.loaded)) forget(received);
    const meter = progressMeter(check?.bytes ?? sizeOf(response), tell);
    const stream = response.body?.getReader();
    for (let part = await stream?.read(); part?.done === false; part = await stream?.read()) {
      watch();
      received.parts.push(part.value);
      received.loaded += part.value.length;
      if (check !== undefined && received.loaded > check.bytes) {
        abort.abort();
        throw new FailedTry("damaged", `${url} is longer than ${check.bytes} bytes`);
      }
      meter(received.loaded);
    }
  } catch (error) {
    if (error instanceof FailedTry) throw error;
    const problem = isStalled ? "stalled" : network.isOnline() ? "interrupted" : "offline";
    const reason = isStalled ? `no byte for ${network.patience.stall} ms` : messageOf(error);
    throw new FailedTry(problem, `cannot fetch ${url}: ${problem}: ${reason}`, error);
  } finally {
    clearTimeout(timer);
  }
  if (check !== undefined && received.loaded < check.bytes) {
    const how = `ended after ${received.loaded} of ${check.bytes} bytes`;
    throw new FailedTry("truncated", `cannot fetch ${url}: truncated: it ${how}`);
  }
}

/** Progress is told each time a hundredth has come, or this many bytes, whichever is more. */
const LEAST_PROGRESS = 16_384;

function progressMeter(
  totalBytes: number,
  tell: (news: LoadNews) => void,
): (loadedBytes: number) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (loadedBytes) => {
    if (loadedBytes - told < Math.max(LEAST_PROGRESS, totalBytes / 100)) return;
    told = loadedBytes;
    tell({ kind: "progress", loadedBytes, totalBytes });
  };
}

/** In bytes; 0 where the server does not say. What it says of a compressed file is too little. */
const sizeOf = ({ headers }: Response): number =>
  headers.has("content-encoding") ? 0 : Number(headers.get("content-length") ?? 0);

/** Whether what comes goes on from what there is. */
function continues(response: Response, loaded: number): boolean {
  if (response.status !== 206) return false;
  // Another origin may keep this header to itself; the hash shows what is true.
  const range = response.headers.get("content-range");
  return range === null || range.startsWith(`bytes ${loaded}-`);
}

const TOO_LATE = 408;
const NO_SUCH_RANGE = 416;
const TOO_MANY = 429;

/** Throws `FailedTry` for what is no answer with the file. */
function refuse(url: string, { ok, status }: Response): void {
  if (ok) return;
  const message = `cannot fetch ${url}: status ${status}`;
  if (status === NO_SUCH_RANGE) throw new FailedTry("truncated", message);
  const isPassing = status >= 500 || status === TOO_LATE || status === TOO_MANY;
  throw new FailedTry(isPassing ? "server-error" : "missing", message);
}

function joined({ parts, loaded }: Received): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
