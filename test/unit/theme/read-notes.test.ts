import { describe, expect, it } from "vitest";
import { readNotes } from "../../../engine/theme/read-notes.ts";
import { ticksPerSlot, type Meter } from "../../../engine/time/meter.ts";

function read(text: string, meter: Meter = "4/4"): readonly (readonly number[])[] {
  const reading = readNotes(text, meter);
  if (!reading.ok) throw new Error(`${reading.expected} where ${reading.found} stands`);
  return reading.value.notes.map(({ at, pitch, duration }) => [
    at / ticksPerSlot(meter),
    pitch,
    duration / ticksPerSlot(meter),
  ]);
}

describe("readNotes", () => {
  it("reads pitches, rests and lengths", () => {
    expect(read("D4 1/4, F4 1/8, r 1/8, A4 1/2 | G4 1/1")).toEqual([
      [0, 62, 4],
      [4, 65, 2],
      [8, 69, 8],
      [16, 67, 16],
    ]);
  });

  it("knows accidentals, small letters and octaves below the first", () => {
    const text = "c4 1/8, C#4 1/8, Db4 1/8, d♯4 1/8, B♭3 1/8, Cb4 1/8, B-1 1/8, G9 1/8";
    expect(read(text).map(([, pitch]) => pitch)).toEqual([60, 61, 61, 63, 58, 59, 11, 127]);
  });

  it("counts the bars, of which the last may be incomplete", () => {
    expect(readNotes("D4 3/4, F4 3/4, A4 1/4", "3/4")).toMatchObject({ value: { bars: 3 } });
    expect(readNotes("D4 3/4, r 3/4", "3/4")).toMatchObject({ value: { bars: 2 } });
  });

  it("takes a bar line at the end, and none where a note is held over it", () => {
    expect(read("D4 1/1 | F4 1/1 |")).toHaveLength(2);
    expect(read("D4 3/2, F4 1/2")).toHaveLength(2);
  });

  it("counts 12/8 in its own eighths: twelve are a bar", () => {
    const bar = Array.from({ length: 12 }, () => "D4 1/8").join(", ");
    expect(read(`${bar} | F4 3/8, A4 9/8`, "12/8").slice(11)).toEqual([
      [11, 62, 1],
      [12, 65, 3],
      [15, 69, 9],
    ]);
  });
});

const PITCH = 'a pitch such as D4 or Bb5, or "r" for a rest';
const LENGTH = "a length in whole sixteenths such as 1/4 or 3/8";

/** What is wrong, the text, what stands where, and what should. */
const MISTAKES: readonly (readonly [what: string, text: string, found: string, wanted: string])[] =
  [
    ["nothing", "", "the end", PITCH],
    ["a pitch of no scale", "D4 1/4, H4 1/4", '"H4" (character 9)', PITCH],
    ["a pitch without its octave", "D 1/4", '"D" (character 1)', PITCH],
    ["a pitch above the last", "G#9 1/4", '"G#9" (character 1)', PITCH],
    ["a missing length", "D4, F4 1/4", '"," (character 3)', LENGTH],
    ["a length that is no fraction", "D4 4", '"4" (character 4)', LENGTH],
    ["a length by zero", "D4 1/0", '"1/0" (character 4)', LENGTH],
    ["no length at all", "D4 0/4", '"0/4" (character 4)', LENGTH],
    ["a length between the slots", "D4 1/12", '"1/12" (character 4)', LENGTH],
    ["a missing comma", "D4 1/4 F4 1/4", '"F4" (character 8)', '",", "|" or the end'],
    ["a comma at the end", "D4 1/4,", "the end", PITCH],
    ["two bar lines", "D4 1/1 || F4 1/4", '"|" (character 9)', PITCH],
    [
      "a bar that is too short",
      "D4 3/4 | F4 1/4",
      '"|" (character 8)',
      "1/4 more before the bar line",
    ],
    [
      "a bar that is too long",
      "D4 5/4 | F4 1/4",
      '"|" (character 8)',
      "1/4 less before the bar line",
    ],
    ["nine bars", "D4 8/1, F4 1/16", '"1/16" (character 12)', "at most 8 bars"],
    ["rests alone", "r 1/4, r 1/4", "rests alone", "at least one note"],
    ["a novel", "D4 1/4, ".repeat(300), "more text", "at most 2000 characters"],
    ["a word without end", "x".repeat(99), `"${"x".repeat(16)}…" (character 1)`, PITCH],
    [
      "what no one sees",
      "D4 1/4\u0000",
      "something invisible (character 7)",
      '",", "|" or the end',
    ],
  ];

it.each(MISTAKES)("%s is reported with its place", (_, text, found, expected) => {
  expect(readNotes(text, "4/4")).toEqual({ ok: false, found, expected });
});

it("a sixteenth of 12/8 is between the slots", () => {
  expect(readNotes("D4 1/16", "12/8")).toEqual({
    ok: false,
    found: '"1/16" (character 4)',
    expected: "a length in whole eighths such as 1/8 or 3/8",
  });
});
