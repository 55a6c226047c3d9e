"""Which cells a training window hides: the mask mixture, partial reveal, absent contexts.

Everything is on whole batches with numpy. `hidden` is True where the network must predict.
"""

from __future__ import annotations

import numpy as np

import tokens as T
from relabel import stems_present

MIXTURE = (  # share of windows per kind of mask; the tasks they teach are in the comments
    ("cells", 0.27),  # random cells: the late passes of sampling
    ("stems", 0.18),  # whole stems: harmonise, write drums
    ("bars", 0.18),  # a span of bars: bridge
    ("suffix", 0.09),  # everything from a slot on: continue
    ("all", 0.09),  # a phrase from nothing
    ("theme", 0.08),  # all but the melody: arrange a theme
    ("beats", 0.08),  # whole beats of some stems: the engine's variations
    ("last", 0.03),  # the last bar, its drums or everything: fill, ending
)
REVEAL = 0.6  # share of masks of which a random part is shown (reached the same loss in half the steps)
SPANS = ((8, 0.40), (4, 0.32), (16, 0.12), (6, 0.06), (2, 0.05), (12, 0.03), (1, 0.02))  # bars to write in a window
ON_PHRASE = 0.7  # of the spans begin at a multiple of four bars, as phrases do
CONTEXT, TRIM = 4, 0.5  # the engine shows at most four bars on either side, from bar 0; share of windows cut like that
LANE_OF_STEM = [list(T.STEM_LANES[s]) for s in T.STEMS]
DROP_LEFT, DROP_RIGHT = (
    0.20,
    0.45,
)  # contexts left out: a first phrase has no left one, only a B section has a right one
DROP_STEM = 0.10  # a stem taken out of the ensemble
DROP_CONDITION, DROP_ALL = 0.15, 0.10  # one condition unknown; all of them unknown
CHANGE = (0.1, 0.6)  # share of the beats that a variation changes; half of that in harmony and bass
BLOCK = np.array([4, 4, 3, 3, 4])  # slots that a variation frees together, by meter
CHORDS_HIDDEN, SOME_CHORDS = 0.28, 0.22  # the engine gives the chords of what it asks for; see `hide_chords`
BLANK = {
    "cells": T.ABSENT_IDS, "chords": T.CHORD_ABSENT, "bars": T.CONDITION_UNKNOWN,
    "velocity": T.NO_LABEL, "timing": T.NO_LABEL,
}  # fmt: skip


def target_bars(rng: np.random.Generator, count: np.ndarray) -> np.ndarray:
    """(B, 16) True in the bars to write; `count` is the number of bars each window holds."""
    batch = len(count)
    length = rng.choice([s for s, _ in SPANS], batch, p=[p for _, p in SPANS])
    length = np.minimum(length, np.maximum(count, 1))
    first = (rng.random(batch) * (count - length + 1)).astype(int)
    first = np.where(rng.random(batch) < ON_PHRASE, first // 4 * 4, first)
    bars = np.arange(T.BARS)[None]
    return (bars >= first[:, None]) & (bars < (first + length)[:, None])


def trim(rng: np.random.Generator, take: dict[str, np.ndarray], target: np.ndarray) -> None:
    """Cut some windows to four bars on either side of the target and move them to bar 0, in place."""
    rows = np.flatnonzero(rng.random(len(target)) < TRIM)
    first = target[rows].argmax(1)
    last = T.BARS - 1 - target[rows, ::-1].argmax(1)
    index = np.maximum(first - CONTEXT, 0)[:, None] + np.arange(T.BARS)  # rows 16
    gone = index > np.minimum(last + CONTEXT, T.BARS - 1)[:, None]
    index = np.minimum(index, T.BARS - 1)
    for name, blank in (BLANK | {"target": False}).items():
        values = target if name == "target" else take[name]
        block = values.reshape(len(values), T.BARS, -1, *values.shape[2:])[rows[:, None], index]
        block[gone] = blank
        values[rows] = block.reshape(len(rows), *values.shape[1:])


def make_absent(rng: np.random.Generator, cells, chords, bars, target: np.ndarray) -> None:
    """Leave out contexts and stems in place; what is absent carries no loss."""
    batch = len(cells)
    index = np.arange(T.BARS)[None]
    first = target.argmax(1)[:, None]
    last = T.BARS - 1 - target[:, ::-1].argmax(1)[:, None]
    gone = (index < first) & (rng.random((batch, 1)) < DROP_LEFT)
    gone |= (index > last) & (rng.random((batch, 1)) < DROP_RIGHT)
    bars[gone] = T.CONDITION_UNKNOWN
    chords.reshape(batch, T.BARS, 8)[gone] = T.CHORD_ABSENT
    cells.reshape(batch, T.BARS, T.SLOTS, 8)[gone] = T.ABSENT_IDS
    present = stems_present(cells)
    for s, lanes in enumerate(LANE_OF_STEM):
        out = (rng.random(batch) < DROP_STEM) & np.delete(present, s, axis=1).any(1)  # never the only stem
        present[out, s] = False
        for lane in lanes:
            cells[out, :, lane] = T.ABSENT_IDS[lane]
        bars[out, :, T.C_DENSITY + s] = T.CONDITION_UNKNOWN[T.C_DENSITY + s]
        if s < 4:
            bars[out, :, T.C_REGISTER + s] = T.CONDITION_UNKNOWN[T.C_REGISTER + s]


def hide(
    rng: np.random.Generator, cells: np.ndarray, target: np.ndarray, meter: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(B, 256, 8) True where hidden, inside the target bars, absent cells never; and (B) kinds from the mixture."""
    batch = len(cells)
    kind = rng.choice([k for k, _ in MIXTURE], batch, p=[p for _, p in MIXTURE])
    inside = np.repeat(target, T.SLOTS, axis=1)[:, :, None] & (cells != T.ABSENT_IDS)  # B 256 8
    hidden = np.zeros_like(inside)
    share = rng.random((batch, 1, 1))
    noise = rng.random(cells.shape, dtype=np.float32)
    for i in range(batch):
        if kind[i] == "cells":
            hidden[i] = noise[i] < max(share[i, 0, 0], 0.05)
        elif kind[i] == "stems":
            present = [s for s, lanes in enumerate(LANE_OF_STEM) if inside[i][:, lanes].any()]
            for s in rng.permutation(present)[: rng.integers(1, max(len(present), 2))]:
                hidden[i][:, LANE_OF_STEM[s]] = True
        elif kind[i] == "bars":
            where = np.flatnonzero(target[i])
            length = rng.integers(1, len(where) + 1)
            first = where[rng.integers(0, len(where) - length + 1)]
            hidden[i, first * T.SLOTS : (first + length) * T.SLOTS] = True
        elif kind[i] == "suffix":
            where = np.flatnonzero(target[i]) * T.SLOTS
            hidden[i, rng.integers(where[0], where[-1] + T.SLOTS) :] = True
        elif kind[i] == "beats":
            hidden[i] = _beats(rng, meter[i], target[i])
        elif kind[i] == "last":
            hidden[i] = _last_bar(target[i], inside[i], rng.random() < 0.4)
        else:
            hidden[i] = True
            if kind[i] == "theme":
                hidden[i, :, T.MELODY] = False
    reveal = (rng.random(batch) < REVEAL) & (kind != "cells")
    shown = noise < rng.random((batch, 1, 1))
    hidden &= ~(reveal[:, None, None] & shown)
    hidden &= inside
    harmony = hidden[:, :, T.HARMONY]
    onset = cells[:, :, T.OCTAVE] != T.ABSENT_IDS[T.OCTAVE]
    alone = onset & ~harmony & inside[:, :, T.OCTAVE] & (noise[:, :, T.OCTAVE] < 0.1)
    hidden[:, :, T.OCTAVE] = (harmony & onset) | alone
    return hidden, kind


def _beats(rng: np.random.Generator, meter: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(256, 8) a variation: a share of the beats of most stems, and now and then the drums of the last bar."""
    block = np.arange(T.SLOTS) // BLOCK[meter][:, None]  # 16 16
    share = rng.uniform(*CHANGE) * np.array([1, 1, 0.5, 0.5, 1]) * (rng.random(5) < 0.8)
    free = rng.random((T.BARS, T.SLOTS, 5)) < share  # of the blocks of each bar
    free = np.take_along_axis(free, block[..., None], axis=1).reshape(T.CELLS, 5)
    if rng.random() < 0.5:
        free[_last_slots(target), 4] = True
    return np.stack([free[:, s] for s, lanes in enumerate(LANE_OF_STEM) for _ in lanes], 1)


def _last_bar(target: np.ndarray, inside: np.ndarray, everything: bool) -> np.ndarray:
    """(256, 8) a fill: the drums of the last bar; an ending (or where there are no drums): all of it."""
    hidden = np.zeros((T.CELLS, len(T.LANES)), bool)
    drums = LANE_OF_STEM[4] if inside[_last_slots(target)][:, LANE_OF_STEM[4]].any() and not everything else range(8)
    hidden[_last_slots(target), min(drums) :] = True
    return hidden


def _last_slots(target: np.ndarray) -> slice:
    bar = int(np.flatnonzero(target)[-1])
    return slice(bar * T.SLOTS, (bar + 1) * T.SLOTS)


def apply(cells: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Network input: hidden cells become MASK; the octave lane is MASK wherever harmony is."""
    shown = np.where(hidden, T.MASK_IDS, cells)
    masked = hidden[:, :, T.HARMONY]
    shown[:, :, T.OCTAVE] = np.where(masked, T.MASK_IDS[T.OCTAVE], shown[:, :, T.OCTAVE])
    return shown


def hide_chords(rng: np.random.Generator, chords: np.ndarray, target: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """(B, 128) True where the chord is hidden: all of the target, some half bars or, in variations and fills, none."""
    batch = len(chords)
    inside = np.repeat(target, 8, axis=1) & (chords != T.CHORD_ABSENT)
    draw = rng.random((batch, 1))
    share = rng.random((batch, 1, 1))
    half = rng.random((batch, T.BARS, 2)) < share  # half bars hidden together
    slots = np.tile([0, 0, 0, 0, 1, 1, 1, 1], (batch, T.BARS, 1))
    three = (chords.reshape(batch, T.BARS, 8)[:, :, 6:] == T.CHORD_ABSENT).all(2)
    slots[three] = [0, 0, 0, 1, 1, 1, 1, 1]
    some = np.take_along_axis(half, slots, axis=2).reshape(batch, T.TOKENS)
    given = np.isin(kind, ("beats", "last"))[:, None]
    return inside & ~given & ((draw < CHORDS_HIDDEN) | ((draw < CHORDS_HIDDEN + SOME_CHORDS) & some))


def drop_conditions(rng: np.random.Generator, bars: np.ndarray) -> np.ndarray:
    """Conditions with each column unknown for p .15 of windows, and now and then all; the meter stays."""
    batch = len(bars)
    drop = rng.random((batch, 1, len(T.CONDITIONS))) < DROP_CONDITION
    drop |= rng.random((batch, 1, 1)) < DROP_ALL
    drop[:, :, T.C_METER] = False
    return np.where(drop, T.CONDITION_UNKNOWN, bars)
