import type { core } from "zod/mini";
import { describe, type Path, type Problem } from "./issue.ts";
import { nearest } from "./nearest.ts";

/** What the checks of `shape-parts.ts` add to an issue. */
export interface IssueParams {
  /** What a misspelt text or key may have meant. */
  readonly names: readonly string[];
  /** For unknown keys alone: those that a later version may take. */
  readonly later?: readonly string[];
}

/** Turns an issue of zod, whose message is what was expected, into problems of the score. */
export function toProblems(issue: core.$ZodIssue, data: unknown): readonly Problem[] {
  const path = written(data, issue.path);
  if (issue.code !== "invalid_union") return [toProblem(issue, path, data)];
  // The score's one union is of a list and a map, in this order.
  const inner = issue.errors[Array.isArray(valueAt(data, path)) ? 0 : 1] ?? [];
  return inner.flatMap((cause) => {
    const message = cause.path.length === 0 ? issue.message : cause.message;
    return toProblems({ ...cause, message, path: [...issue.path, ...cause.path] }, data);
  });
}

function toProblem(issue: core.$ZodIssue, path: Path, data: unknown): Problem {
  const last = path.at(-1);
  const names = namesIn(issue, "names");
  const later = namesIn(issue, "later");
  // Only an unknown key comes with a list of later ones.
  if (later !== undefined && typeof last === "string") {
    const key = describe(last);
    if (later.includes(last)) {
      const expected = `no such key: ${key} is not supported in this version`;
      return { path, at: "key", found: `the key ${key}`, expected };
    }
    const found = `the unknown key ${key}`;
    return { path, at: "key", found, expected: issue.message, nearest: nearest(last, names ?? []) };
  }
  const input = valueAt(data, path);
  const hint = typeof input === "string" ? nearest(input, names ?? []) : undefined;
  return { path, found: describe(input), expected: issue.message, nearest: hint };
}

function namesIn(issue: core.$ZodIssue, field: "names" | "later"): readonly string[] | undefined {
  const names: unknown = issue.code === "custom" ? issue.params?.[field] : undefined;
  return Array.isArray(names) ? names.map(String) : undefined;
}

/** The path as far as the data goes: a value written short, as a text or a number, has no parts of its own. */
function written(data: unknown, path: readonly PropertyKey[]): Path {
  const parts = path.map((part) => (typeof part === "number" ? part : String(part)));
  const end = parts.findIndex((_, index) => isPlain(valueAt(data, parts.slice(0, index))));
  return end === -1 ? parts : parts.slice(0, end);
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}
