import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  formatNumber,
  meetsGoal,
  missingRow,
  readReport,
  rowOf,
  writeReport,
  type Report,
} from "../../bench/report.ts";
import { formatTable, markdownTable } from "../../bench/table.ts";

const figure = { value: 20, low: 18.5, high: 23, n: 12 };

describe("a row", () => {
  test("says how many times less its value is than the peer's", () => {
    const peer = { name: "another engine", value: 50 };
    expect(rowOf({ name: "rendering", unit: "ms", goal: 100, peer }, figure)).toEqual({
      name: "rendering",
      unit: "ms",
      ...figure,
      goal: 100,
      peer: "another engine: 50.0 ms",
      ratio: 2.5,
    });
  });

  test("has neither goal nor peer nor ratio where there is none", () => {
    const row = rowOf({ name: "bank", unit: "kB" }, figure);
    expect(Object.keys(row).toSorted()).toEqual(["high", "low", "n", "name", "unit", "value"]);
  });

  test("of nothing at all has no ratio", () => {
    const peer = { name: "idle page", value: 1 };
    const row = rowOf({ name: "tasks", unit: "ms", peer }, { value: 0, low: 0, high: 0, n: 1 });
    expect(row.peer).toBe("idle page: 1.00 ms");
    expect(row).not.toHaveProperty("ratio");
  });
});

describe("a row of which more is better", () => {
  const peer = { name: "another engine", value: 5 };
  const labels = { name: "bars", unit: "bars/s", goal: 25, isMoreBetter: true, peer } as const;

  test("says how many times more its value is than the peer's", () => {
    expect(rowOf(labels, figure).ratio).toBe(4);
  });

  test("meets its goal from below only", () => {
    expect(meetsGoal(rowOf(labels, figure))).toBe(false);
    expect(meetsGoal(rowOf({ ...labels, goal: 20 }, figure))).toBe(true);
    expect(meetsGoal(rowOf({ name: "bars", unit: "ms", goal: 25 }, figure))).toBe(true);
  });
});

test("numbers keep three digits that count, and all of a large one", () => {
  expect([0, 0.01234, 1, 42.25, 999.6, 17_600].map(formatNumber)).toEqual([
    "0",
    "0.0123",
    "1.00",
    "42.3",
    "1000",
    "17600",
  ]);
});

describe("the table", () => {
  const table = formatTable([
    rowOf({ name: "rendering", unit: "ms", goal: 19 }, figure),
    rowOf({ name: "engine code", unit: "kB", goal: 60 }, { value: 7, low: 7, high: 7, n: 1 }),
  ]);
  const lines = table.split("\n");

  test("has a line of headings and one for each row", () => {
    expect(lines).toHaveLength(3);
  });

  test("aligns its columns", () => {
    expect(new Set(lines.map((line) => line.search(/unit|ms|kB/))).size).toBe(1);
  });

  test("says whether a goal is met", () => {
    expect(lines[1]).toContain("≤ 19.0 missed");
    expect(lines[2]).toContain("≤ 60.0 met");
  });

  test("shows an interval only where there is one, and no column that no row uses", () => {
    expect(lines[1]).toContain("18.5 – 23.0");
    expect(lines[2]).not.toContain("–");
    expect(lines[0]).not.toContain("ratio");
  });
});

describe("the table for the documentation", () => {
  const peer = { name: "another engine", value: 12_500 };
  const rows = [
    rowOf({ name: "rendering", unit: "ms", goal: 19, peer }, figure),
    rowOf({ name: "model", unit: "kB" }, { value: 1234.5, low: 0.01234, high: 1235, n: 1 }),
    missingRow({ name: "peer", unit: "bars/s" }, "it cannot be fetched"),
  ];

  test("has a value with its unit, thousands apart, and marks what is missed", () => {
    expect(markdownTable(rows).split("\n")).toEqual([
      "| what      | value        | 95 % interval  | n   | goal              | compared with                  |",
      "| --------- | ------------ | -------------- | --- | ----------------- | ------------------------------ |",
      "| rendering | 20.0 ms      | 18.5 – 23.0    | 12  | ≤ 19.0 **missed** | 625 × another engine: 12500 ms |",
      "| model     | 1,235 kB     | 0.0123 – 1,235 | 1   |                   |                                |",
      "| peer      | not measured |                | 0   |                   | it cannot be fetched           |",
    ]);
  });
});

describe("the written report", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "attacca-report-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const report: Report = {
    machine: {
      cpu: "a processor",
      cores: 2,
      memoryGB: 8,
      os: "an OS",
      node: "v20",
      browser: "Chromium 1",
      webgpu: "not measured: no adapter",
      load: { before: 0.1, after: 1.2 },
    },
    date: "2026-01-01T00:00:00.000Z",
    rows: [rowOf({ name: "rendering", unit: "ms" }, figure)],
  };

  test("reads back as it was, in a folder that did not exist, with nothing beside it", async () => {
    const path = join(folder, "results", "bench.json");
    await writeReport(path, report);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(report);
    expect(await readdir(join(folder, "results"))).toEqual(["bench.json"]);
  });

  test("is read with what was not measured", async () => {
    const path = join(folder, "bench.json");
    const rows = [missingRow({ name: "peer", unit: "ms" }, "it cannot be fetched")];
    await writeReport(path, { ...report, rows });
    expect(readReport(await readFile(path, "utf8"))).toEqual({ ...report, rows });
  });

  test("of another kind is refused", () => {
    expect(() => readReport("{}")).toThrow("no report");
    expect(() => readReport("null")).toThrow("no report");
  });

  test("replaces an older one", async () => {
    const path = join(folder, "bench.json");
    await writeReport(path, { ...report, rows: [] });
    await writeReport(path, report);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(report);
  });
});
