import { STEMS } from "./music/stem.ts";
import { ownPalettes } from "./own-palettes.ts";
import { builtInPalette, paletteNamed } from "./renderer-worker/palettes.ts";
import type { Palette } from "./renderer-worker/service.ts";
import type { Score } from "./score/score.ts";

/** The palettes that a score may name, and which of their soundfonts are there. */
export class PaletteBook {
  /** The soundfonts that the score needs beside the first, by name, each with the palettes that play on it. */
  readonly needed: ReadonlyMap<string, readonly Palette[]>;
  readonly #own: ReadonlyMap<string, Palette>;
  readonly #there = new Set<string>();
  /** What plays under each name, until another soundfont is there. */
  readonly #playing = new Map<string, Palette>();

  constructor(score: Score) {
    this.#own = new Map(ownPalettes(score).map((palette) => [palette.name, palette]));
    const named = new Set([score.palette, ...score.locations.map(({ palette }) => palette)]);
    const needed = new Map<string, Palette[]>();
    for (const palette of [...named].map((name) => this.named(name))) {
      for (const font of fontsOf(palette)) needed.set(font, [...(needed.get(font) ?? []), palette]);
    }
    this.needed = needed;
  }

  /** A palette as it is meant, or a blend of two; a name that does not exist, in a score made by hand, gives the first. */
  named(name: string): Palette {
    return paletteNamed(name, (each) => this.#meant(each));
  }

  /** A palette as it can be played: in its own room, but by the one that stands in for it while a soundfont of it is not there. */
  playing(name: string): Palette {
    const known = this.#playing.get(name);
    if (known !== undefined) return known;
    const palette = paletteNamed(name, (each) => {
      const meant = this.#meant(each);
      const { voices } = this.#playable(meant);
      return voices === meant.voices ? meant : { ...meant, voices };
    });
    this.#playing.set(name, palette);
    return palette;
  }

  #meant(name: string): Palette {
    return this.#own.get(name) ?? builtInPalette(name);
  }

  /** The renderer has a soundfont. */
  add(font: string): void {
    this.#there.add(font);
    this.#playing.clear();
  }

  /** The renderer, a new one perhaps, has the first soundfont alone. */
  clear(): void {
    this.#there.clear();
    this.#playing.clear();
  }

  #playable(palette: Palette): Palette {
    const { standIn } = palette;
    const isThere = fontsOf(palette).every((font) => this.#there.has(font));
    return isThere || standIn === undefined ? palette : this.#playable(this.#meant(standIn));
  }
}

function fontsOf({ voices }: Palette): readonly string[] {
  const fonts = STEMS.flatMap((stem) => {
    const voice = voices[stem];
    return voice.kind === "sampled" && voice.font !== undefined ? [voice.font] : [];
  });
  return [...new Set(fonts)];
}
