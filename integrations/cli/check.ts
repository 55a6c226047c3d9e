import { readFileSync, statSync } from "node:fs";
import { PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";
import { formatIssue, type ScoreIssue } from "../../engine/score/issue.ts";
import { scoreJsonSchema } from "../../engine/score/json-schema.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import type { Score } from "../../engine/score/score.ts";
import { copyFiles } from "./copy-files.ts";
import { count } from "./count.ts";
import { checkNamedFiles } from "./named-files.ts";

const USAGE = [
  "usage: attacca check FILE",
  "       attacca schema",
  "       attacca files FOLDER [lite|full]",
  "       attacca bake --help",
].join("\n");

/** What a command leaves behind. `status`: 0 all is well, 1 the score has mistakes, 2 it was not run. */
interface CommandResult {
  readonly status: 0 | 1 | 2;
  readonly output: string;
  readonly error: string;
}

/** Runs `attacca` with the arguments after its name. */
export function runCommand(args: readonly string[]): CommandResult {
  const [command, file, third, ...rest] = args;
  if (command === "--help" || command === "-h") return { status: 0, output: USAGE, error: "" };
  if (command === "schema" && file === undefined) {
    return { status: 0, output: JSON.stringify(scoreJsonSchema(), null, 2), error: "" };
  }
  if (file === undefined || rest.length > 0) return notRun(USAGE);
  if (command === "files" && (third === undefined || third === "lite" || third === "full")) {
    return files(file, third);
  }
  return command === "check" && third === undefined ? check(file) : notRun(USAGE);
}

function files(folder: string, size?: "lite" | "full"): CommandResult {
  try {
    const names = copyFiles(folder, size ?? "lite");
    return { status: 0, output: `${folder}: ${names.join(", ")}`, error: "" };
  } catch (error) {
    return notRun(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A score has at most a million characters, each of four bytes at most. */
const MOST_BYTES = 4_000_000;

function check(file: string): CommandResult {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) {
      const message = `${file}: found ${size} bytes, expected at most a million characters`;
      return { status: 1, output: message, error: "" };
    }
    text = readFileSync(file, "utf8");
  } catch (error) {
    return notRun(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  if (parsed.ok) {
    return checked(parsed.score, parsed.warnings, file);
  }
  const lines = parsed.issues.map((issue) => formatIssue(issue, file));
  const total = count(parsed.issues.length, "mistake");
  return { status: 1, output: [...lines, total].join("\n"), error: "" };
}

/** A right score, and what the files make of it that it names. */
function checked(score: Score, warned: readonly ScoreIssue[], file: string): CommandResult {
  const files = checkNamedFiles(score, file);
  const warnings = [
    ...warned.map((issue) => formatIssue(issue, file, "warning")),
    ...files.warnings.map((warning) => `${file}: warning: ${warning}`),
  ];
  const notes = files.notes.map((note) => `${file}: note: ${note}`);
  const mistakes = files.mistakes.map((mistake) => `${file}: ${mistake}`);
  const isRight = mistakes.length === 0;
  const total = isRight
    ? `${file}: ${summary(score, warnings.length)}`
    : count(mistakes.length, "mistake");
  const output = [...warnings, ...notes, ...mistakes, total].join("\n");
  return { status: isRight ? 0 : 1, output, error: "" };
}

const notRun = (error: string): CommandResult => ({ status: 2, output: "", error });

const summary = ({ moods, locations, transitions }: Score, warnings: number): string =>
  [
    count(moods.length, "mood"),
    count(locations.length, "location"),
    count(transitions.length, "transition"),
    ...(warnings === 0 ? [] : [count(warnings, "warning")]),
  ].join(", ");
