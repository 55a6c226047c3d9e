import type { Engine } from "@babylonjs/core/Engines/engine.js";
import type { Soundtrack } from "attacca";
import { element, say } from "./element.ts";

export interface Troubles {
  /** Says what is wrong and what helps; an empty text takes it back. */
  tell(what: Trouble, text: string): void;
}

type Trouble = "picture" | "sound" | "music" | "gamepad" | "store";

/** Of the store: full, or refused. */
export const NO_ROOM =
  "The browser keeps nothing here, it has no room or must not: play on, but leave the page open";

/** What went wrong, in one line each, until it is over. */
export function createTroubles(): Troubles {
  const notice = element("notice");
  const texts = new Map<Trouble, string>();
  return {
    tell: (what, text) => {
      if (text === "") texts.delete(what);
      else texts.set(what, text);
      const all = [...texts.values()].join(" · ");
      say(notice, all);
      notice.classList.toggle("shown", all !== "");
    },
  };
}

const LOST = new Set<string>(["suspended", "interrupted", "stuck", "device-failed"]);

/** Sound: what keeps it, and when it is back. The game goes on meanwhile, by its own beat. */
export function watchSound(music: Soundtrack, troubles: Troubles): void {
  music.on("audio", ({ what }) => {
    if (what === "resumed") troubles.tell("sound", "");
    if (LOST.has(what)) troubles.tell("sound", "The sound stopped: click or press a key");
    if (what === "closed") {
      troubles.tell("sound", "The sound is gone: walk on in silence, or reload, the walk is kept");
    }
  });
  const again = (): void => {
    const { audioContext } = music;
    if (audioContext.state === "running" || audioContext.state === "closed") return;
    const { state } = music.snapshot();
    if (state !== "playing" && state !== "paused") return;
    // While a menu is open the music stays paused.
    const woken = state === "paused" ? audioContext.resume() : music.start();
    woken.then(
      () => troubles.tell("sound", ""),
      () => troubles.tell("sound", "The sound does not come back: look at the device, then click"),
    );
  };
  addEventListener("pointerdown", again);
  addEventListener("keydown", again);
}

/** The graphics card may be taken away; Babylon builds everything again once it is back. */
export function watchPicture(engine: Engine, troubles: Troubles, onLost: () => void): void {
  engine.onContextLostObservable.add(() => {
    troubles.tell(
      "picture",
      "The graphics card is away; if it does not come back, reload: the walk is kept",
    );
    onLost();
  });
  engine.onContextRestoredObservable.add(() => troubles.tell("picture", ""));
}
