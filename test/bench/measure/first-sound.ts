import type { Page } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { rowOf, type Row } from "../report.ts";
import { estimate } from "../statistics.ts";
import type { Section } from "./section.ts";

/** In a page that has only its script. */
async function coldStart(page: Page): Promise<number> {
  // The script is the page's own; its parts come with the page in a game.
  await page.evaluate(async () => {
    await bench.music();
  });
  return page.evaluate(async () => (await bench.music()).coldStart());
}

/** From the player's key press to the first sound. */
export const firstSound: Section = async ({ browser, site, quick }) => {
  const warm = await withPage(browser, site.url, (page) =>
    repeat("first sound, warm", quick ? 3 : 12, () =>
      page.evaluate(async () => (await bench.music()).warmStart()),
    ),
  );
  const visits = await repeat("first sound, cold", quick ? 2 : 6, () =>
    withPage(browser, site.url, async (page) => {
      const first = await coldStart(page);
      await page.reload();
      return { first, second: await coldStart(page) };
    }),
  );
  const row = (what: string, times: readonly number[], goal?: number): Row =>
    rowOf(
      { name: `first sound after ${what}`, unit: "ms", ...(goal === undefined ? {} : { goal }) },
      estimate(times),
    );
  return [
    row("start(), loaded", warm, 500),
    row(
      "createSoundtrack(), cold",
      visits.map(({ first }) => first),
    ),
    row(
      "createSoundtrack(), second visit",
      visits.map(({ second }) => second),
    ),
  ];
};
