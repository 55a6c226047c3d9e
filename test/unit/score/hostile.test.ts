import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore, type ParsedScore } from "../../../engine/score/parse-score.ts";

const parse = (text: string): ParsedScore => parseScore(text, { palettes: ["plucked"] });

/** What the first issue found, or "nothing wrong". */
function complaint(text: string): string {
  const parsed = parse(text);
  return parsed.ok ? "nothing wrong" : (parsed.issues[0]?.found ?? "no issue");
}

const names = (count: number, line: (name: string, index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(`n${index}`, index)).join("\n");

/** The issues, printed, after a look that each is short and shows no character that a terminal obeys. */
function printed(text: string): readonly string[] {
  const parsed = parse(text);
  const lines = parsed.ok ? [] : parsed.issues.map((issue) => formatIssue(issue));
  for (const line of lines) {
    expect(line.length).toBeLessThan(2000);
    expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
  }
  return lines;
}

/** One score for each place where an author chooses a name, with this one in it. */
const namedBy = (name: string): readonly string[] => {
  const mood = "attacca: 1\nmoods: { calm: }\n";
  return [
    `attacca: 1\nmoods: { ${name}: { valence: 1 } }`,
    `attacca: 1\nmoods: { calm: { markers: { ${name}: 1 bar } } }`,
    `${mood}signals: { ${name}: { range: [0, 2] } }`,
    `${mood}locations: { ${name}: { mood: calm } }`,
    `${mood}stingers: { ${name}: { at: bar } }`,
    `${mood}forms: { ${name}: "A B" }`,
    `${mood}progressions: { ${name}: "i V" }`,
    `${mood}themes: { ${name}: { notes: "D4 1/4" } }`,
    `attacca: 1\ntakes: { ${name}: { audio: a.wav, tempo: 96, length: 4 bars } }\nmoods: { calm: { takes: { melody: ${name} } } }`,
    `attacca: 1\nmoods: { calm: { inherit: ${name} } }`,
    `attacca: 1\nmoods: { calm: { theme: ${name} } }`,
    `${mood}palette: ${name}`,
    `${mood}rules: [{ when: "${name} > 0.5", mood: calm }]`,
    `${mood}rules: [{ when: "location is ${name}", mood: calm }]`,
    `${mood}rules: [{ when: "intensity > 0.5", mood: ${name} }]`,
    `${mood}transitions: [{ from: ${name}, to: any }]`,
    `${mood}transitions: [{ from: any, to: any, at: marker ${name} }]`,
    `${mood}transitions: [{ from: any, to: any, stinger: ${name} }]`,
    `attacca: 1\nmoods: { calm: { takes: { melody: ${name} } } }`,
    `attacca: 1\nmoods: { calm: { takes: { ${name}: none } } }`,
    `attacca: 1\nmoods: { calm: { stems: { ${name}: 0 } } }`,
    `attacca: 1\nmoods: { calm: { stems: [${name}] } }`,
    `attacca: 1\nmoods: { calm: { activity: { ${name}: 1 } } }`,
    `attacca: 1\nmoods: { calm: { form: ${name} } }`,
    `attacca: 1\nmoods: { calm: { progression: ${name} } }`,
    `attacca: 1\nmoods: { calm: { style: ${name} } }`,
    `attacca: 1\nmoods: { calm: { ${name}: 1 } }`,
    `${mood}signals: { height: { ${name}: 1 } }`,
    `${mood}themes: { hero: { notes: "D4 1/4", ${name}: 1 } }`,
    `${mood}locations: { wood: { mood: ${name} } }`,
    `${mood}locations: { wood: { palette: ${name} } }`,
    `${mood}locations: { wood: { colour: { ${name}: 1 } } }`,
    `${mood}stingers: { found: { theme: ${name} } }`,
    `${mood}stingers: { found: { take: ${name} } }`,
    `${mood}stingers: { found: { moods: [${name}] } }`,
    `${mood}stingers: { found: { stems: [${name}] } }`,
    `${mood}stingers: { found: { duck: { by: -4dB, ${name}: 1 } } }`,
    `${mood}rules: [{ when: "intensity > 0.5", for: 1 bar, mood: calm, ${name}: 1 }]`,
    `${mood}transitions: [{ from: any, to: any, bridge: { length: 1 bar, stems: [${name}] } }]`,
    `${mood}transitions: [{ from: any, to: any, bridge: { length: 1 bar, takes: { ${name}: none } } }]`,
    `${mood}transitions: [{ from: any, to: any, ${name}: 1 }]`,
    `${mood}${name}: 1`,
  ];
};

describe("hostile text", () => {
  it("over a million characters is refused unread", () => {
    expect(complaint("#".repeat(1_000_001))).toBe("1000001 characters");
    expect(complaint("moods: ".repeat(15_000_000))).toBe("105000000 characters");
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

  it("cannot grow by aliases of maps, each of them small", () => {
    const sections = names(40, (name) => `  ${name}: *all`);
    const text = `attacca: 1\nmoods: &all\n${names(60, (name) => `  ${name}: { valence: 0 }`)}\n`;
    expect(
      printed(
        `${text}signals:\n${sections}\nlocations: &more\n${sections}\nx:\n${names(40, (name) => `  ${name}: *more`)}`,
      ),
    ).toContainEqual(expect.stringContaining("found more values, expected at most 50000 values"));
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

describe("a hostile score", () => {
  it("whose moods inherit in a circle is told so, once and in short", () => {
    const circle = names(
      10_000,
      (name, index) => `  ${name}: { inherit: n${(index + 1) % 10_000} }`,
    );
    expect(printed(`attacca: 1\nmoods:\n${circle}`)).toContainEqual(
      expect.stringContaining("found 10000 moods, expected at most 256"),
    );
    const smaller = names(256, (name, index) => `  ${name}: { inherit: n${(index + 1) % 256} }`);
    const issues = printed(`attacca: 1\nmoods:\n${smaller}`);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain('found "n0" from "n1" from');
    expect(issues[0]).toContain("does not inherit from itself in the end");
  });

  it("whose 256 moods inherit in one line is read", () => {
    const line = names(
      256,
      (name, index) => `  ${name}: { ${index < 255 ? `inherit: n${index + 1}` : "tempo: 60"} }`,
    );
    const parsed = parse(`attacca: 1\nmoods:\n${line}`);
    expect(parsed.ok && new Set(parsed.score.moods.map(({ tempo }) => tempo))).toEqual(
      new Set([60]),
    );
  });

  it.each([
    ["moods", "moods:", (name: string) => `  ${name}:`],
    ["stingers", "moods: { calm: }\nstingers:", (name: string) => `  ${name}:`],
    ["rules", "moods: { calm: }\nrules:", () => "- { mood: calm }"],
  ])("with 10 000 %s is told how many it may have", (section, head, line) => {
    expect(printed(`attacca: 1\n${head}\n${names(10_000, line)}`)).toContainEqual(
      expect.stringContaining(`${section}: found 10000 ${section}, expected at most`),
    );
  });

  it("with 12 000 misspelt names among 256 long ones is refused within the time that a test has", () => {
    const long = (name: string): string => name.padEnd(60, "x");
    const moods = names(256, (name) => `  ${long(name)}:`);
    const misspelt = names(12_000, (_, index) => `      ${long(`n${index % 900}`)}z,`);
    const transition = `  - to: any\n    from: [\n${misspelt}\n    ]`;
    expect(printed(`attacca: 1\nmoods:\n${moods}\ntransitions:\n${transition}`)).toHaveLength(1001);
  });

  it.each(["(", "not "])("with a condition of 10 000 %j is refused unread", (opening) => {
    const rule = (when: string): string =>
      `attacca: 1\nmoods: { calm: }\nrules: [{ when: "${when}", mood: calm, for: 1s }]`;
    const closing = opening === "(" ? ")" : "";
    const nested = (count: number): string =>
      `${opening.repeat(count)}intensity > 0.5${closing.repeat(count)}`;
    expect(printed(rule(nested(10_000)))).toEqual([
      expect.stringContaining("expected a condition such as"),
    ]);
    expect(printed(rule(nested(44)))).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "that names something %s is refused wherever it does so, with the name in the message",
    (name) => {
      for (const text of namedBy(name)) {
        const issues = printed(text);
        expect(issues.length, text).toBeGreaterThan(0);
        expect(issues.join("\n"), text).toContain(name);
      }
    },
  );

  it("with ordinary names in the same places is refused only where they stand for nothing", () => {
    expect(namedBy("turn").map((text) => printed(text).length)).toEqual([
      ...Array.from({ length: 9 }, () => 0),
      ...Array.from({ length: 33 }, () => 1),
    ]);
  });

  it("with numbers that are none is told of each", () => {
    const text =
      "attacca: 1\ntempo: .nan\nmoods: { calm: { valence: .inf, arousal: -.inf, tempo: '96', stems: { melody: .nan } } }\nsignals: { a: { range: [-.inf, .inf], initial: '1', deadband: .inf } }\nrules: [{ when: 'a > 1e999', mood: calm, priority: .nan }]";
    const places = printed(text).map((line) => line.replace(/^\S+ (\S+): .*/, "$1"));
    expect(places).toEqual([
      "tempo",
      "moods.calm.valence",
      "moods.calm.arousal",
      "moods.calm.tempo",
      "moods.calm.stems.melody",
      "signals.a.range",
      "signals.a.initial",
      "signals.a.deadband",
      "rules[0].when",
      "rules[0].priority",
    ]);
  });

  it.each([
    ["NUL", "\0"],
    ["half a pair of surrogates", "\ud800"],
    ["the other half", "\udc00"],
    ["a turn of the writing's direction", "\u202e"],
    ["an escape", "\u001b[31m"],
  ])("with %s in a name is refused, and the message shows it escaped", (_, character) => {
    for (const text of namedBy(`"tu${character}rn"`)) {
      expect(printed(text).length, JSON.stringify(text)).toBeGreaterThan(0);
    }
    const cut = `${"x".repeat(39)}\u{1f600}`;
    expect(printed(`attacca: 1\nmoods: { calm: { inherit: ${cut} } }`)).toHaveLength(1);
  });
});
