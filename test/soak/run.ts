/**
 * The soak: a game that plays at random, for as long as is asked for, at real time in a real browser. Prints
 * what was measured, and the deeds and faults that led there. `npm run soak`; see docs/benchmarks.md.
 */
import { describeMachine, formatMachine, loadAverage } from "../bench/machine.ts";
import { progress } from "../bench/progress.ts";
import { writeReport } from "../bench/report.ts";
import { formatTable } from "../bench/table.ts";
import { readCommandLine } from "../helpers/command-line.ts";
import { figures } from "./figures.ts";
import { parseOptions, USAGE } from "./options.ts";
import { soak } from "./soak.ts";

const options = readCommandLine(parseOptions, USAGE);
if (options !== undefined) {
  const { minutes, seed, json } = options;
  const date = new Date().toISOString();
  const before = loadAverage();
  const { step } = progress("minutes", Math.ceil(minutes));
  let said = 0;
  const seen = await soak({
    minutes,
    seed,
    onLook(minute) {
      for (; said + 1 <= minute; said += 1) step();
    },
  });
  const machine = describeMachine({
    browser: `Chromium ${seen.browser}`,
    webgpu: "not used",
    load: { before, after: loadAverage() },
  });
  const rows = figures(seen);
  const deeds = Object.entries(seen.deeds).map(([deed, times]) => `${deed} ${times}`);
  console.log(`\n${formatMachine(machine)}\nseed ${seed}: ${deeds.join(", ")}\n`);
  console.log(formatTable(rows));
  const { looks, memory, messages } = seen;
  const report = { machine, date, rows, looks, memory, messages };
  if (json !== undefined) await writeReport(json, report);
}
