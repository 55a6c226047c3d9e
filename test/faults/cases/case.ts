import type { Launch } from "../../helpers/browser.ts";
import type { Scene } from "../scene.ts";

/** One fault, really caused. */
export interface Case {
  readonly name: string;
  /** The same fault in several pages: each has moments of its own. Default 1. */
  readonly pages?: number;
  readonly launch?: Launch;
  /** Why nothing can write again: then the bank plays on. */
  readonly lasts?: string;
  /** Faults of which the game is told, at least. */
  readonly tells: readonly string[];
  act(scene: Scene): Promise<void>;
}

/** A fault that is over again: a page that has met one may meet others. */
export interface Passing extends Pick<Case, "name" | "tells"> {
  /** Causes it while the model writes, and waits until all is well again. */
  befall(scene: Scene): Promise<void>;
}

/** One page that meets these one after another, once the model has written. */
export const caseOf = (...faults: readonly Passing[]): Case => ({
  name: faults.map(({ name }) => name).join(", then "),
  tells: faults.flatMap(({ tells }) => tells),
  async act(scene) {
    await scene.play();
    await scene.written();
    for (const { befall } of faults) await befall(scene);
  },
});
