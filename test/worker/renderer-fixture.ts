import { readFileSync } from "node:fs";
import type {
  FrameMovement,
  FrameNote,
  RenderedChunk,
  Voice,
} from "../../engine/renderer-worker/service.ts";
import type { Renderer } from "../../engine/renderer-worker/renderer.ts";
import type { Stem } from "../../engine/music/stem.ts";
import { openShippedRenderer } from "../../integrations/cli/shipped-renderer.ts";
import { frames, midiPitch, velocity } from "../../engine/time/units.ts";

export const SAMPLE_RATE = 44_100;

/** The soundfont that `npm run palette` builds. */
export const readSoundfont = (): ArrayBuffer =>
  new Uint8Array(
    readFileSync(new URL("../../engine/renderer-worker/palettes/band.sf3", import.meta.url)),
  ).buffer;

/** With the soundfonts of all palettes. */
export const openRenderer = (): Promise<Renderer> => openShippedRenderer(SAMPLE_RATE);

export const note = (at: number, length: number, pitch: number, loudness = 90): FrameNote => ({
  at: frames(at),
  end: frames(at + length),
  pitch: midiPitch(pitch),
  velocity: velocity(loudness),
});

/** One bar for each stem, off the grid of blocks: chords of four, repeated pitches, rolls. */
export const BAR: Readonly<Record<Stem, readonly FrameNote[]>> = {
  melody: [note(1_000, 9_000, 74), note(10_000, 5_000, 74), note(15_111, 12_000, 79)],
  counter: [note(777, 20_000, 65), note(22_050, 9_000, 69)],
  harmony: [50, 57, 62, 65].flatMap((pitch) => [note(500, 16_001, pitch, 72)]),
  bass: [note(0, 11_025, 38), note(11_025, 11_025, 45)],
  drums: [
    ...[36, 42, 49].map((key) => note(0, 2_000, key)),
    ...[6_001, 6_500, 7_000, 7_499].map((at) => note(at, 100, 38)),
    ...[45, 46, 54].map((key) => note(20_000, 100, key)),
  ],
};

export interface StretchOptions {
  readonly take?: string;
  readonly voice: Voice;
  readonly notes: readonly FrameNote[];
  readonly movements?: readonly FrameMovement[];
  readonly from?: number;
  readonly to: number;
}

export const renderStretch = (renderer: Renderer, options: StretchOptions): RenderedChunk =>
  renderer.render({
    take: options.take ?? "take",
    voice: options.voice,
    notes: options.notes,
    ...(options.movements === undefined ? {} : { movements: options.movements }),
    from: frames(options.from ?? 0),
    to: frames(options.to),
  });

/** The largest sum of both channels' levels between two frames. */
export const attackOf = ({ left, right }: RenderedChunk, from: number, to: number): number =>
  left
    .subarray(from, to)
    .reduce((peak, x, i) => Math.max(peak, Math.abs(x) + Math.abs(right[from + i] ?? 0)), 0);

/** The loudest sample of both channels between two frames. */
export function peakOf({ left, right }: RenderedChunk, from = 0, to = left.length): number {
  let peak = 0;
  for (let i = from; i < to; i += 1) {
    peak = Math.max(peak, Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0));
  }
  return peak;
}

/** The first frame, of both channels together, that reaches a level. -1 if none does. */
export const firstReaching = ({ left, right }: RenderedChunk, level: number): number =>
  left.findIndex((sample, i) => Math.abs(sample) + Math.abs(right[i] ?? 0) >= level);
