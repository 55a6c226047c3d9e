import { wrapContext } from "../../engine/audio/context.ts";
import { createDeck, type Deck } from "../../engine/audio/deck.ts";
import type { Chunk } from "../../engine/audio/chunk-source.ts";
import { seconds, type Seconds } from "../../engine/time/units.ts";
import { RATE, type Signal } from "./pcm-signals.ts";

export interface Rendered {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly deck: Deck;
  /** The first frame at which something given at `time` may be heard. */
  readonly heardAt: (time: number) => number;
}

export interface RenderOptions {
  /** Seconds. */
  readonly length: number;
  readonly sampleRate?: number;
  /** Calls made before the first frame. */
  readonly script: (deck: Deck) => void;
  /** Calls made when the clock stands at these times (whole blocks of 128 frames). */
  readonly later?: readonly { readonly at: number; readonly call: (deck: Deck) => void }[];
}

/** Plays a deck, the very one of the player, on an offline context. */
export async function renderDeck(options: RenderOptions): Promise<Rendered> {
  const { length, sampleRate = RATE, script, later = [] } = options;
  const offline = new OfflineAudioContext(2, Math.round(length * sampleRate), sampleRate);
  const deck = createDeck(wrapContext(offline));
  script(deck);
  const pauses = later.map(async ({ at, call }) => {
    await offline.suspend(at);
    call(deck);
    await offline.resume();
  });
  const buffer = await offline.startRendering();
  await Promise.all(pauses);
  return {
    left: buffer.getChannelData(0),
    right: buffer.getChannelData(1),
    deck,
    heardAt: (time) => Math.round((time + deck.latency) * sampleRate),
  };
}

/** A chunk whose channels are functions of the frame; the right one is the left one unless given. */
export function chunkOf(length: number, left: Signal, right: Signal = left): Chunk {
  const make = (value: Signal): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length }, (_, frame) => value(frame));
  return { left: make(left), right: make(right) };
}

/** Opens a voice, "a" unless named, at full level and plays one chunk in it. */
export function sound(
  deck: Deck,
  value: Signal,
  options: { readonly voice?: string; readonly length?: number; readonly from?: Seconds } = {},
): void {
  const { voice = "a", length = RATE, from = seconds(0.25) } = options;
  deck.open(voice, { at: from, fade: seconds(0) });
  deck.play(voice, chunkOf(length, value), from);
}
