import * as z from "zod/mini";
import type { AuthoredPalette } from "./authored.ts";
import { readGain, readRoll, readSwell } from "./palette-values.ts";
import { map, name, option, orEmpty, share, value } from "./shape-parts.ts";
import * as read from "./values.ts";

const program = value("a program within [0, 127]", read.readCount(0, 127));
const bank = z.optional(value("a bank within [0, 127]", read.readCount(0, 127)));
const gain = z.optional(value('a gain within [-60dB, 24dB] such as "-4dB" or "6dB"', readGain));
const voiceOfFont = {
  program: z.optional(program),
  like: z.optional(name),
  gain,
  pan: z.optional(value("a number within [-1, 1]", read.readNumber(-1, 1))),
};
const doubling = map({
  octaves: value("-1, 0 or 1", read.readCount(-1, 1)),
  from: z.optional(share),
});
const pizzicato = map({ program, bank, gain, below: z.optional(share) });
const swell = map({
  by: z.optional(value('a swell within [0dB, 12dB] such as "3dB"', readSwell)),
  below: z.optional(share),
});
const tremolo = map({ depth: z.optional(share), from: z.optional(share) });
const pitchedVoice = map({
  ...voiceOfFont,
  bank,
  octave: z.optional(value("a whole number within [-2, 2]", read.readCount(-2, 2))),
  touch: option(["legato", "detached", "staccato", "as written"]),
  doubling: z.optional(doubling),
  pizzicato: z.optional(pizzicato),
  swell: z.optional(orEmpty({}, swell)),
  tremolo: z.optional(orEmpty({}, tremolo)),
  divisi: z.optional(share),
});
const kit = map({
  ...voiceOfFont,
  roll: z.optional(value("none, or a number within [0, 1]", readRoll)),
});
const pitched = z.optional(orEmpty({}, pitchedVoice));

/** A palette of a score's own. */
export const ownPalette: z.ZodMiniType<AuthoredPalette> = map({
  font: z.optional(value('a soundfont (SF2, SF3 or DLS) such as "castle.sf2"', read.readText)),
  like: z.optional(name),
  room: z.optional(share),
  voices: z.optional(
    orEmpty(
      {},
      map({
        melody: pitched,
        counter: pitched,
        harmony: pitched,
        bass: pitched,
        drums: z.optional(orEmpty({}, kit)),
      }),
    ),
  ),
});
