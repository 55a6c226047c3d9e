import { METERS } from "../time/meter.ts";
import { bpm } from "../time/units.ts";
import type { AuthoredTake } from "./authored.ts";
import { completeTake } from "./complete-take.ts";
import { durationOf } from "./take-fit.ts";
import { describe, type Path } from "./issue.ts";
import { asMap, firstOf, type Fields, type Note } from "./raw.ts";
import type { TakeSpec } from "./score.ts";
import { readLoop, readTakeBars } from "./take-values.ts";
import { readLength, readNumber, readOneOf } from "./values.ts";

/** Ten minutes of PCM in memory are 212 MB at 44.1 kHz. */
const MOST_SECONDS = 600;
/** A millionth of a bar. */
const TOLERANCE = 1e-6;

/** Checks that loops lie within their takes, and that all takes together are not too long. */
export function checkTakes(score: Fields, note: Note): void {
  let total = 0;
  for (const [name, value] of firstOf(score, "takes")) {
    const take = asMap(value);
    const spec = specOf(score, take);
    if (spec === undefined) continue;
    checkLoop(["takes", name], take, spec, note);
    total += durationOf(spec);
    if (total <= MOST_SECONDS) continue;
    const found = `${Math.ceil(total)}s of takes with this one`;
    const expected = `at most ${MOST_SECONDS}s of all takes together`;
    note({ path: ["takes", name], at: "key", found, expected });
  }
}

function checkLoop(path: Path, take: Fields, { bars, loop, tail }: TakeSpec, note: Note): void {
  const [from, to] = loop;
  const written = { path: [...path, "loop"], found: describe(take["loop"]) };
  const whole = Math.abs(to - from - Math.round(to - from)) < TOLERANCE;
  if (to > bars + TOLERANCE || from >= to || !whole) {
    const expected = `two places a whole number of bars apart, the earlier first, within the take's ${bars} bars`;
    note({ ...written, expected });
  } else if (tail > 0 && to < bars - TOLERANCE) {
    const expected = `a loop that ends with the take's ${bars} bars, or no tail: what comes later is never heard`;
    note({ ...written, expected });
  }
}

/** Undefined where a value is misshapen, for nothing can be said of its grid. */
function specOf(score: Fields, take: Fields): TakeSpec | undefined {
  const tempo = readNumber(40, 240)(take["tempo"]);
  const length = readTakeBars(take["length"]);
  const meter = readOneOf(METERS)(take["meter"] ?? score["meter"] ?? "4/4");
  if (tempo === undefined || length === undefined || meter === undefined) return undefined;
  const authored: AuthoredTake = {
    audio: "",
    tempo: bpm(tempo),
    length,
    entry: readLength(take["entry"]),
    tail: readLength(take["tail"]),
    loop: readLoop(take["loop"]),
  };
  return completeTake("", authored, meter);
}
