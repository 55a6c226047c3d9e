import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orchestrate, type Manner } from "../../../engine/music/orchestrate.ts";
import { performed } from "../../../engine/music/performance.ts";
import type { BarPlan, FormRole } from "../../../engine/music/bar-plan.ts";
import { perStem, STEMS } from "../../../engine/music/stem.ts";
import type { Note } from "../../../engine/music/note.ts";
import { PALETTES, paletteNamed } from "../../../engine/renderer-worker/palettes.ts";
import { shippedBank } from "../../../engine/bank/shipped.ts";
import {
  bpm,
  midiPitch,
  ticks,
  TICKS_PER_QUARTER,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";

const BAR = 4 * TICKS_PER_QUARTER;

const barsAt = (count: number, intensity: number, role: FormRole = "A"): readonly BarPlan[] =>
  Array.from({ length: count }, (_, positionInPhrase) => ({
    meter: "4/4",
    tempo: bpm(100),
    key: { tonic: 0, mode: "ionian" },
    chords: [undefined, undefined],
    role,
    positionInPhrase,
    intensity: unitInterval(intensity),
    valence: 0,
    arousal: unitInterval(0.5),
    style: undefined,
    density: perStem(() => "free"),
  }));

const note = (at: number, duration: number, pitch: number): Note => ({
  at: ticks(at),
  duration: ticks(duration),
  pitch: midiPitch(pitch),
  velocity: velocity(80),
});

/** The written notes of a phrase of the bank. */
const written = shippedBank.phrases
  .filter(({ meter }) => meter === "4/4")
  .map(({ bars, notes }) => ({
    bars,
    notes: perStem((stem) =>
      Array.from({ length: notes[stem].length / 4 }, (_, index) => {
        const [at = 0, duration = 1, pitch = 60, loudness = 64] = notes[stem].slice(4 * index);
        return { ...note(at, duration, pitch), velocity: velocity(loudness) };
      }),
    ),
  }));

const onsets = (notes: readonly Note[]): ReadonlySet<string> =>
  new Set(notes.map(({ at, pitch }) => `${at} ${pitch % 12}`));

describe("a full orchestra plays the same music as a chamber", () => {
  test.each(PALETTES)(
    "$name: every note in its place, and no pitch class beside them",
    (palette) => {
      for (const phrase of written) {
        for (const stem of STEMS) {
          if (stem === "drums") continue;
          const manner = palette.voices[stem].manner;
          const [calm, driven] = [0.1, 1].map((intensity) =>
            orchestrate(phrase.notes[stem], manner, barsAt(phrase.bars, intensity)),
          );
          expect(onsets(calm ?? [])).toEqual(onsets(phrase.notes[stem]));
          expect(onsets(driven ?? [])).toEqual(onsets(phrase.notes[stem]));
          expect(calm).toHaveLength(phrase.notes[stem].length);
        }
      }
    },
  );

  test("the heroic melody and bass are joined in octaves when it is driven, softer than the tune", () => {
    const { melody } = paletteNamed("heroic").voices;
    const tune = [note(0, 960, 72), note(960, 960, 74)];
    const played = orchestrate(tune, melody.manner, barsAt(1, 0.9));
    expect(played.map(({ pitch }) => pitch)).toEqual([60, 72, 62, 74]);
    expect(played[0]?.velocity).toBeLessThan(played[1]?.velocity ?? 0);
  });
});

const joined: Manner = { doubling: { from: unitInterval(0.7), octaves: -1 } };

test("a doubling joins in those bars alone that are driven enough", () => {
  const bars = [...barsAt(1, 0.5), ...barsAt(1, 0.7)];
  const played = orchestrate([note(0, 960, 72), note(BAR, 960, 72)], joined, bars);
  expect(played.map(({ at, pitch }) => [at, pitch])).toEqual([
    [0, 72],
    [BAR, 60],
    [BAR, 72],
  ]);
});

test("nobody doubles a pitch that sounds already, or leaves the range of basses", () => {
  const chord = [note(0, 960, 48), note(0, 960, 60), note(0, 960, 36)];
  const played = orchestrate(chord, joined, barsAt(1, 1));
  expect(played.map(({ pitch }) => pitch)).toEqual([36, 48, 60]);
});

test("legato closes gaps of an eighth and leaves longer rests for breath", () => {
  const tune = [note(0, 700, 60), note(960, 300, 62), note(2000, 960, 64)];
  const played = orchestrate(tune, { touch: "legato" }, barsAt(1, 0.5));
  expect(played.map(({ duration }) => duration)).toEqual([960, 300, 960]);
});

test("detached notes are short, long ones stay as they are", () => {
  const tune = [note(0, 480, 60), note(480, 960, 62), note(1440, 1, 64)];
  const played = orchestrate(tune, { touch: "detached" }, barsAt(1, 0.5));
  expect(played.map(({ duration }) => duration)).toEqual([320, 960, 1]);
});

test("staccato notes of an eighth are short, and those of a quarter only where they are struck hard", () => {
  const hard = { ...note(1920, 960, 65), velocity: velocity(110) };
  const tune = [note(0, 480, 60), note(480, 960, 62), hard, note(2880, 1, 64)];
  const played = orchestrate(tune, { touch: "staccato" }, barsAt(1, 0.5));
  expect(played.map(({ duration }) => duration)).toEqual([192, 960, 384, 1]);
});

describe("plucked strings", () => {
  const manner: Manner = { touch: "staccato", pizzicato: { below: unitInterval(0.6) } };
  const run = [note(0, 480, 40), note(480, 240, 43), note(960, 480, 45)];
  const plucked = (notes: readonly Note[], intensity: number, how = manner) =>
    orchestrate(notes, how, barsAt(1, intensity)).map((each) => each.plucked === true);

  test("play runs of an eighth or shorter where it is calm, and bow them where it is driven", () => {
    expect(plucked(run, 0.59)).toEqual([true, true, true]);
    expect(plucked(run, 0.6)).toEqual([false, false, false]);
  });

  test("leave to the bow what is long, struck hard, or alone between held notes", () => {
    const hard = { ...note(1440, 240, 47), velocity: velocity(96) };
    expect(plucked([...run, hard], 0.2)).toEqual([true, true, true, false]);
    const lone = [note(0, 1440, 40), note(1440, 480, 43), note(1920, 1440, 45)];
    expect(plucked(lone, 0.2)).toEqual([false, false, false]);
  });

  test("pluck a chord together or not at all", () => {
    const held = [note(0, 1920, 52), ...run];
    expect(plucked(held, 0.2)).toEqual([false, false, true, true]);
  });

  test("ring as long as is written, whatever the touch of the bow", () => {
    const played = orchestrate(run, manner, barsAt(1, 0.2));
    expect(played.map(({ duration }) => duration)).toEqual([480, 240, 480]);
    const legato: Manner = { ...manner, touch: "legato" };
    const tune = [...run, note(1920, 720, 47), note(2880, 960, 48)];
    const joinedUp = orchestrate(tune, legato, barsAt(1, 0.2));
    expect(joinedUp.map(({ duration }) => duration)).toEqual([480, 240, 480, 960, 960]);
  });

  test("are joined in octaves by others who pluck", () => {
    const doubling: Manner["doubling"] = { from: unitInterval(0.1), octaves: 1 };
    const both = orchestrate(run, { ...manner, doubling }, barsAt(1, 0.5));
    expect(both).toHaveLength(6);
    expect(both.every((each) => each.plucked)).toBe(true);
  });
});

describe("a drum roll", () => {
  const manner: Manner = { roll: { from: unitInterval(0.5), drum: midiPitch(41) } };

  test("rises through the last half bar of a phrase and stops at its downbeat", () => {
    const played = orchestrate([], manner, barsAt(4, 0.6));
    expect(played).toHaveLength(16);
    expect(played[0]?.at).toBe(3.5 * BAR);
    const last = played.at(-1);
    expect((last?.at ?? 0) + (last?.duration ?? 0)).toBe(4 * BAR);
    const velocities = played.map((stroke) => stroke.velocity);
    expect(velocities).toEqual(velocities.toSorted((a, b) => a - b));
  });

  test("is left away where it is calm, and where the music ends", () => {
    expect(orchestrate([], manner, barsAt(4, 0.4))).toEqual([]);
    expect(orchestrate([], manner, barsAt(4, 0.9, "ending"))).toEqual([]);
  });
});

test("a stinger is played as it is written", () => {
  const tune = [note(0, 700, 60), note(960, 300, 62)];
  const manner: Manner = { ...joined, touch: "legato" };
  expect(orchestrate(tune, manner, barsAt(1, 1, "stinger"))).toBe(tune);
});

test("whatever is written, notes keep their time and pitch, and none of a pitch overlaps by legato", () => {
  const anyNote = fc
    .tuple(fc.nat(15), fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 30, max: 90 }))
    .map(([slot, duration, pitch]) => note(slot * 240, duration, pitch));
  fc.assert(
    fc.property(fc.array(anyNote, { maxLength: 20 }), (tune) => {
      const played = orchestrate(tune, { ...joined, touch: "legato" }, barsAt(1, 0.6));
      const places = (notes: readonly Note[]) =>
        notes.map(({ at, pitch }) => `${at} ${pitch}`).toSorted();
      expect(places(played)).toEqual(places(tune));
      for (const { at, duration } of played) {
        const before = tune.some((each) => each.at === at && each.duration === duration);
        expect(before || played.some((other) => other.at === at + duration)).toBe(true);
      }
    }),
  );
});

describe("drums are struck as hard as the music is driven", () => {
  const drumsAt = (notes: (typeof written)[number]["notes"], bars: readonly BarPlan[]) =>
    performed(notes, { stem: "drums", manner: undefined, bars });
  const hardest = (notes: readonly Note[]): number =>
    notes.reduce((most, { velocity: loud }) => Math.max(most, loud), 0);

  test("none at 110 or more in a bar below an intensity of 0.36, though the bank has them written", () => {
    expect(hardest(written.flatMap(({ notes }) => notes.drums))).toBeGreaterThan(115);
    for (const { bars, notes } of written) {
      for (const [intensity, below] of [
        [0, 85],
        [0.2, 100],
        [0.36, 110],
      ] as const) {
        const played = drumsAt(notes, barsAt(bars, intensity));
        expect(played).toHaveLength(notes.drums.length);
        expect(hardest(played)).toBeLessThan(below);
      }
    }
  });

  test("as they are written from 0.6 on, in stingers, and in the other stems", () => {
    for (const { bars, notes } of written) {
      expect(drumsAt(notes, barsAt(bars, 0.6))).toEqual(notes.drums);
      expect(drumsAt(notes, barsAt(bars, 0, "stinger"))).toEqual(notes.drums);
      const melody = { stem: "melody", manner: undefined, bars: barsAt(bars, 0) } as const;
      expect(performed(notes, melody)).toEqual(notes.melody);
    }
  });

  test("accents stay accents, and each bar has its own intensity", () => {
    const run = Array.from({ length: 8 }, (_, nth) => ({
      ...note(nth * (BAR / 4), 240, 38),
      velocity: velocity(50 + 11 * (nth % 4) + 44 * (nth % 2)),
    }));
    const bars = [...barsAt(1, 0.1), ...barsAt(1, 0.9)];
    const played = drumsAt({ ...perStem(() => []), drums: run }, bars);
    expect(played.slice(4)).toEqual(run.slice(4));
    const ranks = (notes: readonly Note[]): readonly number[] =>
      [0, 1, 2, 3].toSorted((a, b) => (notes[a]?.velocity ?? 0) - (notes[b]?.velocity ?? 0));
    expect(ranks(played)).toEqual(ranks(run));
    expect(played.map(({ at, duration, pitch }) => [at, duration, pitch])).toEqual(
      run.map(({ at, duration, pitch }) => [at, duration, pitch]),
    );
  });
});
