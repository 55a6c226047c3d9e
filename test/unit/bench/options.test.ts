import { expect, test } from "vitest";
import { parseOptions, SECTIONS } from "../../bench/options.ts";

test("without options everything is measured and nothing is written", () => {
  expect(parseOptions([])).toEqual({ json: undefined, quick: false, sections: SECTIONS });
});

test("--only may be repeated", () => {
  const options = parseOptions(["--quick", "--only", "bytes", "--only", "rendering"]);
  expect(options).toEqual({ json: undefined, quick: true, sections: ["bytes", "rendering"] });
});

test("a section that does not exist is refused with those that do", () => {
  expect(() => parseOptions(["--only", "speed"])).toThrow(/bytes, generation.*got speed/);
});

test("an option that does not exist, or lacks its value, is refused", () => {
  expect(() => parseOptions(["--fast"])).toThrow("--fast");
  expect(() => parseOptions(["--json"])).toThrow("--json");
});
