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
