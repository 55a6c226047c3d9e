import { beatsPerBar, METERS, type Meter } from "../time/meter.ts";
import { describe, oneOf, type Path } from "./issue.ts";
import { nearest } from "./nearest.ts";
import { asList, asMap, firstOf, MOST, type Fields, type Note } from "./raw.ts";
import type { Length } from "./score.ts";
import { isName, readOneOf, readPhrase, readPosition, readSyncPoint } from "./values.ts";

/** Markers of one mood. */
const MOST_MARKERS = 16;
/** Markers of all moods among which one is looked for that may have been meant. */
const MOST_SHOWN = 256;

/** What a mood says of its phrase and its markers, its own word or that of the mood it inherits from. */
interface Phrasing {
  readonly bars: number;
  readonly meter: Meter;
  readonly markers: Fields;
}

/** Checks the names and places of markers, and that a sync point names one that some mood has. */
export function checkMarkers(score: Fields, note: Note): void {
  const moods = new Map(firstOf(score, "moods"));
  for (const [name, mood] of moods) checkMood(score, moods, [name, asMap(mood)], note);
  checkSyncPoints(score, moods, note);
}

function checkMood(
  score: Fields,
  moods: ReadonlyMap<string, unknown>,
  [name, mood]: readonly [string, Fields],
  note: Note,
): void {
  const own = asMap(mood["markers"]);
  const path: Path = ["moods", name, "markers"];
  const count = Object.keys(own).length;
  if (count > MOST_MARKERS) {
    note({ path, found: `${count} markers`, expected: `at most ${MOST_MARKERS}` });
  }
  for (const marker of Object.keys(own).slice(0, MOST_MARKERS)) {
    if (isName(marker)) continue;
    const expected = "a name of at most 64 letters, digits, _, - and . that begins with a letter";
    note({ path: [...path, marker], at: "key", found: `the name ${describe(marker)}`, expected });
  }
  // A mood that changes nothing of its own has the mistakes of the one that it inherits from.
  if (["markers", "phrase", "meter"].every((field) => mood[field] === undefined)) return;
  const phrasing = phrasingOf(score, moods, name);
  if (phrasing === undefined) return;
  const { bars, meter, markers } = phrasing;
  for (const [marker, written] of Object.entries(markers).slice(0, MOST_MARKERS)) {
    const at = readPosition(written);
    if (at === undefined || inBars(at, meter) < bars) continue;
    const expected = `a place before the end of the phrase, which has ${bars} bars of ${meter}`;
    if (markers === own) {
      note({ path: [...path, marker], found: describe(written), expected });
    } else {
      const found = `the marker ${describe(marker)} at ${describe(written)}`;
      note({ path: ["moods", name, "inherit"], found, expected });
    }
  }
}

function checkSyncPoints(score: Fields, moods: ReadonlyMap<string, unknown>, note: Note): void {
  const known = new Set(
    [...moods.values()].flatMap((mood) =>
      Object.keys(asMap(asMap(mood)["markers"]))
        .slice(0, MOST_MARKERS)
        .filter(isName),
    ),
  );
  const check = (path: Path, at: unknown): void => {
    const sync = readSyncPoint(at);
    if (sync?.startsWith("marker ") !== true) return;
    const name = sync.slice("marker ".length);
    if (known.has(name)) return;
    const names = [...known].slice(0, MOST_SHOWN);
    const expected = `a marker that a mood has: ${oneOf(names)}`;
    note({ path, found: describe(at), expected, nearest: nearest(name, names) });
  };
  for (const [index, entry] of asList(score["transitions"]).slice(0, MOST.transitions).entries()) {
    check(["transitions", index, "at"], asMap(entry)["at"]);
  }
  for (const [name, stinger] of firstOf(score, "stingers")) {
    check(["stingers", name, "at"], asMap(stinger)["at"]);
  }
}

/** Undefined where the phrase or the meter is misshapen: nothing can be said about places in it. */
function phrasingOf(
  score: Fields,
  moods: ReadonlyMap<string, unknown>,
  name: string,
): Phrasing | undefined {
  const given = (field: string): unknown => {
    const passed = new Set<unknown>();
    let next: unknown = name;
    while (typeof next === "string" && !passed.has(next)) {
      passed.add(next);
      const mood = asMap(moods.get(next));
      if (mood[field] !== undefined) return mood[field];
      next = mood["inherit"];
    }
    return undefined;
  };
  const bars = readPhrase(given("phrase") ?? score["phrase"] ?? "4 bars");
  const meter = readOneOf(METERS)(given("meter") ?? score["meter"] ?? "4/4");
  if (bars === undefined || meter === undefined) return undefined;
  return { bars, meter, markers: asMap(given("markers")) };
}

const inBars = ({ value, unit }: Length, meter: Meter): number =>
  unit === "beats" ? value / beatsPerBar(meter) : value;
