import type { BitDepth } from "./wav-file.ts";

/** How pieces are written, whichever they are. */
export interface Settings {
  /** Hertz. */
  readonly sampleRate: number;
  readonly bits: BitDepth;
  readonly model: "lite" | "full";
  /** Path of a soundfont of the user's own. */
  readonly soundfont: string | undefined;
}

/** Where the score is from: a file, or one that the command writes itself. */
type ScoreSource =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "built-in"; readonly name: string; readonly text: string };

/** What is to be played of a score. */
type Wish = {
  readonly kind: "track";
  readonly mood: string | undefined;
  readonly location: string | undefined;
  /** Seconds. */
  readonly duration: number;
  readonly intensity: number | undefined;
  readonly loops: boolean;
};

/** One piece to bake. Plain data: a worker may be given it, and its hash says whether it was baked already. */
export interface Job {
  /** Of its folder below that of the command; empty: that folder itself. */
  readonly name: string;
  readonly score: ScoreSource;
  readonly seed: number;
  readonly wish: Wish;
}
