import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { PALETTE_NAMES } from "../../../engine/renderer-worker/palettes.ts";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import type { Score } from "../../../engine/score/score.ts";
import { themesIn } from "../../../engine/theme/carry.ts";
import type { Theme } from "../../../engine/theme/theme.ts";
import { readThemes } from "../../../engine/themes.ts";
import { BakeError, inOneLine } from "./bake-error.ts";

/** A score that is to be baked, with its themes. */
export interface GivenScore {
  readonly score: Score;
  /** As it was written; its hash is its provenance. */
  readonly text: string;
  readonly themes: ReadonlyMap<string, Theme>;
  /** What is not as the composer means it, in words. */
  readonly remarks: readonly string[];
}

/** Reads a score script. Throws `BakeError`: for a score with mistakes it lists all, a line each. */
export async function readScore(file: string): Promise<GivenScore> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new BakeError(inOneLine(error, file));
  });
  return scoreOf(text, file);
}

/** The same of a text; files that it names lie beside `file`. */
export async function scoreOf(text: string, file: string): Promise<GivenScore> {
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  if (!parsed.ok) {
    throw new BakeError(parsed.issues.map((issue) => formatIssue(issue, file)).join("\n"));
  }
  const themes = new Map(themesIn(parsed.score.themes));
  const remarks: string[] = [];
  await readThemes(parsed.score, (path) => readFile(resolve(dirname(file), path)), {
    read: (name, theme) => themes.set(name, theme),
    remark: (_name, message) => remarks.push(message),
    fault: (_code, message) => remarks.push(message),
  });
  return { score: parsed.score, text, themes, remarks };
}
