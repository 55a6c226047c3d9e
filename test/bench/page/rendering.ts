import soundfontUrl from "../../../engine/renderer-worker/palettes/band.sf3?url";
import { createRendererClient } from "../../../engine/renderer-worker/client.ts";
import { paletteNamed } from "../../../engine/renderer-worker/palettes.ts";
import { STEMS, type PerStem } from "../../../engine/music/stem.ts";
import type { FrameNote, RenderedChunk } from "../../../engine/renderer-worker/service.ts";
import { frames, milliseconds } from "../../../engine/time/units.ts";
import { fetchBytes } from "../../helpers/fetch-model.ts";
import { BAR_SECONDS, notesOf, SAMPLE_RATE } from "./piece.ts";

const BARS = 4;
const BAR_FRAMES = BAR_SECONDS * SAMPLE_RATE;
/** What the engine renders after the last bar of a phrase. */
const TAIL_FRAMES = 1.5 * SAMPLE_RATE;
const { voices } = paletteNamed("plucked");

const renderer = createRendererClient({ watchdog: milliseconds(60_000) });
let takes = 0;

export const open = (): Promise<void> =>
  renderer.load({ read: () => fetchBytes(soundfontUrl), sampleRate: SAMPLE_RATE });

export const close = (): void => renderer.dispose();

/** One stretch of all five stems. */
const renderPart = (
  take: string,
  notes: PerStem<readonly FrameNote[]>,
  from: number,
  to: number,
): Promise<readonly RenderedChunk[]> =>
  Promise.all(
    STEMS.map((stem) =>
      renderer.render({
        take: `${take}:${stem}`,
        voice: voices[stem],
        notes: notes[stem],
        from: frames(from),
        to: frames(to),
      }),
    ),
  );

function release(take: string): void {
  for (const stem of STEMS) renderer.release(`${take}:${stem}`);
}

/** Renders a phrase bar by bar, with its tail, and gives the worker's time in seconds per second of music. */
export async function renderPhrase(seed: number): Promise<number> {
  const notes = notesOf(BARS, seed);
  const take = `take ${(takes += 1)}`;
  let cost = 0;
  for (let bar = 0; bar <= BARS; bar += 1) {
    const from = bar * BAR_FRAMES;
    const to = bar === BARS ? from + TAIL_FRAMES : from + BAR_FRAMES;
    for (const chunk of await renderPart(take, notes, from, to)) cost += chunk.cost;
  }
  release(take);
  return cost / 1000 / (BARS * BAR_SECONDS);
}

/**
 * Milliseconds from the request to the PCM of one bar under new takes, as after a change of notes: the
 * synthesisers start afresh and pass over the bars before.
 */
export async function renderBarAnew(bar: number, seed: number): Promise<number> {
  const notes = notesOf(BARS, seed);
  const take = `take ${(takes += 1)}`;
  const from = bar * BAR_FRAMES;
  const begin = performance.now();
  await renderPart(take, notes, from, from + BAR_FRAMES);
  const time = performance.now() - begin;
  release(take);
  return time;
}
