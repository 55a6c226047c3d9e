import { openSynth, type Font } from "../font.ts";
import type { Voice } from "../service.ts";
import type { Instrument } from "./instrument.ts";
import { openKit } from "./kit.ts";
import { KITS } from "./kits.ts";
import { PATCHES } from "./patches.ts";
import { openPitched } from "./pitched.ts";

/** Makes what plays a voice. Throws `PaletteError` when the soundfont lacks it. */
export function openInstrument(font: Font, voice: Voice): Instrument {
  if (voice.kind === "sampled") return openSynth(font, voice);
  const { patch } = voice;
  return patch === "machine" || patch === "chip"
    ? openKit(KITS[patch], font.sampleRate)
    : openPitched(PATCHES[patch], font.sampleRate, voice.divisi);
}
