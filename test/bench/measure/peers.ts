import type { Browser, Page } from "playwright";
import { launchBrowser, withPage } from "../../helpers/browser.ts";
import { openSite, type Site } from "../../helpers/site.ts";
import { installPeers } from "../peers/install.ts";
import { repeat } from "../progress.ts";
import { missingRow, rowOf, type Labels, type Row } from "../report.ts";
import { estimate, mean, median } from "../statistics.ts";
import { UNTOLD, watchThreads, type Shares, type Stretches } from "../threads.ts";
import type { Section } from "./section.ts";

const BACKENDS = ["webgl", "wasm", "cpu"] as const;
type Backend = (typeof BACKENDS)[number];
/** Within this time a backend has loaded the network and written once, or it is not the fastest. */
const PATIENCE_MS = 30_000;
/** How much faster this engine should be. */
const FACTOR = 5;
const UNIT = "bars × stems / s";

/** Eight bars of five stems, as the engine writes them. */
const CELLS = 8 * 5;
const PASSES = 4;

/** What wrote, how fast: bars × stems a second, one trio at a time, and many at once. */
interface Magenta {
  readonly backend: Backend;
  readonly single: readonly number[];
  readonly batch: readonly number[];
}

/** So many trios at once, none of which goes on from another. */
const BATCH = 4;

const rate = (page: Page, what: string, count: number, times: number) =>
  repeat(what, times, () =>
    page.evaluate(
      async (count) => (count * 1000 * magenta.TRIO_CELLS) / (await magenta.write(count)),
      count,
    ),
  );

/** Loads a backend in a browser of its own, which a slow one may block. Undefined where it does not work in time. */
async function tryBackend(
  site: Site,
  backend: Backend,
  use: (page: Page) => Promise<Magenta>,
): Promise<Magenta | undefined> {
  const browser: Browser = await launchBrowser();
  try {
    return await withPage(browser, site.url, async (page) => {
      await page.waitForFunction(() => "magenta" in globalThis);
      const opened = page.evaluate((name) => magenta.open(name), backend).then(() => true);
      const late = page.waitForTimeout(PATIENCE_MS).then(() => false);
      return (await Promise.race([opened, late])) ? await use(page) : undefined;
    });
  } catch (error) {
    console.error(`peers: Magenta with ${backend}: ${String(error)}`);
    return undefined;
  } finally {
    await browser.close();
  }
}

/** Magenta on the fastest of its backends that works here. */
async function fastestMagenta(quick: boolean): Promise<Magenta | undefined> {
  // Its threads start from the text of a function, which must keep its names.
  const site = await openSite("bench/peers/index.html", { minify: false });
  try {
    const tried: Magenta[] = [];
    for (const backend of BACKENDS) {
      const found = await tryBackend(site, backend, async (page) => {
        const label = `peers, Magenta, ${backend}`;
        const trial = await rate(page, `${label}, trial`, 1, 2);
        const isBest = tried.every(({ single }) => median(single) < median(trial));
        if (!isBest) return { backend, single: trial, batch: [] };
        const times = quick ? 3 : 20;
        const single = await rate(page, label, 1, times);
        return { backend, single, batch: await rate(page, `${label}, ${BATCH}`, BATCH, times) };
      });
      if (found !== undefined) tried.push(found);
    }
    return tried.toSorted((one, other) => median(other.single) - median(one.single))[0];
  } finally {
    await site.close();
  }
}

/** On one thread, and on two as Magenta's WebAssembly takes one for each core where it may. */
const THREADS = [1, 2] as const;

/** How fast this engine writes on so many threads, in the same unit. */
const ownRates = (
  browser: Browser,
  site: Site,
  threads: number,
  quick: boolean,
): Promise<readonly number[]> =>
  withPage(browser, site.url, async (page) => {
    const started = await page.evaluate(
      async (threads) => (await bench.generation()).open("wasm", "lite", threads),
      threads,
    );
    if (started !== threads) throw new Error(`${threads} threads were wanted, ${started} started`);
    const times = await repeat(`peers, Attacca, ${threads}`, quick ? 3 : 40, (index) =>
      page.evaluate(async ([passes, seed]) => (await bench.generation()).write(passes, seed), [
        PASSES,
        index + 1,
      ] as const),
    );
    return times.map((time) => (1000 * CELLS) / time);
  });

/** By the number of threads. */
type OwnRates = ReadonlyMap<number, readonly number[]>;

function speedRows(own: OwnRates, found: Magenta | string): readonly Row[] {
  const labelsOf = (threads: number) =>
    ({
      name: `writing, WASM, ${threads === 1 ? "" : `${threads} threads, `}lite, ${PASSES} passes`,
      unit: UNIT,
      isMoreBetter: true,
    }) as const;
  const rows = [...own];
  if (typeof found === "string") {
    const peer = { name: "writing, Magenta's MusicVAE trio", unit: UNIT };
    return [
      ...rows.map(([threads, rates]) => rowOf(labelsOf(threads), estimate(rates))),
      missingRow(peer, found),
    ];
  }
  const { backend, single, batch } = found;
  const one = median(single);
  const named = `Magenta's MusicVAE trio, random weights, ${backend}`;
  const atOnce = `${BATCH} at once`;
  const peer = { name: `${named}, one at a time`, value: one };
  const most = Math.max(...own.keys());
  return [
    ...rows.map(([threads, rates]) => {
      const goal = threads === most ? { goal: FACTOR * one } : {};
      return rowOf({ ...labelsOf(threads), ...goal, peer }, estimate(rates));
    }),
    rowOf({ name: `writing, ${named}, one at a time`, unit: UNIT }, estimate(single)),
    rowOf(
      {
        name: `writing, ${named}, ${atOnce}`,
        unit: UNIT,
        isMoreBetter: true,
        peer: { name: "one at a time", value: one },
      },
      estimate(batch),
    ),
  ];
}

/** What a page of its own costs while it plays. */
const playing = (
  browser: Browser,
  site: Site,
  what: string,
  stretches: Stretches,
  start: (page: Page) => Promise<unknown>,
): Promise<readonly Shares[] | undefined> =>
  withPage(browser, site.url, async (page) => {
    await start(page);
    // What is made or decoded at the first note is no part of playing.
    await page.waitForTimeout(4000);
    return watchThreads(what, browser, page, stretches);
  });

async function liveRows(browser: Browser, site: Site, quick: boolean): Promise<readonly Row[]> {
  const stretches = quick ? { count: 3, length: 3 } : { count: 10, length: 3 };
  const watch = (what: string, start: (page: Page) => Promise<unknown>) =>
    playing(browser, site, what, stretches, start);
  const own = await watch("peers, the bank live", (page) =>
    page.evaluate(async () => (await bench.music()).playBank()),
  );
  const tone = await watch("peers, Tone.js live", (page) =>
    page.evaluate(async () => (await bench.toneInstruments()).playLive()),
  );
  const kinds = [
    { name: "whole process of the page", of: ({ all }: Shares) => all },
    { name: "main thread", of: ({ main }: Shares) => main },
    { name: "audio thread", of: ({ audio }: Shares) => audio },
  ];
  return kinds.map(({ name, of }) => {
    const labels: Labels = {
      name: `playing five stems live, ${name}, share of one core`,
      unit: "%",
    };
    if (own === undefined || tone === undefined) return missingRow(labels, UNTOLD);
    const peer = { name: "Tone.js instruments, such notes", value: mean(tone.map(of)) };
    return rowOf({ ...labels, peer }, estimate(own.map(of), mean));
  });
}

/** The same work by others, in the same run. */
export const peers: Section = async ({ browser, site, quick }) => {
  const missing = installPeers();
  const found =
    missing ?? (await fastestMagenta(quick)) ?? "none of its backends works in this browser";
  const own = new Map<number, readonly number[]>();
  for (const threads of THREADS) own.set(threads, await ownRates(browser, site, threads, quick));
  return [...speedRows(own, found), ...(await liveRows(browser, site, quick))];
};
