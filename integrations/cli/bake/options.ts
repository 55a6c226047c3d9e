import { parseArgs } from "node:util";
import { BakeError } from "./bake-error.ts";
import type { Dials } from "./built-in.ts";
import type { Settings } from "./job.ts";

export const BAKE_USAGE: string = [
  "usage: attacca bake --out FOLDER --score FILE [--mood NAME] [--location NAME] [--duration 60s] [--loop]",
  "       attacca bake --out FOLDER --genre NAME --mood NAME [--tempo BPM] [--key KEY] [--palette NAME] …",
  "       always: --seed 1  --intensity 0–1  --soundfont FILE  --rate 44100  --bits 16|24  --model lite|full",
].join("\n");

/** What was asked for, each value checked by itself. */
export interface BakeOptions {
  readonly out: string;
  readonly score: string | undefined;
  /** The dials of a bake without a score; the mood is one of the score where there is one. */
  readonly dials: Dials;
  readonly location: string | undefined;
  readonly duration: number;
  readonly seed: number;
  readonly intensity: number | undefined;
  readonly loops: boolean;
  readonly settings: Settings;
}

const SHORTEST = 1;
const LONGEST = 3600;
const RATES = { from: 8000, to: 96_000 };

const FLAGS = {
  out: { type: "string" },
  score: { type: "string" },
  genre: { type: "string" },
  mood: { type: "string" },
  tempo: { type: "string" },
  key: { type: "string" },
  palette: { type: "string" },
  loop: { type: "boolean" },
  location: { type: "string" },
  duration: { type: "string" },
  seed: { type: "string" },
  intensity: { type: "string" },
  rate: { type: "string" },
  bits: { type: "string" },
  model: { type: "string" },
  soundfont: { type: "string" },
} as const;

/** Reads the arguments after `attacca bake`. Throws `BakeError` in one line. */
export function readOptions(args: readonly string[]): BakeOptions {
  const values = parsed(args);
  if (values.out === undefined) throw new BakeError("--out is missing: a folder to write to");
  const { genre, mood, tempo, key, palette } = values;
  const onlyWithout = Object.entries({ genre, tempo, key, palette }).find(
    ([, value]) => value !== undefined,
  );
  if (values.score !== undefined && onlyWithout !== undefined) {
    throw new BakeError(`--${onlyWithout[0]} is for a bake without --score: the score says it`);
  }
  return {
    out: values.out,
    score: values.score,
    dials: { genre, mood, tempo, key, palette },
    location: values.location,
    duration: durationOf(values.duration ?? "60s"),
    seed: wholeOf("--seed", values.seed ?? "1", 0, 2 ** 31 - 1),
    intensity: values.intensity === undefined ? undefined : shareOf(values.intensity),
    loops: values.loop === true,
    settings: {
      sampleRate: wholeOf("--rate", values.rate ?? "44100", RATES.from, RATES.to),
      bits: oneOf("--bits", values.bits ?? "16", ["16", "24"]) === "16" ? 16 : 24,
      model: oneOf("--model", values.model ?? "lite", ["lite", "full"]),
      soundfont: values.soundfont,
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true }).values;
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new BakeError(line);
  }
}

/** `90`, `90s`, `3m` or `1m30s`, in seconds. */
function durationOf(text: string): number {
  const match = /^(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text);
  const [, minutes = "0", rest = "0"] = match ?? [];
  const length = Number(minutes) * 60 + Number(rest);
  if (match === null || !(length >= SHORTEST && length <= LONGEST)) {
    throw new BakeError(`--duration: found "${text}", expected 1s to 60m, such as 90s or 1m30s`);
  }
  return length;
}

function wholeOf(flag: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) {
    throw new BakeError(
      `${flag}: found "${text}", expected a whole number within [${from}, ${to}]`,
    );
  }
  return value;
}

function shareOf(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new BakeError(`--intensity: found "${text}", expected a number within [0, 1]`);
  }
  return value;
}

function oneOf<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new BakeError(`${flag}: found "${text}", expected ${names.join(" or ")}`);
}
