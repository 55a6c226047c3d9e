import * as z from "zod/mini";
import { STYLES } from "../music/bar-plan.ts";
import { STEMS } from "../music/stem.ts";
import { METERS } from "../time/meter.ts";
import { bpm, unitInterval, type UnitInterval } from "../time/units.ts";
import type { AuthoredScore } from "./authored.ts";
import { readCondition, type Condition } from "./condition.ts";
import { oneOf, type Problem } from "./issue.ts";
import { toProblems, type IssueParams } from "./shape-problem.ts";
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

type Names = readonly string[];

const LIMITS = "at most 32 bars, 128 beats or 60s";
const CURVE = "2 to 16 points such as [[0, 0], [80, 20], [100, 100]], their first numbers rising";
const SYNC = `${oneOf(read.SYNC_POINTS)}, or a grid of 1 to 32 bars or beats such as "2 bars"`;
const FADE = `a fade of ${LIMITS} such as "1 bar" or "400ms"`;

/** Refuses with `expected`; `names` are what a misspelt text may have meant. */
function value<Out>(
  expected: string,
  reader: (input: unknown) => Out | undefined,
  names: Names = [],
) {
  return z.transform((input: unknown, context): Out => {
    const out = reader(input);
    if (out !== undefined) return out;
    const params: IssueParams = { names };
    context.issues.push({ code: "custom", input, message: expected, params });
    return z.NEVER;
  });
}

const option = <Name extends string>(names: readonly Name[]) =>
  z.optional(value(oneOf(names), read.readOneOf(names), names));

/** A map that takes these keys alone; `later` are keys that this version does not support yet. */
function map<Fields extends z.core.$ZodShape>(fields: Fields, later: Names = []) {
  const names = Object.keys(fields);
  const unknownKey = z.transform((input: unknown, context): undefined => {
    const params: IssueParams = { names, later };
    context.issues.push({ code: "custom", input, message: oneOf(names), params });
  });
  return z.catchall(z.object(fields, `a map of ${names.join(", ")}`), unknownKey);
}

/** A key without a value stands for an empty map or list: everything keeps its default. */
const orEmpty = <Schema extends z.core.$ZodType>(empty: unknown, schema: Schema) =>
  z.pipe(
    z.transform((input: unknown) => input ?? empty),
    schema,
  );

const named = <Schema extends z.core.$ZodType>(what: string, schema: Schema) =>
  orEmpty({}, z.record(z.string(), orEmpty({}, schema), `a map from names to ${what}`));

const list = <Schema extends z.core.$ZodType>(what: string, schema: Schema) =>
  z.optional(orEmpty([], z.array(schema, `a list of ${what}`)));

const tempo = value("a tempo within [40, 240] beats per minute", (input) => {
  const number = read.readNumber(40, 240)(input);
  return number === undefined ? undefined : bpm(number);
});
const key = value('a key such as "D dorian", "F# minor" or "Bb major"', read.readKey);
const time = value('a time of at most 60s such as "400ms" or "4s"', read.readTime);
const condition = z.transform((input: unknown, context): Condition => {
  const text = read.readText(input);
  const reading = text === undefined ? undefined : readCondition(text);
  if (reading?.ok === true) return reading.condition;
  const where = reading === undefined ? "" : `: ${reading.expected} where ${reading.found} stands`;
  const message = `a condition such as "intensity > 0.7 and location is cave"${where}`;
  context.issues.push({ code: "custom", input, message, params: { names: [] } });
  return z.NEVER;
});
const name = value("a name", read.readText);

function readShare(input: unknown): UnitInterval | undefined {
  const number = read.readNumber(0, 1)(input);
  return number === undefined ? undefined : unitInterval(number);
}

/** A name, or a list of names; either way read as a list. */
const oneOrMore = z.pipe(
  z.transform((input: unknown) => (typeof input === "string" ? [input] : input)),
  z.array(name, "the name of a mood, any, or a list of them"),
);

const share = value("a number within [0, 1]", readShare);

const signal = map({
  range: z.optional(value("two numbers, the smaller first, such as [0, 100]", read.readRange)),
  initial: z.optional(value("a number", read.readNumber(-read.WIDEST, read.WIDEST))),
  attack: z.optional(time),
  release: z.optional(time),
  curve: z.optional(value(CURVE, read.readCurve)),
  deadband: z.optional(value("a number from 0", read.readNumber(0, read.WIDEST))),
});

const stemLevels = map({
  melody: z.optional(share),
  counter: z.optional(share),
  harmony: z.optional(share),
  bass: z.optional(share),
  drums: z.optional(share),
});

const stemName = value(oneOf(STEMS), read.readOneOf(STEMS), STEMS);

const stems = z.union(
  [z.array(stemName), stemLevels],
  "a list of stems, or a map from stems to the intensity at which each comes in",
);

const mood = map(
  {
    valence: z.optional(value("a number within [-1, 1]", read.readNumber(-1, 1))),
    arousal: z.optional(share),
    tempo: z.optional(tempo),
    key: z.optional(key),
    style: option(STYLES),
    stems: z.optional(stems),
    inherit: z.optional(name),
  },
  ["theme", "meter", "palette", "phrase"],
);

const location = map({ palette: z.optional(name), mood: z.optional(name) }, ["theme", "style"]);

const rule = map({
  when: condition,
  until: z.optional(condition),
  mood: name,
  for: z.optional(value(`a length of ${LIMITS} such as "1 bar" or "4s"`, read.readLength)),
  cooldown: z.optional(time),
  priority: z.optional(value("a number within [-100, 100]", read.readNumber(-100, 100))),
});

const transition = map(
  {
    from: oneOrMore,
    to: oneOrMore,
    at: z.optional(value(SYNC, read.readSyncPoint, read.SYNC_POINTS)),
    fade: z.optional(value(FADE, read.readLength)),
  },
  ["bridge", "stinger", "enter", "hold"],
);

const scoreShape = map(
  {
    attacca: value("1, the version of the score script", (input) => (input === 1 ? 1 : undefined)),
    title: z.optional(value("a text of at most 200 characters", read.readText)),
    tempo: z.optional(tempo),
    meter: option(METERS),
    key: z.optional(key),
    palette: z.optional(name),
    phrase: z.optional(value('a length of 4 to 8 whole bars such as "4 bars"', read.readPhrase)),
    signals: z.optional(named("signals", signal)),
    moods: named("moods", mood),
    locations: z.optional(named("locations", location)),
    rules: list("rules", rule),
    transitions: list("transitions", transition),
  },
  ["themes", "stingers", "stems", "palettes", "style"],
);
