"""Where the melody comes to rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import tokens as T
from sampler.geometry import WEIGHTS

STRONG = 3  # metric weight from which a beat counts as strong
ENDING = T.ROLES.index("ending")


def find_cadences(
    bars: np.ndarray, is_open: np.ndarray, slots: np.ndarray, positions: np.ndarray, tunables: Mapping
) -> np.ndarray:
    """(16,) how strongly each bar comes to rest, 0 for not at all.

    At the end of a phrase (its eighth bar, by less its fourth) and where the music ends. A bar of which something
    is kept has none. `is_open` is (256,), for the melody.
    """
    strengths, kind = np.zeros(T.BARS), tunables["cadence"]
    for bar, used in enumerate(slots.tolist()):
        if not used or not is_open[bar * T.SLOTS : bar * T.SLOTS + used].all():
            continue
        last = not slots[bar + 1 :].any() or positions[bar] == 7
        strength = kind["full"] if last else kind["half"] if positions[bar] == 3 else 0
        strengths[bar] = strength * (kind["ending"] if bars[bar, T.C_ROLE] == ENDING else 1)
    return strengths


def side_of_landing(meter: int, place: int) -> int:
    """-1 before the last strong beat of a bar, 0 on it, 1 after it."""
    landing = max(i for i, weight in enumerate(WEIGHTS[meter]) if weight >= STRONG)
    return int(np.sign(place - landing))
