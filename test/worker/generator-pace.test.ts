import { describe, expect, test } from "vitest";
import { cellsOf, choosePasses, learn, passTime } from "../../engine/generator-worker/pace.ts";
import { perStem } from "../../engine/music/stem.ts";
import { unitInterval } from "../../engine/time/units.ts";
import { bars, maskAll } from "../helpers/generator-fixtures.ts";

describe("the number of passes", () => {
  test("is the best that is done with a fifth of the time to spare", () => {
    const chosen = [1300, 1000, 999, 500, 499, 250, 249, 125, 124, 0, -50].map((timeLeft) =>
      choosePasses(12, timeLeft, 100),
    );
    expect(chosen).toEqual([8, 8, 4, 4, 2, 2, 1, 1, 1, 1, 1]);
    expect(choosePasses(12, 1500, 100)).toBe(12);
  });

  test("is never more than was asked for, and need not be a rung", () => {
    expect(choosePasses(8, 1e9, 100)).toBe(8);
    expect(choosePasses(20, 1e9, 100)).toBe(20);
    expect(choosePasses(20, 1500, 100)).toBe(12);
    expect(choosePasses(3, 300, 100)).toBe(2);
  });

  test("is the whole on a device that was never measured", () => {
    expect(choosePasses(8, 500, passTime({ bar: 0, cell: 0 }, { bars: 16, cells: 640 }))).toBe(8);
  });
});

describe("the pace", () => {
  test("takes its first measurement as it is, for network and cells apart", () => {
    const pace = learn({ bar: 0, cell: 0 }, { network: 40, deciding: 12, bars: 10, cells: 600 });
    expect(pace).toEqual({ bar: 4, cell: 0.02 });
    expect(passTime(pace, { bars: 5, cells: 300 })).toBe(26);
  });

  test("believes a slow pass less than a fast one", () => {
    const known = { bar: 10, cell: 0 };
    const after = (network: number): number =>
      learn(known, { network, deciding: 0, bars: 10, cells: 100 }).bar;
    expect(after(200) - 10).toBeLessThan(10 - after(0));
  });

  test("comes to what is measured again and again", () => {
    let pace = { bar: 30, cell: 0.5 };
    for (let pass = 0; pass < 40; pass += 1) {
      pace = learn(pace, { network: 50, deciding: 20, bars: 10, cells: 200 });
    }
    expect(pace.bar).toBeCloseTo(5, 3);
    expect(pace.cell).toBeCloseTo(0.1, 3);
  });

  test("says nothing of cells where there were none", () => {
    const measured = { network: 5, deciding: 1, bars: 16, cells: 0 };
    expect(learn({ bar: 1, cell: 0.3 }, measured).cell).toBe(0.3);
  });
});

describe("the cells of a request", () => {
  test("are those of the bars and stems that are written, rewritten ones by their share", () => {
    const count = (meter: "4/4" | "3/4", mask: Parameters<typeof maskAll>[1]): number =>
      cellsOf({ bars: bars(2, { meter }), mask: maskAll(2, mask) });
    expect(count("4/4", "write")).toBe(2 * 5 * 16);
    expect(count("3/4", "write")).toBe(2 * 5 * 12);
    expect(count("4/4", { rewrite: unitInterval(0.25) })).toBe(2 * 5 * 4);
    expect(count("4/4", "keep") + count("4/4", "absent")).toBe(0);
    const mask = [perStem((stem) => (stem === "bass" ? "write" : ("keep" as const)))];
    expect(cellsOf({ bars: bars(1), mask })).toBe(16);
  });
});
