import type { Soundtrack } from "attacca";
import { element, say } from "./element.ts";
import type { Troubles } from "./troubles.ts";

/** Milliseconds for which it is said that a walk lost its music: it plays again by then. */
const TOLD = 10_000;

/**
 * Browsers want a gesture before sound: the first click or key starts the music, and where that fails the
 * next one does. A walk that goes on brings its music (`saved`) with it.
 */
export function startWithFirstGesture(music: Soundtrack, troubles: Troubles, saved: unknown): void {
  const hint = element("hint");
  let left = saved;
  music.on("progress", ({ what, loadedBytes, totalBytes, state }) => {
    if (what !== "palette" || music.snapshot().state !== "starting") return;
    const share = Math.round((100 * loadedBytes) / Math.max(1, totalBytes ?? 1));
    say(hint, state === "ready" ? "" : `Instruments: ${share} %`);
  });
  const start = async (): Promise<void> => {
    if (left !== undefined) await bringBack(music, troubles, left);
    left = undefined;
    await music.start();
    troubles.tell("sound", "");
  };
  const wait = (): void => {
    const stop = new AbortController();
    const begin = (event: Event): void => {
      // Who holds a key to walk in silence asks for nothing.
      if (event instanceof KeyboardEvent && event.repeat) return;
      stop.abort();
      start().catch((error: unknown) => {
        say(hint, "");
        troubles.tell("sound", whyNot(error));
        wait();
      });
    };
    addEventListener("keydown", begin, { signal: stop.signal });
    addEventListener("pointerdown", begin, { signal: stop.signal });
  };
  wait();
}

async function bringBack(music: Soundtrack, troubles: Troubles, saved: unknown): Promise<void> {
  try {
    await music.restore(saved);
  } catch {
    troubles.tell("music", "The music of this walk cannot be brought back: it begins afresh");
    setTimeout(() => troubles.tell("music", ""), TOLD);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "The browser holds the sound back: click, or press a key",
  NetworkError: "The instruments do not arrive: walk on in silence, or click to try again",
};

const whyNot = (error: unknown): string =>
  REASONS[error instanceof Error ? error.name : ""] ??
  "There are no instruments: walk on in silence, or reload later, the walk is kept";
