import type { Manner } from "../music/orchestrate.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import { decibels, unitInterval } from "../time/units.ts";
import type { AuthoredPalette, AuthoredVoice } from "./authored.ts";
import type { PaletteSpec, VoiceSpec } from "./score.ts";

/** From this intensity on a section is doubled where the score says only that it is. */
const DOUBLED_FROM = unitInterval(0.7);

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
