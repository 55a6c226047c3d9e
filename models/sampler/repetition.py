"""Which bars repeat: a motif comes back because the form says so, which cells drawn side by side cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import tokens as T
from sampler.geometry import Geometry
from sampler.random import random_at

DRAW_PLAN = 40
LAGS = (1, 2, 4, 8)  # bars back that a bar may follow
LINES = ("melody", "counter")
STEM_OF_LANE = [next(i for i, s in enumerate(T.STEMS) if lane in T.STEM_LANES[s]) for lane in range(8)]


@dataclass
class Repetition:
    """By stem and bar; bars that follow none have lag 0."""

    lag: np.ndarray  # (5, 16)
    same: np.ndarray  # (5, 16) bool: copies its source; otherwise it takes the rhythm and the outline
    depth: np.ndarray  # (5, 16) bars to be written that must come first
    followed: np.ndarray  # (5, 16) bool: another bar follows this one


@dataclass
class Whole:
    """What a plan is made from, before anything is decided."""

    geometry: Geometry
    meters: np.ndarray  # 16
    cells: np.ndarray  # 256 8
    chords: np.ndarray  # 128
    open: np.ndarray  # 256 8
    styles: np.ndarray  # 16
    fills: np.ndarray  # 16 bool: bars whose drums announce what follows
    positions: np.ndarray  # 16: bars since the phrase began, 0-7


def plan_repetition(window: Whole, cadences: np.ndarray, seed: int, tunables: Mapping) -> Repetition:
    """Decided once for each window.

    Melody and counter return two bars at a time, at lags 2 and 4 only inside their phrase: a a, a b a c. Bars of
    which something is kept, cadences of the melody and fills follow none, and none follows a fill.
    """
    shape = (len(T.STEMS), T.BARS)
    plan = Repetition(np.zeros(shape, int), np.zeros(shape, bool), np.zeros(shape, int), np.zeros(shape, bool))
    for index, stem in enumerate(T.STEMS):
        for bar in range(1, T.BARS):
            cadence = stem == "melody" and cadences[bar] >= 1
            fill = stem == "drums" and window.fills[bar]
            if cadence or fill or not opened(window, stem, bar).all() or window.geometry.slots[bar] == 0:
                continue
            copied = find_lag(window, stem, bar, seed, tunables, "same")
            back = copied or find_lag(window, stem, bar, seed, tunables, "rhythm")
            if not back:
                continue
            source = bar - back
            plan.lag[index, bar], plan.same[index, bar] = back, copied > 0
            plan.followed[index, source] = True
            given = not opened(window, stem, source).any()
            plan.depth[index, bar] = 0 if given else plan.depth[index, source] + 1
    return plan


def find_lag(window: Whole, stem: str, bar: int, seed: int, tunables: Mapping, way: str) -> int:
    """The lag at which a bar follows another in one way (`same` or `rhythm`), or 0."""
    game = T.STYLES[int(window.styles[bar])] in tunables["gameStyles"]
    chances = tunables["repetition"]["games" if game else "scores"][stem][way]
    line, position = stem in LINES, int(window.positions[bar])
    for step, back in enumerate(LAGS):
        source = bar - back
        if source < 0 or window.meters[source] != window.meters[bar]:
            continue
        # A line follows the half of its own phrase, at the same place of the half: lag 2 in bars 3 and 4 ...
        if line and back in (2, 4) and position % (2 * back) < back:
            continue
        if not sounds(window, stem, source) or (stem == "drums" and window.fills[source]):
            continue
        if way == "same" and not may_copy(window, stem, bar, source):
            continue
        pair = bar - position % 2 if line and back > 1 else bar  # lines return in pairs of bars
        uniform = random_at(seed, DRAW_PLAN, T.STEMS.index(stem), pair, step)
        if uniform < chances[step]:
            return back
    return 0


def rows(window: Whole, bar: int) -> slice:
    return slice(bar * T.SLOTS, bar * T.SLOTS + int(window.geometry.slots[bar]))


def opened(window: Whole, stem: str, bar: int) -> np.ndarray:
    """Which slots of a bar the sampler decides."""
    return window.open[rows(window, bar), T.STEM_LANES[stem][0]]


def sounds(window: Whole, stem: str, bar: int) -> bool:
    """True where a bar has a note, or may get one."""
    lanes = [lane for lane in T.STEM_LANES[stem] if lane != T.OCTAVE]
    ids = window.cells[rows(window, bar), lanes[0] : lanes[-1] + 1]
    first = 1 if stem == "drums" else T.ONSET
    return bool(((ids >= first) & (ids <= T.MASK_IDS[lanes])).any())


def may_copy(window: Whole, stem: str, bar: int, source: int) -> bool:
    """Drums can be copied over any chord, a bass over one of the same root, others where the chords are alike.

    Open chords may become so.
    """
    if stem == "drums":
        return True
    own, other = (window.chords[window.geometry.half_token[[2 * b, 2 * b + 1]]] for b in (bar, source))
    alike = own // 10 == other // 10 if stem == "bass" else own == other  # ids are root times ten plus quality
    return bool((alike | (own == T.CHORD_MASK) | (other == T.CHORD_MASK)).all())


def source_grid(plan: Repetition, lane: int, grid: np.ndarray) -> np.ndarray:
    """Where on the network's grid each slot of a lane finds what it follows, or -1."""
    back = plan.lag[STEM_OF_LANE[lane], grid // T.SLOTS]
    return np.where(back > 0, grid - back * T.SLOTS, -1)


def source_ids(plan: Repetition, cells: np.ndarray, lane: int, grid: np.ndarray) -> np.ndarray:
    """What slots of a lane follow, or -1 where that is not decided."""
    source = source_grid(plan, lane, grid)
    ids = cells[source, lane]
    return np.where((source >= 0) & (ids < T.LANE_SIZES[lane]), ids, -1)


def copies(plan: Repetition, lane: int, grid: np.ndarray) -> np.ndarray:
    """True where a bar copies its source, false where it takes the rhythm and the outline."""
    return plan.same[STEM_OF_LANE[lane], grid // T.SLOTS]
