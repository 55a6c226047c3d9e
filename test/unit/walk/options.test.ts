import { expect, test } from "vitest";
import { parseOptions } from "../../walk/options.ts";

test("a walk takes three minutes where nothing is said, and as long and large as is asked for", () => {
  expect(parseOptions([])).toEqual({
    minutes: 3,
    size: { width: 640, height: 360 },
    out: "bench-results/walk",
  });
  expect(parseOptions(["--minutes", "30", "--size", "1280x720", "--out", "a"])).toEqual({
    minutes: 30,
    size: { width: 1280, height: 720 },
    out: "a",
  });
});

test.each([["--minutes", "0"], ["--minutes", "soon"], ["--size", "large"], ["--fast"]])(
  "%s %s is refused",
  (...args) => {
    expect(() => parseOptions(args)).toThrow();
  },
);
