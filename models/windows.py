"""Prepared windows in memory: which are drawn, and what of them is hidden."""

from __future__ import annotations

import numpy as np

import corpora
import masks
import tokens as T

GAME_SHARE = 0.40  # of the windows: game music and Groove together
SYNTHETIC_DRUMS = 0.10  # of score windows in 4/4 get Groove bars as drums (training only)


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
