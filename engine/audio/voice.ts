import { frames, type Frames, type UnitInterval } from "../time/units.ts";
import {
  restOf,
  startPiece,
  type AudioParts,
  type ChunkSource,
  type Piece,
} from "./chunk-source.ts";
import { createFader, stereoGain, type Fader } from "./fader.ts";
import type { Bus } from "./lines.ts";
import { createPump, type Pump } from "./pump.ts";

/** A take that sounds: its chunks go through its fade, its dips and its level, and past a panner, into a bus. */
export interface Voice {
  readonly fade: Fader;
  readonly level: Fader;
  readonly dipped: Fader;
  readonly pump: Pump;
  /** What the room gets of it. */
  readonly send: GainNode;
  /** Only where it is not in the middle. */
  readonly panner: StereoPannerNode | undefined;
  /** The first frame of its silence, once it is closed. */
  silentFrom: Frames | undefined;
  /** Whether a chunk was ever due: one that does not join the last then fades in. */
  hasBegun: boolean;
  /** The chunks that have not ended. */
  readonly sources: Set<ChunkSource>;
  /** What is to sound when the music goes on; empty unless it is paused. */
  waiting: readonly Piece[];
}

interface VoiceStart {
  readonly level: UnitInterval;
  /** Share of it that the room gets. */
  readonly room: UnitInterval;
  /** -1 left – 1 right; 0 as it is. */
  readonly pan: number;
}

export function createVoice(
  { tone, clock }: AudioParts,
  { level, room, pan }: VoiceStart,
  bus: Bus,
): Voice {
  const dipped = createFader(tone, clock, 1);
  const voice: Voice = {
    fade: createFader(tone, clock, 0),
    dipped,
    pump: createPump(dipped, clock),
    level: createFader(tone, clock, level),
    send: stereoGain(tone, room),
    panner: pan === 0 ? undefined : new StereoPannerNode(tone.rawContext, { pan }),
    silentFrom: undefined,
    hasBegun: false,
    sources: new Set(),
    waiting: [],
  };
  const { panner, send } = voice;
  const whole = voice.fade.node.connect(dipped.node).connect(voice.level.node);
  const placed = panner === undefined ? whole : whole.connect(panner);
  placed.connect(bus.dry);
  placed.connect(send).connect(bus.room);
  return voice;
}

export function freeVoice({ fade, dipped, level, send, panner }: Voice): void {
  for (const node of [fade.node, dipped.node, level.node, send]) node.disconnect();
  panner?.disconnect();
}

/** Starts a piece, joined to the one that ends where it starts. */
export function schedule(
  parts: AudioParts,
  voice: Voice,
  { piece, onEnded }: { readonly piece: Piece; readonly onEnded: () => void },
): void {
  const last = [...voice.sources].find((source) => source.end === piece.start);
  const joins = last?.join() ?? false;
  const source = startPiece(parts, piece, {
    fadesIn: !joins && !piece.startsFull,
    into: voice.fade.node,
    onEnded: () => {
      voice.sources.delete(source);
      onEnded();
    },
  });
  voice.sources.add(source);
}

/** Gives back the fade at the end to the chunks that nothing follows any more. */
export function partFromCancelled(voice: Voice): void {
  const starts = new Set([...voice.sources].map((source) => source.piece.start));
  for (const source of voice.sources) if (!starts.has(source.end)) source.part();
}

/**
 * Stands still at `at`: what has not ended by then waits. Returns the sources that sound until then;
 * they are the voice's no more.
 */
export function pauseVoice(parts: AudioParts, voice: Voice, at: Frames): readonly ChunkSource[] {
  for (const automation of [voice.fade, voice.dipped, voice.level]) automation.hold(at);
  voice.pump.pause(at);
  if ((voice.silentFrom ?? Infinity) <= at) return [];
  const open = [...voice.sources].filter((source) => source.end > at);
  voice.waiting = open.map(({ piece }) => restOf(parts, piece, at));
  for (const source of open) {
    if (source.piece.start >= at) {
      source.cancel();
      continue;
    }
    source.cutShort(at);
    voice.sources.delete(source);
  }
  return open.filter(({ piece }) => piece.start < at);
}

/** Goes on, `by` frames later, from where it stood at `at`. Returns the pieces to schedule, in order. */
export function resumeVoice(voice: Voice, at: Frames, by: Frames): readonly Piece[] {
  voice.pump.resume(by);
  for (const automation of [voice.fade, voice.dipped, voice.level]) automation.release(by);
  const { silentFrom } = voice;
  if (silentFrom !== undefined && silentFrom > at) voice.silentFrom = frames(silentFrom + by);
  const pieces = voice.waiting
    .map((piece) => ({ ...piece, start: frames(piece.start + by) }))
    .sort((one, other) => one.start - other.start);
  voice.waiting = [];
  return pieces;
}
