/**
 * The benchmark: builds a page as a game would be built, drives it in a real browser, and prints what
 * was measured. It judges nothing: a missed goal is printed, not an error. `npm run bench`; options and
 * rows are explained in docs/benchmarks.md.
 */
import { readCommandLine } from "../helpers/command-line.ts";
import { launchBrowser, withPage } from "../helpers/browser.ts";
import { EAGER_MEMORY } from "../helpers/memory-watch.ts";
import { describeMachine, formatMachine, loadAverage } from "./machine.ts";
import { bytes } from "./measure/bytes.ts";
import { decisions } from "./measure/decisions.ts";
import { firstSound } from "./measure/first-sound.ts";
import { generation } from "./measure/generation.ts";
import { latency } from "./measure/latency.ts";
import { mainThread } from "./measure/main-thread.ts";
import { peers } from "./measure/peers.ts";
import { play } from "./measure/play.ts";
import { readiness } from "./measure/readiness.ts";
import { rendering } from "./measure/rendering.ts";
import { scene } from "./measure/scene.ts";
import type { Section } from "./measure/section.ts";
import { parseOptions, USAGE, type Options, type SectionName } from "./options.ts";
import { missingRow, writeReport, type Report, type Row } from "./report.ts";
import { openSite } from "../helpers/site.ts";
import { formatTable } from "./table.ts";

const MEASURES: Readonly<Record<SectionName, Section>> = {
  bytes,
  generation,
  rendering,
  "main-thread": mainThread,
  scene,
  "first-sound": firstSound,
  latency,
  play,
  readiness,
  peers,
  decisions,
};

/** What fails costs its own rows only: a whole run takes long. */
async function measured(name: SectionName, tools: Parameters<Section>[0]): Promise<readonly Row[]> {
  try {
    return await MEASURES[name](tools);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}:`, error);
    const [why = ""] = String(error).split("\n");
    return [missingRow({ name: `section ${name}`, unit: "" }, why)];
  }
}

async function measure({ quick, sections }: Options): Promise<Report> {
  const date = new Date().toISOString();
  const before = loadAverage();
  const browser = await launchBrowser({ flags: [EAGER_MEMORY] });
  const site = await openSite("bench/page/index.html");
  try {
    const adapter = await withPage(browser, site.url, (page) =>
      page.evaluate(async () => (await bench.generation()).adapter()),
    );
    const rows: Row[] = [];
    for (const name of sections) rows.push(...(await measured(name, { browser, site, quick })));
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
