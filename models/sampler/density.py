"""Onsets a bar in closed loop with what is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sampler.distribution import sigmoid

FREE = 5  # density id
ROUNDING = 0.02  # cuts come to three places: 5 onsets of 16 as 0.312, not 0.3125
BUSIEST = 1.6  # the busiest level ends at this many times its lower edge
SLACK = 1e-9  # below this a sum is equal to its target, in either language
HALVINGS = 12


def band(level: int, cuts: Sequence[float], slots: int) -> tuple[int, int]:
    """The least and the most onsets of a density level in a bar; every level has a band of its own."""
    edges = (*cuts, BUSIEST * cuts[2])
    low = high = 1
    for step in range(1, level + 1):
        low = 1 if step == 1 else min(slots, high + 1)
        high = max(low, min(slots, math.floor(edges[step - 1] * slots + ROUNDING)))
    return low, high


def target_onsets(density: int, expected: float, cuts: Sequence[float], slots: int) -> float:
    """What the model itself expects, moved into the band of the asked level; `FREE` takes it as it is."""
    if density == FREE:
        return expected
    if density == 0:
        return 0.0
    low, high = band(density, cuts, slots)
    return max(low, min(high, expected))


@dataclass
class Candidates:
    """Cells of one lane that may become onsets, in playing order."""

    odds: np.ndarray  # n: log odds of an onset
    bar_of_cell: np.ndarray  # n: index into `bars`
    bar_start: np.ndarray  # b: first cell of each bar
    bars: np.ndarray  # b: bars that have candidates

    @classmethod
    def of(cls, odds: np.ndarray, bar: np.ndarray) -> Candidates:
        """From the odds and bar of each cell."""
        bars, bar_start, bar_of_cell = np.unique(bar, return_index=True, return_inverse=True)
        return cls(odds, bar_of_cell, bar_start, bars)

    def stretch(self, index: int) -> slice:
        """The cells of one of the bars."""
        first = np.append(self.bar_start, len(self.odds))
        return slice(int(first[index]), int(first[index + 1]))


def expected_onsets(candidates: Candidates, bias: np.ndarray) -> np.ndarray:
    """Onsets that are expected in each bar when its odds are raised by a bias."""
    return np.add.reduceat(sigmoid(candidates.odds + bias[candidates.bar_of_cell]), candidates.bar_start)


def bisect(rising: Callable[[np.ndarray], np.ndarray], value: np.ndarray, reach: float) -> np.ndarray:
    """Where a rising function meets a value, within +-`reach`."""
    low, high = np.full(np.shape(value), -reach), np.full(np.shape(value), reach)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = rising(middle) < value - SLACK
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
