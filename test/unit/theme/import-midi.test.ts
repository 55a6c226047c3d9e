import { describe, expect, it } from "vitest";
import { formatKey } from "../../../engine/music/key.ts";
import { importMidi } from "../../../engine/theme/import-midi.ts";
import type { WrittenTheme } from "../../../engine/theme/theme.ts";
import { slotsPerBar, ticksPerSlot } from "../../../engine/time/meter.ts";
import { evenly, midiBytes, type Struck } from "../../helpers/midi.ts";

function imported(bytes: Uint8Array): { theme: WrittenTheme; notes: readonly string[] } {
  const reading = importMidi(bytes);
  if (!reading.ok) throw new Error(reading.problem);
  return reading;
}

/** Slot, pitch and length in slots of each note. */
const cells = ({ melody, meter }: WrittenTheme): readonly (readonly number[])[] =>
  melody.map(({ at, pitch, duration }) => [
    at / ticksPerSlot(meter),
    pitch,
    duration / ticksPerSlot(meter),
  ]);

const chordNames = ({ chords }: WrittenTheme): readonly string[] =>
  chords.map((pair) => pair.map((chord) => chord && `${chord.root}${chord.quality}`).join(" "));

/** Frère Jacques: two bars of 4/4 in C. */
const TUNE = evenly([60, 62, 64, 60, 64, 65], 1).concat([[6, 67, 2]]);

describe("importMidi", () => {
  it("keeps a tune in 4/4 note for note, with its tempo, key and name", () => {
    const { theme, notes } = imported(
      midiBytes({
        tracks: [{ name: "Hero", notes: TUNE }],
        meters: { 0: [4, 4] },
        key: [0, false],
        microseconds: 625_000,
      }),
    );
    expect(cells(theme)).toEqual([
      [0, 60, 4],
      [4, 62, 4],
      [8, 64, 4],
      [12, 60, 4],
      [16, 64, 4],
      [20, 65, 4],
      [24, 67, 8],
    ]);
    expect(theme).toMatchObject({ name: "Hero", meter: "4/4", tempo: 96, bars: 2 });
    expect(formatKey(theme.key)).toBe("C ionian");
    expect(notes).toEqual(["the chords are guessed from the melody and its key"]);
  });

  it("puts notes that are played early and late on their slots", () => {
    const human = TUNE.map(([at, pitch, length], index): Struck => {
      const shift = [0, -0.06, 0.05, 0.08, -0.09, 0.03, -0.05][index] ?? 0;
      return [at + shift, pitch, length * 0.9];
    });
    const { theme } = imported(midiBytes({ tracks: [{ notes: human }] }));
    expect(cells(theme).map(([slot]) => slot)).toEqual([0, 4, 8, 12, 16, 20, 24]);
  });

  it("begins with the bar in which the melody begins", () => {
    const later = TUNE.map(([at, pitch, length]): Struck => [at + 12, pitch, length]);
    const { theme } = imported(midiBytes({ tracks: [{ notes: later }] }));
    expect(cells(theme)[0]).toEqual([0, 60, 4]);
    expect(theme.bars).toBe(2);
  });

  it("keeps 8 bars and says so", () => {
    const pitches = Array.from({ length: 40 }, (_, index) => 60 + (index % 5));
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: evenly(pitches, 1) }] }));
    expect(theme.bars).toBe(8);
    expect(theme.melody).toHaveLength(32);
    expect(notes).toContain("the first 8 of 10 bars are kept");
  });

  it("takes a tempo beyond the engine's to its bound and says so", () => {
    for (const [microseconds, tempo] of [
      [0, 240],
      [1000, 240],
      [16_777_215, 40],
    ] as const) {
      const { theme, notes } = imported(midiBytes({ tracks: [{ notes: TUNE }], microseconds }));
      expect(theme.tempo).toBe(tempo);
      expect(notes).toContain(`the tempo is beyond the engine's; ${tempo} is taken`);
    }
  });
});

describe("the meter of a file", () => {
  it("stays what it is in 3/4 and 6/8", () => {
    for (const meter of [
      [3, 4],
      [6, 8],
    ] as const) {
      const { theme, notes } = imported(
        midiBytes({ tracks: [{ notes: TUNE }], meters: { 0: meter }, key: [0, false] }),
      );
      expect(theme.meter).toBe(meter.join("/"));
      expect(cells(theme)[3]).toEqual([12, 60, 4]);
      expect(notes.some((note) => note.includes("meter"))).toBe(false);
    }
  });

  it("is 12/8 in triplets of a quarter, with as many beats a minute as the file has", () => {
    const { theme } = imported(
      midiBytes({
        tracks: [{ notes: evenly([60, 62, 64, 65, 64, 62, 60, 62, 64, 65, 67, 69], 0.5) }],
        meters: { 0: [12, 8] },
        microseconds: 500_000,
      }),
    );
    expect(theme).toMatchObject({ meter: "12/8", bars: 1, tempo: 80 });
    expect(cells(theme).map(([slot]) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("becomes 12/8 where 4/4 moves in triplets", () => {
    const swing: readonly Struck[] = [0, 1, 2, 3].flatMap((beat): Struck[] => [
      [beat, 60 + beat, 2 / 3],
      [beat + 2 / 3, 64, 1 / 3],
    ]);
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: swing }] }));
    expect(theme.meter).toBe("12/8");
    expect(cells(theme).map(([slot]) => slot)).toEqual([0, 2, 3, 5, 6, 8, 9, 11]);
    expect(notes).toContain("its quarters move in triplets: 4/4 becomes 12/8, of the same length");
  });

  it.each([
    [2, 4, "4/4", [0, 4, 8, 12, 16, 20, 24], "meter 2/4 is folded: 2 of its bars are one of 4/4"],
    [3, 8, "6/8", [0, 4, 8, 12, 16, 20, 24], "meter 3/8 is folded: 2 of its bars are one of 6/8"],
    [5, 4, "4/4", [0, 4, 8, 12, 16, 20], "meter 5/4 is read as 4/4: the end of each bar is cut"],
    [
      7,
      8,
      "4/4",
      [0, 4, 8, 12, 18, 22, 26],
      "meter 7/8 is read as 4/4: each bar is filled up with a rest",
    ],
    [3, 2, "3/4", [0, 4, 8, 12, 16, 20, 24], "meter 3/2 is read as 2 bars of 3/4"],
  ] as const)("%i/%i goes into the nearest, with a remark", (top, bottom, meter, slots, remark) => {
    const { theme, notes } = imported(
      midiBytes({ tracks: [{ notes: TUNE }], meters: { 0: [top, bottom] } }),
    );
    expect(theme.meter).toBe(meter);
    expect(cells(theme).map(([slot]) => slot)).toEqual(slots);
    expect(notes).toContain(remark);
  });

  it("ends the theme where it changes", () => {
    const pitches = Array.from({ length: 20 }, (_, index) => 60 + (index % 5));
    const { theme, notes } = imported(
      midiBytes({ tracks: [{ notes: evenly(pitches, 1) }], meters: { 0: [4, 4], 8: [3, 4] } }),
    );
    expect(theme).toMatchObject({ meter: "4/4", bars: 2 });
    expect(notes).toContain("the meter changes after bar 2; what follows is left out");
  });

  it("is 4/4 where the file states nonsense", () => {
    const { theme } = imported(midiBytes({ tracks: [{ notes: TUNE }], meters: { 0: [0, 4] } }));
    expect(theme.meter).toBe("4/4");
  });
});

describe("a pickup", () => {
  const bars: readonly Struck[] = [...evenly([60, 64, 67, 64], 1, 4), [8, 65, 2]];
  const leadsBack = "the pickup stands at the end of the last bar, from where it leads back";

  it("after the silence of its bar goes to the end of the last bar", () => {
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: [[3, 55, 1], ...bars] }] }));
    expect(cells(theme)).toEqual([
      [0, 60, 4],
      [4, 64, 4],
      [8, 67, 4],
      [12, 64, 4],
      [16, 65, 8],
      [28, 55, 4],
    ]);
    expect(notes).toContain(leadsBack);
  });

  it("in a short bar of its own does the same", () => {
    const notes = [[0, 55, 1] as Struck, ...bars].map(([at, pitch, length]): Struck => [
      Math.max(0, at - 3),
      pitch,
      length,
    ]);
    const found = imported(midiBytes({ tracks: [{ notes }], meters: { 0: [1, 4], 1: [4, 4] } }));
    expect(cells(found.theme).map(([slot, pitch]) => [slot, pitch])).toEqual([
      [0, 60],
      [4, 64],
      [8, 67],
      [12, 64],
      [16, 65],
      [28, 55],
    ]);
    expect(found.notes).toContain(leadsBack);
  });

  it("is left out where the last bar is full", () => {
    const full: readonly Struck[] = [[3, 55, 1], ...bars, [11, 64, 1]];
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: full }] }));
    expect(theme.melody).toHaveLength(6);
    expect(notes).toContain("the pickup is left out, for the last bar has no room for it");
  });

  it("is none where the melody begins in the first half of its bar", () => {
    const { theme } = imported(midiBytes({ tracks: [{ notes: [[1, 55, 1], ...bars] }] }));
    expect(theme.bars).toBe(3);
    expect(cells(theme)[0]).toEqual([4, 55, 4]);
  });
});

describe("the melody", () => {
  const chord = (root: number, at: number): readonly Struck[] =>
    [0, 4, 7].map((step): Struck => [at, root + step, 2]);
  const pad = { name: "Strings", notes: [0, 2, 4, 6].flatMap((at) => chord(72, at)), channel: 2 };
  const bass = { name: "", notes: evenly([36, 43], 4), channel: 3, program: 33 };
  const drums = { notes: evenly([90, 91, 90, 91, 90, 91], 1), channel: 10 };
  const firstPitch = (bytes: Uint8Array): number | undefined =>
    imported(bytes).theme.melody[0]?.pitch;

  it("is the highest part of one voice, under a pad and above bass and drums", () => {
    const low = { notes: evenly([48, 50, 52, 48, 52, 53], 1), channel: 4 };
    const bytes = midiBytes({ tracks: [drums, bass, pad, low, { notes: TUNE, channel: 5 }] });
    expect(firstPitch(bytes)).toBe(60);
    expect(imported(bytes).notes).toContain("the melody is that of track 6, channel 5");
  });

  it("is the part that is named so, however low", () => {
    const sings = { name: "Lead Cello", notes: evenly([48, 50, 52, 48], 2), channel: 4 };
    expect(firstPitch(midiBytes({ tracks: [{ notes: TUNE, channel: 5 }, sings] }))).toBe(48);
  });

  it("is no part that only decorates", () => {
    const long = evenly(
      Array.from({ length: 40 }, (_, index) => 60 + (index % 5)),
      1,
    );
    const bell = { notes: [[8, 96, 1] as Struck], channel: 4 };
    expect(firstPitch(midiBytes({ tracks: [bell, { notes: long }] }))).toBe(60);
  });

  it("is the upper voice of a part that has chords", () => {
    const piano = TUNE.flatMap(([at, pitch, length]): Struck[] => [
      [at, pitch + 12, length],
      [at, pitch, length],
      [at + length / 2, pitch - 12, length / 2],
    ]);
    const { theme } = imported(midiBytes({ tracks: [{ notes: piano }] }));
    expect(theme.melody.map(({ pitch }) => pitch)).toEqual([72, 74, 76, 72, 76, 77, 79]);
  });

  it("begins where more than a note by itself sounds", () => {
    const alone: Struck = [0, 61, 1];
    const later = TUNE.map(([at, pitch, length]): Struck => [at + 40, pitch, length]);
    expect(firstPitch(midiBytes({ tracks: [{ notes: [alone, ...later] }] }))).toBe(60);
  });
});

describe("key and chords", () => {
  it("hear the key where the file states none, and say so", () => {
    const minor = evenly([69, 71, 72, 74, 76, 77, 68, 69, 76, 72, 69, 69], 1);
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: minor }] }));
    expect(formatKey(theme.key)).toBe("A aeolian");
    expect(notes).toContain("the file states no key; A aeolian is what its notes fit");
  });

  it("take a key that is stated, sharps and flats, major and minor", () => {
    for (const [key, name] of [
      [[3, true], "F# aeolian"],
      [[-3, false], "Eb ionian"],
      [[-7, false], "B ionian"],
    ] as const) {
      expect(formatKey(imported(midiBytes({ tracks: [{ notes: TUNE }], key })).theme.key)).toBe(
        name,
      );
    }
  });

  it("doubt the C major of software where the notes are in another key", () => {
    const sharp = TUNE.map(([at, pitch, length]): Struck => [at, pitch + 6, length]);
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: sharp }], key: [0, false] }));
    expect(formatKey(theme.key)).toBe("F# ionian");
    expect(notes).toContain("the file states C major, but its notes fit F# ionian, which is taken");
  });

  it("keep a stated major whose relative minor fits much better, and say so", () => {
    const minor = evenly([74, 77, 81, 74, 76, 73, 74, 81, 77, 76, 74, 74], 1);
    const { theme, notes } = imported(midiBytes({ tracks: [{ notes: minor }], key: [-1, false] }));
    expect(formatKey(theme.key)).toBe("F ionian");
    expect(notes).toContain(
      "the file states F ionian, which is taken; its notes fit D aeolian better",
    );
  });

  it("find the chord of each half bar in the other parts", () => {
    const triads = [
      [48, 64, 67],
      [53, 69, 72],
      [55, 71, 74, 77],
      [57, 64, 72],
    ].flatMap((pitches, half) => pitches.map((pitch): Struck => [2 * half, pitch, 2]));
    const { theme } = imported(
      midiBytes({
        tracks: [{ name: "Melody", notes: evenly([76, 81, 83, 84], 2) }, { notes: triads }],
        key: [0, false],
      }),
    );
    expect(chordNames(theme)).toEqual(["0maj 5maj", "7dom7 9min"]);
  });

  it("guess triads of the key from a melody alone", () => {
    const { theme } = imported(
      midiBytes({
        tracks: [{ notes: evenly([60, 64, 65, 69, 67, 71, 67, 60], 1) }],
        key: [0, false],
      }),
    );
    expect(chordNames(theme)).toEqual(["0maj 5maj", "7maj 0maj"]);
  });

  it("go on where a half bar is silent", () => {
    const { theme } = imported(
      midiBytes({ tracks: [{ notes: [...evenly([60, 64], 1), [4, 67, 1]] }], key: [0, false] }),
    );
    expect(chordNames(theme)).toEqual(["0maj 0maj", "0maj 0maj"]);
  });
});

it("a melody is one voice on the grid of its meter", () => {
  const clash: readonly Struck[] = [
    [0, 60, 4],
    [0.02, 64, 1],
    [1, 62, 3],
    [1.1, 65, 0.01],
    [2.3, 67, 9],
  ];
  const { theme } = imported(midiBytes({ tracks: [{ notes: clash }] }));
  const slots = theme.bars * slotsPerBar(theme.meter);
  let free = 0;
  for (const [slot = -1, , length = 0] of cells(theme)) {
    expect(Number.isInteger(slot) && Number.isInteger(length) && length >= 1).toBe(true);
    expect(slot).toBeGreaterThanOrEqual(free);
    free = slot + length;
  }
  expect(free).toBeLessThanOrEqual(slots);
});
