"""Which of many chances come true, and which cells are settled first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def draw_systematic(chances: Sequence[float], uniform: float) -> list[bool]:
    """Each chance keeps its probability while the number of hits stays within one of the expectation."""
    drawn, total = [], uniform
    for chance in chances:
        after = total + chance
        drawn.append(math.floor(after) > math.floor(total))
        total = after
    return drawn


def draw_one_at_least(chances: np.ndarray, drawn: np.ndarray) -> None:
    """Draws the likeliest where none is drawn, in place."""
    if not drawn.any():
        drawn[chances.argmax()] = True


def take_shares(kinds: np.ndarray, scores: np.ndarray, wanted: int, uniform: float) -> np.ndarray:
    """Marks `wanted` cells: from each kind (0, 1, 2) its share of them, the highest scores first.

    Taking shares keeps the easy kinds, rests above all, from being decided first and crowding out the notes.
    """
    count = len(kinds)
    taken = np.full(count, wanted >= count)
    if wanted >= count:
        return taken
    seen = 0
    for kind in range(3):
        members = np.flatnonzero(kinds == kind)
        before = math.floor(wanted * seen / count + uniform)
        seen += len(members)
        quota = math.floor(wanted * seen / count + uniform) - before
        taken[members[np.argsort(-scores[members], kind="stable")[:quota]]] = True
    return taken
