"""Decides the three drum lanes in one pass."""

from __future__ import annotations

import math

import numpy as np

import tokens as T
from sampler.distribution import draw_nucleus, gumbel, sigmoid, softmax
from sampler.draw_drums import IN_TURN, DrumCells, draw_hits
from sampler.drum_memory import cymbals_around, drum_logits
from sampler.random import random_at
from sampler.select import take_shares
from sampler.state import Logits, State

DRAW_KIND, DRAW_ORDER, DRAW_QUOTA = 21, 22, 23
HIT, EMPTY = 0, 1
DRUMS = T.STEMS.index("drums")
LANES = np.array(IN_TURN)
LIMIT = 30.0


def decide_drums(state: State, logits: Logits, share: float, step: int) -> None:
    """Until a share of the open cells is decided; slots with a hit, in any lane, are held to the density.

    Bars that others follow come first.
    """
    geometry = state.geometry
    ids, is_open = state.cells[np.ix_(geometry.grid, LANES)], state.open[np.ix_(geometry.grid, LANES)]  # n 3
    slots, which = np.nonzero(is_open & (ids == T.MASK_IDS[LANES]))
    order = np.lexsort((slots, which, geometry.bar[slots]))
    slots, which = slots[order], which[order]
    wanted = math.ceil(share * int(is_open.sum())) - (int(is_open.sum()) - len(slots))
    around = cymbals_around(state)
    depths = state.repetition.depth[DRUMS, geometry.bar[slots]]
    for depth in range(state.repetition.depth[DRUMS].max() + 1):
        some = depths == depth
        if some.any() and wanted > 0:
            decide_bars(state, logits, slots[some], LANES[which[some]], wanted, around, step)
        wanted -= int(some.sum())


def decide_bars(
    state: State, logits: Logits, slots: np.ndarray, lanes: np.ndarray, wanted: int, around: np.ndarray, step: int
) -> None:
    """Some of the masked cells of the bars of one depth."""
    geometry, tunables = state.geometry, state.tunables
    odds = hit_odds(state, logits, slots, lanes, around)
    chances, drawn = draw_hits(state, DrumCells(slots, lanes, odds), step)
    kinds = np.where(drawn, HIT, EMPTY)
    noise = gumbel(random_at(state.seed, DRAW_ORDER, step, lanes, slots)) * tunables["orderNoise"]
    beat = np.where(drawn, geometry.weight[slots] * tunables["strongBeatFirst"], 0)
    order = np.log(np.maximum(1e-9, np.where(drawn, chances, 1 - chances))) + beat + noise
    taken = take_shares(kinds, order, wanted, random_at(state.seed, DRAW_QUOTA, step))
    chance = sigmoid(odds)
    state.cells[geometry.grid[slots[taken & ~drawn]], lanes[taken & ~drawn]] = 0
    empty = np.log(np.maximum(1e-9, 1 - chance))
    state.certainty[geometry.grid[slots[taken & ~drawn]], lanes[taken & ~drawn]] = empty[taken & ~drawn]
    for i in np.flatnonzero(taken & drawn):
        write_hit(state, logits, int(slots[i]), int(lanes[i]), float(chance[i]), around, step)


def hit_odds(state: State, logits: Logits, slots: np.ndarray, lanes: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Log odds of a hit in each cell."""
    odds = np.zeros(len(slots))
    for lane in LANES.tolist():
        mine = lanes == lane
        raised = drum_logits(state, logits, slots[mine], lane, around)
        highest = raised[:, 1:].max(1)
        total = highest + np.log(np.exp(raised[:, 1:] - highest[:, None]).sum(1))
        odds[mine] = np.clip(total - raised[:, 0], -LIMIT, LIMIT)
    return odds


def write_hit(state: State, logits: Logits, slot: int, lane: int, chance: float, around: np.ndarray, step: int) -> None:
    """Which drum it is; the bars beside may have been settled in this pass already."""
    grid = state.geometry.grid[slot]
    raised = drum_logits(state, logits, np.array([slot]), lane, around)[0]
    kinds = softmax(raised[1:], state.tunables["temperature"])
    uniform = random_at(state.seed, DRAW_KIND, step, lane, slot)
    state.cells[grid, lane] = 1 + draw_nucleus(kinds, state.tunables["topP"], uniform)
    state.certainty[grid, lane] = math.log(max(1e-9, chance * kinds.max()))
