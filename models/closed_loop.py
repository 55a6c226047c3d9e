"""A few figures of written music: bars 5-12 of held-out windows rewritten in 12 passes, beside the originals.

    python models/closed_loop.py --checkpoint runs/lite/last.pt --data runs/data --out models/shipped/lite

Adds rows to `evaluation.json` (`chain: true`; `heldout` is the same statistic of the original bars):
onsets a bar, share of bars equal to the one before, share of melody notes on beats that are chord
tones, share of notes inside the mode's scale, and the rank correlation of asked intensity with written
onsets. They are gates, not goals: music that is no music can meet them. The sampler is `sample.py`
without density targets, not the engine's.
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
from harmony import SCALES
from sample import sample

FIRST, LAST = 4, 12  # bars that are rewritten
LEVELS = (0, 2, 5, 7)  # intensities asked for


def span(cells: np.ndarray, chords: np.ndarray) -> dict:
    """What is hidden: all present cells and chords of the bars to write."""
    inside = np.zeros(T.BARS, bool)
    inside[FIRST:LAST] = True
    hidden = np.repeat(inside, T.SLOTS)[:, None] & (cells != T.ABSENT_IDS)
    half = inside[:, None] & (chords.reshape(T.BARS, 8)[:, :1] != T.CHORD_ABSENT)
    return {"cells": hidden, "chords": np.repeat(half, 2, axis=1)}


def bars(cells: np.ndarray, lane: int) -> np.ndarray:
    return cells[:, lane].reshape(T.BARS, T.SLOTS)


def onsets(cells: np.ndarray, stem: str) -> float | None:
    """Mean onsets (drums: slots with a hit) of the written bars where the stem is present."""
    lanes = [i for i in T.STEM_LANES[stem] if i != T.OCTAVE]
    first = 1 if stem == "drums" else T.ONSET
    block = np.stack([bars(cells, i)[FIRST:LAST] for i in lanes], -1)
    limit = np.array([T.LANE_SIZES[i] for i in lanes])
    present = (block < limit).any((1, 2))
    hits = ((block >= first) & (block < limit)).any(2).sum(1)
    return float(hits[present].mean()) if present.any() else None


def repeats(cells: np.ndarray, stem: str) -> float | None:
    """Share of written, not silent bars that equal the bar before."""
    lanes = [i for i in T.STEM_LANES[stem] if i != T.OCTAVE]
    block = np.stack([bars(cells, i) for i in lanes], -1)
    quiet = 0 if stem == "drums" else T.REST
    found = [
        bool((block[i] == block[i - 1]).all())
        for i in range(FIRST, LAST)
        if ((block[i] != quiet) & (block[i] < [T.LANE_SIZES[k] for k in lanes])).any()
    ]
    return float(np.mean(found)) if found else None


def pitch_fit(cells: np.ndarray, chords: np.ndarray, conditions: np.ndarray) -> tuple[float | None, float | None]:
    """Chord tones among the melody's onsets on beats, and scale notes among all melody and bass onsets."""
    tone, scale = [], []
    for slot in range(FIRST * T.SLOTS, LAST * T.SLOTS):
        meter, mode = (int(x) for x in conditions[slot // T.SLOTS, :2])
        for lane in (T.MELODY, T.BASS):
            cell = int(cells[slot, lane])
            if not T.ONSET <= cell < T.LANE_SIZES[lane]:
                continue
            degree = (T.LANE_RANGE[lane][0] + cell - T.ONSET) % 12
            if mode in SCALES:
                scale.append(degree in SCALES[mode])
            beat = meter < T.METER_ABSENT and slot % T.SLOTS % T.METER_SLOTS_PER_BEAT[meter] == 0
            chord = int(chords[slot // 2])
            if lane == T.MELODY and beat and chord < T.NO_CHORD:
                tone.append(degree in T.chord_tones(chord))
    return (float(np.mean(tone)) if tone else None), (float(np.mean(scale)) if scale else None)


def measure(cells, chords, conditions) -> dict[tuple[str, str], float]:
    found = {}
    for stem in T.STEMS:
        found["onsets a bar", stem] = onsets(cells, stem)
        if stem in ("melody", "bass", "drums"):
            found["bar equal to the one before", stem] = repeats(cells, stem)
    found["chord tones on beats", "melody"], found["notes of the scale", "melody and bass"] = pitch_fit(
        cells, chords, conditions
    )
    return {k: v for k, v in found.items() if v is not None}


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(x)).astype(float) for x in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1]) if a.std() and b.std() else 0.0


def rows(model, data, meta, count: int, seed: int = 6) -> list[dict]:
    """All rows over `count` full windows of score and of game music."""
    run = evaluate.torch_runner(model)
    rng = np.random.default_rng(seed)
    result = []
    for group, which in evaluate.choose(data, meta["corpora"]).items():
        if group == "groove":
            continue
        full = which[data["count"][which] == T.BARS]
        chosen = rng.choice(full, min(count, len(full)), replace=False)
        pairs: dict[tuple[str, str], list] = {}
        for i in chosen:
            cells, chords, labels = data["cells"][i], data["chords"][i], data["bars"][i]
            with torch.no_grad():
                new, new_chords = sample(run, cells, chords, labels, span(cells, chords), rng)
            real = measure(cells, chords, labels)
            for key, value in measure(new, new_chords, labels).items():
                if key in real:
                    pairs.setdefault(key, []).append((value, real[key]))
        for (metric, stem), values in pairs.items():
            mean = np.mean(values, axis=0)
            name = f"{metric}, {group}, written"
            result.append(row(name, stem, mean[0], round(float(mean[1]), 3), len(values)))
        control = [_intensity(run, data, i, rng) for i in chosen[: max(count // 4, 1)]]
        name = f"intensity asked against onsets written (Spearman, levels {LEVELS}), {group}"
        result.append(row(name, "all", np.mean(control), None, len(control)))
    return result


def _intensity(run, data, index: int, rng) -> float:
    cells, chords, labels = data["cells"][index], data["chords"][index], data["bars"][index]
    counts = []
    for level in LEVELS:
        asked = labels.copy()
        free = slice(T.C_DENSITY, T.C_DENSITY + 5)
        asked[FIRST:LAST, free] = T.CONDITION_UNKNOWN[free]
        asked[FIRST:LAST, T.C_AROUSAL] = T.CONDITION_UNKNOWN[T.C_AROUSAL]
        asked[FIRST:LAST, T.C_INTENSITY] = level
        with torch.no_grad():
            new, _ = sample(run, cells, chords, asked, span(cells, chords), rng)
        counts.append(sum(onsets(new, s) or 0.0 for s in T.STEMS))
    return spearman(np.array(LEVELS), np.array(counts))


def row(metric: str, stem: str, value: float, heldout: float | None, windows: int) -> dict:
    return {
        "metric": metric,
        "stem": stem,
        "value": round(float(value), 3),
        "low": None,
        "high": None,
        "heldout": heldout,
        "baseline": None,
        "goal": None,
        "met": None,
        "windows": windows,
        "chain": True,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=32, help="windows a group")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, _ = export_onnx.load_checkpoint(args.checkpoint)
    meta = json.loads((args.data / "meta.json").read_text())
    found = rows(model, dict(np.load(args.data / "heldout.npz")), meta, args.count)
    for r in found:
        print(f"{r['metric']:70} {r['stem']:16} {r['value']:.3f}  held-out {r['heldout']}")
    path = args.out / "evaluation.json"
    result = json.loads(path.read_text())
    result["rows"] = [r for r in result["rows"] if not r.get("chain")] + found
    export_onnx.write_json(path, result)


if __name__ == "__main__":
    main()
