import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { rowOf } from "../report.ts";
import { estimate } from "../statistics.ts";
import type { Section } from "./section.ts";

/** From the player's key press to the first sound. */
export const firstSound: Section = async ({ browser, site, quick }) => {
  const warm = await withPage(browser, site.url, (page) =>
    repeat("first sound, warm", quick ? 5 : 15, () =>
      page.evaluate(async () => (await bench.music()).warmStart()),
    ),
  );
  const cold = await repeat("first sound, cold", quick ? 3 : 7, () =>
    withPage(browser, site.url, async (page) => {
      // The script is the page's own; its parts come with the page in a game.
      await page.evaluate(async () => {
        await bench.music();
      });
      return page.evaluate(async () => (await bench.music()).coldStart());
    }),
  );
  return [
    rowOf({ name: "first sound after start(), loaded", unit: "ms", goal: 500 }, estimate(warm)),
    rowOf({ name: "first sound after createSoundtrack(), cold", unit: "ms" }, estimate(cold)),
  ];
};
