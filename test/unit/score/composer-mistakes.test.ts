import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { issuesOf } from "../../helpers/score.ts";

const LETTERS = "A, B, C or D with up to three primes";
const FORM = `a form such as "A A' B A"`;
const PROGRESSION = 'a progression such as "i VI III VII"';
const CHORD =
  "a chord such as i, V7, vii°, III+, bVII, Imaj7, iiø7 or Vsus4, or two of them as in i-V";

const inMood = (lines: string): string => `attacca: 1\nmoods:\n  calm:\n    ${lines}`;
const above = (lines: string): string => `attacca: 1\n${lines}\nmoods: { calm: }`;
const named = (lines: string): string =>
  `attacca: 1\nforms: { long: A B }\nprogressions: { dusk: i VI }\nmoods:\n  calm:\n    ${lines}`;

/** What is wrong, the score, and its one issue as `formatIssue` prints it. */
const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
  [
    "a form with a letter too far",
    above(`forms: { long: "A A' E" }`),
    `2:16 forms.long: found "A A' E", expected ${FORM}: ${LETTERS} where "E" stands`,
  ],
  [
    "a form of nine phrases",
    above("forms: { long: A A A A A A A A A }"),
    `2:16 forms.long: found "A A A A A A A A A", expected ${FORM}: at most 8 phrases where one more stands`,
  ],
  [
    "a form that is no text",
    above("forms: { long: }"),
    `2:16 forms.long: found nothing, expected ${FORM}`,
  ],
  [
    "a form by the name of one phrase",
    above("forms: { A: A B }"),
    `2:10 forms.A: found the name "A", expected another name, for this one reads as ${FORM}`,
  ],
  [
    "a progression by the name of a chord",
    above("progressions: { iv: i V }"),
    `2:17 progressions.iv: found the name "iv", expected another name, for this one reads as ${PROGRESSION}`,
  ],
  [
    "a progression with no such degree",
    above("progressions: { dusk: i VIII }"),
    `2:23 progressions.dusk: found "i VIII", expected ${PROGRESSION}: ${CHORD} where "VIII" stands`,
  ],
  [
    "a progression of letters",
    inMood("progression: Am F C G"),
    `4:18 moods.calm.progression: found "Am F C G", expected ${PROGRESSION}: ${CHORD} where "Am" stands`,
  ],
  [
    "a misspelt name of a form",
    named("form: lang"),
    `6:11 moods.calm.form: found "lang", expected one of long, or ${FORM}: ${LETTERS} where "lang" stands; did you mean "long"?`,
  ],
  [
    "a misspelt name in a list of progressions",
    named("progression: [dusk, dask]"),
    `6:25 moods.calm.progression[1]: found "dask", expected one of dusk, or ${PROGRESSION}: ${CHORD} where "dask" stands; did you mean "dusk"?`,
  ],
  [
    "a list of single chords",
    inMood("progression: [i, VI, III, VII]"),
    `4:18 moods.calm.progression: found a list of single chords, expected a list of whole progressions, or one text such as "i VI III VII"`,
  ],
  [
    "no progression at all",
    inMood("progression: []"),
    `4:18 moods.calm.progression: found no progression, expected ${PROGRESSION}`,
  ],
  [
    "a progression that is a number",
    inMood("progression: 4"),
    `4:18 moods.calm.progression: found 4, expected ${PROGRESSION}, the name of one, or a list of them`,
  ],
  [
    "a level over intensity that leaves [0, 1]",
    inMood("stems: { drums: [[0, 0], [1, 2]] }"),
    `4:21 moods.calm.stems.drums: found a list, expected a number within [0, 1], or a curve of 2 to 16 points within it such as [[0.3, 0], [0.6, 1]]`,
  ],
  [
    "an activity beyond 4",
    inMood("activity: { drums: [[0, 1], [1, 5]] }"),
    `4:24 moods.calm.activity.drums: found a list, expected a number within [0, 4], or a curve of 2 to 16 points from [0, 1] to it such as [[0, 1], [1, 4]]`,
  ],
  [
    "an activity of a misspelt stem",
    inMood("activity: { drum: 2 }"),
    `4:17 moods.calm.activity.drum: found the unknown key "drum", expected one of melody, counter, harmony, bass, drums; did you mean "drums"?`,
  ],
];

describe("a mistake in what the composer is told", () => {
  it.each(MISTAKES)("is reported where it stands: %s", (_, text, issue) => {
    expect(issuesOf(text).map((found) => formatIssue(found))).toEqual([`score:${issue}`]);
  });

  it("does not hide another", () => {
    const lines = 'form: A E\n    progression: [x, "i ix"]\n    activity: { bass: 7 }';
    expect(issuesOf(inMood(lines)).map(({ path }) => path)).toEqual([
      "moods.calm.form",
      "moods.calm.progression[0]",
      "moods.calm.progression[1]",
      "moods.calm.activity.bass",
    ]);
  });
});
