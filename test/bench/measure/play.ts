import type { Memory } from "../../helpers/memory-watch.ts";
import { watchMemory } from "../../helpers/memory-watch.ts";
import { withPage } from "../../helpers/browser.ts";
import type { Counted } from "../page/game.ts";
import { missingRow, rowOf, type Labels, type Row } from "../report.ts";
import { estimate, estimateShare, exactly, mean } from "../statistics.ts";
import { UNTOLD, watchThreads, type Shares } from "../threads.ts";
import type { Section } from "./section.ts";

const SEED = 1;
const MB = 1e6;

function threadRows(shares: readonly Shares[] | undefined): readonly Row[] {
  const row = (labels: Omit<Labels, "unit">, of: (shares: Shares) => number): Row =>
    shares === undefined
      ? missingRow({ unit: "%", ...labels }, UNTOLD)
      : rowOf({ unit: "%", ...labels }, estimate(shares.map(of), mean));
  const name = (what: string): string => `playing a game, ${what}, share of one core`;
  return [
    row({ name: name("main thread and workers"), goal: 15 }, ({ main, workers }) => main + workers),
    row({ name: name("main thread") }, ({ main }) => main),
    row({ name: name("workers") }, ({ workers }) => workers),
    row({ name: name("audio thread") }, ({ audio }) => audio),
    row({ name: name("whole process of the page") }, ({ all }) => all),
  ];
}

function countRows(begun: Counted, ended: Counted): readonly Row[] {
  const grown = (of: (counted: Counted) => number): number => of(ended) - of(begun);
  const count = (name: string, value: number, goal?: number): Row =>
    rowOf(
      { name: `playing a game, ${name}`, unit: "times", ...(goal === undefined ? {} : { goal }) },
      exactly(value),
    );
  const { underruns } = ended;
  const hits = grown((counted) => counted.hits);
  const changes = hits + grown(({ unwritten, misses }) => unwritten + misses);
  const share = { unit: "%", isMoreBetter: true } as const;
  return [
    count(
      "transitions",
      grown(({ transitions }) => transitions),
    ),
    rowOf(
      { name: "playing a game, changes whose first phrase the model had written", ...share },
      estimateShare(hits, changes),
    ),
    rowOf(
      { name: "playing a game, takes that the model wrote", ...share },
      estimateShare(
        grown(({ written }) => written),
        grown(({ takes }) => takes),
      ),
    ),
    underruns === undefined
      ? missingRow(
          { name: "playing a game, underruns", unit: "times", goal: 0 },
          "this browser does not count them",
        )
      : count("underruns", underruns - (begun.underruns ?? 0), 0),
    count(
      "chunks that came late",
      grown(({ late }) => late),
      0,
    ),
    count(
      "chunks that were missed",
      grown(({ missed }) => missed),
      0,
    ),
  ];
}

function memoryRows({ heap, page, workers, process }: Memory): readonly Row[] {
  const row = (what: string, bytes: number | undefined): Row => {
    const labels = { name: `memory after a game: ${what}`, unit: "MB" };
    return bytes === undefined
      ? missingRow(labels, "browser or system do not tell")
      : rowOf(labels, exactly(bytes / MB));
  };
  return [
    row("JavaScript heap of the page", heap),
    row("page with its buffers", page),
    row("workers with WebAssembly", workers),
    row("process of the page", process),
  ];
}

/** What music costs a game that plays for minutes: processor, memory, and whether anything was missed. */
export const play: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    const { measure } = await watchMemory(browser, page, () =>
      page.evaluate(async () => (await bench.game()).memory()),
    );
    await page.evaluate(async (seed) => (await bench.game()).begin(seed), SEED);
    const count = () => page.evaluate(async () => (await bench.game()).count());
    const begun = await count();
    const stretches = quick ? { count: 5, length: 4 } : { count: 30, length: 10 };
    const shares = await watchThreads("playing a game", browser, page, stretches);
    const ended = await count();
    const memory = await measure();
    await page.evaluate(async () => (await bench.game()).end());
    return [...threadRows(shares), ...countRows(begun, ended), ...memoryRows(memory)];
  });
