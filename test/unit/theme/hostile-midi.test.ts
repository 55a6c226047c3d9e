import { writeMidi } from "midi-file";
import { describe, expect, it } from "vitest";
import { importMidi } from "../../../engine/theme/import-midi.ts";
import { evenly, midiBytes, type Struck } from "../../helpers/midi.ts";

const TUNE = evenly([60, 62, 64, 60, 64, 65, 67], 1);
const GOOD = midiBytes({ tracks: [{ notes: TUNE }], meters: { 0: [4, 4] }, key: [0, false] });
const DAMAGED =
  "the file is damaged or no MIDI file; export it again as a standard MIDI file (.mid)";

const header = (resolution: readonly [number, number], tracks = 1): readonly number[] => [
  0x4d,
  0x54,
  0x68,
  0x64,
  0,
  0,
  0,
  6,
  0,
  1,
  0,
  tracks,
  ...resolution,
];
const track = (events: readonly number[]): readonly number[] => [
  0x4d,
  0x54,
  0x72,
  0x6b,
  0,
  0,
  events.length >> 8,
  events.length & 255,
  ...events,
];

/** What is wrong with the bytes, and the whole answer. */
const REFUSED: readonly (readonly [what: string, bytes: Uint8Array, problem: string])[] = [
  [
    "nothing",
    new Uint8Array(),
    "the file is empty; export it again as a standard MIDI file (.mid)",
  ],
  ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), DAMAGED],
  ["a text", new TextEncoder().encode("attacca: 1\nmoods: { calm: }"), DAMAGED],
  ["a file that breaks off", GOOD.slice(0, -9), DAMAGED],
  [
    "more than a megabyte",
    new Uint8Array(3_200_000),
    "the file has 3.2 MB, more than 1 MB; export the motif and its chords alone",
  ],
  [
    "video frames",
    new Uint8Array([...header([0xe7, 40]), ...track([0, 0xff, 0x2f, 0])]),
    "the file counts time in video frames; export it with ticks per quarter note",
  ],
  [
    "no resolution",
    new Uint8Array([...header([0, 0]), ...track([0, 0xff, 0x2f, 0])]),
    "the file has no resolution; export it again as a standard MIDI file (.mid)",
  ],
  [
    "no notes",
    midiBytes({ tracks: [{ notes: [] }], meters: { 0: [4, 4] } }),
    "the file has no notes; export the motif with its notes",
  ],
  [
    "drums alone",
    midiBytes({ tracks: [{ notes: TUNE, channel: 10 }] }),
    "the file has drums alone; put the melody on a channel other than 10",
  ],
  [
    "a melody in the fifth beats alone",
    midiBytes({ tracks: [{ notes: [[4, 60, 1]] }], meters: { 0: [5, 4] } }),
    "the melody has no note where the engine's bars go; write it in 4/4, 3/4 or 6/8",
  ],
  [
    "a length that points backwards, round which a reader would go for ever",
    new Uint8Array([
      ...header([1, 0xe0]),
      ...track([
        ...Array.from({ length: 8 }, () => [0, 0xc0, 1]).flat(),
        ...[0, 0xf0, 0x8f, 0xff, 0xff, 0xff, 0x70],
        ...[0, 0xff, 0x2f, 0],
      ]),
    ]),
    DAMAGED,
  ],
];

it.each(REFUSED)("%s is refused with what to do", (_, bytes, problem) => {
  expect(importMidi(bytes)).toEqual({ ok: false, problem });
});

describe("a file that is legal but no motif", () => {
  it("may have 100 000 notes that never end", () => {
    const events = Array.from({ length: 100_000 }, (_, index) => ({
      deltaTime: index % 2,
      type: "noteOn" as const,
      channel: 0,
      noteNumber: index % 128,
      velocity: 80,
    }));
    const bytes = new Uint8Array(
      writeMidi(
        { header: { format: 0, numTracks: 1, ticksPerBeat: 480 }, tracks: [events] },
        { running: true },
      ),
    );
    expect(importMidi(bytes)).toMatchObject({ ok: true, theme: { bars: 8 } });
  });

  it("may have 40 tracks on one channel", () => {
    const tracks = Array.from({ length: 40 }, (_, index) => ({
      notes: TUNE.map(([at, pitch, length]): Struck => [at, pitch - 20 + index, length]),
    }));
    const reading = importMidi(midiBytes({ tracks }));
    expect(reading).toMatchObject({ ok: true, theme: { bars: 2 } });
    expect(reading.ok && reading.theme.melody[0]?.pitch).toBe(79);
  });

  it("may begin hours after its beginning", () => {
    const late = TUNE.map(([at, pitch, length]): Struck => [at + 400_000, pitch, length]);
    expect(importMidi(midiBytes({ tracks: [{ notes: late }] }))).toMatchObject({
      ok: true,
      theme: { bars: 2 },
    });
  });

  it("has its name shown without what would upset a terminal", () => {
    const name = `\u001b[31mHero\u0007${"x".repeat(200)}`;
    const reading = importMidi(midiBytes({ tracks: [{ name, notes: TUNE }] }));
    expect(reading.ok && reading.theme.name).toBe(`[31mHero${"x".repeat(56)}`);
  });
});
