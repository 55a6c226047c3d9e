/**
 * The benchmark: builds a page as a game would be built, drives it in a real browser, and prints what
 * was measured. It judges nothing: a missed goal is printed, not an error. `npm run bench`; options and
 * rows are explained in docs/benchmarks.md.
 */
import { readCommandLine } from "../helpers/command-line.ts";
import { launchBrowser, withPage } from "../helpers/browser.ts";
import { describeMachine, formatMachine, loadAverage } from "./machine.ts";
import { bytes } from "./measure/bytes.ts";
import { decisions } from "./measure/decisions.ts";
import { firstSound } from "./measure/first-sound.ts";
import { generation } from "./measure/generation.ts";
import { mainThread } from "./measure/main-thread.ts";
import { rendering } from "./measure/rendering.ts";
import type { Section } from "./measure/section.ts";
import { parseOptions, USAGE, type Options, type SectionName } from "./options.ts";
import { writeReport, type Report, type Row } from "./report.ts";
import { openSite } from "../helpers/site.ts";
import { formatTable } from "./table.ts";

const MEASURES: Readonly<Record<SectionName, Section>> = {
  bytes,
  generation,
  rendering,
  "main-thread": mainThread,
  "first-sound": firstSound,
  decisions,
};

async function measure({ quick, sections }: Options): Promise<Report> {
  const date = new Date().toISOString();
  const before = loadAverage();
  const browser = await launchBrowser();
  const site = await openSite("bench/page/index.html");
  try {
    const adapter = await withPage(browser, site.url, (page) =>
      page.evaluate(async () => (await bench.generation()).adapter()),
    );
    const rows: Row[] = [];
    for (const name of sections) rows.push(...(await MEASURES[name]({ browser, site, quick })));
    const machine = describeMachine({
      browser: `Chromium ${browser.version()}`,
      webgpu: adapter.isHardware ? adapter.name : `not measured: ${adapter.name}`,
      load: { before, after: loadAverage() },
    });
    return { machine, date, rows };
  } finally {
    await browser.close();
    await site.close();
  }
}

const options = readCommandLine(parseOptions, USAGE);
if (options !== undefined) {
  const report = await measure(options);
  console.log(`${formatMachine(report.machine)}\nWebGPU: ${report.machine.webgpu}\n`);
  console.log(formatTable(report.rows));
  if (options.quick) console.log("\n--quick: few measurements, the figures mean little.");
  if (options.json !== undefined) await writeReport(options.json, report);
}
