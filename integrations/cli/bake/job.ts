import { basename } from "node:path";
import type { Format } from "./sound-file.ts";
import type { TaskName } from "./tasks.ts";

/** How pieces are written, whichever they are. */
export interface Settings extends Format {
  readonly model: "lite" | "full";
  /** Path of a soundfont of the user's own. */
  readonly soundfont: string | undefined;
}

/** Where the score is from: a file, or one that the command writes itself. */
type ScoreSource =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "built-in"; readonly name: string; readonly text: string };

/** Where and how driven the music is. */
export interface Circumstances {
  readonly location: string | undefined;
  /** 0–1; undefined: the mood's arousal. */
  readonly intensity: number | undefined;
}

/** What is to be played of a score. */
type Wish =
  | ({
      readonly kind: "track";
      readonly mood: string | undefined;
      /** Seconds. */
      readonly duration: number;
      readonly loops: boolean;
    } & Circumstances)
  /** A mood, and from its first phrase on the way into another: bridge, stinger and all. */
  | ({ readonly kind: "transition"; readonly from: string; readonly to: string } & Circumstances)
  /** A stinger by itself, in the key and chord of a mood's first bars. */
  | ({ readonly kind: "stinger"; readonly name: string; readonly mood: string } & Circumstances)
  /** One task of the model with a MIDI file. */
  | {
      readonly kind: "task";
      readonly task: TaskName;
      readonly file: string;
      readonly intensity: number | undefined;
    }
  /** What a game did, as `music.recording()` gave it. */
  | { readonly kind: "session"; readonly file: string };

/** One piece to bake. Plain data: a worker may be given it. */
export interface Job {
  /** Of its folder below that of the command; empty: that folder itself. */
  readonly name: string;
  readonly score: ScoreSource;
  readonly seed: number;
  readonly wish: Wish;
}

/** What is to be played, and not in which folder it lay. */
export const nameWish = (wish: Wish): Wish =>
  "file" in wish ? { ...wish, file: basename(wish.file) } : wish;
