import type { Manner } from "./music/orchestrate.ts";
import { perStem, type PerStem, type Stem } from "./music/stem.ts";
import { DRUM_BANK, paletteNamed, rollingFrom } from "./renderer-worker/palettes.ts";
import type { Palette, Voice } from "./renderer-worker/service.ts";
import { STEM_MIX } from "./renderer-worker/stem-mix.ts";
import type { PaletteSpec, Score, VoiceSpec } from "./score/score.ts";
import { gainOf } from "./time/units.ts";

/** What an instrument of a soundfont that nobody has measured is turned up by: as those of our own on average. */
const MAKE_UP: PerStem<number> = { melody: 1.2, counter: 1.2, harmony: 0.9, bass: 1, drums: 0.9 };

/** The name of a soundfont that a score names by its path. */
export const fontOfFile = (path: string): string => `file ${path}`;

/** The path that `fontOfFile` was given; undefined for a font of another kind. */
export const fileOfFont = (font: string): string | undefined =>
  font.startsWith("file ") ? font.slice("file ".length) : undefined;

/** The palettes that a score describes itself. */
export const ownPalettes = ({ palettes = [] }: Score): readonly Palette[] =>
  palettes.map((spec) => {
    const { name, like, room } = spec;
    const base = paletteNamed(like);
    const voices = perStem((stem) => voiceOf(stem, spec, base));
    return { name, standIn: base.name, voices, reverb: room ?? base.reverb };
  });

function voiceOf(stem: Stem, { font, voices }: PaletteSpec, base: Palette): Voice {
  const spec = voices[stem];
  if (spec === undefined) return base.voices[stem];
  const { instrument, like, pan } = spec;
  const given = like === undefined ? base.voices[stem] : paletteNamed(like).voices[stem];
  const gain = gainOf(spec.gain);
  const manner = mannerOf(spec, given.manner);
  const place = { pan: pan ?? given.pan, ...(manner === undefined ? {} : { manner }) };
  if (instrument === undefined || font === undefined) {
    return { ...given, gain: given.gain * gain, ...place };
  }
  return {
    ...STEM_MIX[stem],
    kind: "sampled",
    font: fontOfFile(font),
    program: instrument.program,
    bank: stem === "drums" ? DRUM_BANK : instrument.bank,
    gain: MAKE_UP[stem] * gain,
    ...place,
  };
}

/** What is not said stays as it was; `as written` and `none` take it away, and the former what held notes do. */
function mannerOf(
  { touch, octave, doubling, roll }: VoiceSpec,
  { touch: ownTouch, doubling: ownDoubling, roll: ownRoll, ...own }: Manner = {},
): Manner | undefined {
  const placed: Manner = own.octave === undefined ? {} : { octave: own.octave };
  const rest = touch === "as written" ? placed : own;
  const touched = touch ?? ownTouch;
  const doubled = doubling ?? ownDoubling;
  const rolled = roll === undefined || roll === "none" ? undefined : rollingFrom(roll);
  const manner: Manner = {
    ...rest,
    ...(touched === undefined || touched === "as written" ? {} : { touch: touched }),
    ...(doubled === undefined || doubled === "none" ? {} : { doubling: doubled }),
    ...(roll === undefined && ownRoll !== undefined ? { roll: ownRoll } : rolled),
    ...(octave === undefined || octave === 0 ? {} : { octave }),
  };
  return Object.keys(manner).length === 0 ? undefined : manner;
}
