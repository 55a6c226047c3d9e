import * as z from "zod/mini";
import { STYLES } from "../music/bar-plan.ts";
import { readForm } from "../music/form.ts";
import { readNumerals } from "../music/roman.ts";
import { STEMS } from "../music/stem.ts";
import { LONGEST_NOTES } from "../theme/read-notes.ts";
import { THEME_DENSITIES } from "../theme/theme.ts";
import { METERS } from "../time/meter.ts";
import { ENTRIES } from "../time/sync-point.ts";
import { bpm } from "../time/units.ts";
import type { AuthoredScore } from "./authored.ts";
import type { Condition } from "./condition.ts";
import { readCondition } from "./read-condition.ts";
import { describe, expectedAt, oneOf, type Problem } from "./issue.ts";
import {
  also,
  formOf,
  forms,
  list,
  map,
  name,
  named,
  namedTexts,
  option,
  orEmpty,
  sentence,
  share,
  value,
} from "./shape-parts.ts";
import { toProblems } from "./shape-problem.ts";
import { ownPalette } from "./palette-shape.ts";
import { readActivity, readStemLevel } from "./stem-curves.ts";
import { readLoop, readTakeBars } from "./take-values.ts";
import { EXAMPLE_NOTES } from "./theme-relations.ts";
import * as read from "./values.ts";

interface Shape {
  /** Undefined where there are problems. */
  readonly score: AuthoredScore | undefined;
  readonly problems: readonly Problem[];
}

/** Checks and reads every value by itself; what values say of each other is for `checkRelations`. */
export function readShape(data: unknown): Shape {
  const result = scoreShape.safeParse(data);
  if (result.success) return { score: result.data, problems: [] };
  return {
    score: undefined,
    problems: result.error.issues.flatMap((issue) => toProblems(issue, data)),
  };
}

const LIMITS = "at most 32 bars, 128 beats or 60s";
const CURVE = "2 to 16 points such as [[0, 0], [80, 20], [100, 100]], their first numbers rising";
const SYNC = `${oneOf(read.SYNC_POINTS)}, "marker" and its name, or a grid of 1 to 32 bars or beats such as "2 bars"`;
const FORM = `a form such as "A A' B A"`;
const NUMERALS = 'a progression such as "i VI III VII"';
const PLACES = "a map from names to places in the phrase";
const BRIDGE = 'none, or 1 to 8 whole bars such as "2 bars"';
const FADE = `a fade of ${LIMITS} such as "1 bar" or "400ms"`;

const tempo = value(
  "a tempo within [40, 240] beats per minute",
  read.mapped(read.readNumber(40, 240), bpm),
);
const key = value('a key such as "D dorian", "F# minor" or "Bb major"', read.readKey);
const time = value('a time of at most 60s such as "400ms" or "4s"', read.readTime);
const CONDITION = 'a condition such as "intensity > 0.7 and location is cave"';
const condition = z.transform((input: unknown, context): Condition => {
  const text = read.readText(input);
  const reading = text === undefined ? undefined : readCondition(text);
  if (reading?.ok === true) return reading.condition;
  const where = reading === undefined ? "" : `: ${expectedAt(reading)}`;
  const message = `${CONDITION}${where}`;
  context.issues.push({ code: "custom", input, message, params: { names: [] } });
  return z.NEVER;
});
forms.add(condition, { ...read.readText.form, errorMessage: `expected ${CONDITION}` });

/** A name, or a list of names; either way read as a list. */
const oneOrMore = also(
  formOf(name),
  (input) => (typeof input === "string" ? [input] : input),
  z
    .array(name, "the name of a mood, any, or a list of them")
    .check(z.minLength(1, "at least one mood, or any")),
);

const signal = map({
  range: z.optional(value("two numbers, the smaller first, such as [0, 100]", read.readRange)),
  initial: z.optional(value("a number", read.readNumber(-read.WIDEST, read.WIDEST))),
  attack: z.optional(time),
  release: z.optional(time),
  curve: z.optional(value(CURVE, read.readCurve)),
  deadband: z.optional(value("a number from 0", read.readNumber(0, read.WIDEST))),
});

/** A map from stems to values. */
function forStems<Schema extends z.core.$ZodType>(schema: Schema) {
  const each = z.optional(schema);
  return map({ melody: each, counter: each, harmony: each, bass: each, drums: each });
}

const stemLevels = forStems(
  value(
    "a number within [0, 1], or a curve of 2 to 16 points within it such as [[0.3, 0], [0.6, 1]]",
    readStemLevel,
  ),
);
const activity = forStems(
  value(
    "a number within [0, 4], or a curve of 2 to 16 points from [0, 1] to it such as [[0, 1], [1, 4]]",
    readActivity,
  ),
);

const stemName = value(oneOf(STEMS), read.readOneOf(STEMS), STEMS);

const stems = z.union(
  [z.array(stemName), stemLevels],
  "a list of stems, or a map from stems to the intensity at which each comes in",
);

const phrase = value('a length of 4 to 8 whole bars such as "4 bars"', read.readPhrase);
const level = value('a level within [-60dB, 0dB] such as "-4dB"', read.readLevel);
const sync = value(SYNC, read.readSyncPoint, read.SYNC_POINTS);
const position = value('a length in bars or beats such as "2 bars"', read.readPosition);

/** A text by itself is the progression of every letter. */
const progressions = also(
  read.readText.form,
  (input) => (typeof input === "string" ? [input] : input),
  z.array(value(NUMERALS, read.readText), `${NUMERALS}, the name of one, or a list of them`),
);

const theme = map({
  midi: z.optional(value('a MIDI file such as "hero.mid"', read.readText)),
  notes: z.optional(
    value(`notes such as ${describe(EXAMPLE_NOTES)}`, read.readTextUpTo(LONGEST_NOTES)),
  ),
  key: z.optional(key),
  meter: option(METERS),
});

const takeLength = z.optional(
  value(
    'a length of at most 32 bars, 128 beats or 60s such as "0.5 bars" or "2s"',
    read.readLength,
  ),
);

const take = map({
  audio: value('an audio file such as "drums.ogg"', read.readText),
  tempo,
  length: value('1 to 600 whole bars such as "8 bars"', readTakeBars),
  meter: option(METERS),
  entry: takeLength,
  tail: takeLength,
  loop: z.optional(value("two places in bars or beats such as [1 bar, 7 bars]", readLoop)),
  level: z.optional(level),
});

/** A name by itself is the theme as it is. */
const moodTheme = also(
  formOf(name),
  (input) => (typeof input === "string" ? { name: input } : input),
  map({
    name,
    likeness: z.optional(
      value("two numbers within [0, 1], the smaller first, such as [0.6, 0.95]", read.readShares),
    ),
    register: z.optional(value("a whole number within [-2, 2]", read.readCount(-2, 2))),
    density: option(THEME_DENSITIES),
  }),
);

const mood = map(
  {
    valence: z.optional(value("a number within [-1, 1]", read.readNumber(-1, 1))),
    arousal: z.optional(share),
    tempo: z.optional(tempo),
    meter: option(METERS),
    phrase: z.optional(phrase),
    key: z.optional(key),
    style: option(STYLES),
    stems: z.optional(stems),
    activity: z.optional(orEmpty({}, activity)),
    form: z.optional(value(`${FORM}, or the name of one`, read.readText)),
    progression: z.optional(progressions),
    theme: z.optional(moodTheme),
    takes: z.optional(orEmpty({}, forStems(name))),
    markers: z.optional(orEmpty({}, z.record(z.string(), position, PLACES))),
    inherit: z.optional(name),
  },
  ["palette"],
);

const colour = map({
  room: z.optional(share),
  brightness: z.optional(share),
  level: z.optional(level),
});

const paletteOrBlend = value(read.PALETTES, read.readPalette);

const location = map(
  {
    palette: z.optional(paletteOrBlend),
    mood: z.optional(name),
    colour: z.optional(orEmpty({}, colour)),
  },
  ["theme", "style"],
);

const rule = map({
  when: condition,
  until: z.optional(condition),
  mood: name,
  for: z.optional(value(`a length of ${LIMITS} such as "1 bar" or "4s"`, read.readLength)),
  cooldown: z.optional(time),
  priority: z.optional(value("a number within [-100, 100]", read.readNumber(-100, 100))),
});

const bridgeLength = value(BRIDGE, read.readBridge);

/** A number is meant so as well, and is told what it lacks. */
const isPlain = (input: unknown): boolean => typeof input === "string" || typeof input === "number";

/** A length by itself is a bridge of that length. */
const bridge = also(
  formOf(bridgeLength),
  (input) => (isPlain(input) ? { length: input } : input),
  map({
    length: bridgeLength,
    tempo: option(["ramp", "step"]),
    stems: z.optional(z.array(stemName, "a list of stems")),
    takes: z.optional(orEmpty({}, forStems(name))),
  }),
);

const transition = map({
  from: oneOrMore,
  to: oneOrMore,
  at: z.optional(sync),
  enter: option(ENTRIES),
  fade: z.optional(value(FADE, read.readLength)),
  bridge: z.optional(bridge),
  stinger: z.optional(name),
});

/** A level by itself is how far the music steps back. */
const duck = also(
  formOf(level),
  (input) => (isPlain(input) ? { by: input } : input),
  map({ by: level, attack: z.optional(time), release: z.optional(time) }),
);

const stinger = map(
  {
    theme: z.optional(name),
    take: z.optional(name),
    at: z.optional(sync),
    length: z.optional(value('1 to 4 whole bars such as "1 bar"', read.readBars(4))),
    stems: z.optional(
      z.array(stemName, "a list of stems").check(z.minLength(1, "at least one stem")),
    ),
    intensity: z.optional(share),
    cooldown: z.optional(time),
    most: z.optional(value("a whole number within [1, 8]", read.readCount(1, 8))),
    priority: z.optional(value("a number within [-100, 100]", read.readNumber(-100, 100))),
    moods: z.optional(oneOrMore),
    next: option(["ring", "cut"]),
    duck: z.optional(duck),
  },
  ["notes"],
);

export const scoreShape: z.ZodMiniType<AuthoredScore> = map(
  {
    attacca: value("1, the version of the score script", read.readOneOf([1])),
    title: z.optional(value("a text of at most 200 characters", read.readText)),
    tempo: z.optional(tempo),
    meter: option(METERS),
    key: z.optional(key),
    palette: z.optional(name),
    palettes: z.optional(named("palettes", ownPalette)),
    phrase: z.optional(phrase),
    signals: z.optional(named("signals", signal)),
    forms: z.optional(namedTexts("forms", sentence(FORM, readForm))),
    progressions: z.optional(namedTexts("progressions", sentence(NUMERALS, readNumerals))),
    themes: z.optional(named("themes", theme)),
    takes: z.optional(named("takes", take)),
    moods: named("moods", mood),
    locations: z.optional(named("locations", location)),
    stingers: z.optional(named("stingers", stinger)),
    rules: list("rules", rule),
    transitions: list("transitions", transition),
  },
  ["stems", "style"],
);
