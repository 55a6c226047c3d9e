"""What may follow what in a pitched lane.

A `line` is a lane's ids in playing order, with rests where the stem is absent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import tokens as T
from sampler.state import State


@dataclass
class Line:
    lane: int
    ids: list[int]  # in playing order; ABSENT reads as rest
    closed: list[bool]  # given notes that are never made longer
    open: list[bool]  # cells that the sampler decides

    def may_hold(self, slot: int) -> bool:
        """A hold continues a note: not silence, and not a note of a bar that is kept as it is."""
        return slot > 0 and self.ids[slot - 1] != T.REST and not self.closed[slot - 1]

    def may_rest(self, slot: int) -> bool:
        """A rest does not come before a hold: the hold would continue nothing.

        Where no hold may stand either, the holds after it are orphans already, and those that were drawn here may
        fall silent.
        """
        orphans = self.run_of_holds(slot + 1)
        return not orphans or (not self.may_hold(slot) and all(self.open[i] for i in orphans))

    def run_of_holds(self, first: int) -> range:
        last = first
        while last < len(self.ids) and self.ids[last] == T.HOLD:
            last += 1
        return range(first, last)

    def is_onset(self, slot: int) -> bool:
        return T.ONSET <= self.ids[slot] < T.LANE_SIZES[self.lane]


def line_of(state: State, stem: str) -> Line:
    lane, grid = T.STEM_LANES[stem][0], state.geometry.grid
    ids = state.cells[grid, lane]
    whole = state.whole[state.geometry.bar, T.STEMS.index(stem)]
    is_open = state.open[grid, lane]
    closed = whole & ~is_open
    return Line(lane, np.where(ids == T.ABSENT_IDS[lane], T.REST, ids).tolist(), closed.tolist(), is_open.tolist())
