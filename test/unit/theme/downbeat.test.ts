import { describe, expect, it } from "vitest";
import { importMidi } from "../../../engine/theme/import-midi.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { TICKS_PER_QUARTER } from "../../../engine/time/units.ts";
import { midiBytes, type Struck } from "../../helpers/midi.ts";

const NAMES: Readonly<Record<string, number>> = { C: 60, D: 62, E: 64, F: 65, G: 67, A: 69, B: 71 };

/** `G,.75 A1! r2 |`: pitch (a comma is an octave down, an apostrophe up), quarter notes, loud. Bar lines are for the reader. */
function tune(text: string): readonly Struck[] {
  let at = 0;
  return text
    .replaceAll("|", " ")
    .trim()
    .split(/\s+/)
    .flatMap((word): Struck[] => {
      const [, name = "", sharp, octave = "", length = "", loud] =
        /^([A-Gr])(#?)([',]?)([\d.]+)(!?)$/.exec(word) ?? [];
      const begins = at;
      at += Number(length);
      const pitch = NAMES[name];
      if (pitch === undefined) return [];
      const octaves = octave === "," ? -12 : octave === "'" ? 12 : 0;
      const velocity = loud === "!" ? 100 : 70;
      return [[begins, pitch + (sharp === "#" ? 1 : 0) + octaves, Number(length), velocity]];
    });
}

type Meter = readonly [number, number];
const [FOUR, THREE, SIX]: readonly Meter[] = [
  [4, 4],
  [3, 4],
  [6, 8],
] as const;

interface Found {
  /** In quarter notes. */
  readonly pickup: number;
  readonly remark: string | undefined;
}

/** What the importer takes as a pickup: how long before the second bar's beginning the tune begins. */
function pickupOf(
  meter: Meter | undefined,
  melody: readonly Struck[],
  chords: readonly Struck[] = [],
): Found {
  const tracks = [{ name: "Melody", notes: melody }];
  const bytes = midiBytes({
    tracks: chords.length > 0 ? [...tracks, { name: "Chords", notes: chords, channel: 2 }] : tracks,
    ...(meter && { meters: { 0: meter } }),
  });
  const reading = importMidi(bytes);
  if (!reading.ok) throw new Error(reading.problem);
  const remark = reading.notes.find((note) => note.includes("heard as a pickup"));
  const first = melody.find(([at]) => at >= lengthIn(remark));
  expect(reading.theme.melody[0]).toMatchObject({ at: 0, pitch: first?.[1] });
  const bar = ticksPerBar(reading.theme.meter) / TICKS_PER_QUARTER;
  expect(reading.theme.melody.every(({ at }) => at < 8 * bar * TICKS_PER_QUARTER)).toBe(true);
  return { pickup: lengthIn(remark), remark };
}

const lengthIn = (remark: string | undefined): number => {
  if (remark === undefined) return 0;
  return remark.includes("quarter is") ? 1 : Number(/first ([\d.]+) quarters/.exec(remark)?.[1]);
};

const AMAZING = "G,1 | C2 E.5 C.5 | E2 D1 | C2 A,1 | G,2 G,1 | C2 E.5 C.5 | E2 D1 | G3 | r2";
const TWINKLE = "C1 C1 G1 G1 | A1 A1 G2 | F1 F1 E1 E1 | D1 D1 C2 | G1 G1 F1 F1 | E1 E1 D2";
const LINE = "C1 D1 E1 F1 | G1 A1 B1 C'1 | B1 A1 G1 F1 | E1 D1 C1 D1 | C1 E1 G1 E1 | C4";

/** Three notes held for a bar, each bar another chord. */
const held = (bar: number, from: number, roots: readonly number[]): readonly Struck[] =>
  roots.flatMap((root, index) =>
    [48, 52, 55].map((pitch): Struck => [from + index * bar, pitch + root, bar]),
  );

describe("a pickup that no time signature tells", () => {
  it.each([
    [
      "in 4/4, whose long notes would be held over the middle of the bar",
      FOUR,
      1,
      "C1 | F1.5 F.5 F1 A1 | G1.5 F.5 G1 A1 | F1.5 F.5 A1 C'1 | D'3 D'1 | C'1.5 A.5 A1 F1 | G1.5 F.5 G1 A1 | F1.5 D.5 D1 C1 | F3",
    ],
    [
      "of eighths",
      FOUR,
      1,
      "C.5 D.5 | E1 G1 G1.5 A.5 | G1 E1 C1.5 D.5 | E1 E1 D1 C1 | D3 C.5 D.5 | E1 G1 G1.5 A.5 | G1 E1 C1.5 D.5 | C3",
    ],
    [
      "of three quarters",
      FOUR,
      3,
      "C1 E1 F1 | G4 | r1 C1 E1 F1 | G4 | r1 C1 E1 F1 | G2 E2 | C2 E2 | D4",
    ],
    ["in 3/4, where the short notes are not on every bar line", THREE, 1, AMAZING],
    [
      "in 3/4, dotted",
      THREE,
      1,
      "G,.75 G,.25 | A,1 G,1 C1 | B,2 G,.75 G,.25 | A,1 G,1 D1 | C2 G,.75 G,.25 | G1 E1 C1 | B,1 A,1 F.75 F.25 | E1 C1 D1 | C2",
    ],
    [
      "of an eighth in 6/8",
      SIX,
      0.5,
      "A.5 | C'1 D'.5 E'.75 F'.25 E'.5 | D'1 B.5 G.75 A.25 B.5 | C'1 A.5 A.75 G#.25 A.5 | B1 G#.5 E1 A.5 | C'1 D'.5 E'.75 F'.25 E'.5 | D'1 B.5",
    ],
    [
      "whose bars show in accents alone",
      FOUR,
      1,
      "C1 | D1! E1 F1 G1 | A1! G1 F1 E1 | D1! E1 F1 G1 | A1! G1 F1 E1 | D1! E1 F1 G1",
    ],
  ] as const)("is heard in a melody by itself: %s", (_, meter, pickup, text) => {
    expect(pickupOf(meter, tune(text)).pickup).toBe(pickup);
  });

  it("is heard where the file states no meter, too", () => {
    const text = "C1 | F1.5 F.5 F1 A1 | G1.5 F.5 G1 A1 | F1.5 F.5 A1 C'1 | D'3 D'1 | F3";
    expect(pickupOf(undefined, tune(text)).pickup).toBe(1);
  });

  it.each([
    ["chords", held(4, 1, [0, 5, 7, 0, 9, 7])],
    ["a bass", held(4, 1, [0, 5, 7, 0, 9, 7]).filter((_, index) => index % 3 === 0)],
  ])(
    "is heard from %s that change with the bars after it, under notes of one length",
    (_, chords) => {
      const melody = tune(`G,1 ${LINE}`);
      expect(pickupOf(FOUR, melody, chords).pickup).toBe(1);
      expect(pickupOf(FOUR, melody).pickup).toBe(0);
    },
  );

  it("is said, with what to do where it is none", () => {
    expect(pickupOf(THREE, tune(AMAZING)).remark).toBe(
      "the first quarter is heard as a pickup; if not so, leave a bar of rest before the melody",
    );
    const later = tune(AMAZING).map(([at, ...note]): Struck => [at + 3, ...note]);
    expect(pickupOf(THREE, later).remark).toBeUndefined();
  });

  it("stands at the end of the last bar, from where it leads back", () => {
    const bytes = midiBytes({ tracks: [{ notes: tune(AMAZING) }], meters: { 0: THREE } });
    const reading = importMidi(bytes);
    if (!reading.ok) throw new Error(reading.problem);
    const { melody, bars } = reading.theme;
    expect(bars).toBe(7);
    expect(melody.at(-1)).toMatchObject({
      pitch: 55,
      at: 7 * ticksPerBar("3/4") - TICKS_PER_QUARTER,
    });
  });
});

describe("bars that are right", () => {
  it.each([
    ["a march in even notes", FOUR, LINE],
    ["long notes in the middle of the bar", FOUR, TWINKLE],
    [
      "two short and one long, over and over",
      FOUR,
      "E1 E1 E2 | E1 E1 E2 | E1 G1 C1.5 D.5 | E4 | F1 F1 F1.5 F.5 | F1 E1 E1 E.5 E.5 | E1 D1 D1 E1 | D2 G2",
    ],
    [
      "a sarabande, whose second beat is the long one",
      THREE,
      "D1 D2 | E1 E2 | F1 F1.5 E.5 | D1 C#2 | D1 D2 | E1 E2 | F1 E1.5 D.5 | D3",
    ],
    [
      "anticipated beats",
      FOUR,
      "C1 E.5 G2 A.5 | A1 G.5 E2 D.5 | D1 E.5 G2 A.5 | A1 G.5 E2 C.5 | C1 E.5 G2 A.5 | A3 C1",
    ],
    ["three against four", FOUR, "C1.5 E1.5 G1 | C1.5 E1.5 G1 | A1.5 G1.5 E1 | C1.5 E1.5 G1 | A4"],
    [
      "a motif and a rest",
      FOUR,
      "C.5 D.5 E1 r2 | C.5 D.5 E1 r2 | F.5 G.5 A1 r2 | G4 | C.5 D.5 E1 r2 | C.5 D.5 E1 r2",
    ],
    [
      "a siciliano",
      SIX,
      "G.75 A.25 G.5 E1.5 | G.75 A.25 G.5 E1.5 | D'1 D'.5 B1.5 | C'1 C'.5 G1.5 | A1 A.5 C'.75 B.25 A.5",
    ],
    [
      "accents on their first beats",
      FOUR,
      "C1! D1 E1 F1 | G1! A1 G1 F1 | E1! D1 E1 F1 | G1! A1 G1 F1",
    ],
  ] as const)("stay: %s", (_, meter, text) => {
    expect(pickupOf(meter, tune(text)).remark).toBeUndefined();
  });

  it("stay where a single note is held over them", () => {
    expect(pickupOf(FOUR, tune(`G,1 ${LINE}`)).remark).toBeUndefined();
  });

  it("stay where chords change with them, whatever the melody does", () => {
    const syncopated = tune(`G,1 ${LINE.replaceAll("C1 D1", "C2")}`);
    expect(pickupOf(FOUR, syncopated, held(4, 0, [0, 5, 7, 0, 9, 7])).remark).toBeUndefined();
    expect(
      pickupOf(THREE, tune(AMAZING), held(3, 0, [0, 5, 7, 0, 9, 7, 5])).remark,
    ).toBeUndefined();
  });

  it("stay under a waltz and over chords off the beat", () => {
    const waltz = [0, 5, 7, 0, 9, 7, 0].flatMap((root, bar): Struck[] => [
      [3 * bar, 36 + root, 1],
      ...[1, 2].flatMap((beat) =>
        [52, 55].map((pitch): Struck => [3 * bar + beat, pitch + root, 1]),
      ),
    ]);
    const melody = tune("C3 | E2 F1 | G3 | E2 D1 | C1 D1 E1 | F2 E1 | D3");
    expect(pickupOf(THREE, melody, waltz).remark).toBeUndefined();
    const offBeat = [0, 5, 7, 0, 9, 7].flatMap((root, bar) =>
      [1, 3].flatMap((beat) =>
        [52, 55, 60].map((pitch): Struck => [4 * bar + beat, pitch + root, 0.5]),
      ),
    );
    for (const text of [LINE, TWINKLE]) {
      expect(pickupOf(FOUR, tune(text), offBeat).remark).toBeUndefined();
    }
  });

  it("stay where a change of meter counts them", () => {
    const notes = tune(`${AMAZING.replace("| r2", "")} | C4 | D4 | C4`);
    const bytes = midiBytes({ tracks: [{ notes }], meters: { 0: THREE, 24: FOUR } });
    const reading = importMidi(bytes);
    expect(reading.ok && reading.notes.some((note) => note.includes("pickup"))).toBe(false);
  });
});
