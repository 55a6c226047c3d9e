import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter } from "yaml";
import type { Document, Node, Pair } from "yaml";
import { formatPath, quote, type Path, type Problem, type ScoreIssue } from "./issue.ts";
import { MAX_DEPTH, readTokens, tooDeep } from "./tokens.ts";

/** Values in a score once every alias is written out. */
const MAX_VALUES = 50_000;

/** A score's text as plain data, with the place of every value. */
interface ScoreDocument {
  /** Null-prototype maps, arrays, text, numbers, booleans and null; undefined when `broken`. */
  readonly data: unknown;
  /** Mistakes of the text itself: syntax, aliases, keys written twice. */
  readonly problems: readonly ScoreIssue[];
  /** The text is no YAML or over a limit, so nothing can be said about what it means. */
  readonly broken: boolean;
  readonly locate: (problem: Problem) => ScoreIssue;
}

/** Where a value and its key begin, as offsets into the text. */
interface Place {
  readonly key: number;
  readonly value: number;
  readonly children: Map<string | number, Place>;
}

interface Walk {
  readonly note: (offset: number, problem: Problem) => void;
  readonly anchors: Map<string, Node>;
  valuesLeft: number;
}

/** Reads YAML 1.2 (and so JSON) in bounded time and memory. Never throws. */
export function readDocument(text: string): ScoreDocument {
  const lines = new LineCounter();
  const issueAt = (offset: number, problem: Problem): ScoreIssue => {
    const position = lines.linePos(offset);
    return {
      path: formatPath(problem.path),
      line: Math.max(1, position.line),
      column: Math.max(1, position.col),
      found: problem.found,
      expected: problem.expected,
      ...(problem.nearest === undefined ? {} : { nearest: problem.nearest }),
    };
  };
  const broken = (problems: readonly ScoreIssue[]): ScoreDocument => ({
    data: undefined,
    problems,
    broken: true,
    locate: (problem) => issueAt(0, problem),
  });

  const tokens = readTokens(text, lines);
  if (!tokens.ok) return broken([issueAt(tokens.offset, tokens.problem)]);
  const [document, second] = compose(tokens.tokens, text.length, lines);
  const syntax = [...(document?.errors ?? []), ...(document?.warnings ?? [])].map((error) =>
    issueAt(error.pos[0], brokenYaml(error.message)),
  );
  if (second !== undefined) {
    syntax.push(issueAt(second.range?.[0] ?? 0, brokenYaml("a second document")));
  }
  if (syntax.length > 0) return broken(syntax);

  const problems: ScoreIssue[] = [];
  const note = (offset: number, problem: Problem): void => {
    problems.push(issueAt(offset, problem));
  };
  const walk: Walk = { note, anchors: new Map(), valuesLeft: MAX_VALUES };
  const root = placeAt(startOf(document?.contents, 0));
  const data = read(document?.contents ?? null, [], root, walk);
  const locate = (problem: Problem): ScoreIssue => issueAt(find(root, problem), problem);
  return { data, problems, broken: walk.valuesLeft < 0, locate };
}

function compose(
  tokens: Parameters<Composer["compose"]>[0],
  length: number,
  lineCounter: LineCounter,
): readonly Document.Parsed[] {
  // Known tags of YAML 1.1 off, one schema whatever `%YAML` says: dates, sets and `yes` stay text.
  // Keys written twice are found by `read`, in linear time.
  const options = { schema: "core", resolveKnownTags: false, stringKeys: true, merge: false };
  const composer = new Composer({ ...options, uniqueKeys: false, lineCounter });
  return [...composer.compose(tokens, true, length)];
}

const brokenYaml = (why: string): Problem => ({
  path: [],
  found: `broken YAML: ${why.replaceAll(/\s+/g, " ").slice(0, 120)}`,
  expected: "well-formed YAML or JSON",
});

/** Turns a node into plain data and notes where each part of it stands. */
function read(node: unknown, path: Path, place: Place, walk: Walk): unknown {
  walk.valuesLeft -= 1;
  if (walk.valuesLeft < 0) {
    if (walk.valuesLeft === -1) walk.note(place.value, tooMany);
    return undefined;
  }
  if (path.length > MAX_DEPTH) {
    walk.note(place.value, { path, ...tooDeep });
    return undefined;
  }
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target !== undefined) return read(target, path, place, walk);
    const expected = "an alias of an anchor that is complete before it";
    walk.note(place.value, { path, found: quote(`*${node.source}`), expected });
    return undefined;
  }
  let data: unknown = null;
  if (isScalar(node)) data = node.value;
  else if (isSeq(node)) data = readList(node.items, path, place, walk);
  else if (isMap(node)) data = readMap(node.items, path, place, walk);
  // Known only from here on, so that no anchor can hold itself.
  if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) {
    walk.anchors.set(node.anchor, node);
  }
  return data;
}

function readList(items: readonly unknown[], path: Path, place: Place, walk: Walk): unknown[] {
  return items.map((item, index) => {
    const child = placeAt(startOf(item, place.value));
    place.children.set(index, child);
    return read(item, [...path, index], child, walk);
  });
}

function readMap(items: readonly Pair[], path: Path, place: Place, walk: Walk): unknown {
  const data: Record<string, unknown> = Object.create(null);
  for (const { key, value } of items) {
    const keyOffset = startOf(key, place.value);
    if (!isScalar(key)) {
      walk.note(keyOffset, {
        path,
        found: "a key that is no text",
        expected: "a key of plain text",
      });
      continue;
    }
    const name = String(key.value);
    const childPath = [...path, name];
    if (Object.hasOwn(data, name)) {
      const found = `${quote(name)} a second time`;
      walk.note(keyOffset, { path: childPath, found, expected: "each key once" });
      continue;
    }
    // Code that copies maps drops this key without a word.
    if (name === "__proto__") {
      const found = `the key ${quote(name)}`;
      walk.note(keyOffset, { path: childPath, found, expected: "another name" });
      continue;
    }
    const child = placeAt(startOf(value, keyOffset), keyOffset);
    place.children.set(name, child);
    data[name] = read(value, childPath, child, walk);
  }
  return data;
}

const tooMany: Problem = {
  path: [],
  found: "more values",
  expected: `at most ${MAX_VALUES} values, counting each use of an alias`,
};

const placeAt = (value: number, key = value): Place => ({ key, value, children: new Map() });

function startOf(node: unknown, otherwise: number): number {
  if (isScalar(node) || isSeq(node) || isMap(node) || isAlias(node)) {
    return node.range?.[0] ?? otherwise;
  }
  return otherwise;
}

/** The offset of a path; where it ends early (a missing key), that of the part that is there. */
function find(root: Place, problem: Problem): number {
  let place = root;
  for (const part of problem.path) {
    const child = place.children.get(part);
    if (child === undefined) return place.value;
    place = child;
  }
  return problem.at === "key" ? place.key : place.value;
}
