import { newGame, type GameState } from "./game/state.ts";
import { isLike, readJson, writeJson } from "./storage.ts";

/** A walk that can be gone on with. */
export interface Save {
  /** Plants the forest and seeds the music. */
  readonly seed: number;
  readonly state: GameState;
  /** What `music.save()` gave; undefined where there was no room for it. */
  readonly music: unknown;
}

const KEY = "lantern-forest:walk";

/** Music too where there is room, else the walk alone; "nothing" where there is none at all. */
export function writeSave(save: Save): "all" | "walk" | "nothing" {
  if (writeJson(KEY, save)) return "all";
  return writeJson(KEY, { ...save, music: undefined }) ? "walk" : "nothing";
}

/** The save that is there; undefined for none, and for what is none. */
export function readSave(): Save | undefined {
  const stored = readJson(KEY);
  if (!isSave(stored)) return undefined;
  // What was under way when the page was left begins anew.
  return { ...stored, state: { ...stored.state, kindling: undefined, spread: 1 } };
}

const isSave = (value: unknown): value is Save => isLike({ seed: 1, state: newGame() }, value);
