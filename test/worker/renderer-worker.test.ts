import { afterEach, describe, expect, test, vi } from "vitest";
import { createRendererClient, type RendererClient } from "../../engine/renderer-worker/client.ts";
import { PALETTES } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer } from "../../engine/renderer-worker/renderer.ts";
import { createRendererService } from "../../engine/renderer-worker/renderer-service.ts";
import { serveRenderer } from "../../engine/renderer-worker/serve.ts";
import type { RendererService } from "../../engine/renderer-worker/service.ts";
import { frames, milliseconds } from "../../engine/time/units.ts";
import type { WorkerLike } from "../../engine/worker-link/link.ts";
import { createPulse } from "../../engine/worker-link/pulse.ts";
import {
  BAR,
  openRenderer,
  readSoundfont,
  renderStretch,
  SAMPLE_RATE,
} from "./renderer-fixture.ts";

const [PALETTE] = PALETTES;
const LOAD = { read: () => Promise.resolve(readSoundfont()), sampleRate: SAMPLE_RATE };
const REQUEST = {
  take: "take",
  voice: PALETTE.voices.melody,
  notes: BAR.melody,
  from: frames(0),
  to: frames(20_000),
};

const clients: RendererClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** A stand-in for a worker: a service at the other end of a real message channel. */
function channelTo(
  service: RendererService | undefined,
): WorkerLike & { fail(): void; says(sign: string): void } {
  const { port1, port2 } = new MessageChannel();
  if (service !== undefined) serveRenderer(service, port1);
  return Object.assign(port2, {
    says: (sign: string) => port1.postMessage(sign),
    terminate() {
      port1.close();
      port2.close();
    },
    fail: () => port2.dispatchEvent(new Event("error")),
  });
}

function clientOf(
  makeWorker: () => WorkerLike,
  watchdog = 20_000,
): { client: RendererClient; lost: Error[] } {
  const lost: Error[] = [];
  const onLost = (error: Error): number => lost.push(error);
  const client = createRendererClient({ makeWorker, watchdog: milliseconds(watchdog), onLost });
  clients.push(client);
  return { client, lost };
}

const bandService = createRendererService;

/** Answers `load` and nothing else. */
const deafService = (): RendererService => ({
  load: () => Promise.resolve(),
  addFont: () => Promise.resolve(),
  render: () => new Promise(() => undefined),
  release: () => undefined,
  recycle: () => undefined,
});

describe("across the worker boundary", () => {
  test("a stretch has the samples that it has without a worker", async () => {
    const { client } = clientOf(() => channelTo(bandService()));
    await client.load(LOAD);
    const here = renderStretch(await openRenderer(), REQUEST);
    const there = await client.render(REQUEST);
    expect(there.left).toEqual(here.left);
    expect(there.right).toEqual(here.right);
    expect(there).toMatchObject({ take: "take", from: 0, to: 20_000 });
  });

  test("samples are moved, not copied", async () => {
    const service = bandService();
    const render = vi.spyOn(service, "render");
    const { client } = clientOf(() => channelTo(service));
    await client.load(LOAD);
    await client.render(REQUEST);
    const sent = await render.mock.results[0]?.value;
    expect(sent?.left).toHaveLength(0);
    expect(sent?.right).toHaveLength(0);
  });

  test("a stretch asked for while the soundfont opens waits for it", async () => {
    const service = bandService();
    const opening = service.load({ soundfont: readSoundfont(), sampleRate: SAMPLE_RATE });
    const chunk = await service.render(REQUEST);
    await opening;
    expect(chunk.left).toHaveLength(20_000);
  });

  test("a released take starts afresh", async () => {
    const { client } = clientOf(() => channelTo(bandService()));
    await client.load(LOAD);
    const first = await client.render(REQUEST);
    client.release("take");
    expect((await client.render(REQUEST)).left).toEqual(first.left);
  });

  test("errors keep their name and message", async () => {
    const { client } = clientOf(() => channelTo(bandService()));
    await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "PaletteError" });
    await client.load(LOAD);
    await expect(client.render({ ...REQUEST, to: frames(-5) })).rejects.toMatchObject({
      name: "RangeError",
      message: expect.stringContaining("got 0 to -5"),
    });
  });

  test("bytes that are no soundfont are a PaletteError", async () => {
    const { client } = clientOf(() => channelTo(bandService()));
    const read = (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(100));
    await expect(client.load({ ...LOAD, read })).rejects.toMatchObject({
      name: "PaletteError",
      message: expect.stringContaining("cannot be read"),
    });
    await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "PaletteError" });
  });

  test("a soundfont that cannot be had rejects as its reader does, and a restart reads again", async () => {
    const read = vi.fn(() => Promise.resolve(readSoundfont()));
    read.mockRejectedValueOnce(Object.assign(new Error("offline"), { name: "NetworkError" }));
    const { client } = clientOf(() => channelTo(bandService()));
    await expect(client.load({ ...LOAD, read })).rejects.toMatchObject({ name: "NetworkError" });
    await client.restart();
    expect((await client.render(REQUEST)).left).toHaveLength(20_000);
  });
});

describe("a worker that stops", () => {
  test("leaves no call open, and is told of once", async () => {
    const { client, lost } = clientOf(() => channelTo(deafService()), 50);
    await client.load(LOAD);
    const calls = [client.render(REQUEST), client.render({ ...REQUEST, take: "another" })];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ name: "RendererLostError" });
    expect(lost).toHaveLength(1);
    // It has rendered nothing yet: it gets twice as long.
    expect(lost[0]?.message).toContain("for 100 ms");
  });

  test("gets as long with what it is told before its first chunk: what it may forget, memory that comes back", async () => {
    for (const tell of ["release", "recycle"] as const) {
      const { client, lost } = clientOf(() => channelTo(undefined), 30);
      if (tell === "release") client.release("another");
      else client.recycle([new ArrayBuffer(8)]);
      await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "RendererLostError" });
      expect(lost[0]?.message).toContain("for 60 ms");
    }
  });

  test("that never rendered anything leaves the next one more time, until one renders", async () => {
    const silent = (): RendererService => deafService();
    const services = [silent(), silent(), bandService(), silent()];
    const { client, lost } = clientOf(() => channelTo(services.shift()), 40);
    await client.load(LOAD);
    for (let loss = 0; loss < 2; loss += 1) {
      await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "RendererLostError" });
      await client.restart();
    }
    await client.render(REQUEST);
    await client.restart();
    await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "RendererLostError" });
    const patience = lost.map(({ message }) => Number(/for (\d+) ms/.exec(message)?.[1]));
    expect(patience).toEqual([80, 160, 80]);
  });

  test("refuses later calls at once", async () => {
    const { client } = clientOf(() => channelTo(undefined), 30);
    await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "RendererLostError" });
    const refused = client.render(REQUEST).catch((error: unknown) => error);
    const later = new Promise((resolve) => setTimeout(resolve, 0, "later"));
    expect(await Promise.race([refused, later])).toMatchObject({ name: "RendererLostError" });
  });

  test("is replaced by restart(), with its soundfont loaded again", async () => {
    let made = 0;
    const { client, lost } = clientOf(() => {
      made += 1;
      return channelTo(made === 1 ? deafService() : bandService());
    }, 3_000);
    await client.load(LOAD);
    await expect(client.render(REQUEST)).rejects.toMatchObject({ name: "RendererLostError" });
    await client.restart();
    expect((await client.render(REQUEST)).left).toHaveLength(20_000);
    expect(lost).toHaveLength(1);
  });

  test("is told of at once when it reports an error", async () => {
    const worker = channelTo(undefined);
    const { client, lost } = clientOf(() => worker);
    const call = client.load(LOAD);
    worker.fail();
    await expect(call).rejects.toMatchObject({ name: "RendererLostError" });
    expect(lost).toHaveLength(1);
  });
});

test("a queue that takes longer than the watchdog is not lost while answers come", async () => {
  const slow = deafService();
  slow.render = async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 60 * (1 + Number(request.take))));
    const { from, to } = request;
    const left = new Float32Array(1);
    return { take: request.take, from, to, left, right: left.slice(), cost: milliseconds(0) };
  };
  const { client, lost } = clientOf(() => channelTo(slow), 400);
  const answers = Array.from({ length: 12 }, (_, i) => client.render({ ...REQUEST, take: `${i}` }));
  expect(await Promise.all(answers)).toHaveLength(12);
  expect(lost).toHaveLength(0);
});

test("what was asked of a new worker together with its first chunk is waited for no longer than what is asked after it", async () => {
  const once = deafService();
  once.render = ({ take, from, to }) => {
    if (take !== "first") return new Promise(() => undefined);
    const left = new Float32Array(1);
    return Promise.resolve({ take, from, to, left, right: left.slice(), cost: milliseconds(0) });
  };
  const { client } = clientOf(() => channelTo(once), 2_000);
  const begun = performance.now();
  const [first, second] = ["first", "second"].map((take) => client.render({ ...REQUEST, take }));
  await first;
  await expect(second).rejects.toMatchObject({ name: "RendererLostError" });
  // A new worker has twice the time of the watchdog for its first chunk.
  expect(performance.now() - begun).toBeLessThan(4_000);
});

test("one chunk that takes longer than the watchdog is not lost while the worker gives signs of life", async () => {
  const slow = deafService();
  const worker = channelTo(slow);
  const pulse = createPulse(
    (sign) => worker.says(sign),
    () => performance.now(),
  );
  slow.render = async ({ take, from, to }) => {
    for (let turn = 0; turn < 60; turn += 1) {
      pulse();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const left = new Float32Array(1);
    return { take, from, to, left, right: left.slice(), cost: milliseconds(0) };
  };
  const { client, lost } = clientOf(() => worker, 1_000);
  expect((await client.render(REQUEST)).left).toHaveLength(1);
  expect(lost).toHaveLength(0);
});

test("a worker gives signs of life all through the rendering of one chunk", async () => {
  const goesOn = vi.fn();
  const renderer = await createRenderer(
    { soundfont: readSoundfont(), sampleRate: SAMPLE_RATE },
    goesOn,
  );
  renderer.render(REQUEST);
  // A block is 128 frames at most.
  expect(goesOn.mock.calls.length).toBeGreaterThan(20_000 / 128);
});

test("restart() of a healthy worker rejects what was open and is no loss", async () => {
  const { client, lost } = clientOf(() => channelTo(deafService()));
  const call = client.render(REQUEST);
  const rejected = expect(call).rejects.toMatchObject({ name: "RendererLostError" });
  await client.restart();
  await rejected;
  expect(lost).toHaveLength(0);
});

test("a disposed client rejects every call", async () => {
  const { client, lost } = clientOf(() => channelTo(deafService()));
  const call = client.render(REQUEST);
  client.dispose();
  await expect(call).rejects.toMatchObject({ name: "RendererLostError" });
  await expect(client.load(LOAD)).rejects.toMatchObject({ name: "RendererLostError" });
  client.release("take");
  expect(lost).toHaveLength(0);
});
