"""Which bar the melody of a phrase rises to.

Cells drawn side by side do not know which of them is the highest, so that the top of a phrase came in most of its bars.
"""

from __future__ import annotations

import numpy as np

import tokens as T

PREFERRED = (5, 6, 4, 2, 1)  # positions in the phrase: beyond its middle, and of short ones the middle


def find_phrases(slots: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """(16,) the bar with which the phrase of each bar begins."""
    first = np.zeros(T.BARS, int)
    for bar in range(1, T.BARS):
        goes_on = slots[bar - 1] > 0 and positions[bar] == positions[bar - 1] + 1
        first[bar] = first[bar - 1] if goes_on else bar
    return first


def find_climaxes(
    phrases: np.ndarray, positions: np.ndarray, is_open: np.ndarray, slots: np.ndarray, cadences: np.ndarray,
    copied: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """(16,) the bar to which the phrase of each bar rises, or -1.

    It is written whole, copies no other bar and does not come to rest. `is_open` is (256,), `copied` (16,), for the
    melody.
    """
    free = np.array([slots[b] > 0 and is_open[b * T.SLOTS : b * T.SLOTS + slots[b]].all() for b in range(T.BARS)])
    free &= (cadences == 0) & ~copied
    found = np.full(T.BARS, -1)
    for first in np.unique(phrases):
        members = np.flatnonzero(phrases == first)
        places = positions[members]
        for place in PREFERRED:
            here = members[(places == place) & free[members]]
            if len(here):
                found[members] = here[0]
                break
    return found
