import { Context } from "tone";

/** `interrupted` is WebKit's: a call or another app has taken the sound, and will give it back. */
export type AudioState = "running" | "suspended" | "interrupted" | "closed";

export interface AudioEdge {
  readonly raw: AudioContext;
  readonly tone: Context;
  /**
   * Resolves when the context runs and its clock moves. Rejects with a `DOMException`:
   * `NotAllowedError` when the browser wants a user gesture first, `InvalidStateError` when the
   * context is closed or its clock stands still.
   */
  start(): Promise<void>;
  /** Calls `listener` on every change; returns a function that stops it. */
  onStateChange(listener: (state: AudioState) => void): () => void;
  /** Closes the context if it was made here. */
  dispose(): Promise<void>;
}

/** How long a browser may take to open its sound device before we call it a refusal. */
const PATIENCE_MS = 3_000;
const CLOCK_POLL_MS = 10;

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * A Tone context of our own around a native one: Tone's global context stays the page's. It has no
 * timer (`offline`) and no look-ahead, as everything is scheduled by exact times. Tone's constructor
 * takes the context's `onstatechange`; the page gets it back.
 */
export function wrapContext(raw: AudioContext | OfflineAudioContext): Context {
  const handler = raw.onstatechange;
  const tone = new Context({ context: raw, clockSource: "offline", lookAhead: 0 });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is the page's own handler
  raw.onstatechange = handler;
  return tone;
}

/**
 * `balanced`: music is scheduled ahead and gains nothing from the smallest buffer, which drops out
 * when a game is busy; but a game plays its own sounds here too, and `playback` would delay them.
 */
export function openContext(given?: AudioContext): AudioEdge {
  const raw = given ?? new AudioContext({ latencyHint: "balanced" });
  const tone = wrapContext(raw);
  const listeners = new Set<(state: AudioState) => void>();
  const tell = (): void => {
    for (const listener of listeners) listener(raw.state);
  };
  raw.addEventListener("statechange", tell);
  return {
    raw,
    tone,
    start: () => unlock(raw),
    onStateChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      raw.removeEventListener("statechange", tell);
      if (given === undefined && raw.state !== "closed") {
        await raw.close();
        tone.dispose();
        tell();
      }
      listeners.clear();
    },
  };
}

/** A browser that wants a gesture leaves `resume` pending for ever, so silence counts as a refusal. */
async function resume(raw: AudioContext): Promise<void> {
  const outcome = await Promise.race([raw.resume(), sleep(PATIENCE_MS).then(() => "refused")]);
  if (outcome === "refused" && raw.state !== "running") {
    throw new DOMException(
      `The browser keeps audio ${raw.state}: call start() from a click or a key press.`,
      "NotAllowedError",
    );
  }
}

async function clockMoves(raw: AudioContext): Promise<boolean> {
  const before = raw.currentTime;
  for (let waited = 0; waited < PATIENCE_MS; waited += CLOCK_POLL_MS) {
    if (raw.currentTime > before) return true;
    await sleep(CLOCK_POLL_MS);
  }
  return false;
}

async function unlock(raw: AudioContext): Promise<void> {
  if (raw.state === "closed") {
    throw new DOMException("The audio context is closed.", "InvalidStateError");
  }
  await resume(raw);
  if (await clockMoves(raw)) return;
  // WebKit, after an interruption: running, yet frozen. A full stop wakes it.
  await raw.suspend();
  await resume(raw);
  if (await clockMoves(raw)) return;
  throw new DOMException("The audio context runs but its clock stands still.", "InvalidStateError");
}
