import { afterEach, expect, test } from "vitest";
import { STEMS } from "../../engine/music/stem.ts";
import { createRendererClient, type RendererClient } from "../../engine/renderer-worker/client.ts";
import { paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer } from "../../engine/renderer-worker/renderer.ts";
import type { FrameNote, Voice } from "../../engine/renderer-worker/service.ts";
import { frames, midiPitch, milliseconds, velocity } from "../../engine/time/units.ts";
import { fetchBytes } from "../helpers/fetch-model.ts";

const SAMPLE_RATE = 48_000;
const soundfontUrl = new URL("../../engine/renderer-worker/palettes/band.sf3", import.meta.url)
  .href;
const LOAD = { read: () => fetchBytes(soundfontUrl), sampleRate: SAMPLE_RATE };
const VOICES = paletteNamed("plucked").voices;
const NOTES: readonly FrameNote[] = [
  { at: frames(1_000), end: frames(20_000), pitch: midiPitch(60), velocity: velocity(90) },
  { at: frames(12_345), end: frames(30_000), pitch: midiPitch(64), velocity: velocity(80) },
];
const stretch = (take: string, voice: Voice, to = 40_000) => ({
  take,
  voice,
  notes: NOTES,
  from: frames(0),
  to: frames(to),
});

const clients: RendererClient[] = [];
const workers: Worker[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
  workers.splice(0);
});

/** A client on the real worker, which the test holds too, so that it can kill it. */
function realClient(watchdog = 60_000): { client: RendererClient; lost: Error[] } {
  const lost: Error[] = [];
  const client = createRendererClient({
    watchdog: milliseconds(watchdog),
    onLost: (error) => lost.push(error),
    makeWorker() {
      const url = new URL("../../engine/renderer-worker/worker.ts", import.meta.url);
      const worker = new Worker(url, { type: "module" });
      workers.push(worker);
      return worker;
    },
  });
  clients.push(client);
  return { client, lost };
}

test("the real worker renders every stem with the samples of the main thread", async () => {
  const client = createRendererClient({ watchdog: milliseconds(60_000) });
  clients.push(client);
  await client.load(LOAD);
  const soundfont = await fetchBytes(soundfontUrl);
  const here = await createRenderer({ soundfont, sampleRate: SAMPLE_RATE });
  for (const stem of STEMS) {
    const request = stretch(stem, VOICES[stem]);
    const chunk = await client.render(request);
    expect(chunk.left.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
    expect(chunk.left).toEqual(here.render(request).left);
  }
});

test("a killed worker's calls reject, and after restart() the same samples come again", async () => {
  const { client, lost } = realClient(500);
  await client.load(LOAD);
  const request = stretch("melody", VOICES.melody);
  const before = await client.render(request);
  const open = client.render(stretch("long", VOICES.harmony, 200 * SAMPLE_RATE));
  const rejected = expect(open).rejects.toMatchObject({ name: "RendererLostError" });
  workers.at(-1)?.terminate();
  await rejected;
  expect(lost).toHaveLength(1);
  await client.restart();
  expect((await client.render(request)).left).toEqual(before.left);
});

test("bytes that are no soundfont are a PaletteError, and a palette that is one loads after it", async () => {
  const { client } = realClient();
  const read = (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(100));
  await expect(client.load({ ...LOAD, read })).rejects.toMatchObject({ name: "PaletteError" });
  await client.load(LOAD);
  expect((await client.render(stretch("bass", VOICES.bass, 100))).left).toHaveLength(100);
});
