import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import { seconds } from "../../../engine/time/units.ts";
import { rehearse, type Rehearsal } from "../../helpers/rehearsal.ts";
import { score } from "../../helpers/score.ts";

const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });
const set = (at: number, value: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value,
});

/** Chunks of a section's stem in order of time, each with when the next one should begin. */
const chunksOf = (result: Rehearsal, voice: string): Rehearsal["played"] =>
  result.played.filter((chunk) => chunk.voice === voice).toSorted((a, b) => a.at - b.at);

describe("the conductor", () => {
  test("plays every stem without gap, half bar after half bar", async () => {
    const result = await rehearse({ score: score(), events: [], until: 40, tick: 0.05 });
    for (const stem of ["melody", "counter", "harmony", "bass", "drums"]) {
      const halves = chunksOf(result, `0:${stem}`).filter(({ frames }) => frames === 2 * 8000);
      expect(halves.length).toBeGreaterThan(18);
      for (const [index, half] of halves.entries()) expect(half.at).toBeCloseTo(2 * index, 3);
    }
    expect(result.counts["late"]).toBeUndefined();
    expect(result.counts["missed"]).toBeUndefined();
  });

  test("hands every chunk over two bars before it sounds, and those within two bars and 1.5 s of their section's decision before they sound", async () => {
    const result = await rehearse({
      score: score(),
      events: [set(13.2, 0.9), go(30.1, "cave"), set(33.3, 0.2)],
      until: 70,
      tick: 0.05,
      renderDelay: 0.2,
    });
    const sections = result.cues.filter((cue) => cue.kind === "section");
    expect(sections.map(({ mood }) => mood.name)).toEqual(["calm", "danger", "danger", "mystery"]);
    expect(result.played.length).toBeGreaterThan(100);
    for (const { voice, at, handedOverAt } of result.played) {
      const section = sections[Number.parseInt(voice, 10)];
      if (section === undefined) throw new Error(`${voice} belongs to no section`);
      const decidedAt = result.decidedAt[section.index] ?? 0;
      const twoBars = (2 * 4 * 60) / section.tempo;
      const notice = at - handedOverAt;
      const isNear = at < decidedAt + twoBars + 1.5;
      expect(notice).toBeGreaterThanOrEqual(isNear ? 0 : twoBars);
    }
    expect(result.counts["late"]).toBeUndefined();
    expect(result.counts["missed"]).toBeUndefined();
  });

  test("a transition opens the new section and closes the old one at the same moment", async () => {
    const result = await rehearse({
      score: score(),
      events: [go(5, "cave")],
      until: 20,
      tick: 0.05,
      generatorDelay: () => 0.5,
    });
    const opened = result.opened.filter(({ voice }) => voice.startsWith("1:"));
    const closed = result.closed.filter(({ voice }) => voice.startsWith("0:"));
    expect(opened.map(({ at }) => at)).toEqual(Array<number>(5).fill(opened[0]?.at ?? 0));
    expect(opened[0]?.at).toBeCloseTo(8, 3);
    expect(closed).toHaveLength(5);
    for (const { at, fade } of closed) {
      expect(at).toBeCloseTo(8, 3);
      expect(fade).toBe(4);
    }
  });

  test("the model's takes are played when they come in time, with entries of other moods ready", async () => {
    const result = await rehearse({
      score: score(),
      events: [set(20.2, 0.9)],
      until: 40,
      tick: 0.05,
      generatorDelay: () => 0.4,
    });
    expect(result.sources).toContain("calm 1 model");
    expect(result.sources).toContain("danger 0 model");
  });

  test("without a generator the bank plays on", async () => {
    const result = await rehearse({ score: score(), events: [set(9, 0.9)], until: 40, tick: 0.05 });
    expect(result.sources.length).toBeGreaterThan(3);
    expect(result.sources.every((source) => source.endsWith("bank"))).toBe(true);
  });

  test("a generator that is too slow is counted, and its late work is the next fallback", async () => {
    const result = await rehearse({
      score: score(),
      events: [],
      until: 60,
      tick: 0.05,
      generatorDelay: () => 19,
    });
    expect(result.counts["writtenLate"]).toBeGreaterThan(0);
    expect(result.sources).toContain("calm 2 last-good");
  });

  test("a renderer that is late keeps the old section sounding until the new one can", async () => {
    const result = await rehearse({
      score: score(),
      events: [set(5.2, 0.9)],
      until: 40,
      tick: 0.05,
      renderDelay: 2.5,
    });
    const closed = result.closed.find(({ voice }) => voice.startsWith("0:"));
    const first = result.played.find(({ voice }) => voice.startsWith("1:"));
    expect(first).toBeDefined();
    expect(closed?.at).toBeGreaterThanOrEqual(first?.at ?? Infinity);
  });
});
