import type { Soundtrack } from "../../engine/index.ts";

/** Between two looks whether the scene has drawn. */
const LOOK_MS = 250;
/** So many looks without a frame: one alone may be a page that was busy. */
const LOOKS = 4;

/** Pauses the music while the scene draws nothing, a second after its last frame. */
export class Standstill {
  readonly #music: Pick<Soundtrack, "pause" | "resume" | "snapshot">;
  readonly #timer: ReturnType<typeof setInterval>;
  #looks = 0;
  #isPaused = false;

  constructor(music: Pick<Soundtrack, "pause" | "resume" | "snapshot">) {
    this.#music = music;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** The scene has drawn. */
  frame(): void {
    this.#looks = 0;
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#music.resume();
  }

  dispose(): void {
    clearInterval(this.#timer);
    if (this.#isPaused) this.frame();
  }

  /** What the game has paused itself is left to it. */
  #look(): void {
    this.#looks += 1;
    if (this.#looks < LOOKS || this.#isPaused) return;
    if (this.#music.snapshot().state !== "playing") return;
    this.#isPaused = true;
    this.#music.pause();
  }
}
