import { CHORD_QUALITIES } from "../music/chord.ts";
import type { Backend } from "../generator/service.ts";
import type { DensityCuts } from "../generator/density.ts";
import { CHORD_CLASSES, CONDITIONS, LANES } from "../generator/tokens.ts";
import { TUNABLES } from "../generator/tunables.ts";
import type { Voicings } from "../generator/voicings.ts";
import { createVoicings } from "../generator/voicings.ts";
import { STEMS } from "../music/stem.ts";
import { generatorError } from "./errors.ts";

/** One of a model's files, as `model.json` describes it. */
interface ModelFile {
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What the engine needs to know of a model. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<Backend, ModelFile>>;
  /** Those whose graph takes windows of fewer bars than 16. */
  readonly fewer: readonly Backend[];
  readonly voicings: Voicings;
  readonly cuts: DensityCuts;
}

/**
 * Reads `model.json`. Throws `ManifestError` when it is no JSON, lacks a field, or speaks another
 * vocabulary than `tokens.ts`.
 */
export function parseManifest(text: string, source: string): Manifest {
  const fail = (what: string): Error => generatorError("ManifestError", `${source}: ${what}`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw generatorError("ManifestError", `${source}: not JSON`, error);
  }
  const read = reader(root, fail);
  checkVocabulary(read, fail);
  const file = (backend: Backend): ModelFile => ({
    file: read.text(`files.${backend}.file`),
    bytes: read.number(`files.${backend}.bytes`),
    sha256: read.text(`files.${backend}.sha256`).toLowerCase(),
  });
  return {
    name: read.text("name"),
    version: read.text("version"),
    files: { wasm: file("wasm"), webgpu: file("webgpu") },
    fewer: readFewer(read),
    voicings: readVoicings(read, fail),
    cuts: readCuts(read),
  };
}

interface Reader {
  at(path: string): unknown;
  text(path: string): string;
  number(path: string): number;
  list(path: string): readonly unknown[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function reader(root: unknown, fail: (what: string) => Error): Reader {
  const at = (path: string): unknown => {
    let value = root;
    for (const key of path.split(".")) value = isRecord(value) ? value[key] : undefined;
    return value;
  };
  const expect = <Kind>(
    path: string,
    what: string,
    is: (value: unknown) => value is Kind,
  ): Kind => {
    const value = at(path);
    if (!is(value))
      throw fail(`${path} must be ${what}, got ${JSON.stringify(value) ?? "nothing"}`);
    return value;
  };
  return {
    at,
    text: (path) =>
      expect(path, "text", (value): value is string => typeof value === "string" && value !== ""),
    number: (path) => expect(path, "a number", (value): value is number => Number.isFinite(value)),
    list: (path) =>
      expect(path, "a list", (value): value is readonly unknown[] => Array.isArray(value)),
  };
}

/** Compares the tables whose order gives ids their meaning. */
function checkVocabulary(read: Reader, fail: (what: string) => Error): void {
  const rows = (path: string, keys: readonly string[]): string =>
    JSON.stringify(
      read.list(path).map((row) => keys.map((key) => (isRecord(row) ? row[key] : undefined))),
    );
  const same = (path: string, found: string, expected: unknown): void => {
    if (found !== JSON.stringify(expected)) {
      throw fail(`${path} is another vocabulary than this engine's: ${found}`);
    }
  };
  const lanes = "vocabulary.lanes";
  same(
    lanes,
    rows(lanes, ["name", "classes", "offset"]),
    LANES.map(({ name, classes, offset }) => [name, classes, offset]),
  );
  const conditions = "vocabulary.conditions";
  same(
    conditions,
    rows(conditions, ["name", "classes"]),
    CONDITIONS.map(({ name, classes }) => [name, classes]),
  );
  const qualities = "vocabulary.chordQualities";
  same(
    qualities,
    rows(qualities, ["name"]),
    CHORD_QUALITIES.map((name) => [name]),
  );
  const chords = "vocabulary.chordClasses";
  same(chords, JSON.stringify(read.number(chords)), CHORD_CLASSES);
}

const isOffsets = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((offset) => Number.isInteger(offset));

function readVoicings(read: Reader, fail: (what: string) => Error): Voicings {
  const shapes = read.list("vocabulary.voicings");
  if (!shapes.every(isOffsets) || shapes.length === 0) {
    throw fail("vocabulary.voicings must be lists of semitones");
  }
  return createVoicings(shapes);
}

const BACKENDS: readonly Backend[] = ["wasm", "webgpu"];

/** A model that says nothing of it takes whole windows. */
function readFewer(read: Reader): readonly Backend[] {
  const named = read.at("shapes.fewer") === undefined ? [] : read.list("shapes.fewer");
  return BACKENDS.filter((backend) => named.includes(backend));
}

/** The quartiles of the training bars, where the manifest names them; otherwise the built-in ones. */
function readCuts(read: Reader): DensityCuts {
  const cutsOf = (stem: (typeof STEMS)[number]): readonly [number, number, number] => {
    const value = read.at(`vocabulary.quartiles.density.${stem}`);
    const fallback = TUNABLES.densityCuts[stem];
    if (!Array.isArray(value)) return fallback;
    const [a, b, c]: readonly unknown[] = value;
    return typeof a === "number" && typeof b === "number" && typeof c === "number"
      ? [a, b, c]
      : fallback;
  };
  return {
    melody: cutsOf("melody"),
    counter: cutsOf("counter"),
    harmony: cutsOf("harmony"),
    bass: cutsOf("bass"),
    drums: cutsOf("drums"),
  };
}
