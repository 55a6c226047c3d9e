import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import { barsUntil } from "../../../engine/time/section.ts";
import { bpm, seconds, unitInterval } from "../../../engine/time/units.ts";
import { direct, directing, go, ofKind, sections, set } from "../../helpers/directing.ts";
import { mood, score, transition } from "../../helpers/score.ts";

const hit = (at: number, time: number, name = "gate"): GameEvent => ({
  kind: "hit",
  at: seconds(at),
  name,
  time: seconds(time),
  strength: unitInterval(0.8),
});
const at96 = score({ moods: [mood("calm", { tempo: bpm(96) }), mood("danger"), mood("mystery")] });

const landing = (events: readonly GameEvent[], until = 60) => {
  const cues = direct(events, until, at96);
  return sections(cues).find(({ cause }) => cause === "hit");
};

describe("a hit point", () => {
  test("has a downbeat land on the moment, with the tempo bent by 3 % at most", () => {
    const cues = direct([hit(2.03, 9.43)], 30, at96);
    const landed = sections(cues).find(({ cause }) => cause === "hit");
    if (landed === undefined) throw new Error("nothing landed");
    expect(landed.entersAt).toBeCloseTo(9.43, 6);
    expect(barsUntil(landed, landed.entersAt) % 1).toBeCloseTo(0, 6);
    const [bent] = ofKind(cues, "hit");
    expect(bent?.stretch).toBeGreaterThanOrEqual(0.97);
    expect(bent?.stretch).toBeLessThanOrEqual(1.03);
  });

  test("that is seven seconds away or more is met within 30 ms, whatever the moment", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.double({ min: 7, max: 30, noNaN: true }),
        fc.constantFrom(72, 84, 96, 120, 140),
        (asked, wait, tempo) => {
          const written = score({
            moods: [mood("calm", { tempo: bpm(tempo) })],
            locations: [],
            rules: [],
          });
          const cues = direct([hit(asked, asked + wait)], asked + wait + 1, written);
          const landed = sections(cues).find(({ cause }) => cause === "hit");
          expect(Math.abs((landed?.entersAt ?? 0) - asked - wait)).toBeLessThanOrEqual(0.03);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("too near to be met is missed by as little as it can, and says where it lands", () => {
    const cues = direct([hit(2.03, 3.3)], 10, at96);
    const [told] = ofKind(cues, "hit");
    expect(told?.wanted).toBe(3.3);
    expect(sections(cues).find(({ cause }) => cause === "hit")?.entersAt).toBeCloseTo(
      told?.at ?? 0,
      9,
    );
    expect(Math.abs((told?.at ?? 0) - 3.3)).toBeLessThan(0.32);
  });

  test("tells the phrase that it ends after how many bars, and how strongly", () => {
    const cues = direct([hit(2.03, 22.03)], 40, at96);
    const last = ofKind(cues, "phrase").find(({ ending }) => ending !== undefined);
    expect(last?.ending?.strength).toBe(0.8);
    expect(last?.ending?.bars).toBeLessThan(4);
    expect(last?.bars).toBe(4);
  });

  test("moved, lands where it was moved to", () => {
    expect(landing([hit(2, 12), hit(4, 16.4)])?.entersAt).toBeCloseTo(16.4, 6);
  });

  test("taken back, never lands, and the tempo is the mood's again", () => {
    const events: GameEvent[] = [
      hit(2.03, 12.3),
      { kind: "cancel-hit", at: seconds(5), name: "gate" },
    ];
    const { cues, state } = directing(events, 30, at96);
    expect(sections(cues).some(({ cause }) => cause === "hit")).toBe(false);
    expect(state.section?.tempo).toBe(96);
  });

  test("the mood that waits for its sync point enters on the hit point", () => {
    const phrase = score({ ...at96, transitions: [transition({ at: "phrase" })] });
    const cues = direct([hit(2.03, 9.43), go(3, "cave")], 30, phrase);
    const landed = sections(cues).find(({ cause }) => cause === "hit");
    expect(landed?.mood.name).toBe("mystery");
    expect(landed?.entersAt).toBeCloseTo(9.43, 6);
  });

  test("after it the mood keeps its own tempo", () => {
    expect(directing([hit(2.03, 9.6)], 30, at96).state.section?.tempo).toBe(96);
  });

  test("leaves the mood its own tempo at the next bar, wherever bar lines fall on the control grid", () => {
    for (const offset of [0, 0.01, 0.02, 0.03, 0.04]) {
      const calm = score({ moods: [mood("calm")], locations: [], rules: [] });
      const { state } = directing([hit(2.03 + offset, 12.7 + offset)], 24, calm);
      expect(state.section?.stretch).toBe(1);
    }
  });

  test("does not bend the tempo within a fade", () => {
    const slow = score({ transitions: [transition({ fade: { value: 2, unit: "bars" } })] });
    const cues = direct([go(4.2, "cave"), hit(8.3, 30.3)], 40, slow);
    const bent = sections(cues).find(({ cause }) => cause === "tempo");
    expect(bent?.entersAt).toBeGreaterThanOrEqual(16);
    expect(sections(cues).find(({ cause }) => cause === "hit")?.entersAt).toBeCloseTo(30.3, 6);
  });

  test.each([0, 0.02, 0.1, 0.4, 0.6])(
    "in %f s lands late rather than never, where it was told",
    (x) => {
      const cues = direct([hit(5.21, 5.21 + x)], 12, at96);
      const told = ofKind(cues, "hit").at(-1);
      const landed = sections(cues).find(({ cause }) => cause === "hit");
      expect(landed?.entersAt).toBeCloseTo(told?.at ?? -1, 6);
    },
  );

  test("within a fade is met as well as the plain tempo allows", () => {
    const slow = score({ transitions: [transition({ fade: { value: 8, unit: "seconds" } })] });
    const cues = direct([go(4.2, "cave"), hit(8.3, 15.7)], 30, slow);
    const landed = sections(cues).find(({ cause }) => cause === "hit");
    expect(Math.abs((landed?.entersAt ?? 0) - 15.7)).toBeLessThanOrEqual(0.25);
  });

  test("whose section is left and comes back by a fade that turns round is not landed in the past", () => {
    const long = score({
      transitions: [transition({ at: "beat", fade: { value: 6, unit: "seconds" } })],
    });
    const events: GameEvent[] = [hit(3.6, 5.3), go(4.2, "cave"), go(4.8, "meadow")];
    const decided: number[] = [];
    let known = 0;
    for (let now = 4; now < 14; now += 0.05) {
      const hits = sections(directing(events, now, long).cues).filter(
        ({ cause }) => cause === "hit",
      );
      for (const cue of hits.slice(known)) decided.push(cue.entersAt - now);
      known = hits.length;
    }
    expect(decided).toHaveLength(1);
    expect(Math.min(...decided)).toBeGreaterThan(0.4);
  });

  test("two are met one after the other", () => {
    const cues = direct([hit(1, 10.2), hit(1, 21.7, "door")], 40, at96);
    const landed = sections(cues).filter(({ cause }) => cause === "hit");
    expect(landed.map(({ entersAt }) => entersAt.toFixed(2))).toEqual(["10.20", "21.70"]);
  });
});

describe("a change of tempo", () => {
  const scale = (at: number, to: number): GameEvent => ({
    kind: "time-scale",
    at: seconds(at),
    scale: to,
  });
  const slow = score({
    moods: [mood("calm", { tempo: bpm(20) }), mood("danger")],
    locations: [],
    stingers: [],
  });

  test("is final half a second before its beat and not before", () => {
    const events = [scale(6.2, 2)];
    const before = directing(events, 8.4, slow);
    expect(before.state.committed).toBeUndefined();
    const after = directing(events, 8.55, slow);
    expect(after.state.committed).toMatchObject({ cause: "tempo", entersAt: 9 });
  });

  test("that is taken back before that does not come about", () => {
    expect(sections(direct([scale(6.2, 2), scale(8.3, 1)], 30, slow))).toHaveLength(1);
  });

  test("gives way to a mood that is asked for before that, which comes in the new tempo", () => {
    const cues = direct([scale(6.2, 2), set(8.2, 0.9)], 30, slow);
    expect(sections(cues).map(({ cause, entersAt, tempo }) => [cause, entersAt, tempo])).toEqual([
      ["opening", 0, 20],
      ["transition", 9, 120],
    ]);
  });

  test("towards a hit point is told at once, made as late, and as exact", () => {
    const events = [hit(6.2, 26)];
    const early = directing(events, 8.3, slow);
    expect(ofKind(early.cues, "hit")).toHaveLength(1);
    expect(early.state.committed).toBeUndefined();
    const cues = direct(events, 40, slow);
    const [told, ...again] = ofKind(cues, "hit").filter(({ wanted }) => wanted === 26);
    const [, bent, landed] = sections(cues);
    expect(bent).toMatchObject({ cause: "tempo", entersAt: 9, stretch: told?.stretch });
    expect(again.every(({ at }) => Math.abs(at - (told?.at ?? 0)) < 1e-6)).toBe(true);
    expect(landed).toMatchObject({ cause: "hit" });
    expect(landed?.entersAt).toBeCloseTo(told?.at ?? 0, 6);
  });

  test("of which a hit point that was taken back is the reason does not come about", () => {
    const taken: GameEvent = { kind: "cancel-hit", at: seconds(8.2), name: "gate" };
    expect(sections(direct([hit(6.2, 26), taken], 30, slow))).toHaveLength(1);
  });

  test("of the scale comes before a hit point is aimed at in it", () => {
    const cues = direct([hit(6.2, 25.1), scale(6.2, 2)], 40, slow);
    const landed = sections(cues).find(({ cause }) => cause === "hit");
    expect(landed?.entersAt).toBeCloseTo(25.1, 1);
    expect(landed?.entersAt).toBeCloseTo(ofKind(cues, "hit").at(-1)?.at ?? 0, 6);
  });
});

describe("the game's time scale", () => {
  test("is followed from the next beat on, in the same bar of the same tune", () => {
    const events: GameEvent[] = [{ kind: "time-scale", at: seconds(5.2), scale: 0.5 }];
    const [calm, slow] = sections(direct(events, 20));
    expect(slow).toMatchObject({ cause: "tempo", entersAt: 6, tempo: 30, visit: calm?.visit });
    expect(slow && barsUntil(slow, slow.entersAt)).toBeCloseTo(1.5, 9);
  });
});
