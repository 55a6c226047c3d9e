import { expect, test } from "vitest";
import { figures, unbalanced } from "./figures.ts";
import { soak } from "./soak.ts";
import { formatTable } from "../bench/table.ts";

/** `npm run soak -- --minutes 60` plays for an hour. */
const MINUTES = 5;

test("a game that plays at random is followed to the frame, and all that is counted adds up", async () => {
  const seen = await soak({ minutes: MINUTES, seed: 3 });
  console.log(formatTable(figures(seen)));
  const { looks, bars, memory } = seen;
  expect(looks.length).toBeGreaterThan(5);
  expect(bars.lines.length).toBeGreaterThan(5);
  for (const { error } of bars.lines) expect(Math.abs(error)).toBeLessThanOrEqual(1);
  expect(bars.entryError).toBeLessThan(0.001);
  for (const look of looks) {
    expect(unbalanced(look)).toEqual([]);
    expect(look.heard.notFinite).toBe(0);
    expect(look.saveSize).toBeLessThan(1e6);
    expect(look.stats.pcmKept).toBeLessThanOrEqual(look.stats.pcmBudget);
    // Two bars of five stems, twice while two moods sound, and stingers.
    expect(look.stats.pcmPlaying).toBeLessThan(60e6);
  }
  for (const { memory: bytes } of memory) expect(bytes.heap).toBeLessThan(40e6);
  expect(Math.max(...looks.map(({ heard }) => heard.peak))).toBeGreaterThan(0.05);
});
