import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { BakeError } from "./bake-error.ts";
import type { Dials } from "./built-in.ts";
import type { Settings } from "./job.ts";
import { OPUS_RATE } from "./opus-file.ts";
import type { Format } from "./sound-file.ts";
import { TASK_NAMES, type TaskName } from "./tasks.ts";

export const BAKE_USAGE: string = [
  "usage: attacca bake --out FOLDER --score FILE [--mood NAME] [--location NAME] [--duration 60s] [--loop]",
  "       attacca bake --out FOLDER --score FILE --transitions --stingers --jingles --loops [--mood NAME] [--location NAME]",
  "       attacca bake --out FOLDER --score FILE --session RECORDING",
  "       attacca bake --out FOLDER --melody-for|--harmonise|--drums-for|--orchestrate|--vary FILE.mid [--palette NAME]",
  "       attacca bake --out FOLDER --genre NAME --mood NAME [--tempo BPM] [--key KEY] [--palette NAME] …",
  "       attacca bake --out FOLDER --score FILE --bank COUNT [--mood NAME]",
  "       many:   --jobs COUNT  --shard 1/4",
  "       always: --seed 1  --intensity 0–1  --soundfont FILE  --model lite|full",
  "       files:  --format wav  --bits 16|24  --rate 44100, or --format opus  --bitrate 128",
].join("\n");

const SCORE_PARTS = ["transitions", "stingers", "jingles", "loops"] as const;
type ScorePart = (typeof SCORE_PARTS)[number];

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
  /** What of a score is baked piece by piece, in place of one track. */
  readonly parts: readonly ScorePart[];
  /** What the model is to do with a MIDI file. */
  readonly task: { readonly name: TaskName; readonly file: string } | undefined;
  /** Path of a recording. */
  readonly session: string | undefined;
  readonly settings: Settings;
  /** Loops of each mood, each from a seed of its own; 0: none. */
  readonly bank: number;
  /** Which of how many parts of the pieces are baked here. */
  readonly shard: { readonly part: number; readonly of: number };
  /** Pieces baked at once. */
  readonly jobs: number;
}

const SHORTEST = 1;
const LONGEST = 3600;
const MOST_BANK = 1000;
const MOST_JOBS = 256;
const RATES = { from: 8000, to: 96_000 };
/** Kilobits a second. */
const BITRATES = { from: 32, to: 320 };

const FLAGS = {
  out: { type: "string" },
  score: { type: "string" },
  genre: { type: "string" },
  mood: { type: "string" },
  tempo: { type: "string" },
  key: { type: "string" },
  palette: { type: "string" },
  loop: { type: "boolean" },
  transitions: { type: "boolean" },
  stingers: { type: "boolean" },
  jingles: { type: "boolean" },
  loops: { type: "boolean" },
  session: { type: "string" },
  "melody-for": { type: "string" },
  harmonise: { type: "string" },
  "drums-for": { type: "string" },
  orchestrate: { type: "string" },
  vary: { type: "string" },
  location: { type: "string" },
  duration: { type: "string" },
  seed: { type: "string" },
  intensity: { type: "string" },
  bank: { type: "string" },
  shard: { type: "string" },
  jobs: { type: "string" },
  rate: { type: "string" },
  bits: { type: "string" },
  format: { type: "string" },
  bitrate: { type: "string" },
  model: { type: "string" },
  soundfont: { type: "string" },
} as const;

/** Reads the arguments after `attacca bake`. Throws `BakeError` in one line. */
export function readOptions(args: readonly string[]): BakeOptions {
  const values = parsed(args);
  if (values.out === undefined) throw new BakeError("--out is missing: a folder to write to");
  refuseForeign(values);
  const { genre, mood, tempo, key, palette } = values;
  return {
    out: values.out,
    score: values.score,
    dials: { genre, mood, tempo, key, palette },
    location: values.location,
    duration: durationOf(values.duration ?? "60s"),
    seed: wholeOf("--seed", values.seed ?? "1", 0, 2 ** 31 - 1),
    intensity: values.intensity === undefined ? undefined : shareOf(values.intensity),
    loops: values.loop === true,
    parts: SCORE_PARTS.filter((part) => values[part] === true),
    task: taskOf(values),
    session: values.session,
    bank: wholeOf("--bank", values.bank ?? "0", 0, MOST_BANK),
    shard: shardOf(values.shard ?? "1/1"),
    jobs: wholeOf("--jobs", values.jobs ?? String(availableParallelism()), 1, MOST_JOBS),
    settings: {
      ...formatOf(values),
      model: oneOf("--model", values.model ?? "lite", ["lite", "full"]),
      soundfont: values.soundfont,
    },
  };
}

type Flag = keyof typeof FLAGS;

/** Flags that would mean nothing beside another. */
const FOREIGN: readonly {
  readonly beside: readonly Flag[];
  readonly flags: readonly Flag[];
  readonly why?: string;
}[] = [
  {
    beside: TASK_NAMES,
    flags: ["score", "session", "location", "duration", "loop", "bank", ...SCORE_PARTS],
  },
  { beside: TASK_NAMES, flags: ["tempo", "key"], why: "the file says it" },
  {
    beside: ["session"],
    flags: ["mood", "location", "duration", "intensity", "loop", "bank", ...SCORE_PARTS],
  },
  { beside: ["session"], flags: ["seed"], why: "the recording says it" },
  {
    beside: ["score"],
    flags: ["genre", "tempo", "key", "palette"],
    why: "the score says it",
  },
  { beside: [...SCORE_PARTS, "bank"], flags: ["loop"] },
];

/** Throws `BakeError` for the first flag that means nothing beside another. */
function refuseForeign(values: Readonly<Partial<Record<Flag, string | boolean>>>): void {
  const isGiven = (flag: Flag): boolean => values[flag] !== undefined;
  for (const { beside, flags, why } of FOREIGN) {
    const [master, foreign] = [beside.find(isGiven), flags.find(isGiven)];
    if (master === undefined || foreign === undefined) continue;
    throw new BakeError(
      `--${foreign} is not for --${master}${why === undefined ? "" : `: ${why}`}`,
    );
  }
  const lengthless = SCORE_PARTS.find((part) => part !== "loops" && isGiven(part));
  if (lengthless !== undefined && isGiven("duration") && !isGiven("loops") && !isGiven("bank")) {
    throw new BakeError(`--duration is not for --${lengthless}: the score says it`);
  }
}

/** Opus has one rate, and no bits but those of its stream. */
function formatOf({
  format = "wav",
  rate,
  bits,
  bitrate,
}: Readonly<Partial<Record<"format" | "rate" | "bits" | "bitrate", string>>>): Format {
  const kind = oneOf("--format", format, ["wav", "opus"]);
  const other = kind === "opus" ? { rate, bits } : { bitrate };
  const [foreign] = Object.entries(other).find(([, value]) => value !== undefined) ?? [];
  if (foreign !== undefined) {
    throw new BakeError(`--${foreign} is not for --format ${kind}`);
  }
  if (kind === "opus") {
    const kilobits = wholeOf("--bitrate", bitrate ?? "128", BITRATES.from, BITRATES.to);
    return { sampleRate: OPUS_RATE, encoding: { kind, kilobits } };
  }
  return {
    sampleRate: wholeOf("--rate", rate ?? "44100", RATES.from, RATES.to),
    encoding: { kind, bits: oneOf("--bits", bits ?? "16", ["16", "24"]) === "16" ? 16 : 24 },
  };
}

/** `2/5` is the second of five. */
function shardOf(text: string): BakeOptions["shard"] {
  const [, part = "", of = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  if (part !== "" && shard.part >= 1 && shard.part <= shard.of) return shard;
  throw new BakeError(`--shard: found "${text}", expected a part such as 1/4`);
}

function taskOf(values: Readonly<Partial<Record<TaskName, string>>>): BakeOptions["task"] {
  const asked = TASK_NAMES.flatMap((name) => {
    const file = values[name];
    return file === undefined ? [] : [{ name, file }];
  });
  const [first, second] = asked;
  if (second === undefined) return first;
  throw new BakeError(`--${second.name}: one task at a time, beside --${first?.name ?? ""}`);
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
