import type { ThemeSpec } from "../score/score.ts";
import { fitTheme } from "./fit.ts";
import { likeness } from "./likeness.ts";
import type { Theme, WrittenTheme } from "./theme.ts";

/** Gives a theme what carries it. */
export const carried = (written: WrittenTheme): Theme => ({
  fit: (terms) => fitTheme(written, terms),
  compare: likeness,
});

/** The themes that a score writes as notes, by name; those in files are read later. */
export const themesIn = (specs: readonly ThemeSpec[]): ReadonlyMap<string, Theme> =>
  new Map(
    specs.flatMap((spec) => (spec.kind === "notes" ? [[spec.name, carried(spec.theme)]] : [])),
  );
