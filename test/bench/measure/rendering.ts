import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { rowOf } from "../report.ts";
import { estimate, median } from "../statistics.ts";
import type { Section } from "./section.ts";

const BARS = 4;
/** Different phrases, so that no one phrase decides. */
const PHRASES = 4;

/** Turning notes of five stems into PCM in the render worker, beside live instruments of Tone.js. */
export const rendering: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    await page.evaluate(async () => (await bench.rendering()).open());
    const phrase = (index: number): Promise<number> =>
      page.evaluate(async (seed) => (await bench.rendering()).renderPhrase(seed), index % PHRASES);
    // The first time, samples are decoded.
    await repeat("rendering, warm-up", PHRASES, phrase);
    const costs = await repeat("rendering, four bars", quick ? 3 : 40, phrase);
    const bars = await repeat("rendering, one bar anew", quick ? 4 : 40, (index) =>
      page.evaluate(async ([bar, seed]) => (await bench.rendering()).renderBarAnew(bar, seed), [
        index % BARS,
        Math.floor(index / BARS) % PHRASES,
      ] as const),
    );
    const live = (index: number): Promise<number> =>
      page.evaluate(async (seed) => (await bench.toneInstruments()).render(seed), index % PHRASES);
    await live(0);
    const peers = await repeat("rendering, Tone.js instruments", quick ? 2 : 12, live);
    const peer = { name: "Tone.js instruments, same notes", value: median(peers) };
    return [
      rowOf(
        { name: "rendering five stems, per second of music", unit: "s", peer },
        estimate(costs),
      ),
      rowOf({ name: "one bar of five stems rendered anew", unit: "ms", goal: 100 }, estimate(bars)),
    ];
  });
