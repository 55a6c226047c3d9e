import { ToneBufferSource, type Context, type Gain } from "tone";
import { frames, seconds, type Frames, type Seconds } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";

/** Stereo PCM at the context's rate. It is copied; both channels are of one length, at least a frame. */
export interface Chunk {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
}

/** A chunk on its way through a source that frees itself when it has ended. */
export interface ChunkSource {
  readonly start: Frames;
  /** Excluded. */
  readonly end: Frames;
  /** Takes away the fade at the end, as the next chunk follows on; false when that is too late. */
  join(): boolean;
  /** Takes the chunk back before its start. */
  cancel(): void;
}

export interface StartOptions {
  readonly chunk: Chunk;
  /** The frame on which the first sample would sound. */
  readonly start: Frames;
  /** Frames to leave out at the beginning. */
  readonly skipped: number;
  readonly fadesIn: boolean;
  readonly into: Gain;
  readonly onEnded: () => void;
}

/** The shortest fade that hides a break: 5 ms. */
export const DECLICK: Seconds = seconds(0.005);

/**
 * Starts a chunk on its frame. It fades out over its last 5 ms unless another one joins it, so that
 * music that runs dry stops without a click.
 */
export function startChunk(
  { tone, clock }: { readonly tone: Context; readonly clock: FrameClock },
  options: StartOptions,
): ChunkSource {
  const { chunk, skipped, fadesIn, into, onEnded } = options;
  const length = chunk.left.length - skipped;
  const start = frames(options.start + skipped);
  const end = frames(start + length);
  const fadeFrom = frames(Math.max(start, end - clock.framesOf(DECLICK)));

  const buffer = tone.createBuffer(2, length, clock.sampleRate);
  buffer.copyToChannel(chunk.left.subarray(skipped), 0);
  buffer.copyToChannel(chunk.right.subarray(skipped), 1);
  const source = new ToneBufferSource({
    context: tone,
    url: buffer,
    fadeIn: fadesIn ? DECLICK : 0,
    onended: onEnded,
  });
  source.connect(into);
  source.start(clock.sourceTime(start));
  const { gain } = source.output;
  // Tone opens the source's own gain at its start, which may round to one frame too late.
  if (!fadesIn) gain.setValueAtTime(1, clock.paramTime(start));
  gain.setValueAtTime(1, clock.paramTime(fadeFrom));
  gain.linearRampToValueAtTime(0, clock.paramTime(end));

  return {
    start,
    end,
    join() {
      if (clock.firstOpenFrame() > fadeFrom) return false;
      gain.cancelScheduledValues(clock.paramTime(fadeFrom));
      gain.setValueAtTime(1, clock.paramTime(fadeFrom));
      return true;
    },
    cancel() {
      source.stop(clock.now());
      // Tone stops a source on a tick of its clock, and ours has no timer: we give it one.
      tone.emit("tick");
    },
  };
}
