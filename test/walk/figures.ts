import { rowOf, type Row } from "../bench/report.ts";
import { exactly } from "../bench/statistics.ts";
import type { Hearing } from "./hearing.ts";
import type { Drawn } from "./page/picture.ts";
import type { Cue } from "./page/watch.ts";
import type { Walked } from "./walk.ts";

const MB = 1e6;
/** Budgets of the game's picture and page. */
const MOST_CALLS = 120;
const MOST_TRIANGLES = 300_000;
const HEAVIEST = 1.5;

const row = (name: string, unit: string, value: number, goal?: number): Row =>
  rowOf({ name, unit, ...(goal === undefined ? {} : { goal }) }, exactly(value));

const frameRows = (how: string, { median, p99, longTasks, frames }: Drawn): readonly Row[] => [
  row(`frame to frame, ${how}, p50`, "ms", median),
  row(`frame to frame, ${how}, p99`, "ms", p99),
  row(`tasks over 50 ms, ${how}, of a thousand frames`, "tasks", (1000 * longTasks.count) / frames),
  row(`longest task, ${how}`, "ms", longTasks.longest),
];

function memoryRows({ memory }: Walked): readonly Row[] {
  const [first, last] = [memory[0], memory.at(-1)];
  if (first === undefined || last === undefined) return [];
  const parts = [
    ["heap of the page", ({ memory: { heap } }: typeof first) => heap],
    ["page with its buffers", ({ memory: { page } }: typeof first) => page],
    ["workers", ({ memory: { workers } }: typeof first) => workers],
    ["process", ({ memory: { process } }: typeof first) => process],
  ] as const;
  const rows: Row[] = [];
  for (const [name, of] of parts) {
    for (const measured of new Set([first, last])) {
      const bytes = of(measured);
      const after = `after ${measured.minute.toFixed(0)} minutes`;
      if (bytes !== undefined) rows.push(row(`memory, ${name}, ${after}`, "MB", bytes / MB));
    }
  }
  return rows;
}

/** What was measured on a walk. */
export function figures(walked: Walked, heard: Hearing): readonly Row[] {
  const { drawn, silent, weight, counters } = walked;
  return [
    row("quiet walking with one stem or none", "%", 100 * heard.thin.share),
    row("quiet walking", "s", heard.thin.seconds),
    row("stems at once in quiet walking, mean", "stems", heard.stems),
    row("seams: beginnings of phrases and moods", "seams", heard.seams),
    row("breaks of the wave at seams", "clicks", heard.clicksAtSeams, 0),
    row("breaks of the wave elsewhere", "clicks", heard.clicks - heard.clicksAtSeams, 0),
    row("longest silence below -60 dB", "s", heard.silence),
    row("lost by the browser's audio thread", "s", heard.lost),
    row("half bars late or missed", "chunks", (counters["late"] ?? 0) + (counters["missed"] ?? 0)),
    ...heard.themes.flatMap(({ mood, phrases, onsetsKept, contour, wanted: [low, high] }) => [
      row(
        `theme in ${mood} (${phrases} phrases, wanted ${low} – ${high})`,
        "likeness",
        (onsetsKept + contour) / 2,
      ),
    ]),
    row("draw calls, mean", "a frame", drawn.calls.mean),
    row("draw calls, most", "a frame", drawn.calls.most, MOST_CALLS),
    row("triangles, mean", "a frame", drawn.triangles.mean),
    row("triangles, most", "a frame", drawn.triangles.most, MOST_TRIANGLES),
    ...frameRows("without music", silent),
    ...frameRows("with music", drawn),
    row("page, gzipped, without model and instruments", "MB", weight.page / MB, HEAVIEST),
    row("model, its runtime and instruments", "MB", weight.heavy / MB),
    ...memoryRows(walked),
  ];
}

/** The cue list: what is heard when, in minutes of the recording. */
export function cueList({ cues, taped }: Walked): string {
  const until = taped.from + taped.frames / taped.sampleRate;
  const lines = cues
    .filter(({ at }) => at <= until)
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, kind, what }: Cue) => {
      const seconds = Math.max(0, at - taped.from);
      const minute = Math.floor(seconds / 60);
      const rest = (seconds - 60 * minute).toFixed(2).padStart(5, "0");
      return `${minute}:${rest}  ${kind.padEnd(10)}  ${what}`;
    });
  return `${lines.join("\n")}\n`;
}
