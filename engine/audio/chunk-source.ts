import type { Context } from "tone";
import { frames, type Frames } from "../time/units.ts";
import type { Buffers } from "./buffers.ts";
import { DECLICK, type FrameClock } from "./clock.ts";
import { steady, withRamp, writeEnvelope, type Envelope } from "./envelope.ts";

/** Stereo PCM at the context's rate. It is copied; both channels are of one length, at least a frame. */
export interface Chunk {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
}

/** A chunk, or what is left of it, and when it is due. */
export interface Piece {
  /** Borrowed; silent after `length`. */
  readonly pcm: AudioBuffer;
  /** In frames. */
  readonly length: number;
  /** The frame on which the first sample sounds. */
  readonly start: Frames;
  /** Comes in at full level, whatever is before it. */
  readonly startsFull: boolean;
}

/** A piece on its way through a source that frees itself when it has ended. */
export interface ChunkSource {
  readonly piece: Piece;
  /** Excluded. */
  readonly end: Frames;
  /** Takes away the fade at the end, as the next chunk follows on; false when that is too late. */
  join(): boolean;
  /** Puts the fade at the end back, as no chunk follows on any more. */
  part(): void;
  /** Silent from `end` on, at once: for where nothing of it is heard. */
  cutShort(end: Frames): void;
  /** Lets go of it, before its start or once it is silent. */
  cancel(): void;
}

export interface AudioParts {
  readonly tone: Context;
  readonly clock: FrameClock;
  readonly buffers: Buffers;
}

export interface StartOptions {
  readonly fadesIn: boolean;
  readonly into: AudioNode;
  readonly onEnded: () => void;
}

/** Copies the chunk without its first `skipped` frames. `start` is where the whole would have begun. */
export function pieceOf(
  { buffers }: Pick<AudioParts, "buffers">,
  chunk: Chunk,
  { start, skipped, startsFull }: Omit<Piece, "pcm" | "length"> & { readonly skipped: number },
): Piece {
  const length = chunk.left.length - skipped;
  const pcm = buffers.borrow(length);
  pcm.copyToChannel(chunk.left.subarray(skipped), 0);
  pcm.copyToChannel(chunk.right.subarray(skipped), 1);
  for (const channel of [0, 1]) pcm.getChannelData(channel).fill(0, length);
  return { pcm, length, start: frames(start + skipped), startsFull };
}

/**
 * What is left of a piece at `frame`, before its end. It starts at full level: the next piece joins
 * it, and it may be too short to fade in.
 */
export function restOf(parts: AudioParts, piece: Piece, frame: Frames): Piece {
  const { pcm, length, start } = piece;
  if (start >= frame) return piece;
  const channel = (index: number) => pcm.getChannelData(index).subarray(0, length);
  const chunk = { left: channel(0), right: channel(1) };
  return pieceOf(parts, chunk, { start, skipped: frame - start, startsFull: true });
}

/**
 * Starts a piece on its frame. It fades out over its last 5 ms unless another one joins it, so that
 * music that runs dry stops without a click.
 */
export function startPiece(
  { tone, clock, buffers }: AudioParts,
  piece: Piece,
  { fadesIn, into, onEnded }: StartOptions,
): ChunkSource {
  const { pcm, length, start } = piece;
  const over = clock.framesOf(DECLICK);
  let end = frames(start + length);
  const fadeFrom = frames(Math.max(start, end - over));
  const source = new AudioBufferSourceNode(tone.rawContext, { buffer: pcm });
  const output = new GainNode(tone.rawContext, { gain: 0 });
  source.connect(output).connect(into);
  source.start(clock.sourceTime(start));

  const { gain } = output;
  if (fadesIn) {
    gain.setValueAtTime(0, clock.paramTime(start));
    gain.linearRampToValueAtTime(1, clock.paramTime(frames(start + over)));
  } else gain.setValueAtTime(1, clock.paramTime(start));

  let isOver = false;
  const finish = (): void => {
    isOver = true;
    source.disconnect();
    output.disconnect();
    onEnded();
  };
  source.addEventListener("ended", () => {
    // One that was cancelled may have been moved to another source.
    if (isOver) return;
    finish();
    buffers.giveBack(pcm);
  });

  const begun = withRamp(steady(0), { to: 1, from: start, over: frames(fadesIn ? over : 0) });
  let envelope = begun;
  const write = (from: Frames, next: Envelope): void => {
    envelope = next;
    writeEnvelope(gain, envelope, { from, clock });
  };
  const fadeOut = (from: Frames): Envelope =>
    withRamp(envelope, { to: 0, from, over: frames(end - from) });
  write(fadeFrom, fadeOut(fadeFrom));

  return {
    piece,
    get end() {
      return end;
    },
    join() {
      if (clock.firstOpenFrame() > fadeFrom) return false;
      write(fadeFrom, begun);
      return true;
    },
    part() {
      const from = frames(Math.max(fadeFrom, clock.firstOpenFrame()));
      if (from < end) write(from, fadeOut(from));
    },
    cutShort(at) {
      end = at;
      write(at, withRamp(envelope, { to: 0, from: at, over: frames(0) }));
    },
    cancel() {
      if (isOver) return;
      source.stop();
      finish();
    },
  };
}
