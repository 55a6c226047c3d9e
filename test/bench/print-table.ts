/**
 * Prints the report that `--json` wrote as Markdown, for docs/benchmarks.md: `npm run bench:table -- FILE`. The
 * soak's reports will do, too.
 */
import { readFile } from "node:fs/promises";
import { readCommandLine } from "../helpers/command-line.ts";
import { formatMachine } from "./machine.ts";
import { readReport } from "./report.ts";
import { markdownTable } from "./table.ts";

const USAGE = "npm run bench:table -- FILE";

function parseFile(args: readonly string[]): string {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) throw new RangeError("one file is wanted");
  return file;
}

const file = readCommandLine(parseFile, USAGE);
if (file !== undefined) {
  const { machine, date, rows } = readReport(await readFile(file, "utf8"));
  const beside = `${date.slice(0, 10)}. WebGPU: ${machine.webgpu}.`;
  console.log(`${formatMachine(machine)}\n${beside}\n\n${markdownTable(rows)}`);
}
