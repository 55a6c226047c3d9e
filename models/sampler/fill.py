"""What the plan of a window adds to the drums that announce what follows."""

from __future__ import annotations

import numpy as np

import tokens as T
from sampler.geometry import Geometry

FILL = T.ROLES.index("fill")
SNARES, CRASH, TOMS = (2, 3), 6, (1, 2, 3, 5)


def fills(bars: np.ndarray) -> np.ndarray:
    """(16,) bars whose drums leave the groove; nothing repeats them."""
    return bars[:, T.C_ROLE] == FILL


def answers(geometry: Geometry, is_fill: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """(n,) True on the downbeat after a fill, whose cymbal no bar hands on."""
    bar = geometry.bar[slots]
    return (geometry.grid[slots] % T.SLOTS == 0) & (bar > 0) & is_fill[bar - 1]


def fill_pulls(geometry: Geometry, is_fill: np.ndarray, slots: np.ndarray, lane: int, pulls: dict) -> np.ndarray:
    """(n, size) what is added to the logits of a lane's ids in some slots.

    The second half of a fill belongs to toms and snare and not to hats, and a crash answers on the next downbeat.
    """
    bar = geometry.bar[slots]
    place = geometry.grid[slots] % T.SLOTS
    late = is_fill[bar] & (2 * place >= geometry.slots[bar])
    added = np.zeros((len(slots), T.LANE_SIZES[lane]))
    if lane == T.HIGH:
        added[:, 1:] = pulls["cymbals"] * late[:, None]
        added[answers(geometry, is_fill, slots), CRASH] = pulls["crash"]
    else:
        ids, name = (SNARES, "snare") if lane == T.LOW else (TOMS, "toms")
        added[np.ix_(late, ids)] = pulls[name]
    return added
