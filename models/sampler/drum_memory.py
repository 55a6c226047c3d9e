"""A groove repeats itself and keeps its cymbal, which cells that are drawn side by side cannot know."""

from __future__ import annotations

import numpy as np

import tokens as T
from sampler.fill import answers, fill_pulls, fills
from sampler.repetition import source_ids
from sampler.state import Logits, State
from sampler.targets import is_calm


def cymbals_around(state: State) -> np.ndarray:
    """(16, 7) decided hits of each hat and cymbal in a bar and the bars beside it."""
    size = T.LANE_SIZES[T.HIGH]
    ids = state.cells[:, T.HIGH].reshape(T.BARS, T.SLOTS)
    heard = (ids[:, :, None] == np.arange(1, size)).sum(1)  # 16 6
    near = np.pad(heard, ((1, 1), (0, 0)))
    around = near[:-2] + near[1:-1] + near[2:]
    return np.pad(around, ((0, 0), (1, 0)))


def drum_logits(state: State, logits: Logits, slots: np.ndarray, lane: int, around: np.ndarray) -> np.ndarray:
    """Logits of a lane's ids in some slots.

    Raised where the bar that is followed has the same, or the bar before or after, and where a cymbal is in use
    around; fills neither echo nor are echoed. In calm styles kicks and toms keep to the beat.
    """
    grid, size = state.geometry.grid[slots], T.LANE_SIZES[lane]
    start = T.LANE_OFFSETS[lane]
    own = logits.cells[grid, start : start + size]  # n size
    echoes = np.zeros(own.shape)
    is_fill = fills(state.bars)
    for at in (grid - T.SLOTS, grid + T.SLOTS):
        inside = (at >= 0) & (at < T.CELLS) & ~is_fill[grid // T.SLOTS] & ~is_fill[at // T.SLOTS % T.BARS]
        beside = np.where(inside, state.cells[at % T.CELLS, lane], T.ABSENT_IDS[lane])
        echoes += beside[:, None] == np.arange(size)
    follows = source_ids(state.repetition, state.cells, lane, grid)[:, None] == np.arange(size)
    if lane == T.HIGH:
        follows &= ~answers(state.geometry, is_fill, slots)[:, None]
    raised = own + state.tunables["drumEcho"] * echoes + state.tunables["copyPull"]["drums"] * follows
    raised += fill_pulls(state.geometry, is_fill, slots, lane, state.tunables["fill"])
    # Kick and snare are no rivals: a habit would let one drive the other out.
    if lane == T.HIGH:
        raised = raised + state.tunables["cymbalHabit"] * np.log1p(around[state.geometry.bar[slots]])
    else:
        calm = np.array([is_calm(state, bar) for bar in range(T.BARS)])
        crowds = calm[state.geometry.bar[slots]] & (state.geometry.weight[slots] < 2)
        raised[:, 1:] -= state.tunables["calmDrums"]["offbeat"] * crowds[:, None]
    return raised
