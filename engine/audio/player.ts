import { decibels } from "../time/units.ts";
import { openContext, type AudioState } from "./context.ts";
import { createDeck, type Deck } from "./deck.ts";

/** The sound of a soundtrack: a deck on a live context. It knows PCM and context time, no music. */
export interface Player extends Deck {
  /** The native context, for the game's own sounds. */
  readonly context: AudioContext;
  /**
   * Unlocks audio; call it from a user gesture. Rejects with a `DOMException`: `NotAllowedError` when
   * the browser refuses, `InvalidStateError` when the context is closed or stands still. May be
   * called again, as after an interruption.
   */
  start(): Promise<void>;
  /** Calls `listener` when the context changes state; returns a function that stops it. */
  onStateChange(listener: (state: AudioState) => void): () => void;
  /** Fades out, frees everything, and closes the context unless it was given. */
  dispose(): Promise<void>;
}

const SILENCE = decibels(-Infinity);
/** More than the ramp of the volume and the latency of the chain. */
const FADE_OUT_MS = 60;

/** `given` is the page's own context, to share it, and never closed here; default: a new one. */
export function createPlayer(given?: AudioContext): Player {
  const edge = openContext(given);
  const deck = createDeck(edge.tone);
  let disposal: Promise<void> | undefined;

  const dispose = async (): Promise<void> => {
    if (edge.raw.state === "running") {
      deck.setVolume(SILENCE);
      await new Promise((resolve) => {
        setTimeout(resolve, FADE_OUT_MS);
      });
    }
    deck.dispose();
    await edge.dispose();
  };

  return {
    ...deck,
    get held() {
      return deck.held;
    },
    context: edge.raw,
    start: () => edge.start(),
    onStateChange: (listener) => edge.onStateChange(listener),
    dispose: () => (disposal ??= dispose()),
  };
}
