import * as z from "zod/mini";
import type { GameEvent } from "./director/event.ts";
import { FORM_ROLES, STYLES } from "./music/bar-plan.ts";
import { CHORD_QUALITIES } from "./music/chord.ts";
import { MODES } from "./music/key.ts";
import type { Recording } from "./recorder.ts";
import { SaveError, type SavedMusic } from "./saved-music.ts";
import { METERS } from "./time/meter.ts";

/** More than any music has, and little enough to be read at once. */
const MOST_TUNES = 4096;
const MOST_TAKES = 2048;
const MOST_NOTES = 4 * 4096;
const MOST_EVENTS = 100_000;

const EVENT_KINDS: readonly GameEvent["kind"][] = [
  "signal",
  "location",
  "blend",
  "trigger",
  "hold",
  "release",
  "release-mood",
  "hit",
  "cancel-hit",
  "expect",
  "time-scale",
];

const number = z.number();
const count = z.int().check(z.gte(0), z.lte(1e9));
const share = number.check(z.gte(0), z.lte(1));
const name = z.string().check(z.maxLength(200));
const byName = <Value extends z.core.$ZodType>(value: Value) => z.record(name, value);

const notes = z.array(number.check(z.gte(-1e6), z.lte(1e9))).check(z.maxLength(MOST_NOTES));
const chord = z.object({
  root: z.int().check(z.gte(0), z.lte(11)),
  quality: z.enum(CHORD_QUALITIES),
});
const halfBar = z.optional(z.nullable(chord));
const density = z.union([z.literal([0, 1, 2, 3, 4]), z.literal("free")]);
const perStem = <Value extends z.core.$ZodType>(value: Value) =>
  z.object({ melody: value, counter: value, harmony: value, bass: value, drums: value });
const bar = z.object({
  meter: z.enum(METERS),
  tempo: number.check(z.gte(20), z.lte(480)),
  key: z.object({ tonic: z.int().check(z.gte(0), z.lte(11)), mode: z.enum(MODES) }),
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
  source: z.enum(["model", "bank", "last-good"]),
  bars: z.array(bar).check(z.minLength(1), z.maxLength(16)),
  notes: perStem(notes),
});
const tunes = z
  .array(z.object({ name, takes: z.array(take).check(z.maxLength(MOST_TAKES)) }))
  .check(z.maxLength(MOST_TUNES));

const place = z.object({ visit: count, bar: number.check(z.gte(0), z.lte(1e7)) });
const director = z.object({
  signals: byName(z.object({ anchor: number, anchoredAt: number, target: number })),
  location: z.nullable(name),
  weights: byName(share),
  rules: z.array(z.object({ holds: z.boolean(), freeFrom: number })).check(z.maxLength(256)),
  holds: z
    .array(
      z.object({
        id: count,
        mood: name,
        priority: number,
        lasts: z.nullable(number),
        until: z.nullable(number),
      }),
    )
    .check(z.maxLength(32)),
  place: z.nullable(
    z.extend(place, {
      mood: name,
      location: z.nullable(name),
      stretch: number.check(z.gte(0.9), z.lte(1.1)),
    }),
  ),
  visits: byName(count),
  left: byName(place),
  stingersBegan: byName(number),
  hits: z.array(z.object({ name, time: number, strength: share })).check(z.maxLength(16)),
  scale: number.check(z.gte(0.25), z.lte(4)),
});
const saved = z.object({
  attacca: z.literal(1),
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
const recording = z.object({
  attacca: z.literal(1),
  kind: z.literal("recording"),
  score: z.object({ title: z.string(), moods: z.array(z.unknown()) }),
  seed: z.int(),
  from: z.nullable(saved),
  until: number.check(z.gte(0)),
  events: z
    .array(z.looseObject({ kind: z.enum(EVENT_KINDS), at: number }))
    .check(z.maxLength(MOST_EVENTS)),
  cues: z.array(z.string()),
  tunes,
});

/** Throws `SaveError` for what is no save of this version. */
export function readSaved(data: unknown): SavedMusic {
  check(saved, data, "a save");
  return data;
}

/** Throws `SaveError` for what is no recording of this version. */
export function readRecording(data: unknown): Recording {
  check(recording, data, "a recording");
  return data;
}

/** The shapes above are those of the types: what passes one is of the other. */
function check(shape: typeof saved, data: unknown, what: string): asserts data is SavedMusic;
function check(shape: typeof recording, data: unknown, what: string): asserts data is Recording;
function check(shape: z.ZodMiniType, data: unknown, what: string): void {
  const result = shape.safeParse(data);
  if (result.success) return;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new SaveError(`not ${what} of this version${where}: ${issue?.message ?? "unknown"}`);
}
