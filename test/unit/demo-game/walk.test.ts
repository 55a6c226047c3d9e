import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PALETTE_NAMES } from "../../../engine/renderer-worker/palettes.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import { directing, ofKind, sections as sectionsIn } from "../../helpers/directing.ts";
import { walkThrough } from "./whole-walk.ts";

const text = readFileSync("demo-game/lantern-forest.score.yaml", "utf8");
const parsed = parseScore(text, { palettes: PALETTE_NAMES });
const walk = walkThrough();
const kinds = walk.happenings.map(({ kind }) => kind);

describe("who follows the mote with one key", () => {
  test("comes from the meadow to the sunrise", () => {
    expect(walk.state.lanterns).toBe(5);
    expect(walk.state.dawn).toBe(1);
    expect(kinds.filter((kind) => kind === "lit")).toHaveLength(5);
    expect(kinds.at(-1)).toBe("home");
  });

  test("is never put back while they keep walking", () => {
    expect(kinds).not.toContain("fallen");
  });

  test("is put back once and no more where they once stood until the light was gone", () => {
    const { state, happenings } = walkThrough({ lingers: true });
    expect(state.dawn).toBe(1);
    expect(happenings.filter(({ kind }) => kind === "fallen")).toHaveLength(1);
  });

  test("reaches every firefly, owl, stone and crystal once", () => {
    expect(kinds.filter((kind) => kind === "token")).toHaveLength(7 + 4 + 8 + 3);
  });

  test("sees each great lantern come into view once, before its act is over", () => {
    const told = walk.happenings.flatMap((it) => (it.kind === "sighted" ? [it.lantern] : []));
    expect(told).toEqual([0, 1, 2, 3, 4]);
    for (const lantern of told) {
      const at = (kind: string): number | undefined =>
        walk.happenings.filter((it) => it.kind === kind)[lantern]?.at;
      expect(at("sighted")).toBeLessThan(at("act-done") ?? 0);
    }
  });

  test("comes there with a gentle Hush too, and is never put back", () => {
    const gentle = walkThrough({ gentle: true });
    expect(gentle.state.dawn).toBe(1);
    expect(gentle.happenings.map(({ kind }) => kind)).not.toContain("fallen");
  });
});

describe("the music of the walk", () => {
  if (!parsed.ok) throw new Error("the score has mistakes");
  const { cues, problems } = directing(walk.events, walk.until + 45, parsed.score);
  const sections = sectionsIn(cues);

  test("the score has neither mistakes nor warnings", () => {
    expect(parsed.warnings).toEqual([]);
    expect(problems).toEqual([]);
  });

  test("begins with the theme and ends at home", () => {
    expect(sections[0]?.mood.name).toBe("title");
    expect(sections.at(-1)?.mood.name).toBe("home");
  });

  test("each lantern's mood begins on the downbeat that lights it, or with a phrase that ended just before", () => {
    const lights = walk.happenings.filter(({ kind }) => kind === "lit");
    const hits = ofKind(cues, "hit");
    const early: number[] = [];
    const moods = ["wander-1", "wander-2", "mystery-3", "mystery-4", "sunrise"];
    lights.forEach(({ at }, i) => {
      const section = sections.find(
        ({ entersAt, mood }) => mood.name === moods[i] && entersAt > at - 1,
      );
      // The game goes by what it was told last of the hit point that it had set.
      const told = hits.findLast(({ wanted }) => wanted < at + 0.5)?.at ?? 0;
      expect(Math.abs(told - at), `lantern ${i}`).toBeLessThan(0.8);
      early.push(told - (section?.entersAt ?? 0));
    });
    expect(early.filter((by) => Math.abs(by) < 0.01).length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...early)).toBeGreaterThan(-0.01);
    // What joins is told 2.2 s ahead, and no sooner than half a second after that anything begins.
    expect(Math.max(...early)).toBeLessThan(1.7);
  });

  test("walking and danger take turns", () => {
    const heard = new Set(sections.map(({ mood }) => mood.name));
    for (const name of ["wander", "mystery", "wander-4", "danger"]) {
      expect(heard).toContain(name);
    }
  });

  test("danger comes over a bridge of two bars", () => {
    const bridges = sections.filter(({ bridge }) => bridge?.mood.name === "danger");
    expect(bridges.length).toBeGreaterThan(0);
  });
});
