import type { Row } from "../bench/report.ts";
import { rowOf } from "../bench/report.ts";
import { exactly } from "../bench/statistics.ts";
import type { Tally } from "../../engine/conductor/ledger.ts";
import { imbalances } from "../helpers/rehearsal.ts";
import type { Look } from "./page/page.ts";
import { slopeOf, type Point } from "./slope.ts";
import type { Soak } from "./soak.ts";
import type { Memory } from "../helpers/memory-watch.ts";

/** Seconds from the model's first answer; workers and caches fill meanwhile. */
const WARM_UP = 20;
/** Seconds: the recording of the last five minutes is full only then. */
const SETTLED = 330;
/** Measures of memory that a slope needs. */
const FEWEST = 8;
const MB = 1e6;
const HOUR = 3600;

/** The looks after the warm-up. */
const warm = ({ looks }: Soak): readonly Look[] => {
  const begun = looks[0]?.at ?? 0;
  return looks.filter(({ at }) => at - begun >= WARM_UP);
};

/** How much a counter grew after the warm-up. */
function grown(soak: Soak, of: (look: Look) => number): number {
  const looks = warm(soak);
  const [first, last] = [looks[0], looks.at(-1)];
  return first === undefined || last === undefined ? 0 : of(last) - of(first);
}

const most = (values: readonly number[]): number => Math.max(0, ...values);

/** MB an hour, once everything that fills up is full; undefined for a run that is too short to tell. */
function growth(soak: Soak, of: (memory: Memory) => number | undefined, name: string): Row[] {
  const begun = soak.looks[0]?.at ?? 0;
  const points = soak.memory.flatMap(({ at, memory }): readonly Point[] => {
    const bytes = of(memory);
    return bytes === undefined || at - begun < SETTLED ? [] : [{ x: at / HOUR, y: bytes / MB }];
  });
  const sizes = soak.memory.flatMap(({ memory }) => of(memory) ?? []);
  if (sizes.length === 0) return [];
  const unit = "MB an hour";
  return [
    rowOf({ name: `${name}, largest`, unit: "MB" }, exactly(most(sizes) / MB)),
    ...(points.length < FEWEST ? [] : [rowOf({ name: `${name}, slope`, unit }, slopeOf(points))]),
  ];
}

const errorsOf = ({ bars }: Soak): readonly number[] => bars.lines.map(({ error }) => error);

/** What the run measured. */
export function figures(soak: Soak): readonly Row[] {
  const { bars, looks } = soak;
  const heard = warm(soak).map((look) => look.heard);
  const count = (name: string, unit: string, value: number, goal?: number): Row =>
    rowOf({ name, unit, ...(goal === undefined ? {} : { goal }) }, exactly(value));
  const counter = (name: string) => (look: Look) => look.counters[name] ?? 0;
  const { at: end = 0, stats } = looks.at(-1) ?? {};
  const drift = slopeOf(bars.lines.map(({ at, error }) => ({ x: at / HOUR, y: error })));
  return [
    count("played", "s", end - (looks[0]?.at ?? 0)),
    count(
      "underruns of the audio thread",
      "times",
      grown(soak, (look) => look.underruns ?? 0),
      0,
    ),
    count(
      "frames that the audio thread lost",
      "frames",
      heard.reduce((sum, { lost }) => sum + lost, 0),
      0,
    ),
    count("chunks that came late", "chunks", grown(soak, counter("late")), 0),
    count("chunks that were missed", "chunks", grown(soak, counter("missed")), 0),
    count(
      "longest silence",
      "ms",
      (1000 * most(heard.map(({ silence }) => silence))) / soak.sampleRate,
    ),
    count(
      "samples that are no number",
      "samples",
      heard.reduce((sum, { notFinite }) => sum + notFinite, 0),
      0,
    ),
    count("bar lines heard", "bars", bars.lines.length),
    count("bar lines without a chunk", "bars", bars.unheard),
    count(
      "bar line from the exact tempo map, worst",
      "frames",
      most(errorsOf(soak).map(Math.abs)),
      1,
    ),
    rowOf({ name: "drift of bar lines", unit: "frames an hour" }, drift),
    count("sections", "sections", bars.sections),
    count("section entered off its beat, worst", "frames", bars.entryError, 0.001),
    count(
      "accounts that did not add up",
      "looks",
      looks.filter((look) => unbalanced(look).length > 0).length,
      0,
    ),
    count("save, largest", "kB", most(looks.map(({ saveSize }) => saveSize)) / 1000),
    count(
      "PCM kept, largest",
      "MB",
      most(looks.map((look) => look.stats.pcmKept)) / MB,
      (stats?.pcmBudget ?? 0) / MB,
    ),
    count(
      "PCM with the player, largest",
      "MB",
      most(looks.map((look) => look.stats.pcmPlaying)) / MB,
    ),
    count("half bars rendered", "chunks", stats?.chunksRendered ?? 0),
    count("half bars reused", "chunks", stats?.chunksReused ?? 0),
    ...growth(soak, ({ heap }) => heap, "JavaScript heap of the page"),
    ...growth(soak, ({ page }) => page, "page with its buffers"),
    ...growth(soak, ({ workers }) => workers, "workers"),
    ...growth(soak, ({ process }) => process, "process of the page"),
  ];
}

/** What in a look's counters does not add up. */
export function unbalanced({ stats }: Look): readonly string[] {
  const { requested, open, onTime, committedEarly, late, cancelled, failed } = stats;
  const { waiting, used, kept, wasted } = stats;
  const tally: Tally = {
    requested,
    open,
    onTime,
    committedEarly,
    late,
    cancelled,
    failed,
    waiting,
    used,
    kept,
    wasted,
  };
  return imbalances(tally);
}
