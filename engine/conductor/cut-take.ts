import type { RenderedChunk } from "../renderer-worker/service.ts";
import type { TakeSpec } from "../score/score.ts";
import { ticksPerBar } from "../time/meter.ts";
import { barsUntil, secondsOf, type Section } from "../time/section.ts";
import { seconds } from "../time/units.ts";
import { frameOfBar, type Span } from "./frames.ts";

/** Stereo at the player's rate. */
export type Pcm = Pick<RenderedChunk, "left" | "right">;

/** An authored take that is in memory, from the beginning of its file. */
export interface LoadedTake {
  readonly spec: TakeSpec;
  readonly pcm: Pcm;
  /** The bar of its section from which on it no longer goes round and only rings on; absent: none. */
  readonly until?: number;
}

/** One pass through a take, in frames of the section; what rings on after it sounds under the next one. */
interface Round extends Span {
  /** The frame on which its first bar line falls … */
  readonly anchor: number;
  /** … and the frame of the file that sounds there. */
  readonly source: number;
}

/** A hundred-thousandth of a bar, so that a loop to the end of the take is known as one. */
const TOLERANCE = 1e-5;

/**
 * What a take plays in a span of a section's frames, counted from its bar 0. Every round begins on the
 * frame of its bar line, so that a loop whose length is no whole number of frames does not drift, and
 * within it every sample is that of the file. In another tempo the take is played faster or slower, by
 * cubic interpolation. Before bar 0 lies what the file has there.
 */
export function cutTake(take: LoadedTake, setting: Section, span: Span, sampleRate: number): Pcm {
  const length = span.to - span.from;
  const cut = { left: new Float32Array(length), right: new Float32Array(length) };
  const speed = setting.tempo / take.spec.tempo;
  for (const round of roundsIn(take, setting, span, sampleRate)) {
    const from = Math.max(span.from, round.from);
    const to = Math.min(span.to, round.to);
    const source = round.source + (from - round.anchor) * speed;
    for (const side of ["left", "right"] as const) {
      add(cut[side].subarray(from - span.from, Math.max(from, to) - span.from), {
        pcm: take.pcm[side],
        source,
        speed,
      });
    }
  }
  return cut;
}

/** The rounds that sound within a span, those that only ring on among them. */
function* roundsIn(
  { spec, until = Infinity }: LoadedTake,
  setting: Section,
  span: Span,
  sampleRate: number,
): Generator<Round> {
  const [back, end] = spec.loop;
  const loop = end - back;
  const barSeconds = secondsOf(ticksPerBar(spec.meter), spec.tempo);
  const entry = Math.round(spec.entry * sampleRate);
  const slower = spec.tempo / setting.tempo;
  const ring = end > spec.bars - TOLERANCE ? spec.tail * slower : 0;
  const frameAt = (bar: number): number => frameOfBar({ setting, firstBar: 0 }, bar, sampleRate);
  const now = barsUntil(setting, seconds(setting.startsAt + span.from / sampleRate));
  const ringing = Math.ceil(ring / (loop * barSeconds * slower)) + 1;
  const first = Math.max(0, Math.floor((now - end) / loop) + 1 - ringing);
  for (let index = first; ; index += 1) {
    const bar = index === 0 ? 0 : end + (index - 1) * loop;
    if (bar >= until - TOLERANCE) return;
    const anchor = frameAt(bar);
    const from = index === 0 ? -Math.floor(entry * slower) : anchor;
    if (from >= span.to) return;
    yield {
      from,
      to: frameAt(end + index * loop) + Math.round(ring * sampleRate),
      anchor,
      source: entry + (index === 0 ? 0 : Math.round(back * barSeconds * sampleRate)),
    };
  }
}

interface Reading {
  readonly pcm: Float32Array;
  /** The frame of the file with which it begins. */
  readonly source: number;
  /** Frames of the file for each frame that sounds. */
  readonly speed: number;
}

function add(into: Float32Array, { pcm, source, speed }: Reading): void {
  for (let index = 0; index < into.length; index += 1) {
    const sample = speed === 1 ? (pcm[source + index] ?? 0) : between(pcm, source + index * speed);
    into[index] = (into[index] ?? 0) + sample;
  }
}

/** The cubic through four neighbours (Catmull and Rom 1974); silence beyond both ends. */
function between(pcm: Float32Array, place: number): number {
  const index = Math.floor(place);
  const share = place - index;
  const [a, b, c, d] = [
    pcm[index - 1] ?? 0,
    pcm[index] ?? 0,
    pcm[index + 1] ?? 0,
    pcm[index + 2] ?? 0,
  ];
  const bend = 2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a);
  return b + (share * (c - a + share * bend)) / 2;
}
