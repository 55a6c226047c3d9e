import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Machine } from "./machine.ts";
import type { Estimate } from "./statistics.ts";

/** One figure of the benchmark. */
export interface Row extends Estimate {
  readonly name: string;
  readonly unit: string;
  /** The budget, in `unit`: the value should be no more, or no less where more is better. */
  readonly goal?: number;
  readonly isMoreBetter?: true;
  /** What the value is compared with, named and with its own figure. */
  readonly peer?: string;
  /** How many times better the value is: peer ÷ value, or value ÷ peer where more is better. */
  readonly ratio?: number;
  /** Why there is no figure; `value` is then NaN, in JSON `null`. */
  readonly missing?: string;
}

export interface Report {
  readonly machine: Machine;
  /** When the run began, ISO 8601. */
  readonly date: string;
  readonly rows: readonly Row[];
}

/** What a row says besides its figure. */
export interface Labels {
  readonly name: string;
  readonly unit: string;
  readonly goal?: number;
  readonly isMoreBetter?: true;
  /** In the row's unit. */
  readonly peer?: { readonly name: string; readonly value: number };
}

export function rowOf({ peer, ...labels }: Labels, figure: Estimate): Row {
  const { value, low, high, n } = figure;
  const row = { ...labels, value, low, high, n };
  if (peer === undefined) return row;
  const compared = { ...row, peer: `${peer.name}: ${formatNumber(peer.value)} ${row.unit}` };
  const [more, less] =
    labels.isMoreBetter === true ? [value, peer.value] : ([peer.value, value] as const);
  return less > 0 ? { ...compared, ratio: more / less } : compared;
}

/** A row without a figure, that says why. */
export const missingRow = (labels: Omit<Labels, "peer">, why: string): Row => ({
  ...rowOf(labels, { value: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 }),
  missing: why,
});

/** Undefined where there is no goal or no figure. */
export function meetsGoal({ value, goal, isMoreBetter }: Row): boolean | undefined {
  if (goal === undefined || Number.isNaN(value)) return undefined;
  return isMoreBetter === true ? value >= goal : value <= goal;
}

/** Three significant digits, or all digits before the point. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return value.toFixed(0);
  return value.toFixed(Math.max(0, Math.min(5, 2 - Math.floor(Math.log10(size)))));
}

/** Reads a report that `writeReport` wrote. Throws `SyntaxError` on what is no JSON, `RangeError` on another kind of it. */
export function readReport(text: string): Pick<Report, "machine" | "date" | "rows"> {
  const nothing = (key: string, value: unknown): unknown =>
    value === null && ["value", "low", "high"].includes(key) ? Number.NaN : value;
  const report = JSON.parse(text, nothing) as Partial<Report> | null;
  const { machine, date, rows } = report ?? {};
  if (machine === undefined || date === undefined || !Array.isArray(rows)) {
    throw new RangeError("this is no report of the benchmark or the soak");
  }
  return { machine, date, rows };
}

/** Whole or not at all: a reader never finds half a report. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(report, undefined, 2)}\n`);
  await rename(partial, path);
}
