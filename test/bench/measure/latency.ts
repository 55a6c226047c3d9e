import type { Page } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import type { Sync, TakeLatency } from "../page/latency.ts";
import { progress } from "../progress.ts";
import { rowOf, type Labels, type Row } from "../report.ts";
import { estimate, estimateShare, percentile } from "../statistics.ts";
import type { Section } from "./section.ts";

const SYNC_POINTS: readonly Sync[] = ["immediate", "beat", "bar"];

/** A row for the median and one for the 95th percentile. */
function rowsOf(labels: Omit<Labels, "unit">, times: readonly number[]): readonly Row[] {
  const { name } = labels;
  const unit = "ms";
  const p95 = estimate(times, (values) => percentile(values, 0.95));
  return [
    rowOf({ ...labels, name: `${name}, p50`, unit }, estimate(times)),
    rowOf({ ...labels, name: `${name}, p95`, unit }, p95),
  ];
}

async function layerRows(page: Page, times: number): Promise<readonly Row[]> {
  const { step } = progress("latency, layers", 1);
  const heard = await page.evaluate(async (count) => (await bench.latency()).layers(count), times);
  step();
  return [
    ...rowsOf(
      { name: "layer, from the call to its first sound", goal: 30 },
      heard.map(({ first }) => first),
    ),
    ...rowsOf(
      { name: "layer, from the call to half of its level" },
      heard.map(({ half }) => half),
    ),
  ];
}

function takeRows(sync: Sync, heard: readonly TakeLatency[]): readonly Row[] {
  const whole = rowsOf(
    { name: `new mood at: ${sync}, from the call to its first sound` },
    heard.map((each) => each.heard),
  );
  if (sync === "immediate") return whole;
  const own = rowsOf(
    { name: `new mood at: ${sync}, beyond the first ${sync} after the call` },
    heard.map((each) => each.heard - each.ordered),
  );
  return [...whole, ...own];
}

/** From what the game says to what is heard at `music.output`. */
export const latency: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    const rows = [...(await layerRows(page, quick ? 6 : 40))];
    const { step } = progress("latency, takes", SYNC_POINTS.length);
    const all: TakeLatency[] = [];
    for (const sync of SYNC_POINTS) {
      const heard = await page.evaluate(
        async ([sync, count]) => (await bench.latency()).changes(sync, count),
        [sync, quick ? 2 : 6] as const,
      );
      step();
      all.push(...heard);
      rows.push(...takeRows(sync, heard));
    }
    const written = all.filter(({ isWritten }) => isWritten).length;
    const name = "new moods of these that the model had written";
    return [
      ...rows,
      rowOf({ name, unit: "%", isMoreBetter: true }, estimateShare(written, all.length)),
    ];
  });
