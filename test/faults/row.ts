import { PHRASE } from "./page/score.ts";
import type { Case } from "./cases/case.ts";
import type { Played } from "./scene.ts";

/** What is told of a fault, over all its pages. */
export interface Row {
  readonly fault: string;
  readonly moments: number;
  /** The longest stretch below the floor, in seconds. */
  readonly gap: number;
  /** The worst break of the waveform, against what surrounds it. */
  readonly step: number;
  /** The largest distance of a seam from its grid, in frames. */
  readonly seam: number;
  /** The longest time until all was well, in seconds; undefined where the fault lasts. */
  readonly recovery: number | undefined;
  /** Phrases in a row that were not the model's, at most. */
  readonly fallbacks: number;
  readonly faults: readonly string[];
  /** Seconds of sound that the browser lost, and the longest time that the page had no turn. */
  readonly lost: number;
  readonly starved: number;
}

/** What is allowed. */
const LIMITS = {
  gap: 0.05,
  seam: 1,
  recovery: 2 * PHRASE,
  /** A break that counts as a click, unless music without a fault has half as sharp ones. */
  step: 16,
} as const;

/** How sharp a break may be in the music of a reference. */
export const stepLimit = (reference: Pick<Played, "step">): number =>
  Math.max(LIMITS.step, 2 * reference.step);

/** Sums the pages of a case up. */
export function rowOf({ name, lasts }: Case, pages: readonly Played[]): Row {
  const most = (of: (page: Played) => number): number => Math.max(...pages.map(of));
  return {
    fault: name,
    moments: pages.reduce((sum, { moments }) => sum + Math.max(1, moments), 0),
    gap: most(({ gap }) => gap),
    step: most(({ step }) => step),
    seam: most(({ seam }) => seam),
    recovery: lasts === undefined ? most(({ recoveries }) => Math.max(...recoveries)) : undefined,
    fallbacks: most(({ fallbacks }) => fallbacks),
    faults: [...new Set(pages.flatMap(({ faults }) => faults))],
    lost: pages.reduce((sum, { lost }) => sum + lost, 0),
    starved: most(({ starved }) => starved),
  };
}

/** What a row breaks of what is allowed; empty when nothing. */
export function breaches(row: Row, step: number): readonly string[] {
  const { recovery = 0 } = row;
  return [
    ...(row.gap > LIMITS.gap ? [`${Math.round(row.gap * 1000)} ms below the floor`] : []),
    ...(row.step > step ? [`a break of ${row.step.toFixed(1)}`] : []),
    ...(row.seam > LIMITS.seam ? [`a seam ${row.seam.toFixed(1)} frames off its grid`] : []),
    ...(recovery > LIMITS.recovery ? [`recovery took ${recovery.toFixed(1)} s`] : []),
  ];
}

const HEADINGS = [
  "fault",
  "moments",
  "longest gap (ms)",
  "worst step",
  "seam (frames)",
  "recovery (s)",
  "events",
  "lost by the browser (ms)",
  "page starved (s)",
];

const cells = (row: Row): readonly string[] => [
  row.fault,
  String(row.moments),
  (row.gap * 1000).toFixed(1),
  row.step.toFixed(1),
  row.seam.toFixed(2),
  row.recovery?.toFixed(1) ?? "lasts",
  row.faults.join(", ") || "none",
  (row.lost * 1000).toFixed(0),
  row.starved.toFixed(1),
];

/** The rows as a table in Markdown. */
export const tableOf = (rows: readonly Row[]): string =>
  [HEADINGS, HEADINGS.map(() => "---"), ...rows.map(cells)]
    .map((line) => `| ${line.join(" | ")} |`)
    .join("\n");
