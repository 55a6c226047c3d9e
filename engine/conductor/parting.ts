import type { Seconds } from "../time/units.ts";
import type { Stage } from "./stage.ts";

/** What fades out because the music was put somewhere else: the stage forgets it once nothing of it can arrive. */
export class Parting {
  readonly #stage: Pick<Stage, "forget">;
  #keys: readonly string[] = [];
  #until: Seconds | undefined;

  constructor(stage: Pick<Stage, "forget">) {
    this.#stage = stage;
  }

  /** Keeps these, and those that still wait, until a moment of the music as it goes on. */
  keep(keys: readonly string[], until: Seconds): void {
    this.#keys = [...this.#keys, ...keys];
    this.#until = until;
  }

  tend(now: Seconds): void {
    if (this.#until === undefined || now < this.#until) return;
    for (const key of this.#keys) this.#stage.forget(key);
    this.#keys = [];
    this.#until = undefined;
  }
}
