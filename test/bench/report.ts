import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Machine } from "./machine.ts";
import type { Estimate } from "./statistics.ts";

/** One figure of the benchmark. */
export interface Row extends Estimate {
  readonly name: string;
  readonly unit: string;
  /** The budget, in `unit`: the value should be no more. */
  readonly goal?: number;
  /** What the value is compared with, named and with its own figure. */
  readonly peer?: string;
  /** Peer ÷ value: how many times less the value is. */
  readonly ratio?: number;
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
  /** In the row's unit. */
  readonly peer?: { readonly name: string; readonly value: number };
}

export function rowOf({ peer, ...labels }: Labels, figure: Estimate): Row {
  const { value, low, high, n } = figure;
  const row = { ...labels, value, low, high, n };
  if (peer === undefined) return row;
  const compared = { ...row, peer: `${peer.name}: ${formatNumber(peer.value)} ${row.unit}` };
  return value > 0 ? { ...compared, ratio: peer.value / value } : compared;
}

/** Three significant digits, or all digits before the point. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return value.toFixed(0);
  return value.toFixed(Math.max(0, Math.min(5, 2 - Math.floor(Math.log10(size)))));
}

/** Whole or not at all: a reader never finds half a report. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(report, undefined, 2)}\n`);
  await rename(partial, path);
}
