import { perStem, type PerStem, type Stem } from "../music/stem.ts";
import type { Palette, Voice } from "../renderer-worker/service.ts";
import type { Phrase } from "./phrase.ts";

/** Which voices play a phrase: from its first chunk to its last the same, whatever soundfont comes meanwhile. */
export class Instruments {
  readonly #paletteNamed: (name: string) => Palette;
  /** By what a phrase keeps of its chunks. */
  readonly #voices = new WeakMap<Phrase["handled"], PerStem<Voice>>();

  constructor(paletteNamed: (name: string) => Palette) {
    this.#paletteNamed = paletteNamed;
  }

  of({ handled, setting }: Pick<Phrase, "handled" | "setting">, stem: Stem): Voice {
    const known = this.#voices.get(handled);
    if (known !== undefined) return known[stem];
    const { voices } = this.#paletteNamed(setting.palette);
    this.#voices.set(
      handled,
      perStem((each) => voices[each]),
    );
    return voices[stem];
  }

  /**
   * Where the renderer refuses a voice because its soundfont went with one that was lost, the phrase goes on with
   * what there is. Tells whether it does.
   */
  replace(
    { handled, setting }: Pick<Phrase, "handled" | "setting">,
    voice: Voice,
    { name }: Error,
  ): boolean {
    if (name !== "PaletteError") return false;
    this.#voices.delete(handled);
    return !Object.values(this.#paletteNamed(setting.palette).voices).includes(voice);
  }
}
