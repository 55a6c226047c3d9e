import { formatNumber, meetsGoal, type Row } from "./report.ts";

const HEADINGS = ["", "value", "unit", "95 % interval", "n", "goal", "ratio", "compared with"];
/** Columns of numbers. */
const RIGHT: ReadonlySet<number> = new Set([1, 4, 6]);

/** "≤ 60.0 met", "≥ 99.0 missed"; empty where there is no goal. */
function verdict(row: Row): string {
  const { goal, isMoreBetter } = row;
  if (goal === undefined) return "";
  const isMet = meetsGoal(row);
  const outcome = isMet === undefined ? "" : isMet ? " met" : " missed";
  return `${isMoreBetter === true ? "≥" : "≤"} ${formatNumber(goal)}${outcome}`;
}

function cells(row: Row): readonly string[] {
  const { name, value, unit, low, high, n, peer = "", ratio, missing } = row;
  if (missing !== undefined) return [name, "–", unit, "", "0", verdict(row), "", missing];
  const interval = low === high ? "" : `${formatNumber(low)} – ${formatNumber(high)}`;
  const times = ratio === undefined ? "" : `${formatNumber(ratio)} ×`;
  return [name, formatNumber(value), unit, interval, String(n), verdict(row), times, peer];
}

/** The rows as aligned text; a column that no row uses is left out. */
export function formatTable(rows: readonly Row[]): string {
  const body = rows.map(cells);
  const lines = [HEADINGS, ...body];
  const used = HEADINGS.map((_, column) => body.some((line) => line[column] !== ""));
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return lines
    .map((line) =>
      line
        .map(pad)
        .filter((_, column) => used[column])
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const MARKDOWN = ["what", "value", "95 % interval", "n", "goal", "compared with"];

/** Thousands set apart: 17,600. */
const grouped = (text: string): string =>
  text.replaceAll(/(?<![.\d])\d+/g, (whole) => Number(whole).toLocaleString("en"));

function markdownCells(row: Row): readonly string[] {
  const [name = "", value = "", unit, interval = "", n = "", goal = "", times = "", peer = ""] =
    cells(row);
  const measured = row.missing === undefined ? `${grouped(value)} ${unit}` : "not measured";
  const marked = grouped(goal).replace("missed", "**missed**");
  return [name, measured, grouped(interval), n, marked, times === "" ? peer : `${times} ${peer}`];
}

/** The rows as a table for the documentation, as the formatter lays it out. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = [MARKDOWN, ...rows.map(markdownCells)];
  const widths = MARKDOWN.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [headings = [], ...body] = lines;
  return [headings, widths.map((width) => "-".repeat(width)), ...body].map(print).join("\n");
}
