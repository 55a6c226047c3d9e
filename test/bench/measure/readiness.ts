import { withPage } from "../../helpers/browser.ts";
import type { Entry } from "../page/changes.ts";
import { repeat } from "../progress.ts";
import { rowOf } from "../report.ts";
import { estimateShare } from "../statistics.ts";
import type { Section } from "./section.ts";

/** Whether the model's notes for where a random change leads are there when it comes: at the next beat. */
export const readiness: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    await page.evaluate(async () => (await bench.changes()).begin());
    const entries = await repeat("readiness", quick ? 12 : 200, () =>
      page.evaluate(async () => (await bench.changes()).change()),
    );
    await page.evaluate(async () => (await bench.changes()).end());
    const share = (wanted: Entry) =>
      estimateShare(entries.filter((entry) => entry === wanted).length, entries.length);
    const name = (found: string): string => `random changes at the next beat, ${found}`;
    return [
      rowOf(
        { name: name("the model's take was ready"), unit: "%", goal: 99, isMoreBetter: true },
        share("written"),
      ),
      rowOf({ name: name("a take of the bank was ready"), unit: "%" }, share("unwritten")),
      rowOf({ name: name("nothing was ready"), unit: "%" }, share("missing")),
    ];
  });
