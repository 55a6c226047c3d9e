"""Nats on held-out works: the network beside an n-gram that was fitted on windows of the same training works.

    rows = table(model, data, meta, baselines) + chain(model, data, meta, baselines)

Two definitions, both in nats per hidden cell of 16-bar windows of works that training never saw.

Masked (`table`): a random share (15 or 50 %) of all present cells and of the half bars' chords is hidden at once.

Joint 12-pass chain (`chain`): everything in bars 5-12 is hidden, chords too, and the true values are revealed in 12
groups in the sampler's order (`reveal.py`). A group's nats are counted given all earlier groups, so that the sum
over the groups is the nats of the passage as the sampler factors it: cells of one group count as independent. The
n-gram goes through the same groups.

Drums add the nats of their three lanes per slot (three tokens of a slot need not all be hidden: the sum of the three
lanes' means). `with labels` gives the 18 conditions, `no labels` only the meter. Intervals are 95 % bootstraps over
pieces. Groups are score, game, groove and own files; the rival of a row is the best n-gram of those fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import corpora
import export_onnx
import masks
import ngram
import reveal
import tokens as T
from ngram import random_mask
from own_folder import OWN

GROUPS = {"score": corpora.SCORES, "game": corpora.GAME, "groove": ("groove",), "own": (OWN,)}
MOST = {"score": 480, "game": 400, "groove": 240, "own": 240}  # windows a group
RATES = (0.15, 0.5)
ROUNDS = 1000  # bootstrap samples
GOAL, CHAIN_GOAL = 0.75, 0.85  # of the n-gram: at 15 % without labels, as a chain; elsewhere the n-gram itself
CHAIN_WINDOWS = 72  # a group; full size takes 3 minutes of one core for two groups
KEYS = ("cells", "chords", "bars", "piece")
STEM_NAMES = (*T.STEMS, "chords")

Run = Callable[..., Sequence]  # cells, chords, bars -> logits of cells and chords


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
    """Windows of each group that is there, spread evenly over what is held out, overlaps halved."""
    enough = data["count"] >= 4
    chosen = {g: spread(np.flatnonzero(members(data, names, g) & enough), MOST[g]) for g in GROUPS}
    return {group: which for group, which in chosen.items() if len(which)}


def members(data: dict[str, np.ndarray], names: list[str], group: str) -> np.ndarray:
    """True at the windows of a group that begin at a multiple of eight bars."""
    return np.isin(data["corpus"], [names.index(m) for m in GROUPS[group] if m in names]) & (data["start"] % 8 == 0)


def spread(which: np.ndarray, most: int) -> np.ndarray:
    """At most `most` of the indices, at even distances."""
    step = max(len(which) / most, 1)
    return which[np.unique((np.arange(int(len(which) / step)) * step).astype(int))]


@torch.no_grad()
def model_nats(
    run, cells, chords, bars, hidden: dict, labels: bool, counted: dict | None = None, batch: int = 16
) -> dict[str, dict[str, np.ndarray]]:
    """Per lane and for chords: nats of hidden cells (with `counted`: of those in it) and their windows.

    `run` maps three int32 arrays to logits.
    """
    counted = counted or hidden
    found: dict[str, list] = {name: [] for name in ngram.NAMES}
    conditions = bars.astype(np.int32).copy()
    if not labels:
        conditions[:, :, 1:] = T.CONDITION_UNKNOWN[1:]
    present = chords != T.CHORD_ABSENT
    hidden_chords = ngram.expand(hidden["chords"], chords) & present
    shown_chords = np.where(hidden_chords, T.CHORD_MASK, chords).astype(np.int32)
    asked_chords = _first_tokens(ngram.expand(counted["chords"], chords) & present, chords)
    shown = masks.apply(cells.astype(np.int32), hidden["cells"]).astype(np.int32)
    for at in range(0, len(cells), batch):
        piece = slice(at, at + batch)
        out = run(shown[piece], shown_chords[piece], conditions[piece])
        logits, chord_logits = torch.as_tensor(out[0]), torch.as_tensor(out[1])
        for lane, ((name, size), start) in enumerate(zip(T.LANES, T.LANE_OFFSETS, strict=True)):
            where = counted["cells"][piece][..., lane]
            nats = cell_nats(logits[..., start : start + size][torch.from_numpy(where)],
                             torch.from_numpy(cells[piece][..., lane][where].astype(np.int64)))  # fmt: skip
            found[name].append((nats.numpy(), np.nonzero(where)[0] + at))
        first = asked_chords[piece]
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
        return [np.concatenate(parts) for parts in zip(*outs, strict=True)]

    return run


@dataclass
class Question:
    """Windows of one group and what of them is asked: steps of what is hidden and what of that counts."""

    group: str
    windows: dict[str, np.ndarray]
    steps: list[tuple[dict, dict]]

    def of_network(self, run: Run, labels: bool) -> dict[str, dict[str, np.ndarray]]:
        arrays = [self.windows[k] for k in ("cells", "chords", "bars")]
        found = [model_nats(run, *arrays, hidden, labels, counted) for hidden, counted in self.steps]
        return {name: joined([one[name] for one in found]) for name in ngram.NAMES}

    def of_ngram(self, one: dict) -> dict[str, dict[str, np.ndarray]]:
        arrays = [self.windows[k] for k in ("cells", "chords")]
        return {n: joined([ngram.nats(one, n, *arrays, *step) for step in self.steps]) for n in ngram.NAMES if n in one}

    def rival(self, baselines: dict, rates: tuple[float, ...]) -> dict[str, float]:
        """Mean per stem of the best n-gram: of all windows or of the group, fitted at one of the rates."""
        best: dict[str, float] = {}
        for key in ((owner, rate) for owner in ("all", self.group) for rate in rates):
            if key in baselines:
                for stem, (mean, *_) in stem_rows(self.of_ngram(baselines[key]), self.windows["piece"]).items():
                    best[stem] = min(mean, best.get(stem, mean))
        return best

    def rows(self, run: Run, rival: dict[str, float], labels: bool, metric: str, share: float) -> list[dict]:
        """A row for each stem; the goal is `share` of the n-gram."""
        pieces, rows = self.windows["piece"], []
        facts = {"metric": f"{metric}, {'with' if labels else 'no'} labels", "group": self.group, "labels": labels}
        facts |= {"unit": "nats a cell", "heldout": None, "windows": len(pieces), "pieces": len(np.unique(pieces))}
        for stem, (mean, low, high) in stem_rows(self.of_network(run, labels), pieces).items():
            row = facts | {"stem": stem, "value": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
            row |= dict.fromkeys(("baseline", "below", "goal", "met"))
            if stem in rival:
                base = rival[stem]
                row |= {"baseline": round(base, 4), "below": round(1 - mean / base, 4)}
                row |= {"goal": round(base * share, 4), "met": bool(mean <= base * share)}
            rows.append(row)
        return rows


def joined(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {key: np.concatenate([part[key] for part in parts]) for key in ("nats", "window")}


def table(model, data, meta, baselines: dict, seed: int = 9) -> Iterator[dict]:
    """Masked nats, all rows: group x rate x labels x stem."""
    run = torch_runner(model)
    for group, which in choose(data, meta["corpora"]).items():
        windows = {k: data[k][which] for k in KEYS}
        for rate in RATES:
            hidden = random_mask(windows["cells"], windows["chords"], rate, np.random.default_rng(seed))
            question = Question(group, windows, [(hidden, hidden)])
            rival = question.rival(baselines, (rate,))
            for labels in (False, True):
                share = GOAL if rate == 0.15 and not labels else 1.0
                found = question.rows(run, rival, labels, f"masked NLL, {group}, {rate:.0%} hidden", share)
                yield from (row | {"rate": rate} for row in found)


def chain(
    model, data, meta, baselines: dict, windows: int = CHAIN_WINDOWS, groups=("score", "game", "own"), seed: int = 9
) -> Iterator[dict]:
    """Nats of a passage as the joint 12-pass chain, all rows: group x labels x stem."""
    run = torch_runner(model)
    full = (data["count"] == T.BARS) & (data["bars"][:, :, T.C_METER] != T.METER_ABSENT).all(1)
    for group in groups:
        which = spread(np.flatnonzero(members(data, meta["corpora"], group) & full), windows)
        if not len(which):
            continue
        taken = {k: data[k][which] for k in KEYS}
        question = Question(group, taken, reveal.steps(taken["cells"], taken["chords"], taken["bars"], seed))
        rival = question.rival(baselines, RATES)
        for labels in (False, True):
            yield from question.rows(run, rival, labels, f"joint {reveal.PASSES}-pass chain, {group}", CHAIN_GOAL)


def quantised(model, out: Path, data, meta, seed: int = 9, windows: int = 48) -> list[dict]:
    """What int8 costs: mean nats of all lanes at 15 % without labels, fp32 against the shipped files."""
    rows = []
    groups = choose(data, meta["corpora"]).values()
    which = np.concatenate([spread(group, windows // len(groups)) for group in groups])
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
    return rows
