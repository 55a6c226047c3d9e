import { STEMS } from "../music/stem.ts";
import { describe, oneOf, type Path, type Problem } from "./issue.ts";
import { nearest } from "./nearest.ts";
import { canMeet, partsOf } from "./condition-logic.ts";
import type { Condition } from "./condition.ts";
import { checkBridges } from "./bridge-relations.ts";
import { checkForms } from "./form-relations.ts";
import { NONE } from "./inheritance.ts";
import { checkMarkers } from "./marker-relations.ts";
import { asList, asMap, firstOf, isMap, MOST, type Fields, type Note } from "./raw.ts";
import { readCondition } from "./read-condition.ts";
import { checkPalettes } from "./palette-relations.ts";
import { checkStems } from "./stem-relations.ts";
import { checkTakes } from "./take-relations.ts";
import { checkThemes } from "./theme-relations.ts";
import { isName, readCurve, readNumber, readRange, readText, WIDEST } from "./values.ts";

/** Mistakes after which no name that may have been meant is looked for. */
const MOST_HINTS = 100;

/** Moods of a circle that are named. */
const MOST_SHOWN = 16;

/** Names of a blend that are checked: two are right. */
const MOST_BLENDED = 8;

/** Names that mean something else where a name is asked for. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  palettes: [],
  forms: [],
  progressions: [],
  themes: [NONE],
  takes: [NONE],
  moods: ["any"],
  stingers: [],
  locations: ["and", "is", "not", "or"],
  signals: ["and", "is", "location", "not", "or"],
};

/**
 * Checks what values say of each other: names, references, ranges, thresholds. It reads the raw data
 * and passes over what is misshapen, so that one mistake does not hide another.
 */
export function checkRelations(data: unknown, palettes: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  if (!isMap(data)) return problems;
  const score = data;
  const note: Note = (problem) => {
    problems.push(problem);
  };
  // Hints cost the most, and nobody reads them after so many mistakes.
  const hint: Hint = (name, names) =>
    problems.length < MOST_HINTS ? nearest(name, names) : undefined;
  checkSections(score, note);
  checkSignals(score, note);
  checkMoods(score, note);
  checkMarkers(score, note);
  checkForms(score, note);
  checkThemes(score, note);
  checkTakes(score, note);
  checkBridges(score, note);
  checkPalettes(score, palettes, note);

  const namesOf = (section: keyof typeof MOST): readonly string[] =>
    firstOf(score, section).map(([name]) => name);
  const moods = knownAs(namesOf("moods"));
  const moodsOrAny = knownAs([...namesOf("moods"), "any"]);
  const stingers = knownAs(namesOf("stingers"));
  const check = (path: Path, known: Known): void => {
    const name = valueAt(score, path);
    if (typeof name !== "string" || name.trim() === "" || known.all.has(name)) return;
    const meant = hint(name, known.proper);
    note({ path, found: describe(name), expected: known.expected, nearest: meant });
  };
  const builtIn = knownAs(palettes);
  for (const [name] of firstOf(score, "palettes")) {
    check(["palettes", name, "like"], builtIn);
    for (const stem of STEMS) check(["palettes", name, "voices", stem, "like"], builtIn);
  }
  const knownPalettes = knownAs([...palettes, ...namesOf("palettes")]);
  check(["palette"], knownPalettes);
  for (const [name, location] of firstOf(score, "locations")) {
    const path = ["locations", name, "palette"];
    const { palette } = asMap(location);
    check(path, knownPalettes);
    for (const place of asList(palette).slice(0, MOST_BLENDED).keys())
      check([...path, place], knownPalettes);
    for (const named of Object.keys(asMap(palette)).slice(0, MOST_BLENDED)) {
      if (knownPalettes.all.has(named)) continue;
      const nearest = hint(named, knownPalettes.proper);
      const problem = { found: describe(named), expected: knownPalettes.expected, nearest };
      note({ path: [...path, named], at: "key", ...problem });
    }
    check(["locations", name, "mood"], moods);
  }
  const themes = knownAs(namesOf("themes"));
  const themesOrNone = knownAs([...namesOf("themes"), NONE]);
  const takes = knownAs(namesOf("takes"));
  const takesOrNone = knownAs([...namesOf("takes"), NONE]);
  for (const [name] of firstOf(score, "moods")) {
    check(["moods", name, "inherit"], moods);
    check(["moods", name, "theme"], themesOrNone);
    check(["moods", name, "theme", "name"], themesOrNone);
    for (const stem of STEMS) check(["moods", name, "takes", stem], takesOrNone);
  }
  for (const [name, stinger] of firstOf(score, "stingers")) {
    check(["stingers", name, "theme"], themes);
    check(["stingers", name, "take"], takes);
    const named = asMap(stinger)["moods"];
    if (!Array.isArray(named)) check(["stingers", name, "moods"], moodsOrAny);
    for (const place of asList(named).keys()) {
      check(["stingers", name, "moods", place], moodsOrAny);
    }
  }
  checkInheritance(score, note);
  for (const [index, entry] of asList(score["transitions"]).slice(0, MOST.transitions).entries()) {
    for (const side of ["from", "to"] as const) {
      const names = asMap(entry)[side];
      if (!Array.isArray(names)) check(["transitions", index, side], moodsOrAny);
      for (const place of asList(names).keys()) {
        check(["transitions", index, side, place], moodsOrAny);
      }
    }
    check(["transitions", index, "stinger"], stingers);
    for (const stem of STEMS) check(["transitions", index, "bridge", "takes", stem], takesOrNone);
  }
  for (const [index, rule] of asList(score["rules"]).slice(0, MOST.rules).entries()) {
    check(["rules", index, "mood"], moods);
    checkRule(score, [index, asMap(rule)], { note, hint });
  }
  return problems;
}

function checkSections(score: Fields, note: Note): void {
  for (const [section, most] of Object.entries(MOST)) {
    const value = score[section];
    const count = Array.isArray(value) ? value.length : Object.keys(asMap(value)).length;
    if (count > most) {
      note({ path: [section], found: `${count} ${section}`, expected: `at most ${most}` });
    }
  }
  for (const section of [
    "palettes",
    "signals",
    "forms",
    "progressions",
    "themes",
    "takes",
    "moods",
    "locations",
    "stingers",
  ] as const) {
    for (const [name] of firstOf(score, section)) checkName(section, name, note);
  }
}

function checkName(section: string, name: string, note: Note): void {
  const reserved =
    RESERVED[section]?.includes(name) === true || Object.hasOwn(Object.prototype, name);
  if (!reserved && isName(name)) return;
  const expected = reserved
    ? "another name, for this one is reserved"
    : "a name of at most 64 letters, digits, _, - and . that begins with a letter";
  note({ path: [section, name], at: "key", found: `the name ${describe(name)}`, expected });
}

function checkSignals(score: Fields, note: Note): void {
  for (const [name, value] of firstOf(score, "signals")) {
    const signal = asMap(value);
    checkCurve(name, signal, note);
    const range = rangeOf(signal);
    const initial = readNumber(-WIDEST, WIDEST)(signal["initial"]);
    if (range === undefined || initial === undefined || within(initial, range)) continue;
    const expected = `a number within the signal's range ${describe(range)}`;
    note({ path: ["signals", name, "initial"], found: describe(initial), expected });
  }
}

/** A curve's points must lie within the range, and a dead band must leave something of it. */
function checkCurve(name: string, signal: Fields, note: Note): void {
  const range = rangeOf(signal);
  if (range === undefined) return;
  for (const [index, point] of (readCurve(signal["curve"]) ?? []).entries()) {
    if (point.every((number) => within(number, range))) continue;
    const expected = `numbers within the signal's range ${describe(range)}`;
    note({ path: ["signals", name, "curve", index], found: describe(point), expected });
  }
  const deadBand = readNumber(0, WIDEST)(signal["deadband"]);
  if (deadBand === undefined || deadBand < range[1] - range[0]) return;
  const expected = "less than the width of the signal's range";
  note({ path: ["signals", name, "deadband"], found: describe(deadBand), expected });
}

function checkMoods(score: Fields, note: Note): void {
  if (isEmpty(score["moods"]) && !Array.isArray(score["moods"])) {
    note({ path: ["moods"], found: "no mood", expected: "at least one mood" });
  }
  for (const [name, mood] of firstOf(score, "moods")) {
    checkStems(["moods", name, "stems"], asMap(mood)["stems"], note);
  }
}

function checkInheritance(score: Fields, note: Note): void {
  const heirs = new Map(
    firstOf(score, "moods").map(([name, mood]) => [name, asMap(mood)["inherit"]]),
  );
  const settled = new Set<unknown>();
  for (const name of heirs.keys()) {
    const line = new Set<unknown>();
    let next: unknown = name;
    while (typeof next === "string" && !settled.has(next) && !line.has(next)) {
      line.add(next);
      next = heirs.get(next);
    }
    if (typeof next === "string" && line.has(next)) {
      const circle = [...line].slice([...line].indexOf(next));
      const shown = circle.slice(0, MOST_SHOWN).map(describe);
      const found = [...shown, ...(circle.length > MOST_SHOWN ? ["…"] : [])].join(" from ");
      const expected = "a mood that does not inherit from itself in the end";
      note({ path: ["moods", next, "inherit"], found, expected });
    }
    for (const passed of line) settled.add(passed);
  }
}

/** The name that a misspelt one may have meant. */
type Hint = (name: string, names: readonly string[]) => string | undefined;

/** Names that may stand where one is asked for. */
interface Known {
  readonly all: ReadonlySet<string>;
  /** Those that keep to what a name is: the others are mistakes of their own. */
  readonly proper: readonly string[];
  readonly expected: string;
}

function knownAs(names: readonly string[]): Known {
  const all = new Set(names);
  const proper = [...all].filter(isName);
  return { all, proper, expected: oneOf(proper) };
}

const valueAt = (score: Fields, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) => (Array.isArray(value) ? value[Number(part)] : asMap(value)[part]),
    score,
  );

function checkRule(
  score: Fields,
  [index, rule]: readonly [number, Fields],
  { note, hint }: { readonly note: Note; readonly hint: Hint },
): void {
  const when = conditionOf(rule["when"]);
  const until = conditionOf(rule["until"]);
  for (const [field, condition] of Object.entries({ when, until })) {
    if (condition === undefined) continue;
    const found = describe(rule[field]);
    for (const problem of conditionProblems(score, condition, hint)) {
      note({ path: ["rules", index, field], found, ...problem });
    }
  }
  if (when === undefined || until === undefined) return;
  const rangeOfSignal = (name: string) => rangeOf(asMap(asMap(score["signals"])[name]));
  if (canMeet([when, until], rangeOfSignal) !== true) return;
  const expected = `a condition that is never true together with ${describe(rule["when"])}`;
  note({ path: ["rules", index, "until"], found: describe(rule["until"]), expected });
}

function conditionOf(input: unknown): Condition | undefined {
  const text = readText(input);
  const reading = text === undefined ? undefined : readCondition(text);
  return reading?.ok === true ? reading.condition : undefined;
}

/** Names that a condition gets wrong, and numbers that its signals never reach. */
function* conditionProblems(
  score: Fields,
  condition: Condition,
  hint: Hint,
): Generator<Pick<Problem, "expected" | "nearest">> {
  const names = (section: "signals" | "locations"): readonly string[] =>
    firstOf(score, section).flatMap(([name]) => (isName(name) ? [name] : []));
  const signals = [...new Set(["intensity", ...names("signals")])];
  const locations = names("locations");
  for (const part of partsOf(condition)) {
    if (part.kind === "location") {
      if (locations.includes(part.location)) continue;
      const meant = hint(part.location, locations);
      yield { expected: `a location: ${oneOf(locations)}`, nearest: meant };
    } else if (!signals.includes(part.signal)) {
      const meant = hint(part.signal, signals);
      yield { expected: `a signal: ${oneOf(signals)}`, nearest: meant };
    } else {
      const range = rangeOf(asMap(asMap(score["signals"])[part.signal]));
      if (range === undefined || within(part.value, range)) continue;
      yield { expected: `a number within the signal's range ${describe(range)}` };
    }
  }
}

/** The range of a signal as written, [0, 1] when it is left out, undefined when it is misshapen. */
const rangeOf = (signal: Fields): readonly [number, number] | undefined =>
  signal["range"] === undefined ? [0, 1] : readRange(signal["range"]);

const within = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "object" && Object.keys(value).length === 0);
