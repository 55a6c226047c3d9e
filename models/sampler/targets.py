"""Onsets that each bar should have."""

from __future__ import annotations

import numpy as np

import tokens as T
from sampler.density import target_onsets
from sampler.state import State


def bar_target(state: State, stem: str, bar: int, expected: float) -> float:
    """As many as the bar that it follows, once that is settled.

    Otherwise what the network expects when it first looks at the bar, more of it where the intensity is high, moved
    into the band of the density. Cadences are thinner, though never empty, and so are the drums of calm styles.
    """
    index, slots = T.STEMS.index(stem), int(state.geometry.slots[bar])
    density = int(state.density[bar, index])
    if density == 0:
        return 0.0
    calm = stem == "drums" and is_calm(state, bar)
    factor = state.tunables["calmDrums"]["cuts"] if calm else 1
    cuts = [cut * factor for cut in state.cuts[stem]]
    lag = int(state.repetition.lag[index, bar])
    source = settled_onsets(state, stem, bar - lag) if lag else -1
    if source > 0:
        alike = int(state.density[bar - lag, index]) == density
        return source if alike else target_onsets(density, source, cuts, slots)
    if np.isnan(state.targets[index, bar]):
        wanted = expected * (1 + state.tunables["intensityOnsets"] * float(state.excitement(bar)))
        target = target_onsets(density, wanted, cuts, slots)
        cadence = state.cadences[bar] if stem == "melody" else 0
        thinned = max(min(1.0, target), target / (1 + state.tunables["cadence"]["thinning"] * cadence))
        ceiling = state.tunables["calmDrums"]["ceiling"] * slots if calm else slots
        state.targets[index, bar] = min(ceiling, thinned)
    return float(state.targets[index, bar])


def lane_target(state: State, lane: int, bar: int, target: float, expected: float, in_bar: float) -> float:
    """Hits that a drum lane should have in a bar.

    As many as in the bar that it follows, once that is settled; otherwise as many as the network expects when it first
    looks at it. Fewer where the bar is to be thinner (`target`) than that (`in_bar`), but not more.
    """
    lag = int(state.repetition.lag[T.STEMS.index("drums"), bar])
    source = settled_onsets(state, "drums", bar - lag) if lag else -1
    if source > 0:
        return hits_in(state, lane, bar - lag) * min(1.0, target / source)
    if np.isnan(state.lane_targets[lane, bar]):
        state.lane_targets[lane, bar] = expected * min(1.0, target / in_bar)
    return float(state.lane_targets[lane, bar])


def hits_in(state: State, lane: int, bar: int) -> int:
    """Decided hits of a drum lane in a bar."""
    ids = state.cells[bar * T.SLOTS : bar * T.SLOTS + int(state.geometry.slots[bar]), lane]
    return int(((ids > 0) & (ids < T.LANE_SIZES[lane])).sum())


def is_calm(state: State, bar: int) -> bool:
    """Styles whose drums accompany; groove and driving game music live by them."""
    return T.STYLES[int(state.bars[bar, T.C_STYLE])] in state.tunables["calmDrums"]["styles"]


def settled_onsets(state: State, stem: str, bar: int) -> int:
    """Slots of a bar with an onset of the stem, or -1 while one is masked."""
    lanes = [lane for lane in T.STEM_LANES[stem] if lane != T.OCTAVE]
    ids = state.cells[bar * T.SLOTS : bar * T.SLOTS + int(state.geometry.slots[bar])][:, lanes]
    if (ids == T.MASK_IDS[lanes]).any():
        return -1
    first = 1 if stem == "drums" else T.ONSET
    return int(((ids >= first) & (ids < T.MASK_IDS[lanes])).any(1).sum())
