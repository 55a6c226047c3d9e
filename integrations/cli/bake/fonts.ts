import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MOST_FONT_BYTES, tooLarge } from "../../../engine/font-limits.ts";
import { fileOfFont } from "../../../engine/own-palettes.ts";
import { PaletteBook } from "../../../engine/palette-book.ts";
import type { Palette } from "../../../engine/renderer-worker/service.ts";
import type { Score } from "../../../engine/score/score.ts";
import { ORCHESTRA, PALETTE } from "../package-files.ts";
import { BakeError, inOneLine } from "./bake-error.ts";
import { sha256OfFile } from "./hashes.ts";

/** A soundfont that a piece is played on. */
export interface FontFile {
  /** As voices name it; undefined: the first. */
  readonly name: string | undefined;
  readonly path: string;
  /** Whether it is the user's, not one of those that are shipped. */
  readonly isOwn: boolean;
  readonly sha256: string;
  /** That need it beside the first. */
  readonly palettes: readonly Palette[];
}

/**
 * The soundfonts of a score, the first of them `soundfont` or the shipped one; those that it names lie beside
 * `scoreFile`. Throws `BakeError` in one line for a file that is not there, and where they are too large.
 */
export async function findFonts(
  score: Score,
  { scoreFile, soundfont }: { readonly scoreFile: string; readonly soundfont: string | undefined },
): Promise<readonly FontFile[]> {
  const needed = [...new PaletteBook(score).needed].map(([name, palettes]) => {
    const file = fileOfFont(name);
    const isOwn = file !== undefined;
    return { name, palettes, isOwn, path: isOwn ? resolve(dirname(scoreFile), file) : ORCHESTRA };
  });
  const first = {
    name: undefined,
    palettes: [],
    isOwn: soundfont !== undefined,
    path: soundfont ?? PALETTE,
  };
  const found: FontFile[] = [];
  let left = MOST_FONT_BYTES;
  for (const font of [first, ...needed]) {
    try {
      const { size } = await stat(font.path);
      if (font.isOwn && size > left) throw tooLarge(size);
      if (font.isOwn) left -= size;
      found.push({ ...font, sha256: await sha256OfFile(font.path) });
    } catch (error) {
      throw new BakeError(inOneLine(error, font.path));
    }
  }
  return found;
}
