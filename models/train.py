"""Train one network on prepared windows, resumably and to a set time.

    python models/train.py --data runs/data --out runs/full --hours 10
    python models/train.py --data runs/data --out runs/full --hours 3 --resume     # goes on from last.pt
    python models/train.py --data runs/data --out runs/full --hours 3 --from models/shipped/full/weights.safetensors
    torchrun --nproc-per-node 2 models/train.py --data runs/data --out runs/full --hours 3 --threads 1
    python models/train.py --data runs/data --out runs/full --hours 0.5 --batch 512  # on a GPU
    python models/train.py --tiny --out runs/tiny                                  # under a minute, own data

`--from` takes the weights only, with fresh optimisers; weights of a shallower network grow (`model.grown`), and
stay what they were until training moves them. One run trains two networks: the whole, and the first blocks with a
norm of their own (`lite`), through the same heads; `export_onnx.py` writes either.

The rate is constant after a warm-up and falls linearly over the last part of the time (Hu et al., MiniCPM, 2024):
a run that is to go on later is stopped before that with `--keep-rate`. Under torchrun every process trains on its own
windows with one thread and the weights are averaged every few steps (local SGD): on a busy machine that
loses far less to waiting than the threads of one process do. A CUDA device is used where there is one, in
bfloat16, with the windows drawn by other processes. Writes `last.pt` (atomically, every few minutes),
`losses.csv` (nats per masked cell and stem) and `losses.png`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

sys.path.insert(0, str(Path(__file__).parent))

import tokens as T
from export_onnx import load_checkpoint
from model import FULL, TINY, Answer, Attacca, Config, grown, parameters
from muon import Muon
from windows import Windows

BATCH = 32  # windows a step and process; under a fixed time the steps count for more than the size of the batch
RATE = 2e-3  # peak; after 100 steps Muon stood at 11.56 where AdamW alone (1.5e-3) stood at 12.35
TABLE_RATE = 5.0  # of the rate, for the attention biases
FALL = 0.35  # last share of the time, over which the rate falls
FLOOR = 0.03  # of the peak at the end
WARM_UP = 100  # steps
DECAY = 0.05
CLIP = 1.0
AVERAGE = 0.998  # EMA; about 500 steps, shorter at the start
SAVE_SECONDS, LOG_STEPS = 180, 50
SYNC_STEPS = 4  # steps between averages of the processes' weights
EXPRESSION_WEIGHT = 0.05  # velocity and timing are read once, on the last pass
EXIT_WEIGHT = 0.5  # of the smaller network's loss beside that of the whole
GPU = torch.cuda.is_available()
DEVICE = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if GPU else torch.device("cpu")
STEM_WEIGHTS = {"melody": 1.0, "counter": 1.0, "harmony": 1.0, "bass": 1.0, "drums": 1.0, "chords": 1.0}


def losses(model: Attacca, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Training loss and nats per masked cell of every stem (drums: three lanes of a slot added)."""
    *early, last = model.answers(batch["cells"], batch["chords"], batch["bars"])
    total, parts = answer_loss(last, batch)
    if early:
        parts["exit"], _ = answer_loss(early[0], batch)
        total = total + EXIT_WEIGHT * parts["exit"]
    return total, parts


def answer_loss(answer: Answer, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """The same for one of the network's answers."""
    cells, chords, expression = answer
    by_lane, parts = {}, {}
    for lane, ((name, size), start) in enumerate(zip(T.LANES, T.LANE_OFFSETS, strict=True)):
        where = batch["hidden"][..., lane]
        logits = cells[..., start : start + size][where].float()  # n size
        if len(logits):
            by_lane[name] = F.cross_entropy(logits, batch["target"][..., lane][where].long())
    for stem, lanes in T.STEM_LANES.items():
        found = [by_lane[T.LANES[i][0]] for i in lanes if T.LANES[i][0] in by_lane]
        if found:
            parts[stem] = sum(found) if stem == "drums" else found[0]
    if "harmonyOctave" in by_lane:
        parts["octave"] = by_lane["harmonyOctave"]
    where = batch["hidden_chords"]
    if where.any():
        parts["chords"] = F.cross_entropy(chords[where].float(), batch["target_chords"][where].long())
    total = sum(STEM_WEIGHTS[s] * parts[s] / (2 if s == "drums" else 1) for s in STEM_WEIGHTS if s in parts)
    total = total + 0.2 * parts.get("octave", 0.0)
    return total + EXPRESSION_WEIGHT * _expression(expression, batch, parts), parts


def _expression(logits: Tensor, batch: dict[str, Tensor], parts: dict[str, Tensor]) -> Tensor:
    """Velocity and timing of the onsets that are shown: what the last pass asks for."""
    split = logits.unflatten(-1, (len(T.STEMS), T.VELOCITIES + T.TIMINGS)).float()
    total = logits.new_zeros(())
    for name, block in (("velocity", split[..., : T.VELOCITIES]), ("timing", split[..., T.VELOCITIES :])):
        where = batch[name] != T.NO_LABEL
        if where.any():
            parts[name] = F.cross_entropy(block[where], batch[name][where].long())
            total = total + parts[name]
    return total


def to_tensors(batch: dict[str, np.ndarray]) -> dict[str, Tensor]:
    return {k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in batch.items()}


class Stream(IterableDataset):
    """Endless batches, and what was drawn for each; in a loader's processes every one draws its own."""

    def __init__(self, data: dict[str, np.ndarray], meta: dict, size: int, seed: int) -> None:
        self.data, self.meta, self.size, self.seed = data, meta, size, seed

    def __iter__(self) -> Iterator[tuple[dict[str, Tensor], Counter[str]]]:
        worker = get_worker_info()
        windows = Windows(self.data, self.meta, self.seed + (1000 * (worker.id + 1) if worker else 0))
        while True:
            batch = to_tensors(windows.batch(self.size))
            yield batch, windows.drawn
            windows.drawn = Counter()


def batches(data: dict[str, np.ndarray], meta: dict, size: int, seed: int) -> Iterator:
    """Of a `Stream`; beside a GPU the cores draw ahead of it."""
    workers = max(1, (os.cpu_count() or 1) - 1) if GPU else 0
    return iter(DataLoader(Stream(data, meta, size, seed), batch_size=None, num_workers=workers))


def mixed_precision(device: torch.device) -> torch.autocast:
    """bfloat16 on a GPU and on a CPU with the instructions for it; on others it is slower than float32."""
    able = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=able)


def rate_at(step: int, spent: float, fall: float = FALL) -> float:
    """Share of the peak rate: linear warm-up in steps, then constant, then a linear fall over the last `fall`."""
    falling = min(1.0, (1 - spent) / fall) if fall else 1.0
    return min(1.0, (step + 1) / WARM_UP) * max(falling, FLOOR)


def make_optimisers(model: Attacca, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices, AdamW for embeddings, heads, norms and biases; one rate for both."""
    matrices, tables, decay, rest = [], [], [], []
    for name, p in model.named_parameters():
        if "_bias" in name:
            tables.append(p)  # logits, not weights: they must move in units
        elif name.startswith(("blocks", "echo")) and p.ndim == 2:
            matrices.append(p)
        else:
            (decay if name.endswith("head.weight") else rest).append(p)
    groups = [{"params": decay, "weight_decay": DECAY}, {"params": rest, "weight_decay": 0.0}]
    groups.append({"params": tables, "weight_decay": 0.0, "scale": TABLE_RATE})
    return [
        torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98)),
        Muon(matrices, lr=rate, weight_decay=DECAY),
    ]


def average_weights(model: Attacca, finished: bool) -> bool:
    """Mean of all processes' weights, in place; True when any of them has spent its time."""
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    flat = torch.cat([flat, flat.new_tensor([float(finished)])])
    torch.distributed.all_reduce(flat)
    with torch.no_grad():
        torch.nn.utils.vector_to_parameters(flat[:-1] / torch.distributed.get_world_size(), model.parameters())
    return bool(flat[-1] > 0)


def plot(out: Path) -> None:
    """losses.csv -> losses.png, one line per stem."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with open(out / "losses.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    figure, axis = plt.subplots(figsize=(9, 5))
    for name in ("melody", "counter", "harmony", "bass", "drums", "chords"):
        points = [(int(r["step"]), float(r[name])) for r in rows if r[name]]
        if points:
            axis.plot(*zip(*points, strict=True), label=name, lw=1)
    axis.set(xlabel="step", ylabel="nats per masked cell (mask mixture)", ylim=(0, None))
    axis.legend()
    figure.savefig(out / "losses.png", dpi=80)
    plt.close(figure)


COLUMNS = ("step", "hours", "rate", "loss", "exit", *T.STEMS, "octave", "chords", "velocity", "timing")


class Run:
    """One process of a run: the network, its optimisers and averages, and how far it has come."""

    def __init__(self, config: Config, meta: dict, out: Path, rate: float, seed: int, training: dict | None) -> None:
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        torch.manual_seed(seed)
        self.model = Attacca(config).to(DEVICE).train()
        self.before: list[dict] = []  # the runs that these weights come from
        self.optimisers = make_optimisers(self.model, rate)
        self.average = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.config, self.meta, self.rate, self.seed, self.training = config, meta, rate, seed, training or {}
        self.out, self.path = out, out / "last.pt"
        self.step, self.hours = 0, 0.0
        self.sums: dict[str, list[Tensor]] = {}
        self.drawn: Counter[str] = Counter()

    def restore(self) -> None:
        """Go on from `last.pt`; a file without optimisers gives the weights only."""
        state = torch.load(self.path, map_location=DEVICE, weights_only=False)
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state.get("optimisers", []), strict=False):
            optimiser.load_state_dict(saved)
        self.average, self.step, self.hours = state["ema"], state["step"], state["hours"]
        self.before = state["training"].get("before", [])

    def begin_from(self, path: Path) -> None:
        """Take the weights of another run, deeper than it was where the configuration says so."""
        small, facts = load_checkpoint(path)
        if [list(v) for v in facts["voicings"]] != [list(v) for v in self.meta["voicings"]]:
            raise ValueError(f"{path} and the prepared data have different voicings: prepare with its vocabulary")
        model = small if small.config == self.config else grown(small, self.config)
        self.model.load_state_dict(model.state_dict())
        self.average = {k: v.clone() for k, v in self.model.state_dict().items()}
        earlier = {k: v for k, v in facts["training"].items() if k not in ("before", "data")}
        self.before = [*facts["training"].get("before", []), {"parameters": parameters(small)} | earlier]

    def checkpoint(self, hours: float, batch: int) -> None:
        shares = {k: round(v / self.drawn["windows"], 4) for k, v in self.drawn.items() if k != "windows"}
        facts = self.training | {"steps": self.step, "hours": round(hours, 3), "seed": self.seed, "batch": batch}
        facts |= {"parameters": parameters(self.model), "rate": self.rate, "shares": shares, "before": self.before}
        state = {"model": self.model.state_dict(), "ema": self.average, "step": self.step, "hours": hours}
        state["optimisers"] = [o.state_dict() for o in self.optimisers]
        state |= {"config": self.config.as_dict(), "voicings": self.meta["voicings"], "training": facts}
        temporary = self.path.with_suffix(".tmp")
        torch.save(state, temporary)
        os.replace(temporary, self.path)

    def advance(self, batch: dict[str, Tensor], share: float, taken: int) -> None:
        """One step at `share` of the peak rate; `taken` steps of this sitting lie behind it."""
        batch = {name: value.to(DEVICE) for name, value in batch.items()}
        for group in (g for o in self.optimisers for g in o.param_groups):
            group["lr"] = self.rate * share * group.get("scale", 1.0)
        with mixed_precision(DEVICE):
            loss, parts = losses(self.model, batch)
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        blend = min(AVERAGE, (2 + taken) / (11 + taken))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                self.average[name].lerp_(value, 1 - blend)
        for name, value in (parts | {"loss": loss}).items():
            self.sums.setdefault(name, []).append(value.detach())

    def report(self, log: TextIO, hours: float, share: float) -> None:
        """Means since the last report, as a row of `losses.csv`."""
        means = {k: round(float(torch.stack(v).mean()), 4) for k, v in self.sums.items()}
        self.sums = {}
        row = {"step": self.step, "hours": round(hours, 4), "rate": round(self.rate * share, 6)} | means
        if self.rank == 0:
            csv.DictWriter(log, COLUMNS).writerow({k: row.get(k, "") for k in COLUMNS})
            log.flush()
            print(" ".join(f"{k} {v}" for k, v in row.items()), flush=True)


def train(
    data: dict[str, np.ndarray], meta: dict, out: Path, hours: float, config: Config = FULL, size: int = BATCH,
    seed: int = 1, resume: bool = False, steps: int | None = None, rate: float = RATE, training: dict | None = None,
    source: Path | None = None, fall: float = FALL,
) -> Path:  # fmt: skip
    """Train until the time (or the number of steps) is spent; returns the checkpoint."""
    out.mkdir(parents=True, exist_ok=True)
    run = Run(config, meta, out, rate, seed, training)
    if run.world > 1:
        torch.distributed.init_process_group("gloo")
    resume = resume and run.path.exists()
    if resume:
        run.restore()
    elif source:
        run.begin_from(source)
    first, before = run.step, run.hours
    torch.manual_seed(seed + first + 100_000 * run.rank)  # each process has its own dropout and windows
    stream = batches(data, meta, size, seed + first + 100_000 * run.rank)
    print(f"{parameters(run.model):,} parameters, {len(data['cells']):,} windows", flush=True)
    start = saved = time.monotonic()
    with open(os.devnull if run.rank else out / "losses.csv", "a" if resume else "w", newline="") as log:
        if not resume:
            csv.DictWriter(log, COLUMNS).writeheader()
        while True:
            passed, taken = (time.monotonic() - start) / 3600, run.step - first
            spent = taken / steps if steps else passed / hours
            finished = spent >= 1
            if run.world > 1:
                finished = taken % SYNC_STEPS == 0 and average_weights(run.model, spent >= 1)
            if run.rank == 0 and (finished or time.monotonic() - saved > SAVE_SECONDS):
                saved = time.monotonic()
                run.checkpoint(before + passed, size * run.world)
                plot(out)
            if finished:
                return run.path
            share = rate_at(taken, spent, fall)
            batch, drawn = next(stream)
            run.drawn.update(drawn)
            run.advance(batch, share, taken)
            if run.step % LOG_STEPS == 0 or taken + 1 == steps:
                run.report(log, before + passed, share)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hours", type=float, default=1.4)
    parser.add_argument("--steps", type=int, help="instead of hours")
    parser.add_argument("--batch", type=int, default=BATCH, help="windows a step and process")
    parser.add_argument("--lite", action="store_true", help="only the blocks below the exit")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from last.pt in --out")
    parser.add_argument("--from", type=Path, dest="source", help="begin with these weights (.pt or .safetensors)")
    parser.add_argument("--keep-rate", action="store_true", help="no fall of the rate at the end: the run will go on")
    parser.add_argument("--tiny", action="store_true", help="a small network on self-made data, under a minute")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.tiny:
        from tiny.make import tiny_windows

        data, meta = tiny_windows()
        train(data, meta, args.out, args.hours, TINY, 16, args.seed, steps=args.steps or 60, rate=3e-3)
        return
    meta = json.loads((args.data / "meta.json").read_text())
    data = dict(np.load(args.data / "train.npz"))
    config = replace(FULL, layers=FULL.exit, exit=0) if args.lite else FULL
    facts = {"data": {r["corpus"]: {k: r[k] for k in ("files", "bars")} for r in meta["table"]}}
    train(
        data, meta, args.out, args.hours, config, args.batch, args.seed, args.resume, args.steps, args.rate, facts,
        args.source, 0.0 if args.keep_rate else FALL,
    )  # fmt: skip


if __name__ == "__main__":
    main()
