/**
 * The fault suite in full: causes every fault in a real browser and prints what was heard. `npm run faults`;
 * docs/faults.md explains the table.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { describeMachine, formatMachine, loadAverage } from "../bench/machine.ts";
import { readCommandLine } from "../helpers/command-line.ts";
import { breaches, rowOf, stepLimit, tableOf, type Row } from "./row.ts";
import type { Played } from "./scene.ts";
import { LONG, openGround, playCase } from "./suite.ts";

const USAGE = `npm run faults -- [--only TEXT] [--json FILE] [--markdown FILE]
  --only TEXT      faults whose name holds it; may be repeated
  --json FILE      writes machine, floor, rows and all pages
  --markdown FILE  writes the table`;

interface Options {
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      markdown: { type: "string" },
    },
  });
  return { only: values.only, json: values.json, markdown: values.markdown };
}

async function main({ only, json, markdown }: Options): Promise<number> {
  const before = loadAverage();
  const ground = await openGround(20);
  const limit = stepLimit(ground.reference);
  const rows: Row[] = [];
  const all: Record<string, readonly Played[]> = {};
  let bad = 0;
  try {
    const { floor, reference } = ground;
    console.log(
      `floor ${floor.toFixed(1)} dB, step of the undisturbed music ${reference.step.toFixed(1)}`,
    );
    for (const fault of LONG) {
      if (only.length > 0 && !only.some((text) => fault.name.includes(text))) continue;
      const pages: Played[] = [];
      for (let nth = 0; nth < (fault.pages ?? 1); nth += 1) {
        try {
          pages.push(await playCase(ground, fault, nth));
        } catch (error) {
          bad += 1;
          console.log(`${fault.name}, page ${nth}: ${String(error)}`);
        }
      }
      if (pages.length === 0) continue;
      const row = rowOf(fault, pages);
      const found = breaches(row, limit);
      bad += found.length;
      rows.push(row);
      all[fault.name] = pages;
      console.log(`${fault.name}: ${found.length === 0 ? "well" : found.join("; ")}`);
    }
  } finally {
    await ground.close();
  }
  const machine = describeMachine({
    browser: "Chromium",
    webgpu: "emulated",
    load: { before, after: loadAverage() },
  });
  const table = tableOf(rows);
  console.log(`\n${formatMachine(machine)}\n\n${table}`);
  if (markdown !== undefined) await writeFile(markdown, `${table}\n`);
  if (json !== undefined) {
    const report = { machine, floor: ground.floor, stepLimit: limit, rows, pages: all };
    await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  return bad;
}

const options = readCommandLine(parseOptions, USAGE);
if (options !== undefined) process.exitCode = (await main(options)) > 0 ? 1 : 0;
