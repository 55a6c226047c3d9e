import { expect, test } from "vitest";
import { parseOptions } from "../../soak/options.ts";

test("a soak takes five minutes where nothing is said, and as long as is asked for", () => {
  expect(parseOptions([])).toEqual({ minutes: 5, seed: 1, json: undefined });
  expect(parseOptions(["--minutes", "60", "--seed", "4", "--json", "a.json"])).toEqual({
    minutes: 60,
    seed: 4,
    json: "a.json",
  });
});

test.each([["--minutes", "0"], ["--minutes", "soon"], ["--seed", "0.5"], ["--fast"]])(
  "%s %s is refused",
  (...args) => {
    expect(() => parseOptions(args)).toThrow();
  },
);
