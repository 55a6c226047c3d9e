import { describe, expect, test } from "vitest";
import { direct, go, ofKind, sections } from "../../helpers/directing.ts";
import { score, stinger, transition } from "../../helpers/score.ts";

/** Bars of 4 s and fades of a bar. */
const slow = score({ transitions: [transition()] });

describe("a fade that is turned round", () => {
  test("brings back what fades out, half a second after it is asked for", () => {
    const cues = direct([go(4.2, "cave"), go(9.02, "meadow")], 30, slow);
    expect(sections(cues).map(({ mood }) => mood.name)).toEqual(["calm", "mystery"]);
    const [turn] = ofKind(cues, "reversal");
    expect(turn?.at).toBeCloseTo(9.55, 9);
    expect(turn).toMatchObject({ section: 0, leaves: 1 });
  });

  test("takes as long back as it took so far", () => {
    const [turn] = ofKind(direct([go(4.2, "cave"), go(9.02, "meadow")], 30, slow), "reversal");
    expect(turn?.fade).toBeCloseTo(9.55 - 8, 9);
  });

  test("cues again what was to follow in the mood that comes back, and goes on in its bars", () => {
    const cues = direct([go(4.2, "cave"), go(9.02, "meadow")], 60, slow);
    const own = ofKind(cues, "phrase").filter((cue) => cue.section === 0);
    const starts = [...new Set(own.map((cue) => cue.at))];
    expect(starts).toEqual([0, 16, 32, 48, 64, 80]);
  });

  test("may turn again, back to where it was going", () => {
    const cues = direct([go(4.2, "cave"), go(9.02, "meadow"), go(9.8, "cave")], 30, slow);
    expect(ofKind(cues, "reversal").map(({ section }) => section)).toEqual([0, 1]);
    expect(sections(cues)).toHaveLength(2);
  });

  test("is left alone when it is nearly over: the change back is a transition of its own", () => {
    const cues = direct([go(4.2, "cave"), go(11.4, "meadow")], 30, slow);
    expect(ofKind(cues, "reversal")).toEqual([]);
    expect(sections(cues).map(({ mood, entersAt }) => `${mood.name} ${entersAt}`)).toEqual([
      "calm 0",
      "mystery 8",
      "calm 12",
    ]);
  });

  test("is left alone when a third mood is asked for", () => {
    const cues = direct([go(4.2, "cave"), go(9.02, "grotto")], 30, slow);
    expect(ofKind(cues, "reversal")).toEqual([]);
  });

  test("plays no stinger again that belonged to the way there", () => {
    const written = score({
      stingers: [stinger("alarm")],
      transitions: [transition({ to: ["calm"], stinger: "alarm" }), transition()],
    });
    // To the cave and back by a transition with a stinger, then away again and turned round.
    const events = [go(4.2, "cave"), go(16, "meadow"), go(28, "cave"), go(33.1, "meadow")];
    const cues = direct(events, 60, written);
    expect(ofKind(cues, "reversal")).toHaveLength(1);
    expect(ofKind(cues, "stinger")).toHaveLength(1);
  });
});
