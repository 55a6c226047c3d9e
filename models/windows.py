"""Prepared windows in memory: which are drawn, how they are augmented, and what of them is hidden. Training only."""

from __future__ import annotations

from collections import Counter

import numpy as np

import corpora
import masks
import tokens as T
from augment import Material, augment
from relabel import stems_present

# Of the windows: game music and Groove together. They are few: at .40 they were learned by heart, and held-out
# game music lost while the loss fell; at .25 it gains with the scores.
GAME_SHARE = 0.25
CAP = {"polish-scores": 0.25}  # most that one corpus may have of all draws
SHORT = 0.25  # weight of an empty window against a full one: short pieces cost as much and teach less
KEYS = ("cells", "chords", "bars", "velocity", "timing", "count", "style", "tonic", "tempo")


class Windows:
    """Prepared windows in memory and the sampler over them; `meta` as `prepare.py` writes it.

    Not `augmented`, the windows stay as they were written (fine-tuning: a composer's manner is the point).
    """

    def __init__(self, data: dict[str, np.ndarray], meta: dict, seed: int, augmented: bool = True) -> None:
        self.data = data if "tempo" in data else data | {"tempo": np.zeros(len(data["cells"]), np.uint16)}
        self.names = meta["corpora"]
        self.rng = np.random.default_rng(seed)
        self.material = Material(self.data, meta) if augmented else None
        self.cumulative = np.cumsum(weights(self.data, self.names))
        self.drawn: Counter[str] = Counter()  # windows in all, by corpus and by augmentation

    def batch(self, size: int) -> dict[str, np.ndarray]:
        """Inputs, targets and masks of `size` windows; `synthetic` (B, 5) marks stems that are not as written."""
        rng = self.rng
        index = np.searchsorted(self.cumulative, rng.random(size)).clip(0, len(self.cumulative) - 1)
        take = {k: self.data[k][index] for k in KEYS}
        for name in ("cells", "chords", "bars"):
            take[name] = take[name].astype(np.int32)
        synthetic, counts = np.zeros((size, 5), bool), Counter()
        if self.material:
            synthetic, counts = augment(rng, take, self.material)
        self.drawn.update(counts | Counter(self.names[c] for c in self.data["corpus"][index]) | Counter(windows=size))
        target = masks.target_bars(rng, take["count"].astype(int))
        masks.trim(rng, take, target)
        cells, chords, bars = take["cells"], take["chords"], take["bars"]
        masks.make_absent(rng, cells, chords, bars, target)
        hidden, kind = masks.hide(rng, cells, target, bars[:, :, T.C_METER])
        hidden_chords = masks.hide_chords(rng, chords, target, kind)
        return {
            "cells": masks.apply(cells, hidden).astype(np.int32),
            "chords": np.where(hidden_chords, T.CHORD_MASK, chords).astype(np.int32),
            "bars": masks.drop_conditions(rng, bars).astype(np.int32),
            "target": cells, "hidden": hidden, "target_chords": chords, "hidden_chords": hidden_chords,
            "velocity": take["velocity"], "timing": take["timing"], "synthetic": synthetic & stems_present(cells),
        }  # fmt: skip


def weights(data: dict[str, np.ndarray], names: list[str]) -> np.ndarray:
    """Chance of every window: game music and Groove have their share, each corpus and style its square root."""
    corpus, style = data["corpus"], data["style"]
    game = np.isin(corpus, [i for i, n in enumerate(names) if n in corpora.GAME])
    game |= style == T.STYLES.index("groove")
    size = SHORT + (1 - SHORT) * data["count"] / T.BARS
    weight = np.zeros(len(corpus))
    for block, share in ((game, GAME_SHARE), (~game, 1 - GAME_SHARE)):
        for c, s in np.unique(np.stack([corpus, style], 1)[block], axis=0):
            here = block & (corpus == c) & (style == s)
            weight[here] = size[here] / np.sqrt(here.sum())
        if block.any():
            weight[block] *= share / weight[block].sum()
    weight /= weight.sum()
    for name, most in CAP.items():
        here = corpus == names.index(name) if name in names else np.zeros(len(corpus), bool)
        rest = ~game & ~here
        over = weight[here].sum() - most
        if over > 0 and rest.any():  # what a corpus has too much goes to the other scores
            weight[here] *= most / (most + over)
            weight[rest] *= 1 + over / weight[rest].sum()
    return weight
