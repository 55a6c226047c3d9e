"""Draws the hits of each bar so that they meet its density.

Kick, snare and toms come first, each as often as the network expects them; hats and cymbals then bring the bar to its
density, in the slots that are left. Drawn to one density side by side, all three lanes would meet it, and kicks and
toms fill every slot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

import tokens as T
from sampler.density import bisect
from sampler.distribution import sigmoid
from sampler.random import random_at
from sampler.select import draw_one_at_least, draw_systematic
from sampler.state import State
from sampler.targets import bar_target, hits_in, lane_target

DRAW_HITS = 20
IN_TURN = (T.LOW, T.PERC, T.HIGH)


@dataclass
class DrumCells:
    """Masked cells of drums: bar by bar, those of a bar lane by lane as in `IN_TURN`, in playing order."""

    slots: np.ndarray
    lanes: np.ndarray
    odds: np.ndarray  # log odds of a hit


def draw_hits(state: State, cells: DrumCells, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The chance of a hit in each cell, and where one is drawn."""
    chances, drawn = np.zeros(len(cells.odds)), np.zeros(len(cells.odds), bool)
    bars = state.geometry.bar[cells.slots]
    for bar in np.unique(bars).tolist():
        draw_bar(state, cells, np.flatnonzero(bars == bar), bar, chances, drawn, step)
    return chances, drawn


def draw_bar(
    state: State, cells: DrumCells, here: np.ndarray, bar: int, chances: np.ndarray, drawn: np.ndarray, step: int
) -> None:
    """Fills in `chances` and `drawn` of the cells `here`, which lie in one bar."""
    place = state.geometry.grid[cells.slots] % T.SLOTS
    rows = state.cells[bar * T.SLOTS : (bar + 1) * T.SLOTS][:, IN_TURN]
    struck = ((rows > 0) & (rows < T.MASK_IDS[list(IN_TURN)])).any(1)  # 16
    hits, reach = int(struck.sum()), state.tunables["densityReach"]
    silent = np.ones(T.SLOTS)
    for i in here.tolist():
        silent[place[i]] *= 1 - sigmoid(cells.odds[i])
    expected = float(np.where(struck, 1, 1 - silent)[: state.geometry.slots[bar]].sum())
    target = bar_target(state, "drums", bar, expected)
    for lane in IN_TURN:
        own = here[cells.lanes[here] == lane]
        odds = cells.odds[own]
        if lane == T.HIGH:
            free = ~struck[place[own]]
            bias = solve_bias(odds[free], target - int(struck.sum()), reach)
            thinning = min(1.0, target / expected)
            elsewhere = math.log(thinning) if thinning > 0 else -math.inf
            chances[own] = sigmoid(odds + np.where(free, bias, elsewhere))
        else:
            decided = hits_in(state, lane, bar)
            wanted = lane_target(state, lane, bar, target, decided + float(sigmoid(odds).sum()), expected)
            chances[own] = sigmoid(odds + solve_bias(odds, wanted - decided, reach))
        drawn[own] = draw_systematic(chances[own].tolist(), random_at(state.seed, DRAW_HITS, step, lane, bar))
        struck[place[own[drawn[own]]]] = True
    if target >= 1 and hits == 0:
        some = drawn[here]
        draw_one_at_least(chances[here], some)
        drawn[here] = some


def solve_bias(odds: np.ndarray, wanted: float, reach: float) -> float:
    """What must be added to the odds so that they expect a number of hits; none are wanted: none can come."""
    if wanted <= 0:
        return -math.inf
    return float(bisect(lambda bias: sigmoid(odds + bias).sum(), np.float64(wanted), reach))
