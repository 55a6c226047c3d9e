/**
 * The test command. What plays in a real browser comes first for the processor: whole pages that wait for what
 * comes, however late, and beside them the soak, which asks no more of its machine; then, one page at a time,
 * what keeps time by the clock. What only counts (unit, property, worker, and `models/` where Python has
 * PyTorch) runs beside all that in what time it leaves, and reports when it ends. Arguments go to vitest, and
 * nothing runs beside it then.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts"];
const COUNTS = ["unit", "property", "worker"];
const WAITS = ["e2e"];
const SOAK = ["soak"];
const KEEPS_TIME = ["live", "browser"];

const projects = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => ["--project", name]);

const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });

const vitest = (options: readonly string[]): Promise<number> =>
  statusOf(spawn(process.execPath, [...VITEST, ...options], { stdio: "inherit" }));

/**
 * Leaves the processor to others. Linux shares it out among sessions before it looks at their processes, so
 * that the session has to step back: browsers have one of their own.
 */
function stepBack(session: number): void {
  setPriority(session, constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    writeFileSync(`/proc/${session}/autogroup`, "19");
  } catch {
    // Another system, or a Linux that does not do so.
  }
}

/** Runs a command beside others, of equal right or in what time they leave, and prints all that it said once it has ended. */
async function beside(
  command: string,
  options: readonly string[],
  right: "equal" | "rest" = "rest",
): Promise<number> {
  const child = spawn(command, options, { detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    if (right === "rest") stepBack(pid);
    const stop = (): void => {
      if (child.exitCode === null) process.kill(-pid);
    };
    process.once("exit", stop);
    child.once("close", () => process.off("exit", stop));
  }
  let report = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (report += text));
  }
  const status = await statusOf(child);
  process.stdout.write(report);
  return status;
}

async function testPages(): Promise<number> {
  const first = await Promise.all([
    vitest(projects(WAITS)),
    beside(process.execPath, [...VITEST, ...projects(SOAK)], "equal"),
  ]);
  return Math.max(...first, await vitest(projects(KEEPS_TIME)));
}

async function testModels(): Promise<number> {
  const python = [".venv/bin/python", "python3", "python"].find(
    (command) =>
      spawnSync(command, ["-c", "import torch, onnx, onnxruntime, safetensors, mido, pytest"])
        .status === 0,
  );
  if (python !== undefined) return beside(python, ["-m", "pytest", "-q", "models"]);
  console.log(
    "models: not tested, no Python with PyTorch here (pip install -r models/requirements.txt)",
  );
  return 0;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const chosen = process.argv.slice(2);
const statuses =
  chosen.length > 0
    ? [await vitest(chosen)]
    : await Promise.all([
        testPages(),
        beside(process.execPath, [...VITEST, ...projects(COUNTS)]).then(async (status) =>
          Math.max(status, await testModels()),
        ),
      ]);
process.exitCode = Math.max(...statuses);
