import type { Manner } from "../music/orchestrate.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import { decibels, unitInterval } from "../time/units.ts";
import type { AuthoredPalette, AuthoredVoice } from "./authored.ts";
import type { PaletteSpec, VoiceSpec } from "./score.ts";

/** Where the score says only that a section is doubled, plucks, swells or trembles: from or below which intensity … */
const DOUBLED_FROM = unitInterval(0.7);
const PLUCKED_BELOW = unitInterval(0.6);
const SWELLING_BELOW = unitInterval(0.5);
const TREMBLING_FROM = unitInterval(0.6);
/** … and how much. */
const SWELL = decibels(3);
const TREMOLO = unitInterval(0.5);

/** `defaultLike`: the palette that it begins with where it names none. */
export function completePalette(
  name: string,
  { font, like, room, voices = {} }: AuthoredPalette,
  defaultLike: string,
): PaletteSpec {
  const specs: Partial<Record<Stem, VoiceSpec>> = {};
  for (const stem of STEMS) {
    const voice = voices[stem];
    if (voice !== undefined) specs[stem] = completeVoice(voice);
  }
  return { name, font, like: like ?? defaultLike, room, voices: specs };
}

function completeVoice(voice: AuthoredVoice): VoiceSpec {
  const { program, bank = 0, like, gain = decibels(0), pan } = voice;
  return {
    instrument: program === undefined ? undefined : { bank, program },
    like,
    gain,
    pan,
    touch: voice.touch,
    octave: voice.octave,
    doubling: doublingOf(voice.doubling),
    pizzicato: pizzicatoOf(voice.pizzicato),
    swell: swellOf(voice.swell),
    tremolo: tremoloOf(voice.tremolo),
    divisi: voice.divisi,
    roll: voice.roll,
  };
}

function doublingOf(doubling: AuthoredVoice["doubling"]): VoiceSpec["doubling"] {
  if (doubling === undefined) return undefined;
  const { from = DOUBLED_FROM, octaves } = doubling;
  const sides: Readonly<Record<number, NonNullable<Manner["doubling"]>["octaves"]>> = {
    [-1]: -1,
    1: 1,
  };
  const side = sides[octaves];
  return side === undefined ? "none" : { from, octaves: side };
}

function pizzicatoOf(pizzicato: AuthoredVoice["pizzicato"]): VoiceSpec["pizzicato"] {
  if (pizzicato === undefined) return undefined;
  const { program, bank = 0, gain = decibels(0), below = PLUCKED_BELOW } = pizzicato;
  return { bank, program, gain, below };
}

function swellOf(swell: AuthoredVoice["swell"]): VoiceSpec["swell"] {
  if (swell === undefined) return undefined;
  const { by = SWELL, below = SWELLING_BELOW } = swell;
  return by === 0 ? "none" : { by, below };
}

function tremoloOf(tremolo: AuthoredVoice["tremolo"]): VoiceSpec["tremolo"] {
  if (tremolo === undefined) return undefined;
  const { depth = TREMOLO, from = TREMBLING_FROM } = tremolo;
  return depth === 0 ? "none" : { depth, from };
}
