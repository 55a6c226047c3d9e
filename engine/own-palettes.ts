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
  const { instrument, like, pan, divisi, pizzicato } = spec;
  const given = like === undefined ? base.voices[stem] : paletteNamed(like).voices[stem];
  const gain = gainOf(spec.gain);
  const isOfFont = instrument !== undefined && font !== undefined;
  const manner = mannerOf(spec, given.manner ?? {}, isOfFont);
  const place = {
    pan: pan ?? given.pan,
    ...(divisi === undefined ? {} : { divisi }),
    ...(manner === undefined ? {} : { manner }),
  };
  if (!isOfFont) return { ...given, gain: given.gain * gain, ...place };
  const plucked = pizzicato && {
    bank: pizzicato.bank,
    program: pizzicato.program,
    gain: gainOf(pizzicato.gain),
  };
  return {
    ...STEM_MIX[stem],
    kind: "sampled",
    font: fontOfFile(font),
    program: instrument.program,
    bank: stem === "drums" ? DRUM_BANK : instrument.bank,
    gain: MAKE_UP[stem] * gain,
    ...place,
    ...(plucked === undefined ? {} : { plucked }),
  };
}

/** What is not said stays as it was; `as written` and `none` take it away, and the former what held and light notes do. */
function mannerOf(spec: VoiceSpec, given: Manner, isOfFont: boolean): Manner | undefined {
  const own = spec.touch === "as written" ? {} : given;
  const touch = spec.touch === "as written" ? undefined : (spec.touch ?? given.touch);
  // Nobody knows whether an instrument of the composer's own can be plucked.
  const below = spec.pizzicato?.below ?? (isOfFont ? undefined : own.pizzicato?.below);
  const swell = said(spec.swell, own.swell);
  const tremolo = said(spec.tremolo, own.tremolo);
  const doubling = said(spec.doubling, given.doubling);
  const from = said(spec.roll, given.roll?.from);
  const octave = spec.octave ?? given.octave ?? 0;
  const manner: Manner = {
    ...(touch === undefined ? {} : { touch }),
    ...(below === undefined ? {} : { pizzicato: { below } }),
    ...(swell === undefined ? {} : { swell }),
    ...(tremolo === undefined ? {} : { tremolo }),
    ...(doubling === undefined ? {} : { doubling }),
    ...(from === undefined ? {} : rollingFrom(from)),
    ...(octave === 0 ? {} : { octave }),
  };
  return Object.keys(manner).length === 0 ? undefined : manner;
}

/** What the score says; where it says nothing, what was there before. */
const said = <Value>(
  value: Value | "none" | undefined,
  before: Value | undefined,
): Value | undefined => (value === undefined ? before : value === "none" ? undefined : value);
