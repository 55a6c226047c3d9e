import { DECLICK } from "../../../engine/audio/clock.ts";
import type { RenderedChunk } from "../../../engine/renderer-worker/service.ts";
import type { Frames } from "../../../engine/time/units.ts";
import { gainsInto, isSteady } from "./gains.ts";
import { createOfflineAutomation, type OfflineAutomation } from "./offline-automation.ts";
import type { TapeClock } from "./tape-clock.ts";

export type Pcm = Pick<RenderedChunk, "left" | "right">;

interface Piece {
  readonly pcm: Pcm;
  readonly start: number;
  readonly end: number;
  /** Whether it goes on where another ends; otherwise it fades in, but for the first of its voice. */
  readonly startsFull: boolean;
}

/** A take on the tape: the same joins, fades and levels as a voice of the player has. */
export interface TapeVoice {
  readonly fade: OfflineAutomation;
  readonly level: OfflineAutomation;
  /** The first frame of its silence, once it is closed. */
  silentFrom: Frames | undefined;
  hasBegun: boolean;
  pieces: readonly Piece[];
}

export const createTapeVoice = (clock: TapeClock, level: number): TapeVoice => ({
  fade: createOfflineAutomation(clock, 0),
  level: createOfflineAutomation(clock, level),
  silentFrom: undefined,
  hasBegun: false,
  pieces: [],
});

export function addPiece(voice: TapeVoice, pcm: Pcm, start: Frames): void {
  const joins = voice.pieces.some(({ end }) => end === start);
  const startsFull = joins || !voice.hasBegun;
  voice.hasBegun = true;
  voice.pieces = [...voice.pieces, { pcm, start, end: start + pcm.left.length, startsFull }];
}

/** Adds what the voice plays from `from` on to both channels, which are of one length. */
export function addVoice(voice: TapeVoice, from: number, out: Pcm, sampleRate: number): void {
  const to = from + out.left.length;
  const heard = voice.pieces.filter((piece) => piece.start < to && piece.end > from);
  if (heard.length === 0) return;
  const [fade, level] = [voice.fade.envelope, voice.level.envelope];
  const moves = !isSteady(fade, 1, from, to) || !isSteady(level, 1, from, to);
  const gains = new Float32Array(moves ? out.left.length : 0);
  const levels = new Float32Array(gains.length);
  if (moves) {
    gainsInto(fade, from, gains);
    gainsInto(level, from, levels);
  }
  const over = Math.round(DECLICK * sampleRate);
  for (const piece of heard) {
    const fadesOut = !voice.pieces.some(({ start }) => start === piece.end);
    const last = Math.min(to, piece.end);
    for (let frame = Math.max(from, piece.start); frame < last; frame += 1) {
      const [i, at] = [frame - from, frame - piece.start];
      let gain = moves ? (gains[i] ?? 0) * (levels[i] ?? 0) : 1;
      if (!piece.startsFull && at < over) gain *= at / over;
      if (fadesOut && piece.end - frame < over) gain *= (piece.end - frame) / over;
      out.left[i] = (out.left[i] ?? 0) + (piece.pcm.left[at] ?? 0) * gain;
      out.right[i] = (out.right[i] ?? 0) + (piece.pcm.right[at] ?? 0) * gain;
    }
  }
}

/** Lets go of what ends before a frame; what still has to join keeps its end. */
export function forgetPieces(voice: TapeVoice, before: Frames): void {
  voice.pieces = voice.pieces.filter(({ end }) => end >= before);
  voice.fade.forget(before);
  voice.level.forget(before);
}
