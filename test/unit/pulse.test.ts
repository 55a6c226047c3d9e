import { expect, test } from "vitest";
import { createPulse } from "../../engine/worker-link/pulse.ts";

test("a pulse tells at most every quarter of a second, however often it is called", () => {
  let now = 0;
  const told: number[] = [];
  const pulse = createPulse(
    () => told.push(now),
    () => now,
  );
  for (; now <= 1000; now += 10) pulse();
  expect(told).toEqual([250, 500, 750, 1000]);
});
