import * as z from "zod/mini";
import { FORM_ROLES, STYLES } from "./music/bar-plan.ts";
import { CHORD_QUALITIES } from "./music/chord.ts";
import { MODES } from "./music/key.ts";
import type { Recording } from "./recorder.ts";
import { FORMAT, SaveError, type SavedMusic } from "./saved-music.ts";
import { count, director, moment, name, number, placing, share } from "./saved-director-shape.ts";
import { METERS } from "./time/meter.ts";

/** More than any music has, and little enough to be read at once. */
const MOST_TUNES = 4096;
const MOST_TAKES = 2048;
const MOST_NOTES = 4 * 4096;
const MOST_EVENTS = 100_000;
const MOST_CUES = 1_000_000;
/** Characters of a message about what is no save. */
const LONGEST_WHERE = 120;

const notes = z.array(number.check(z.gte(-1e6), z.lte(1e9))).check(z.maxLength(MOST_NOTES));
const chord = z.object({
  root: z.int().check(z.gte(0), z.lte(11)),
  quality: z.enum(CHORD_QUALITIES),
});
const halfBar = z.optional(z.nullable(chord));
const density = z.union([z.literal([0, 1, 2, 3, 4]), z.literal("free")]);
const perStem = <Value extends z.core.$ZodType>(value: Value) =>
  z.object({ melody: value, counter: value, harmony: value, bass: value, drums: value });
const key = z.object({ tonic: z.int().check(z.gte(0), z.lte(11)), mode: z.enum(MODES) });
const bar = z.object({
  meter: z.enum(METERS),
  tempo: number.check(z.gte(20), z.lte(480)),
  key,
  modulatedTo: z.optional(key),
  chords: z.array(halfBar).check(z.length(2)),
  role: z.enum(FORM_ROLES),
  positionInPhrase: z.int().check(z.gte(0), z.lte(7)),
  intensity: share,
  valence: number.check(z.gte(-1), z.lte(1)),
  arousal: share,
  style: z.optional(z.enum(STYLES)),
  density: perStem(density),
});
const take = z.object({
  index: count,
  section: z.optional(count),
  source: z.enum(["model", "bank", "last-good", "rest"]),
  bars: z.array(bar).check(z.minLength(1), z.maxLength(16)),
  notes: perStem(notes),
});
const tunes = z
  .array(z.object({ name, takes: z.array(take).check(z.maxLength(MOST_TAKES)) }))
  .check(z.maxLength(MOST_TUNES));

const saved = z.object({
  attacca: z.literal(FORMAT),
  kind: z.literal("save"),
  seed: z.int(),
  time: number.check(z.gte(0), z.lte(1e8)),
  director,
  tunes,
  heard: z.object({
    phrases: count,
    heard: z.array(z.array(number).check(z.length(2))).check(z.maxLength(4096)),
  }),
});

const at = moment.check(z.gte(-1));
const length = z.object({
  value: number.check(z.gte(0), z.lte(1e6)),
  unit: z.enum(["bars", "beats", "seconds"]),
});
const event = z.discriminatedUnion("kind", [
  // What was no number is null in JSON: it was ignored then and is again.
  z.object({ kind: z.literal("signal"), at, name, value: z.nullable(number) }),
  z.object({ kind: z.literal("location"), at, name }),
  z.object({ kind: z.literal("blend"), at, weights: z.record(name, number.check(z.gte(0))) }),
  z.object({ kind: z.literal("trigger"), at, stinger: name, placing }),
  z.object({
    kind: z.literal("hold"),
    at,
    id: count,
    mood: name,
    priority: number,
    lasts: z.optional(length),
  }),
  z.object({ kind: z.literal("release"), at, id: count }),
  z.object({ kind: z.literal("release-mood"), at, mood: name }),
  z.object({ kind: z.literal("hit"), at, name, time: moment, strength: share }),
  z.object({ kind: z.literal("cancel-hit"), at, name }),
  z.object({ kind: z.literal("expect"), at, name, probability: share }),
  z.object({
    kind: z.literal("time-scale"),
    at,
    scale: number.check(z.gte(0.25), z.lte(4)),
  }),
]);
const recording = z.object({
  attacca: z.literal(FORMAT),
  kind: z.literal("recording"),
  score: z.looseObject({ title: z.string(), moods: z.array(z.unknown()) }),
  seed: z.int(),
  from: z.nullable(saved),
  until: number.check(z.gte(0), z.lte(1e8)),
  events: z.array(event).check(z.maxLength(MOST_EVENTS)),
  cues: z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(MOST_CUES)),
  dropped: z.optional(z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(MOST_CUES))),
  tunes,
});

/** Throws `SaveError`, of one line, for what is no save of this format. */
export const readSaved = (data: unknown): SavedMusic => read(saved, data, "a save");

/** Throws `SaveError`, of one line, for what is no recording of this format. */
export const readRecording = (data: unknown): Recording => read(recording, data, "a recording");

/** The shapes above are those of the types: what passes one is of the other. */
function read(shape: typeof saved, data: unknown, what: string): SavedMusic;
function read(shape: typeof recording, data: unknown, what: string): Recording;
function read(shape: z.ZodMiniType, data: unknown, what: string): unknown {
  const result = shape.safeParse(data);
  if (result.success) return result.data;
  const format = typeof data === "object" && data !== null && "attacca" in data && data.attacca;
  if (typeof format === "number" && format !== FORMAT) {
    throw new SaveError(`${what} of format ${format}; this engine reads format ${FORMAT} only`);
  }
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).join(".").replaceAll(/\s+/g, " ").slice(0, LONGEST_WHERE);
  const where = path === "" ? "" : ` at ${path}`;
  throw new SaveError(`not ${what} of this format${where}: ${issue?.message ?? "unknown"}`);
}
