import { beforeAll, describe, expect, test } from "vitest";
import { fontOfFile, ownPalettes } from "../../engine/own-palettes.ts";
import { STEMS } from "../../engine/music/stem.ts";
import { PALETTE_NAMES, paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer, type Renderer } from "../../engine/renderer-worker/renderer.ts";
import type { Palette } from "../../engine/renderer-worker/service.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import { makeFonts, type MadeFonts } from "../helpers/fonts.ts";
import {
  BAR,
  note,
  peakOf,
  readSoundfont,
  renderStretch,
  SAMPLE_RATE,
} from "./renderer-fixture.ts";

const FILE = "own.sf2";

/** A palette of a score that plays these programs of its own soundfont. */
function paletteOf(voices: string): Palette {
  const text = `attacca: 1\npalette: own\nmoods: { calm: }\npalettes: { own: { font: ${FILE}, voices: { ${voices} } } }`;
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  const [palette] = parsed.ok ? ownPalettes(parsed.score) : [];
  if (palette === undefined) throw new Error("the score is right");
  return palette;
}

const OWN = paletteOf(
  "melody: { program: 73 }, counter: { program: 24 }, harmony: { program: 24 }, bass: { program: 32 }, drums: { program: 0 }",
);

let fonts: MadeFonts;
let renderer: Renderer;
beforeAll(async () => {
  fonts = await makeFonts(readSoundfont());
  renderer = await createRenderer({ soundfont: readSoundfont(), sampleRate: SAMPLE_RATE });
});

const add = (bytes: Uint8Array, palette = OWN): Promise<void> =>
  renderer.addFont({
    name: fontOfFile(FILE),
    soundfont: new Uint8Array(bytes).buffer,
    palettes: [palette],
  });

let count = 0;
const rendered = (stem: keyof typeof BAR, palette = OWN, notes = BAR[stem]) =>
  renderStretch(renderer, {
    take: `take ${(count += 1)}`,
    voice: palette.voices[stem],
    notes,
    to: 40_000,
  });

describe("soundfonts of the user's own", () => {
  test.each(["sf3", "sf2", "dls", "dls8"] as const)(
    "are played in the format %s",
    async (format) => {
      await add(fonts[format]);
      for (const stem of STEMS) expect(peakOf(rendered(stem)), stem).toBeGreaterThan(0.02);
    },
  );

  test("have the same sound in SF3 and SF2", async () => {
    await add(fonts.sf3);
    const compressed = rendered("melody");
    await add(fonts.sf2);
    const plain = rendered("melody");
    const loudest = peakOf(compressed);
    const gaps = plain.left.map((level, at) => Math.abs(level - (compressed.left[at] ?? 0)));
    expect(Math.max(...gaps)).toBeLessThan(loudest / 100);
  });

  test("leave the palettes of the engine as they are", async () => {
    const plain = paletteNamed("plucked");
    const before = rendered("melody", plain);
    await add(fonts.dls);
    expect(rendered("melody", plain).left).toEqual(before.left);
  });

  test("pluck the notes that are to be with the second program of a voice, as loud as it is asked for", async () => {
    await add(fonts.sf2);
    const two = paletteOf("melody: { program: 73, pizzicato: { program: 24, gain: 6dB } }");
    const guitar = paletteOf("melody: { program: 24 }");
    const notes = [note(0, 9_000, 64), note(12_000, 9_000, 67)];
    const plucked = notes.map((each) => ({ ...each, plucked: true as const }));
    const heard = rendered("melody", two, plucked);
    const alone = rendered("melody", guitar, notes);
    const factor = 10 ** (6 / 20);
    const gaps = heard.left.map((level, at) => Math.abs(level - factor * (alone.left[at] ?? 0)));
    expect(peakOf(alone)).toBeGreaterThan(0.02);
    expect(Math.max(...gaps)).toBeLessThan(peakOf(alone) / 100);
    // Unplucked they are the flute's, as if there were no second program.
    expect(rendered("melody", two, notes).left).toEqual(rendered("melody", OWN, notes).left);
  });

  test("play what is beyond the reach of an instrument in the nearest octave that it has", async () => {
    await add(fonts.short);
    for (const pitch of [24, 40, 60, 84, 108]) {
      expect(peakOf(rendered("melody", OWN, [note(0, 20_000, pitch)])), `${pitch}`).toBeGreaterThan(
        0.01,
      );
    }
  });
});

describe("a soundfont that cannot be played is refused in one sentence", () => {
  const refusal = async (bytes: Uint8Array, palette = OWN): Promise<string> => {
    const error: unknown = await add(bytes, palette).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "PaletteError" });
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    // The name has none now: nothing is played on what was there before.
    expect(() => rendered("melody")).toThrow(/is not there/);
    return message;
  };

  test("that is empty, of another kind, or no soundfont at all", async () => {
    const wave = new Uint8Array(64);
    wave.set(new TextEncoder().encode("RIFF....WAVEfmt "));
    for (const bytes of [new Uint8Array(0), wave, new TextEncoder().encode("a page, not a font")]) {
      expect(await refusal(bytes)).toBe(
        "the soundfont cannot be read: it is no SF2, SF3 or DLS file",
      );
    }
  });

  test.each(["sf3", "sf2", "dls"] as const)(
    "that is only the beginning of one (%s)",
    async (format) => {
      const whole = fonts[format];
      for (const share of [0.02, 0.5, 0.99]) {
        expect(await refusal(whole.subarray(0, Math.floor(whole.length * share)))).toMatch(
          /^the soundfont cannot be read: it ends after \d+ of \d+ bytes$/,
        );
      }
    },
  );

  test("that lacks the instrument that is to pluck", async () => {
    const harp = paletteOf("melody: { program: 73, pizzicato: { program: 46, bank: 2 } }");
    expect(await refusal(fonts.sf2, harp)).toMatch(
      /^the soundfont lacks own\/melody pizzicato \(bank 2, program 46\); it has/,
    );
  });

  test("that lacks what the palette wants, and says what it has", async () => {
    const harp = paletteOf("harmony: { program: 46 }, melody: { program: 73 }");
    expect(await refusal(fonts.sf2, harp)).toMatch(
      /^the soundfont lacks own\/harmony \(bank 0, program 46\); it has .*program 73 \(Flute\)/,
    );
  });

  test("whose insides are noise", async () => {
    for (const format of ["sf2", "sf3", "dls"] as const) {
      const noise = new Uint8Array(fonts[format]);
      for (let at = 64; at < noise.length; at += 1) noise[at] = (at * 7919) & 255;
      expect(await refusal(noise)).toMatch(/^the soundfont (cannot be read|lacks)/);
    }
  });

  test("whose samples are in a format that nobody knows", async () => {
    // Of every wave, what its format says.
    const foreign = new Uint8Array(fonts.dls);
    for (let at = 0; at + 12 < foreign.length; at += 1) {
      if (String.fromCharCode(...foreign.subarray(at, at + 4)) === "fmt ") foreign[at + 8] = 0x55;
    }
    expect(await refusal(foreign)).toMatch(/which has no sound|cannot be read/);
  });
});
