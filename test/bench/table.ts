import { formatNumber, type Row } from "./report.ts";

const HEADINGS = ["", "value", "unit", "95 % interval", "n", "goal", "ratio", "compared with"];
/** Columns of numbers. */
const RIGHT: ReadonlySet<number> = new Set([1, 4, 6]);

const verdict = ({ value, goal }: Row): string =>
  goal === undefined ? "" : `≤ ${formatNumber(goal)} ${value <= goal ? "met" : "missed"}`;

function cells(row: Row): readonly string[] {
  const { name, value, unit, low, high, n, peer = "", ratio } = row;
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
