import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server does to one answer. */
interface Fault {
  readonly status?: number;
  /** Bytes of the answer after which the connection breaks. */
  readonly breakAfter?: number;
  /** Bytes of the answer after which no more come, while the connection stays. */
  readonly stallAfter?: number;
  /** Seconds over which the answer is spread evenly. */
  readonly lasting?: number;
  /** Another body in place of the file. */
  readonly body?: Uint8Array;
}

export interface Served {
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly path: string;
  /** As the header says it, such as `bytes=1000-`. */
  readonly range: string | undefined;
  /** Bytes of the answer's body, those among them that a fault kept back. */
  readonly sent: number;
}

export interface FileServer {
  readonly origin: string;
  /** Every request so far, in order. */
  readonly asked: readonly Asked[];
  /** Faults of the next answers for a path, one each, in order. */
  fail(path: string, ...faults: readonly Fault[]): void;
  /** Stops answering; `start` begins again at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface FileServerOptions {
  /** What lies at a path; undefined is answered with 404. */
  readonly read: (path: string) => Promise<Served | undefined>;
  /** Whether it answers parts of files. Default true. */
  readonly ranges?: boolean;
}

/** A real HTTP server on a free port of this machine, for any origin, with the faults that a test asks for. */
export async function serveFiles({ read, ranges = true }: FileServerOptions): Promise<FileServer> {
  const asked: Asked[] = [];
  const faults = new Map<string, Fault[]>();
  let port = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const fault = faults.get(path)?.shift() ?? {};
    const { range } = request.headers;
    const file = fault.status === undefined ? await read(path) : undefined;
    const found = file && { ...file, body: fault.body ?? file.body };
    if (found === undefined) {
      asked.push({ path, range, sent: 0 });
      response.writeHead(fault.status ?? 404, CORS).end();
      return;
    }
    const from = ranges ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
    if (from >= found.body.length && from > 0) {
      asked.push({ path, range, sent: 0 });
      response.writeHead(416, CORS).end();
      return;
    }
    const body = found.body.subarray(from);
    asked.push({ path, range, sent: body.length });
    response.writeHead(from > 0 ? 206 : 200, {
      ...CORS,
      ...found.headers,
      "Content-Length": body.length,
      ...(from > 0
        ? {
            "Content-Range": `bytes ${from}-${found.body.length - 1}/${found.body.length}`,
          }
        : {}),
    });
    const { breakAfter, stallAfter, lasting } = fault;
    if (lasting !== undefined) {
      await trickle(response, body, lasting);
      return;
    }
    const end = breakAfter ?? stallAfter;
    if (end === undefined) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, end), () => {
      // What was written is given the time to arrive.
      if (breakAfter !== undefined) setTimeout(() => response.destroy(), 50);
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  await start();
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    fail: (path, ...more) => {
      faults.set(path, [...(faults.get(path) ?? []), ...more]);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start,
  };
}

/** Parts of a slow answer, each second. */
const PARTS = 4;

async function trickle(response: ServerResponse, body: Uint8Array, seconds: number): Promise<void> {
  const size = Math.ceil(body.length / (seconds * PARTS));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    await new Promise((resolve) => setTimeout(resolve, 1000 / PARTS));
  }
  response.end();
}

/** Any page may read, also one that is isolated from other origins. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Cross-Origin-Resource-Policy": "cross-origin",
};
