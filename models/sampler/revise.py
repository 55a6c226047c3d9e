"""Masks again what was decided with the least certainty."""

from __future__ import annotations

import math

import numpy as np

import tokens as T
from sampler.repetition import STEM_OF_LANE
from sampler.state import State


def mask_least_certain(state: State, stem: str) -> None:
    """Of each lane of a stem a share of its onsets, of its holds and of its rests.

    Kinds are counted apart: the least certain of all would be mostly rests and onsets. Bars that others follow are
    left alone: the repetition would be lost.
    """
    first = 1 if stem == "drums" else T.ONSET
    for lane in T.STEM_LANES[stem]:
        if lane == T.OCTAVE:
            continue
        grid = state.geometry.grid[state.open[state.geometry.grid, lane]]
        grid = grid[~state.repetition.followed[STEM_OF_LANE[lane], grid // T.SLOTS]]
        kinds = np.minimum(state.cells[grid, lane], 2)
        for kind in range(3):
            members = grid[kinds == kind]
            share = state.tunables["revisedOnsets" if kind >= first else "revisedOthers"]
            order = np.argsort(state.certainty[members, lane], kind="stable")
            again = members[order[: math.floor(share * len(members) + 0.5)]]
            state.cells[again, lane] = T.MASK_IDS[lane]
            if lane == T.HARMONY:
                state.cells[again, T.OCTAVE] = T.MASK_IDS[T.OCTAVE]
