import { expect, test } from "vitest";
import { Instruments } from "../../../engine/conductor/instruments.ts";
import type { Phrase } from "../../../engine/conductor/phrase.ts";
import { paletteNamed } from "../../../engine/renderer-worker/palettes.ts";
import { bpm, seconds } from "../../../engine/time/units.ts";

type Place = Pick<Phrase, "handled" | "setting">;

const phraseOn = (palette: string): Place => ({
  handled: new Set(),
  setting: {
    key: "0",
    entersAt: seconds(0),
    startsAt: seconds(0),
    fade: seconds(0),
    palette,
    tempo: bpm(60),
    meter: "4/4",
    ramp: undefined,
  },
});
const refused = (name: string): Error => Object.assign(new Error("refused"), { name });

test("a phrase keeps its voices to its end, and the next has what has come meanwhile", () => {
  let playing = paletteNamed("heroic");
  const instruments = new Instruments(() => playing);
  const first = phraseOn("orchestra");
  expect(instruments.of(first, "melody")).toBe(paletteNamed("heroic").voices.melody);
  playing = paletteNamed("orchestra");
  expect(instruments.of(first, "bass")).toBe(paletteNamed("heroic").voices.bass);
  expect(instruments.of(phraseOn("orchestra"), "bass")).toBe(paletteNamed("orchestra").voices.bass);
});

test("a phrase whose soundfont went with its renderer goes on with what there is", () => {
  let playing = paletteNamed("orchestra");
  const instruments = new Instruments(() => playing);
  const phrase = phraseOn("orchestra");
  const voice = instruments.of(phrase, "melody");
  playing = paletteNamed("heroic");
  expect(instruments.replace(phrase, voice, refused("PaletteError"))).toBe(true);
  expect(instruments.of(phrase, "melody")).toBe(paletteNamed("heroic").voices.melody);
});

test("a voice that is refused for itself is not asked for again", () => {
  const instruments = new Instruments(paletteNamed);
  const phrase = phraseOn("heroic");
  const voice = instruments.of(phrase, "melody");
  expect(instruments.replace(phrase, voice, refused("PaletteError"))).toBe(false);
  expect(instruments.replace(phrase, voice, refused("RangeError"))).toBe(false);
});
