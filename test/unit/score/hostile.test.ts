import { describe, expect, it } from "vitest";
import { parseScore, type ParsedScore } from "../../../engine/score/parse-score.ts";

const parse = (text: string): ParsedScore => parseScore(text, { palettes: ["plucked"] });

/** What the first issue found, or "nothing wrong". */
function complaint(text: string): string {
  const parsed = parse(text);
  return parsed.ok ? "nothing wrong" : (parsed.issues[0]?.found ?? "no issue");
}

const names = (count: number, line: (name: string) => string): string =>
  Array.from({ length: count }, (_, index) => line(`n${index}`)).join("\n");

describe("hostile text", () => {
  it("over a million characters is refused unread", () => {
    expect(complaint("#".repeat(1_000_001))).toBe("1000001 characters");
    expect(complaint(`attacca: 1\nmoods: { calm: }\n${"#".repeat(900_000)}`)).toBe("nothing wrong");
  });

  it.each([
    ["flow lists", "[".repeat(150_000)],
    ["closed flow lists", `${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["flow maps", "{a: ".repeat(30_000)],
    ["block lists", "- ".repeat(60_000)],
    ["explicit keys", "? ".repeat(60_000)],
    ["block maps", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("nested too deeply in %s is refused without recursion", (_, text) => {
    expect(complaint(text)).toBe("a value nested too deeply");
  });

  it.each([
    ["commas", `[${",".repeat(900_000)}`],
    ["quotes", '"'.repeat(900_000)],
    ["tags", "! ".repeat(400_000)],
    ["documents", "---\n".repeat(200_000)],
    ["empty lines", "\n".repeat(900_000)],
    ["list ends", "]".repeat(900_000)],
  ])("of too many %s is given up early", (_, text) => {
    expect(complaint(text)).toBe("more text");
  });

  it("cannot grow by aliases of aliases", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level <= 12; level += 1) {
      lines.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]`);
    }
    expect(parse(lines.join("\n"))).toMatchObject({
      ok: false,
      issues: expect.arrayContaining([expect.objectContaining({ found: "more values" })]),
    });
  });

  it("cannot hold itself", () => {
    const issue = { path: "moods.b", found: '"*m"' };
    expect(parse("attacca: 1\nmoods: &m\n  b: *m")).toMatchObject({ ok: false, issues: [issue] });
  });

  it("with more entries than a section takes is refused, however they are spelt", () => {
    const moods = "m".repeat(55);
    const text = `attacca: 1\nmoods:\n${names(5000, (name) => `  ${moods}${name}:`)}\ntransitions:\n${names(5000, (name) => `  - { from: ${moods}${name}x, to: any }`)}`;
    const parsed = parse(text);
    expect(parsed).toMatchObject({
      ok: false,
      issues: expect.arrayContaining([
        expect.objectContaining({ path: "moods", found: "5000 moods", expected: "at most 256" }),
        expect.objectContaining({ path: "transitions", found: "5000 transitions" }),
      ]),
    });
  });

  it("gets at most a thousand issues, and is told how many are left out", () => {
    const parsed = parse(`attacca: 1\nmoods: { calm: }\n${names(4000, (name) => `${name}: 1`)}`);
    if (parsed.ok) throw new Error("expected mistakes");
    expect(parsed.issues).toHaveLength(1001);
    expect(parsed.issues.at(-1)?.found).toBe("3000 more mistakes");
  });

  it("pollutes no prototype", () => {
    const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];
    for (const key of keys) {
      const inner = `{ ${key}: { valence: 1, polluted: yes } }`;
      for (const section of ["moods", "signals", "locations", "rules"]) {
        expect(parse(`attacca: 1\n${section}: ${inner}`).ok).toBe(false);
      }
      expect(parse(`attacca: 1\nmoods: { calm: }\n${key}: ${inner}`).ok).toBe(false);
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
    expect(({} as Record<string, unknown>)["valence"]).toBeUndefined();
  });
});
