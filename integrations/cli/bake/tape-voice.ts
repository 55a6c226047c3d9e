import { DECLICK } from "../../../engine/audio/clock.ts";
import { createPump, type Pump } from "../../../engine/audio/pump.ts";
import type { RenderedChunk } from "../../../engine/renderer-worker/service.ts";
import type { Frames, UnitInterval } from "../../../engine/time/units.ts";
import { gainsInto, isSteady } from "./gains.ts";
import { createOfflineAutomation, type OfflineAutomation } from "./offline-automation.ts";
import type { TapeClock } from "./tape-clock.ts";

export type Pcm = Pick<RenderedChunk, "left" | "right">;

/** What leaves a voice: what is heard dry, and beside it what the room gets. */
export interface Lines extends Pcm {
  readonly room: Pcm;
}

interface Piece {
  readonly pcm: Pcm;
  readonly start: number;
  readonly end: number;
  /** Whether it goes on where another ends; otherwise it fades in, but for the first of its voice. */
  readonly startsFull: boolean;
}

/** What of a side stays where it is, and what crosses over to a side. */
interface Panning {
  readonly stays: { readonly left: number; readonly right: number };
  readonly crosses: { readonly left: number; readonly right: number };
}

/** Of a stereo sound, as the Web Audio API's `StereoPannerNode` does it: the farther side crosses over. */
function panningOf(pan: number): Panning {
  const [stays, crosses] = [
    Math.cos((Math.abs(pan) * Math.PI) / 2),
    Math.sin((Math.abs(pan) * Math.PI) / 2),
  ];
  return pan < 0
    ? { stays: { left: 1, right: stays }, crosses: { left: crosses, right: 0 } }
    : { stays: { left: stays, right: 1 }, crosses: { left: 0, right: crosses } };
}

/** A take on the tape: the same joins, fades, dips and levels as a voice of the player has. */
export interface TapeVoice {
  readonly fade: OfflineAutomation;
  readonly level: OfflineAutomation;
  readonly dipped: OfflineAutomation;
  readonly pump: Pump;
  /** Share of it that the room gets. */
  readonly room: UnitInterval;
  readonly panning: Panning;
  /** The first frame of its silence, once it is closed. */
  silentFrom: Frames | undefined;
  hasBegun: boolean;
  pieces: readonly Piece[];
}

export const createTapeVoice = (
  clock: TapeClock,
  start: { readonly level: UnitInterval; readonly room: UnitInterval; readonly pan: number },
): TapeVoice => {
  const dipped = createOfflineAutomation(clock, 1);
  return {
    fade: createOfflineAutomation(clock, 0),
    level: createOfflineAutomation(clock, start.level),
    dipped,
    pump: createPump(dipped, clock),
    room: start.room,
    panning: panningOf(start.pan),
    silentFrom: undefined,
    hasBegun: false,
    pieces: [],
  };
};

export function addPiece(voice: TapeVoice, pcm: Pcm, start: Frames): void {
  const joins = voice.pieces.some(({ end }) => end === start);
  const startsFull = joins || !voice.hasBegun;
  voice.hasBegun = true;
  voice.pieces = [...voice.pieces, { pcm, start, end: start + pcm.left.length, startsFull }];
}

/** Adds what the voice plays from `from` on to all channels, which are of one length. */
export function addVoice(voice: TapeVoice, from: number, out: Lines, sampleRate: number): void {
  const to = from + out.left.length;
  const heard = voice.pieces.filter((piece) => piece.start < to && piece.end > from);
  if (heard.length === 0) return;
  const moving = [voice.fade, voice.dipped, voice.level]
    .filter(({ envelope }) => !isSteady(envelope, 1, from, to))
    .map(({ envelope }) => {
      const gains = new Float32Array(out.left.length);
      gainsInto(envelope, from, gains);
      return gains;
    });
  const over = Math.round(DECLICK * sampleRate);
  const { room } = out;
  const { stays, crosses } = voice.panning;
  for (const piece of heard) {
    const fadesOut = !voice.pieces.some(({ start }) => start === piece.end);
    const last = Math.min(to, piece.end);
    for (let frame = Math.max(from, piece.start); frame < last; frame += 1) {
      const [i, at] = [frame - from, frame - piece.start];
      let gain = 1;
      for (const gains of moving) gain *= gains[i] ?? 0;
      if (!piece.startsFull && at < over) gain *= at / over;
      if (fadesOut && piece.end - frame < over) gain *= (piece.end - frame) / over;
      const ownLeft = (piece.pcm.left[at] ?? 0) * gain;
      const ownRight = (piece.pcm.right[at] ?? 0) * gain;
      const left = ownLeft * stays.left + ownRight * crosses.left;
      const right = ownRight * stays.right + ownLeft * crosses.right;
      out.left[i] = (out.left[i] ?? 0) + left;
      out.right[i] = (out.right[i] ?? 0) + right;
      room.left[i] = (room.left[i] ?? 0) + left * voice.room;
      room.right[i] = (room.right[i] ?? 0) + right * voice.room;
    }
  }
}

/** Lets go of what ends before a frame; what still has to join keeps its end. */
export function forgetPieces(voice: TapeVoice, before: Frames): void {
  voice.pieces = voice.pieces.filter(({ end }) => end >= before);
  for (const automation of [voice.fade, voice.dipped, voice.level]) automation.forget(before);
}
