"""Write music with a checkpoint in Python, to look at and to measure; the engine has its own sampler.

    python models/sample.py --checkpoint runs/lite/last.pt --data runs/data --out runs/takes

Iterative unmasking (MaskGIT) in 12 passes, chords first, then harmony and bass, melody, counter and
drums, each stem by its own quota; temperature and top-p per stem, onsets biased so that committed and
expected notes together meet a target; a hold never follows a rest.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import evaluate
import export_onnx
import tokens as T

PASSES = 12
ORDER = ("chords", "harmony", "bass", "melody", "counter", "drums")
LEAD = 0.12  # share of the schedule by which each stem in the order starts later
TEMPERATURE, TOP_P = 0.95, 0.95


def top_p(p: np.ndarray, limit: float) -> np.ndarray:
    """Keep the likeliest ids that together hold `limit` of the mass."""
    order = np.argsort(-p, axis=-1)
    sorted_p = np.take_along_axis(p, order, -1)
    keep = np.cumsum(sorted_p, -1) - sorted_p < limit
    kept = np.where(keep, sorted_p, 0)
    result = np.zeros_like(p)
    np.put_along_axis(result, order, kept / kept.sum(-1, keepdims=True), -1)
    return result


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def biased(logits: np.ndarray, wanted: float) -> np.ndarray:
    """Shift the onset logits so that the expected number of onsets is `wanted`."""
    low, high = -12.0, 12.0
    for _ in range(20):
        bias = (low + high) / 2
        shifted = logits.copy()
        shifted[:, T.ONSET :] += bias
        low, high = (bias, high) if softmax(shifted)[:, T.ONSET :].sum() < wanted else (low, bias)
    return shifted


def sample(
    run, cells, chords, bars, hidden: dict, rng: np.random.Generator, targets: dict | None = None, passes: int = PASSES
) -> tuple[np.ndarray, np.ndarray]:
    """Fill the hidden cells of one window; `targets` are onsets per pitched lane in the hidden cells."""
    cells, chords = cells.astype(np.int32).copy(), chords.astype(np.int32).copy()
    open_cells, open_chords = hidden["cells"].copy(), hidden["chords"].copy()
    cells = np.where(open_cells, T.MASK_IDS, cells)
    cells[:, T.OCTAVE] = np.where(open_cells[:, T.HARMONY], T.MASK_IDS[T.OCTAVE], cells[:, T.OCTAVE])
    first = {lane: int(open_cells[:, lane].sum()) for lane in range(8)}
    for step in range(passes):
        tokens = evaluate.ngram.expand(open_chords[None], chords[None])[0] & (chords != T.CHORD_ABSENT)
        shown = np.where(tokens, T.CHORD_MASK, chords).astype(np.int32)
        out = run(cells[None].astype(np.int32), shown[None], bars[None].astype(np.int32))
        logits, chord_logits = np.asarray(out[0][0]), np.asarray(out[1][0])
        done = (step + 1) / passes
        for rank, stem in enumerate(ORDER):
            begin = LEAD * rank / 2
            part = np.clip((done - begin) / (1 - LEAD * (len(ORDER) - 1 - rank) / 2 - begin), 0, 1)
            stay = 0.0 if part >= 1 else float(np.cos(np.pi / 2 * part))
            if stem == "chords":
                _chords(rng, chords, open_chords, chord_logits, stay, hidden["chords"])
                continue
            for lane in T.STEM_LANES[stem]:
                if lane != T.OCTAVE:
                    _lane(rng, cells, open_cells, logits, lane, int(round(stay * first[lane])), targets)
    _repair(cells, hidden["cells"])
    return cells, chords


def _chords(rng, chords, open_chords, logits, stay, hidden) -> None:
    bars = chords.reshape(T.BARS, 8)
    rows = np.argwhere(open_chords)
    if not len(rows):
        return
    scored = []
    for bar, half in rows:
        three = (bars[bar, 6:] == T.CHORD_ABSENT).all()
        start = 0 if half == 0 else 3 if three else 4
        stop = (3 if half == 0 else 6) if three else (4 if half == 0 else 8)
        p = top_p(softmax(logits[bar * 8 + start : bar * 8 + stop].mean(0) / TEMPERATURE), TOP_P)
        pick = rng.choice(len(p), p=p)
        scored.append((np.log(p[pick]) + rng.gumbel() * stay, bar, half, start, stop, pick))
    scored.sort(key=lambda row: -row[0])
    keep = int(round(stay * hidden.sum()))
    for _, bar, half, start, stop, pick in scored[: max(len(scored) - keep, 0)]:
        bars[bar, start:stop] = pick
        open_chords[bar, half] = False


def _lane(rng, cells, open_cells, logits, lane, stay: int, targets) -> None:
    where = np.flatnonzero(open_cells[:, lane])
    if len(where) <= stay:
        return
    start, size = T.LANE_OFFSETS[lane], T.LANE_SIZES[lane]
    raw = logits[where, start : start + size] / TEMPERATURE
    if targets and lane in targets:
        have = ((cells[:, lane] >= T.ONSET) & (cells[:, lane] < size) & targets["where"][:, lane]).sum()
        raw = biased(raw, max(float(targets[lane] - have), 0.0))
    p = top_p(softmax(raw), TOP_P)
    pick = np.array([rng.choice(size, p=row) for row in p])
    sure = np.log(p[np.arange(len(pick)), pick]) + rng.gumbel(size=len(pick)) * stay / max(len(where), 1)
    for i in np.argsort(-sure)[: len(where) - stay]:
        slot = where[i]
        cells[slot, lane] = pick[i]
        open_cells[slot, lane] = False
        if lane == T.HARMONY:
            octave = logits[slot, T.LANE_OFFSETS[T.OCTAVE] :][:5]
            cells[slot, T.OCTAVE] = rng.choice(5, p=softmax(octave)) if pick[i] >= T.ONSET else T.ABSENT_IDS[T.OCTAVE]


def _repair(cells: np.ndarray, hidden: np.ndarray) -> None:
    for lane in (T.MELODY, T.COUNTER, T.HARMONY, T.BASS):
        last = T.HOLD
        for slot in range(T.CELLS):
            value = cells[slot, lane]
            if value > T.MASK_IDS[lane]:
                continue
            if value == T.HOLD and last == T.REST and hidden[slot, lane]:
                cells[slot, lane] = value = T.REST
            last = value


def main() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from samples import roll

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, default=Path("runs/takes"))
    parser.add_argument("--count", type=int, default=3, help="windows a group")
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    model, state = export_onnx.load_checkpoint(args.checkpoint)
    meta = json.loads((args.data / "meta.json").read_text())
    data = dict(np.load(args.data / "heldout.npz"))
    table = T.VoicingTable(state["voicings"])
    rng = np.random.default_rng(args.seed)
    run = evaluate.torch_runner(model)
    for group, which in evaluate.choose(data, meta["corpora"]).items():
        which = rng.choice(which[data["count"][which] == T.BARS], args.count, replace=False)
        figure, axes = plt.subplots(2 * args.count, 1, figsize=(24, 7 * args.count))
        for k, i in enumerate(which):
            cells, chords, bars = data["cells"][i], data["chords"][i], data["bars"][i]
            inside = (np.arange(T.CELLS) >= 64) & (np.arange(T.CELLS) < 192)
            hidden = inside[:, None] & (cells != T.ABSENT_IDS)
            half = np.repeat(inside.reshape(T.BARS, T.SLOTS)[:, :1], 2, axis=1)
            half &= chords.reshape(T.BARS, 8)[:, :1] != T.CHORD_ABSENT
            with torch.no_grad():
                new, new_chords = sample(run, cells, chords, bars, {"cells": hidden, "chords": half}, rng)
            name = meta["pieces"][data["piece"][i]]["name"]
            roll(axes[2 * k], cells, chords, bars, int(data["tonic"][i]), table)
            roll(axes[2 * k + 1], new, new_chords, bars, int(data["tonic"][i]), table)
            axes[2 * k].set_title(f"{name}: as written", fontsize=8)
            axes[2 * k + 1].set_title("bars 5-12 written by the network", fontsize=8)
        figure.tight_layout()
        figure.savefig(args.out / f"{group}.png", dpi=50)
        plt.close(figure)


if __name__ == "__main__":
    main()
