"""Counter-based chance, the same numbers as `engine/music/random.ts`: a value depends on its key alone."""

from __future__ import annotations

import numpy as np

WORD = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


def _mix(h):
    """One 32-bit mixing step (the finaliser of MurmurHash3); no product here exceeds 64 bits."""
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & WORD
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & WORD
    return h ^ (h >> 16)


def random_at(seed: int, *key: int | np.ndarray) -> float | np.ndarray:
    """Uniform numbers in [0, 1) for a seed and a key of whole numbers; arrays in the key broadcast."""
    h = _mix((int(seed) ^ GOLDEN) & WORD)
    for part in key:
        word = (part.astype(np.int64) & WORD).astype(np.uint64) if isinstance(part, np.ndarray) else int(part) & WORD
        h = _mix(((h ^ word) + GOLDEN) & WORD)
    return h / 2**32
