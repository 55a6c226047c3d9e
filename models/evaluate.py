"""Figures on held-out works beside an n-gram that was fitted on the same training windows.

    python models/evaluate.py --data runs/data --checkpoint runs/lite/last.pt \
        --ngram runs/ngram.pkl --out models/shipped/lite

Definition: nats per hidden cell when a random share (15 or 50 %) of all present cells and of the half
bars' chords is hidden at once, in windows of 16 bars of works that training never saw. Drums add the
nats of their three lanes per slot (three tokens of a slot need not all be hidden: the sum of the three
lanes' means). `with labels` gives the 18 conditions, `no labels` only the meter. Intervals are 95 %
bootstraps over pieces. Corpora are grouped into score, game and groove.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import corpora
import export_onnx
import masks
import ngram
import tokens as T

GROUPS = {"score": corpora.SCORES, "game": corpora.GAME, "groove": ("groove",)}
MOST = {"score": 480, "game": 400, "groove": 240}  # windows a group
RATES = (0.15, 0.5)
ROUNDS = 1000  # bootstrap samples
GOAL = 0.75  # of the n-gram at 15 % without labels (design goal); elsewhere the n-gram itself
STEM_NAMES = (*T.STEMS, "chords")


def random_mask(cells: np.ndarray, chords: np.ndarray, rate: float, rng: np.random.Generator) -> dict:
    """`cells` (n, 256, 8) and `chords` (n, 16, 2 half bars): True where hidden; the octave goes with the harmony."""
    hidden = (rng.random(cells.shape) < rate) & (cells != T.ABSENT_IDS)
    hidden[..., T.OCTAVE] = hidden[..., T.HARMONY] & (cells[..., T.OCTAVE] != T.ABSENT_IDS[T.OCTAVE])
    half = (rng.random((len(cells), T.BARS, 2)) < rate) & (chords.reshape(-1, T.BARS, 8)[:, :, :1] != T.CHORD_ABSENT)
    return {"cells": hidden, "chords": half}


def cell_nats(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Nats of each target id under its logits."""
    return F.cross_entropy(logits.float(), target.long(), reduction="none")


def interval(totals: np.ndarray, counts: np.ndarray, groups: np.ndarray, seed: int = 3) -> tuple[float, float]:
    """95 % bootstrap interval of sum(totals) / sum(counts), drawing whole groups (pieces)."""
    _, index = np.unique(groups, return_inverse=True)
    total = np.bincount(index, totals)
    count = np.bincount(index, counts)
    rng = np.random.default_rng(seed)
    draw = rng.integers(0, len(total), (ROUNDS, len(total)))
    means = total[draw].sum(1) / np.maximum(count[draw].sum(1), 1e-9)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def choose(data: dict[str, np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    """Windows of each group, spread evenly over what is held out, overlaps halved."""
    result = {}
    for group, members in GROUPS.items():
        which = np.flatnonzero(np.isin(data["corpus"], [names.index(m) for m in members]) & (data["count"] >= 4))
        which = which[data["start"][which] % 8 == 0]
        step = max(len(which) / MOST[group], 1)
        result[group] = which[np.unique((np.arange(int(len(which) / step)) * step).astype(int))]
    return result


@torch.no_grad()
def model_nats(run, cells, chords, bars, hidden, labels: bool, batch: int = 16) -> dict[str, dict[str, np.ndarray]]:
    """Per lane and for chords: nats of hidden cells and their windows. `run` maps three int32 arrays to logits."""
    found: dict[str, list] = {name: [] for name in ngram.NAMES}
    conditions = bars.astype(np.int32).copy()
    if not labels:
        conditions[:, :, 1:] = T.CONDITION_UNKNOWN[1:]
    half = ngram.expand(hidden["chords"], chords) & (chords != T.CHORD_ABSENT)
    shown_chords = np.where(half, T.CHORD_MASK, chords).astype(np.int32)
    shown = masks.apply(cells.astype(np.int32), hidden["cells"]).astype(np.int32)
    for at in range(0, len(cells), batch):
        piece = slice(at, at + batch)
        out = run(shown[piece], shown_chords[piece], conditions[piece])
        logits, chord_logits = torch.as_tensor(out[0]), torch.as_tensor(out[1])
        for lane, ((name, size), start) in enumerate(zip(T.LANES, T.LANE_OFFSETS, strict=True)):
            where = hidden["cells"][piece][..., lane]
            nats = cell_nats(logits[..., start : start + size][torch.from_numpy(where)],
                             torch.from_numpy(cells[piece][..., lane][where].astype(np.int64)))  # fmt: skip
            found[name].append((nats.numpy(), np.nonzero(where)[0] + at))
        first = _first_tokens(half[piece], chords[piece])
        nats = cell_nats(chord_logits[torch.from_numpy(first)],
                         torch.from_numpy(chords[piece][first].astype(np.int64)))  # fmt: skip
        found["chords"].append((nats.numpy(), np.nonzero(first)[0] + at))
    return {
        n: {"nats": np.concatenate([a for a, _ in rows]), "window": np.concatenate([w for _, w in rows])}
        for n, rows in found.items()
    }


def _first_tokens(half: np.ndarray, chords: np.ndarray) -> np.ndarray:
    """True at the first token of every hidden half bar, so that a half bar counts once."""
    n = len(half)
    three = (chords.reshape(n, T.BARS, 8)[:, :, 6] == T.CHORD_ABSENT)[..., None]
    place = np.arange(8)
    return half & ((place == 0) | (place == np.where(three, 3, 4))).reshape(n, T.TOKENS)


def stem_rows(found: dict, pieces: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Mean and interval per stem; drums are the sum of three lanes, harmony its voicing lane."""
    rows = {}
    for stem in STEM_NAMES:
        lanes = ["chords"] if stem == "chords" else [T.LANES[i][0] for i in T.STEM_LANES[stem] if i != T.OCTAVE]
        use = [found[n] for n in lanes if n in found and len(found[n]["nats"])]
        if not use:
            continue
        weight = [len(u["nats"]) / max(len(use[0]["nats"]), 1) for u in use]
        mean = sum(u["nats"].mean() for u in use)
        totals = np.concatenate([u["nats"] / w for u, w in zip(use, weight, strict=True)])
        counts = np.concatenate([np.ones(len(use[0]["nats"])), *(np.zeros(len(u["nats"])) for u in use[1:])])
        where = np.concatenate([pieces[u["window"]] for u in use])
        rows[stem] = (float(mean), *interval(totals, counts, where))
    return rows


def torch_runner(model):
    """A function of numpy inputs for a PyTorch network."""
    return lambda *inputs: model(*(torch.from_numpy(np.ascontiguousarray(i)) for i in inputs))


def onnx_runner(path: Path):
    """The same for an exported file, one window at a time (its shapes are static)."""
    session = export_onnx.session(path)

    def run(*inputs):
        outs = [
            session.run(None, {k: v[i : i + 1] for k, v in zip(export_onnx.INPUTS, inputs, strict=True)})
            for i in range(len(inputs[0]))
        ]
        return [np.concatenate([o[j] for o in outs]) for j in range(2)]

    return run


def table(model, data, meta, baselines: dict, seed: int = 9) -> list[dict]:
    """All rows: group x rate x labels x stem."""
    rows = []
    for group, which in choose(data, meta["corpora"]).items():
        if not len(which):
            continue
        cells, chords, bars = data["cells"][which], data["chords"][which], data["bars"][which]
        pieces = data["piece"][which]
        for rate in RATES:
            hidden = random_mask(cells, chords, rate, np.random.default_rng(seed))
            rival: dict[str, float] = {}
            for baseline in (baselines.get(("all", rate)), baselines.get((group, rate))):
                if baseline is None:
                    continue
                found = {n: ngram.nats(baseline, n, cells, chords, hidden) for n in ngram.NAMES if n in baseline}
                for stem, (mean, *_) in stem_rows(found, pieces).items():
                    rival[stem] = min(mean, rival.get(stem, mean))  # the better of the two n-grams
            for labels in (False, True):
                found = model_nats(torch_runner(model), cells, chords, bars, hidden, labels)
                for stem, (mean, low, high) in stem_rows(found, pieces).items():
                    base = rival.get(stem)
                    goal = None if base is None else base * (GOAL if rate == 0.15 and not labels else 1.0)
                    rows.append({
                        "metric": f"masked NLL, {group}, {rate:.0%} hidden, {'with' if labels else 'no'} labels",
                        "group": group, "rate": rate, "labels": labels, "stem": stem, "unit": "nats a cell",
                        "value": round(mean, 4), "low": round(low, 4), "high": round(high, 4), "heldout": None,
                        "baseline": None if base is None else round(base, 4),
                        "below": None if base is None else round(1 - mean / base, 4),
                        "goal": None if goal is None else round(goal, 4),
                        "met": None if goal is None else bool(mean <= goal),
                        "windows": len(which), "pieces": len(np.unique(pieces)),
                    })  # fmt: skip
                    print_row(rows[-1])
    return rows


def print_row(row: dict) -> None:
    base = "-" if row["baseline"] is None else f"{row['baseline']:.3f} ({row['below']:+.1%} below)"
    print(f"{row['metric']:48} {row['stem']:8} {row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]  n-gram {base}"
          f"  goal {'-' if row['goal'] is None else format(row['goal'], '.3f')} {'met' if row['met'] else 'not met'}",
          flush=True)  # fmt: skip


def quantised(model, out: Path, data, meta, seed: int = 9, windows: int = 48) -> list[dict]:
    """What int8 costs: mean nats of all lanes at 15 % without labels, fp32 against the shipped files."""
    rows = []
    which = np.concatenate([w[:: max(len(w) // (windows // 3), 1)] for w in choose(data, meta["corpora"]).values()])
    cells, chords, bars = data["cells"][which], data["chords"][which], data["bars"][which]
    hidden = random_mask(cells, chords, 0.15, np.random.default_rng(seed))
    exact = model_nats(torch_runner(model), cells, chords, bars, hidden, False)
    before = np.concatenate([f["nats"] for f in exact.values()]).mean()
    for kind, name in (("wasm", "model.int8.onnx"), ("webgpu", "model.webgpu.onnx")):
        if not (out / name).exists():
            continue
        found = model_nats(onnx_runner(out / name), cells, chords, bars, hidden, False)
        after = np.concatenate([f["nats"] for f in found.values()]).mean()
        rows.append({
            "metric": f"nats lost by int8, {kind} file, 15% hidden, no labels", "stem": "all lanes",
            "value": round(float(after - before), 5), "low": None, "high": None, "heldout": None,
            "baseline": round(float(before), 4), "goal": 0.01, "met": bool(after - before <= 0.01),
            "windows": len(which),
        })  # fmt: skip
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--ngram", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, state = export_onnx.load_checkpoint(args.checkpoint)
    meta = json.loads((args.data / "meta.json").read_text())
    data = dict(np.load(args.data / "heldout.npz"))
    baselines = pickle.loads(args.ngram.read_bytes()) if args.ngram else {}
    rows = table(model, data, meta, baselines) + quantised(model, args.out, data, meta)
    works = {p["work"] for p in meta["pieces"] if p["heldout"]}
    result = {
        "model": {"parameters": export_onnx.parameters(model), "training": state["training"]},
        "data": {"held_out_works": len(works), "held_out_windows": len(data["cells"]), "windows": "16 bars"},
        "rows": rows,
    }
    export_onnx.write_json(args.out / "evaluation.json", result)
    first = [r for r in rows if r.get("rate") == 0.15 and not r.get("labels") and r.get("baseline")]
    print(f"goal (25 % below at 15 % without labels) met in {sum(r['met'] for r in first)} of {len(first)} rows; "
          f"below the n-gram in {sum(r['value'] < r['baseline'] for r in first)}")  # fmt: skip


if __name__ == "__main__":
    main()
