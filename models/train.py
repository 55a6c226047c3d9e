"""Train one network on prepared windows, resumably and to a set time.

    python models/train.py --data runs/data --out runs/lite --hours 1.4
    python models/train.py --data runs/data --out runs/lite --hours 0.5 --resume   # goes on from last.pt
    torchrun --nproc-per-node 2 models/train.py --data runs/data --out runs/lite --hours 1.4 --threads 1
    python models/train.py --tiny --out runs/tiny                                  # under a minute, own data

The learning rate follows the share of the time that is spent (cosine after a warm-up), so a run
ends annealed whatever the machine is worth. Under torchrun every process trains on its own windows
with one thread and the weights are averaged every few steps (local SGD): on a busy machine that
loses far less to waiting than the threads of one process do. Writes `last.pt` (atomically, every few minutes),
`losses.csv` (nats per masked cell and stem) and `losses.png`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))

import corpora
import masks
import tokens as T
from model import LITE, TINY, Attacca, parameters

BATCH = 32  # windows a step; under a fixed time the steps count for more than the size of the batch
RATE = 2e-3  # peak; after 100 steps Muon stood at 11.56 where AdamW alone (1.5e-3) stood at 12.35
TABLE_RATE = 5.0  # of the rate, for the attention biases
FLOOR = 0.03  # of the peak at the end
WARM_UP = 100  # steps
DECAY = 0.05
CLIP = 1.0
AVERAGE = 0.998  # EMA; about 500 steps, shorter at the start
GAME_SHARE = 0.40  # of the windows: game music and Groove together
SYNTHETIC_DRUMS = 0.10  # of score windows in 4/4 get Groove bars as drums (training only)
SAVE_SECONDS, LOG_STEPS = 180, 50
SYNC_STEPS = 4  # steps between averages of the processes' weights
EXPRESSION_WEIGHT = 0.05  # velocity and timing are read once, on the last pass
STEM_WEIGHTS = {"melody": 1.0, "counter": 1.0, "harmony": 1.0, "bass": 1.0, "drums": 1.0, "chords": 1.0}


class Windows:
    """Prepared windows in memory and the sampler over them."""

    def __init__(self, data: dict[str, np.ndarray], names: list[str], seed: int) -> None:
        self.data = data
        self.rng = np.random.default_rng(seed)
        corpus, style = data["corpus"], data["style"]
        game = np.isin(corpus, [i for i, n in enumerate(names) if n in corpora.GAME])
        drums = style == T.STYLES.index("groove")
        weight = np.zeros(len(corpus))
        for block, share in ((game | drums, GAME_SHARE), (~(game | drums), 1 - GAME_SHARE)):
            keys = np.unique(np.stack([corpus, style], 1)[block], axis=0) if block.any() else []
            for c, s in keys:
                here = block & (corpus == c) & (style == s)
                weight[here] = np.sqrt(here.sum()) / here.sum()  # each corpus and style by square root
            if block.any():
                weight[block] *= share / weight[block].sum()
        weight *= 0.25 + 0.75 * data["count"] / T.BARS  # short pieces cost as much and teach less
        self.cumulative = np.cumsum(weight / weight.sum())
        full = drums & (data["count"] >= 4) & (data["bars"][:, 0, T.C_METER] == 0)
        self.groove = np.flatnonzero(full)

    def batch(self, size: int) -> dict[str, np.ndarray]:
        """Inputs, targets and masks of `size` windows."""
        rng = self.rng
        index = np.searchsorted(self.cumulative, rng.random(size)).clip(0, len(self.cumulative) - 1)
        take = {k: self.data[k][index] for k in ("cells", "chords", "bars", "velocity", "timing", "count")}
        cells, chords, bars = (take[k].astype(np.int32) for k in ("cells", "chords", "bars"))
        self._synthetic_drums(cells, bars)
        target = masks.target_bars(rng, take["count"].astype(int))
        masks.make_absent(rng, cells, chords, bars, target)
        hidden = masks.hide(rng, cells, target)
        hidden_chords = masks.hide_chords(rng, chords, target)
        return {
            "cells": masks.apply(cells, hidden).astype(np.int32),
            "chords": np.where(hidden_chords, T.CHORD_MASK, chords).astype(np.int32),
            "bars": masks.drop_conditions(rng, bars).astype(np.int32),
            "target": cells, "hidden": hidden, "target_chords": chords, "hidden_chords": hidden_chords,
            "velocity": take["velocity"], "timing": take["timing"],
        }  # fmt: skip

    def _synthetic_drums(self, cells: np.ndarray, bars: np.ndarray) -> None:
        if not len(self.groove):
            return
        lanes = [T.LOW, T.HIGH, T.PERC]
        for i in range(len(cells)):
            plain = (bars[i, :, T.C_METER] % 4 == 0).all() and (cells[i][:, lanes] == T.ABSENT_IDS[lanes]).all()
            if not plain or self.rng.random() > SYNTHETIC_DRUMS:
                continue
            other = self.groove[self.rng.integers(len(self.groove))]
            there = bars[i, :, T.C_METER] == 0
            source = np.arange(T.BARS) % max(int(self.data["count"][other]) // 4 * 4, 4)
            drums = self.data["cells"][other].reshape(T.BARS, T.SLOTS, 8)[source][:, :, lanes]
            cells.reshape(-1, T.BARS, T.SLOTS, 8)[i][np.ix_(there, range(T.SLOTS), lanes)] = drums[there]
            bars[i, there, T.C_DENSITY + 4] = self.data["bars"][other][source][there, T.C_DENSITY + 4]


def losses(model: Attacca, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Training loss and nats per masked cell of every stem (drums: three lanes of a slot added)."""
    cells, chords, expression = model(batch["cells"], batch["chords"], batch["bars"])
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


def rate_at(step: int, spent: float) -> float:
    """Share of the peak rate: linear warm-up in steps, cosine in the share of the time that is spent."""
    cosine = FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * min(spent, 1.0)))
    return min(1.0, (step + 1) / WARM_UP) * cosine


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
        torch.optim.Muon(matrices, lr=rate, weight_decay=DECAY, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
    ]


def average_weights(model: Attacca, finished: bool) -> bool:
    """Mean of all processes' weights, in place; True when any of them has spent its time."""
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    flat = torch.cat([flat, torch.tensor([float(finished)])])
    torch.distributed.all_reduce(flat)
    with torch.no_grad():
        torch.nn.utils.vector_to_parameters(flat[:-1] / torch.distributed.get_world_size(), model.parameters())
    return bool(flat[-1] > 0)


def save(path: Path, state: dict) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


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


COLUMNS = ("step", "hours", "rate", "loss", *T.STEMS, "octave", "chords", "velocity", "timing")


def train(
    data: dict[str, np.ndarray], meta: dict, out: Path, hours: float, config=LITE, size: int = BATCH, seed: int = 1,
    resume: bool = False, steps: int | None = None, rate: float = RATE, training: dict | None = None,
) -> Path:  # fmt: skip
    """Train until the time (or the number of steps) is spent; returns the checkpoint."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if world > 1:
        torch.distributed.init_process_group("gloo")
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    model = Attacca(config).train()
    optimisers = make_optimisers(model, rate)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    step, before, path = 0, 0.0, out / "last.pt"
    if resume and path.exists():
        state = torch.load(path, map_location="cpu", weights_only=False)
        model.load_state_dict(state["model"])
        for optimiser, saved_state in zip(optimisers, state.get("optimisers", optimisers), strict=True):
            if saved_state is optimiser:  # weights only: start the averages of the gradients anew
                continue
            optimiser.load_state_dict(saved_state)
        average, step, before = state["ema"], state["step"], state["hours"]
    windows = Windows(data, meta["corpora"], seed + step + 100_000 * rank)
    torch.manual_seed(seed + step + 100_000 * rank)  # dropout differs too
    fresh = not (out / "losses.csv").exists() or not resume
    log = open(os.devnull if rank else out / "losses.csv", "w" if fresh else "a", newline="")
    writer = csv.DictWriter(log, COLUMNS)
    if fresh:
        writer.writeheader()
    start = saved = time.monotonic()
    sums: dict[str, list[float]] = {}
    print(f"{parameters(model):,} parameters, {len(data['cells']):,} windows", flush=True)
    first = step
    while True:
        passed = (time.monotonic() - start) / 3600
        spent = (step - first) / steps if steps else passed / hours
        finished = spent >= 1
        if world > 1:
            finished = (step - first) % SYNC_STEPS == 0 and average_weights(model, spent >= 1)
        if rank == 0 and (finished or time.monotonic() - saved > SAVE_SECONDS):
            saved = time.monotonic()
            facts = (training or {}) | {"steps": step, "hours": round(before + passed, 3), "seed": seed}
            facts |= {"batch": size * world}
            state = {"model": model.state_dict(), "ema": average, "step": step, "hours": before + passed}
            state["optimisers"] = [o.state_dict() for o in optimisers]
            save(path, state | {"config": config.as_dict(), "voicings": meta["voicings"], "training": facts})
            if log.tell() > 200:
                plot(out)
        if finished:
            break
        share = rate_at(step - first, spent)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * share * group.get("scale", 1.0)
        batch = to_tensors(windows.batch(size))
        with torch.autocast("cpu", torch.bfloat16):
            loss, parts = losses(model, batch)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        blend = min(AVERAGE, (1 + step - first) / (10 + step - first))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                average[name].lerp_(value, 1 - blend) if value.is_floating_point() else average[name].copy_(value)
        for name, value in (parts | {"loss": loss}).items():
            sums.setdefault(name, []).append(float(value.detach()))
        if step % LOG_STEPS == 0 or (steps and step == first + steps):
            means = {k: round(float(np.mean(v)), 4) for k, v in sums.items()}
            sums = {}
            if rank:
                continue
            row = {"step": step, "hours": round(before + passed, 4), "rate": round(rate * share, 6)} | means
            writer.writerow({k: row.get(k, "") for k in COLUMNS})
            log.flush()
            print(" ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    log.close()
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hours", type=float, default=1.4)
    parser.add_argument("--steps", type=int, help="instead of hours")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
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
    facts = {"data": {r["corpus"]: {k: r[k] for k in ("files", "bars")} for r in meta["table"]}}
    train(data, meta, args.out, args.hours, LITE, BATCH, args.seed, args.resume, args.steps, args.rate, facts)


if __name__ == "__main__":
    main()
