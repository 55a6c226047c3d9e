/** Runs the tests of `models/` where Python and PyTorch are set up, and says so where they are not. */
import { spawnSync } from "node:child_process";

const candidates = [".venv/bin/python", "python3", "python"];
const python = candidates.find(
  (command) =>
    spawnSync(command, ["-c", "import torch, onnx, onnxruntime, safetensors, mido, pytest"])
      .status === 0,
);
if (python === undefined) {
  console.log(
    "models: not tested, no Python with PyTorch here (pip install -r models/requirements.txt)",
  );
} else {
  const { status } = spawnSync(python, ["-m", "pytest", "-q", "models"], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
