import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import type { Mood } from "../../../engine/score/score.ts";
import { formOf, progressionOf } from "../../helpers/harmony.ts";

function moodsOf(text: string): readonly Mood[] {
  const parsed = parseScore(`attacca: 1\n${text}`, { palettes: ["plucked"] });
  if (parsed.ok) return parsed.score.moods;
  throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
}

const SCORE = `
key: D aeolian
forms: { long: "A A' B A C A" }
progressions: { dusk: "i VI III VII", dawn: iv V-i }
moods:
  plain:
  dusk: { form: long, progression: dusk, activity: { drums: [[0, 1], [1, 4]], bass: 2 } }
  heir: { inherit: dusk, key: D dorian }
  mixed: { form: A B, progression: [dusk, "v i", dawn], stems: { bass: 0.4, drums: [[0.3, 0], [0.6, 1]] } }
`;

describe("forms and progressions in a score", () => {
  const [plain, dusk, heir, mixed] = moodsOf(SCORE);

  it("are A A' B A and the composer's own where a mood names none", () => {
    expect(plain?.form).toEqual(formOf("A A' B A"));
    expect(plain?.progressions).toEqual([]);
    expect(plain?.activity).toEqual({});
  });

  it("may be named", () => {
    expect(dusk?.form).toEqual(formOf("A A' B A C A"));
    expect(dusk?.progressions).toEqual([progressionOf("i VI III VII", "aeolian")]);
  });

  it("are inherited, and the numerals sound in the heir's own mode", () => {
    expect(heir?.form).toEqual(dusk?.form);
    expect(heir?.progressions).toEqual([progressionOf("i VI III VII", "dorian")]);
    expect(heir?.progressions).not.toEqual(dusk?.progressions);
    expect(heir?.activity).toEqual(dusk?.activity);
  });

  it("may be written in place, and mixed with named ones", () => {
    expect(mixed?.form).toEqual(formOf("A B"));
    expect(mixed?.progressions).toEqual(
      ["i VI III VII", "v i", "iv V-i"].map((text) => progressionOf(text, "aeolian")),
    );
  });

  it("come with how busy a stem is, a number standing for a level line", () => {
    expect(dusk?.activity).toEqual({
      drums: [
        [0, 1],
        [1, 4],
      ],
      bass: [[0, 2]],
    });
  });

  it("come with stems whose level is a threshold or a curve", () => {
    expect(mixed?.stems).toEqual({
      bass: 0.4,
      drums: [
        [0.3, 0],
        [0.6, 1],
      ],
    });
  });
});
