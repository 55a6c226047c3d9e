import { describe, expect, it } from "vitest";
import { nearest } from "../../../engine/score/nearest.ts";

describe("nearest", () => {
  it.each([
    ["wandr", "wander"],
    ["wanderr", "wander"],
    ["wamder", "wander"],
    ["wadner", "wander"],
    ["WANDER", "wander"],
    ["mistery", "mystery"],
    ["dagner", "danger"],
    ["misterie", "mystery"],
  ])("takes %s for %s", (name, meant) => {
    expect(nearest(name, ["wander", "danger", "mystery", "any"])).toBe(meant);
  });

  it.each(["", "x", "fight", "wilderness", "w".repeat(1000), "danger-zone"])(
    "takes %j for nothing it knows",
    (name) => {
      expect(nearest(name, ["wander", "danger", "mystery", "any"])).toBeUndefined();
    },
  );

  it("prefers the first of equals", () => {
    expect(nearest("bat", ["cat", "bar", "rat"])).toBe("cat");
    expect(nearest("bat", [])).toBeUndefined();
  });
});
