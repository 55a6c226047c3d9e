import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { build, type UserConfig } from "vite";
import { shared } from "../../vite.config.ts";
import { buildConfig, temporaryFolder } from "./site.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The demo game's `attacca` is the engine with somebody who watches it: `globalThis.watched`. */
export const WATCHED: NonNullable<UserConfig["resolve"]> = {
  alias: shared.resolve.alias.map(({ find, replacement }) => ({
    find,
    replacement: find === "attacca/babylon" ? replacement : path("../walk/page/attacca.ts"),
  })),
};

/** Builds the demo game as it is published, but with a watched engine; returns its folder. */
export async function buildDemo(): Promise<string> {
  const outDir = await temporaryFolder();
  await build(buildConfig({ root: path("../../demo-game"), resolve: WATCHED, build: { outDir } }));
  return outDir;
}

/** Waits until the game's page says so of the game; `condition` is a list of CSS attribute selectors. */
export const gameIs = (page: Page, condition: string): Promise<void> =>
  page.locator(`body${condition}`).waitFor({ state: "attached" });
