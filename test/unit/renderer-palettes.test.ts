import { expect, test } from "vitest";
import { STEMS } from "../../engine/music/stem.ts";
import { kitKey, keysOfKit, STANDARD_KIT } from "../../engine/renderer-worker/drum-keys.ts";
import { KITS as KIT_PATCHES } from "../../engine/renderer-worker/voices/kits.ts";
import {
  DRUM_BANK,
  PALETTE_NAMES,
  PALETTES,
  paletteNamed,
} from "../../engine/renderer-worker/palettes.ts";
import { midiPitch } from "../../engine/time/units.ts";

const KITS = [
  ...new Set(
    PALETTES.flatMap(({ voices: { drums } }) => (drums.kind === "sampled" ? [drums.program] : [])),
  ),
].toSorted((a, b) => a - b);

test("every palette is found by its own name, and any other name gives the first", () => {
  expect(new Set(PALETTE_NAMES).size).toBe(PALETTES.length);
  for (const palette of PALETTES) expect(paletteNamed(palette.name)).toBe(palette);
  expect(paletteNamed("")).toBe(PALETTES[0]);
  expect(paletteNamed("Glass")).toBe(PALETTES[0]);
});

test("a palette's drums are a kit, and its other stems are none", () => {
  for (const { voices } of PALETTES) {
    for (const stem of STEMS) expect(voices[stem].bank === DRUM_BANK).toBe(stem === "drums");
  }
});

test("no two palettes share a melody instrument", () => {
  const melodies = PALETTES.map(({ voices: { melody } }) =>
    melody.kind === "sampled" ? melody.program : melody.patch,
  );
  expect(new Set(melodies).size).toBe(PALETTES.length);
});

test("kits of our own have a drum for every key that can be asked for", () => {
  const keys = Object.keys(KIT_PATCHES.machine);
  expect(keys).toEqual(Object.keys(KIT_PATCHES.chip));
  expect(keys.map(Number)).toEqual(keysOfKit(STANDARD_KIT));
});

test.each(KITS)("kit %i holds a key for every drum that can be asked for", (program) => {
  const held = new Set(keysOfKit(program));
  for (let pitch = 0; pitch < 128; pitch += 1) {
    expect(held).toContain(kitKey(program, midiPitch(pitch)));
  }
});

test("kick, snare, closed hat and crash are four sounds in every kit", () => {
  for (const program of KITS) {
    const keys = [36, 38, 42, 49].map((pitch) => kitKey(program, midiPitch(pitch)));
    expect(new Set(keys).size).toBe(4);
  }
});
