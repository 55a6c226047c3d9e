import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MODES, scaleOf, type Key } from "../../engine/music/key.ts";
import type { Note } from "../../engine/music/note.ts";
import { fitTheme } from "../../engine/theme/fit.ts";
import { importMidi } from "../../engine/theme/import-midi.ts";
import { inlineTheme } from "../../engine/theme/inline-theme.ts";
import { likeness } from "../../engine/theme/likeness.ts";
import { readNotes } from "../../engine/theme/read-notes.ts";
import { MOST_BARS, THEME_DENSITIES } from "../../engine/theme/theme.ts";
import {
  METERS,
  slotsPerBar,
  ticksPerBar,
  ticksPerSlot,
  type Meter,
} from "../../engine/time/meter.ts";
import { bpm, midiPitch, ticks, velocity } from "../../engine/time/units.ts";
import { midiBytes } from "../helpers/midi.ts";

const meter = fc.constantFrom(...METERS);
const key = fc.record({ tonic: fc.nat(11), mode: fc.constantFrom(...MODES) });

/** One voice on the grid that begins somewhere in its first bar, within what the model can sing in any key. */
const melodyIn = (meter: Meter): fc.Arbitrary<readonly Note[]> =>
  fc
    .array(
      fc.tuple(fc.integer({ min: 54, max: 88 }), fc.integer({ min: 1, max: 9 }), fc.boolean()),
      {
        minLength: 1,
        maxLength: 20,
      },
    )
    .map((steps) => {
      let slot = 0;
      const cell = ticksPerSlot(meter);
      const last = MOST_BARS * slotsPerBar(meter);
      return steps.flatMap(([pitch, length, rest], index): Note[] => {
        const at = slot;
        slot += length;
        if (slot > last || (rest && index > 0)) return [];
        return [
          {
            at: ticks(at * cell),
            duration: ticks(length * cell),
            pitch: midiPitch(pitch),
            velocity: velocity(80),
          },
        ];
      });
    });

const barsOf = (melody: readonly Note[], meter: Meter): number =>
  Math.max(
    1,
    Math.ceil(Math.max(...melody.map(({ at, duration }) => at + duration)) / ticksPerBar(meter)),
  );

const theme = fc.tuple(meter, key).chain(([meter, key]) =>
  melodyIn(meter).map((melody) =>
    inlineTheme(melody, {
      name: "hero",
      meter,
      key,
      tempo: bpm(60),
      bars: barsOf(melody, meter),
    }),
  ),
);

/** What every melody of a theme must keep to. */
function expectOneVoice(melody: readonly Note[], meter: Meter, bars: number): void {
  const cell = ticksPerSlot(meter);
  let free = 0;
  for (const { at, duration, pitch } of melody) {
    expect(at % cell).toBe(0);
    expect(duration % cell).toBe(0);
    expect(duration).toBeGreaterThan(0);
    expect(at).toBeGreaterThanOrEqual(free);
    expect(pitch).toBeGreaterThanOrEqual(0);
    expect(pitch).toBeLessThanOrEqual(127);
    free = at + duration;
  }
  expect(free).toBeLessThanOrEqual(bars * ticksPerBar(meter));
}

function expectSound(bytes: Uint8Array): void {
  const reading = importMidi(bytes);
  if (!reading.ok) {
    expect(reading.problem).toMatch(/^the .+; .+/);
    return;
  }
  const { theme } = reading;
  expect(theme.melody.length).toBeGreaterThan(0);
  expect(theme.bars).toBeGreaterThanOrEqual(1);
  expect(theme.bars).toBeLessThanOrEqual(MOST_BARS);
  expect(theme.chords).toHaveLength(theme.bars);
  expect(theme.tempo).toBeGreaterThanOrEqual(40);
  expect(theme.tempo).toBeLessThanOrEqual(240);
  expectOneVoice(theme.melody, theme.meter, theme.bars);
}

const struck = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 60, noNaN: true }),
    fc.integer({ min: 0, max: 127 }),
    fc.double({ min: 0, max: 8, noNaN: true }),
  ),
  { minLength: 1, maxLength: 60 },
);
const file = fc
  .record({
    tracks: fc.array(
      fc.record({
        notes: struck,
        channel: fc.integer({ min: 1, max: 16 }),
        name: fc.constantFrom("", "Lead", "Bass", "Piano"),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    meters: fc.dictionary(
      fc.nat(40).map(String),
      fc.tuple(fc.integer({ min: 1, max: 17 }), fc.constantFrom(1, 2, 4, 8, 16)),
      { maxKeys: 3 },
    ),
    microseconds: fc.nat(0xffffff),
  })
  .map(midiBytes);

describe("importMidi", () => {
  it("makes a sound theme of any file, in any meters", () => {
    fc.assert(fc.property(file, expectSound), { numRuns: 300 });
  });

  it("never throws, for any bytes and for files with any byte changed", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectSound));
    fc.assert(
      fc.property(
        file,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        (bytes, changes) => {
          const damaged = bytes.slice();
          for (const [place, byte] of changes) damaged[place % damaged.length] = byte;
          expectSound(damaged);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("readNotes", () => {
  const LETTERS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

  it("reads back what is written", () => {
    fc.assert(
      fc.property(theme, ({ melody, meter }) => {
        const whole = meter === "12/8" ? 8 : 16;
        const words: string[] = [];
        let free = 0;
        for (const { at, duration, pitch } of melody) {
          const rest = (at - free) / ticksPerSlot(meter);
          if (rest > 0) words.push(`r ${rest}/${whole}`);
          const name = `${LETTERS[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
          words.push(`${name} ${duration / ticksPerSlot(meter)}/${whole}`);
          free = at + duration;
        }
        expect(readNotes(words.join(", "), meter)).toEqual({
          ok: true,
          value: { notes: melody, bars: barsOf(melody, meter) },
        });
      }),
    );
  });

  it("never throws, for any words in any order", () => {
    const word = fc.oneof(
      fc.constantFrom("D4", "r", "1/4", "3/16", ",", "|", "H9", "1/0", "Bb5"),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), meter, (words, meter) => {
        const reading = readNotes(words.join(" "), meter);
        if (reading.ok) expectOneVoice(reading.value.notes, meter, reading.value.bars);
        else expect(reading.found).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 500 },
    );
  });
});

const terms = fc.record({
  key,
  meter,
  bars: fc.integer({ min: 1, max: MOST_BARS }),
  register: fc.integer({ min: -2, max: 2 }),
  density: fc.constantFrom(...THEME_DENSITIES),
});

describe("fitTheme", () => {
  it("gives one voice on the grid and as many chords as bars, for any terms", () => {
    fc.assert(
      fc.property(theme, terms, (theme, terms) => {
        const { melody, chords } = fitTheme(theme, terms);
        expectOneVoice(melody, terms.meter, terms.bars);
        expect(chords).toHaveLength(terms.bars);
        expect(melody.length).toBeGreaterThan(0);
        for (const chord of chords.flat()) {
          expect(chord === undefined || (chord.root >= 0 && chord.root < 12)).toBe(true);
        }
      }),
    );
  });

  it("keeps a theme of the mode within the other mode, every onset and the direction of every step", () => {
    fc.assert(
      fc.property(theme, terms, (free, terms) => {
        const inMode = free.melody.filter(({ pitch }) => isIn(pitch, free.key));
        fc.pre(inMode.length > 0);
        const theme = { ...free, melody: inMode };
        const { meter, bars } = theme;
        const fitted = fitTheme(theme, { ...terms, meter, bars, register: 0, density: "all" });
        expect(fitted.melody.map(({ at }) => at)).toEqual(inMode.map(({ at }) => at));
        for (const [index, { pitch }] of fitted.melody.entries()) {
          expect(isIn(pitch, terms.key)).toBe(true);
          const [before, now] = [inMode[index - 1], inMode[index]];
          const last = fitted.melody[index - 1];
          if (before === undefined || now === undefined || last === undefined) continue;
          expect(Math.sign(pitch - last.pitch)).toBe(Math.sign(now.pitch - before.pitch));
        }
      }),
    );
  });

  it("leaves a theme fully like itself in another key of its mode", () => {
    fc.assert(
      fc.property(theme, fc.nat(11), (theme, tonic) => {
        const { melody } = fitTheme(theme, {
          key: { tonic, mode: theme.key.mode },
          meter: theme.meter,
          bars: theme.bars,
          register: 0,
          density: "all",
        });
        const { onsetsKept, contour } = likeness(theme.melody, melody, theme.meter);
        expect(onsetsKept).toBe(1);
        expect(contour).toBeCloseTo(1, 9);
      }),
    );
  });
});

it("likeness is within [0, 1] for any two melodies", () => {
  fc.assert(
    fc.property(
      meter.chain((meter) => fc.tuple(fc.constant(meter), melodyIn(meter), melodyIn(meter))),
      ([meter, one, other]) => {
        for (const share of Object.values(likeness(one, other, meter))) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

const isIn = (pitch: number, { tonic, mode }: Key): boolean =>
  scaleOf(mode).includes((pitch - tonic + 12) % 12);
