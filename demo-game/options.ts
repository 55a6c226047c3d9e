import { COMMANDS, DEFAULT_BINDINGS, type Bindings, type Command } from "./input/keyboard.ts";
import { isLike, readJson, writeJson } from "./storage.ts";

/** What a player may choose. */
interface Options {
  /** Levels, 0–100. */
  readonly master: number;
  readonly music: number;
  readonly effects: number;
  /** Both ears hear the same. */
  readonly mono: boolean;
  /** Nothing swings, pushes in or flashes. */
  readonly still: boolean;
  /** The Hush keeps its distance, and stones stay above the water: nothing is timed. */
  readonly gentle: boolean;
  readonly captions: boolean;
  /** One press holds the lantern, or follows the mote; the next lets go. */
  readonly toggle: boolean;
  readonly bindings: Bindings;
}

export type Switch = "mono" | "still" | "gentle" | "captions" | "toggle";
export type Slider = "master" | "music" | "effects";

export interface OptionStore {
  readonly now: Options;
  change(part: Partial<Options>): void;
  /** Gives a key to a command, and takes it from the one that had it. */
  bind(command: Command, code: string): void;
  onChange(listener: (options: Options) => void): void;
}

const KEY = "lantern-forest:options";

const defaults = (): Options => ({
  master: 100,
  music: 100,
  effects: 70,
  mono: false,
  still: matchMedia("(prefers-reduced-motion: reduce)").matches,
  gentle: false,
  captions: false,
  toggle: false,
  bindings: DEFAULT_BINDINGS,
});

/** `onLost`: what was chosen holds, but cannot be kept for the next visit. */
export function createOptions(onLost: () => void): OptionStore {
  const listeners: ((options: Options) => void)[] = [];
  let now = merge(defaults(), readJson(KEY));
  const change = (part: Partial<Options>): void => {
    now = { ...now, ...part };
    if (!writeJson(KEY, now)) onLost();
    for (const listener of listeners) listener(now);
  };
  return {
    get now() {
      return now;
    },
    change,
    bind: (command, code) => change({ bindings: rebind(now.bindings, command, code) }),
    onChange: (listener) => {
      listeners.push(listener);
      listener(now);
    },
  };
}

/** The key stands first in its new command; a command never loses its last key. */
export function rebind(bindings: Bindings, command: Command, code: string): Bindings {
  const rebound: Record<Command, readonly string[]> = { ...bindings };
  for (const name of COMMANDS) {
    const rest = bindings[name].filter((each) => each !== code);
    rebound[name] = rest.length === 0 ? bindings[name] : rest;
  }
  const others = bindings[command].filter((each) => each !== code);
  rebound[command] = [code, ...others].slice(0, 3);
  return rebound;
}

/** What was stored, value by value, where it has the shape of the default. */
function merge(base: Options, stored: unknown): Options {
  if (typeof stored !== "object" || stored === null) return base;
  const shapes = new Map<string, unknown>(Object.entries(base));
  const known = Object.entries(stored).filter(
    ([name, value]) => shapes.has(name) && isLike(shapes.get(name), value),
  );
  return { ...base, ...Object.fromEntries(known) };
}

/** A slider's position as a level in decibels: 100 is 0, each ten less 4 dB, 0 is silence. */
export const levelOf = (percent: number): number => (percent <= 0 ? -60 : (percent - 100) * 0.4);
