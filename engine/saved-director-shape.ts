import * as z from "zod/mini";
import type { SavedDirector } from "./director/save.ts";
import { STEMS } from "./music/stem.ts";
import { METERS } from "./time/meter.ts";

/** As many as a score may have values. */
const MOST_NAMES = 50_000;
const MOST_HOLDS = 32;
const MOST_HITS = 16;
const MOST_STINGERS = 64;
/** Eight at once, each of which may have cut off others of all 64 names that it comes before. */
const MOST_SOUNDING = 512;
const MOST_PHRASES = 256;
const CAUSES = ["opening", "transition", "bridge", "tempo", "hit", "restore"] as const;

export const number: z.ZodMiniNumber = z.number();
/** Seconds since the music began; what was set or began before may lie before it. */
export const moment: z.ZodMiniNumber = z.number().check(z.gte(-1e9), z.lte(1e9));
export const count: z.ZodMiniNumber = z.int().check(z.gte(0), z.lte(1e9));
export const share: z.ZodMiniNumber = z.number().check(z.gte(0), z.lte(1));
export const name: z.ZodMiniString = z.string().check(z.maxLength(200));
/** Why something was decided. */
const words = z.string().check(z.maxLength(1000));

const byName = <Value extends z.core.$ZodType>(value: Value) =>
  z
    .record(name, value)
    .check(z.refine((values) => Object.keys(values).length <= MOST_NAMES, "too many names"));
const listOf = <Value extends z.core.$ZodType>(value: Value, most: number) =>
  z.array(value).check(z.maxLength(most));

const tempo = z.number().check(z.gte(20), z.lte(480));
const bars = z.int().check(z.gte(1), z.lte(1000));
const stretch = z.number().check(z.gte(0.9), z.lte(1.1));
const levels = z.partialRecord(z.enum(STEMS), share);

const section = z.object({
  index: count,
  startsAt: moment,
  entersAt: moment,
  tempo,
  meter: z.enum(METERS),
  ramp: z.nullable(z.object({ to: tempo, bars })),
  cause: z.enum(CAUSES),
  mood: name,
  visit: count,
  location: z.nullable(name),
  fade: z.number().check(z.gte(0), z.lte(60)),
  stretch,
  scale: z.number().check(z.gte(0.25), z.lte(4)),
  bridge: z.nullable(z.object({ mood: name, bars })),
  transition: z.nullable(z.object({ from: name, to: name })),
  because: z.optional(words),
  phrase: bars,
});

const phrase = z.object({
  section: count,
  index: count,
  at: moment,
  until: moment,
  bars,
  intensity: share,
  ending: z.nullable(z.object({ bars: z.int().check(z.gte(0), z.lte(1000)), strength: share })),
});

export const placing: z.ZodMiniOptional<
  z.ZodMiniObject<{ pan: z.ZodMiniNumber; level: z.ZodMiniNumber }>
> = z.optional(
  z.object({
    pan: z.number().check(z.gte(-1), z.lte(1)),
    level: z.number().check(z.gte(-200), z.lte(0)),
  }),
);
const stingers = z.object({
  count,
  waiting: listOf(z.object({ name, at: moment, placing }), MOST_STINGERS),
  sounding: listOf(
    z.object({ id: count, name, from: moment, until: moment, cut: z.optional(moment), placing }),
    MOST_SOUNDING,
  ),
  began: byName(moment),
});

/** What `saveDirector` gives, with bounds that no music reaches. */
export const director: z.ZodMiniType<SavedDirector> = z.object({
  signals: byName(z.object({ anchor: number, anchoredAt: moment, target: number })),
  location: z.nullable(name),
  weights: byName(share),
  rules: listOf(z.object({ rule: name, holds: z.boolean(), freeFrom: moment }), MOST_NAMES),
  holds: listOf(
    z.object({
      id: count,
      mood: name,
      priority: number,
      lasts: z.nullable(moment),
      since: z.nullable(moment),
    }),
    MOST_HOLDS,
  ),
  sections: count,
  section: z.nullable(section),
  committed: z.nullable(section),
  pending: z.nullable(z.object({ mood: name, location: z.nullable(name), at: moment, sync: name })),
  fading: z.nullable(
    z.object({ section, layers: levels, phrases: count, from: moment, until: moment }),
  ),
  phrases: count,
  ahead: listOf(phrase, MOST_PHRASES),
  layers: levels,
  colour: z.nullable(
    z.object({
      room: share,
      paletteRoom: share,
      palette: name,
      brightness: share,
      level: z.number().check(z.gte(-200), z.lte(60)),
    }),
  ),
  visits: byName(count),
  left: byName(z.object({ visit: count, bar: z.number().check(z.gte(0), z.lte(1e9)) })),
  stingers,
  hits: listOf(z.object({ name, time: moment, strength: share }), MOST_HITS),
  aim: z.nullable(
    z.object({
      name,
      wanted: moment,
      lands: moment,
      strength: share,
      section: count,
      bends: z.boolean(),
      stretch,
    }),
  ),
  scale: z.number().check(z.gte(0.25), z.lte(4)),
  missedSyncPoints: count,
});
