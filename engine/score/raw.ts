import type { Problem } from "./issue.ts";

/** A map of a score as it was read, before its shape is known: own keys alone. */
export type Fields = Readonly<Record<string, unknown>>;
export type Note = (problem: Problem) => void;

/** Most entries of each section; what comes after them is not checked. */
export const MOST = {
  palettes: 16,
  signals: 64,
  forms: 64,
  progressions: 64,
  themes: 32,
  takes: 32,
  moods: 256,
  locations: 256,
  stingers: 64,
  rules: 256,
  transitions: 256,
} as const;

export const isMap = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NOTHING: Fields = Object.freeze(Object.create(null));

/** The value as a map of own keys; what is no map is empty. */
export const asMap = (value: unknown): Fields => (isMap(value) ? value : NOTHING);
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The named entries of a section that are checked. */
export const firstOf = (score: Fields, section: keyof typeof MOST): readonly [string, unknown][] =>
  Object.entries(asMap(score[section])).slice(0, MOST[section]);
