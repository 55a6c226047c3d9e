/**
 * The test command: everything in TypeScript (`vitest.config.ts`), and beside it, where Python with
 * PyTorch is set up, the tests of `models/`. Arguments go to vitest, without Python's tests then.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";

const VITEST = "node_modules/vitest/vitest.mjs";
const CONFIG = ["--config", "test/vitest.config.ts"];

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });

const pythonWithTorch = (): string | undefined =>
  [".venv/bin/python", "python3", "python"].find(
    (command) =>
      spawnSync(command, ["-c", "import torch, onnx, onnxruntime, safetensors, mido, pytest"])
        .status === 0,
  );

/** Tests `models/` in what time the browser's tests leave idle: those keep time by the clock. */
async function testModels(): Promise<{ readonly status: number; readonly report: string }> {
  const python = pythonWithTorch();
  if (python === undefined) {
    const missing = "no Python with PyTorch here (pip install -r models/requirements.txt)";
    return { status: 0, report: `models: not tested, ${missing}\n` };
  }
  const child = spawn(python, ["-m", "pytest", "-q", "models"]);
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  let report = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (report += text));
  }
  return { status: await endOf(child), report };
}

const chosen = process.argv.slice(2);
const nothing = { status: 0, report: "" };
const models = chosen.length === 0 ? testModels() : Promise.resolve(nothing);
const vitest = await endOf(
  spawn(process.execPath, [VITEST, "run", ...CONFIG, ...chosen], { stdio: "inherit" }),
);
const { status, report } = await models;
process.stdout.write(report);
process.exitCode = vitest === 0 ? status : vitest;
