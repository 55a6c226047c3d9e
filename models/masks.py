"""Which cells a training window hides: the mask mixture, partial reveal, absent contexts.

Everything is on whole batches with numpy. `hidden` is True where the network must predict.
"""

from __future__ import annotations

import numpy as np

import tokens as T

MIXTURE = (  # share of windows per kind of mask; the tasks they teach are in the comments
    ("cells", 0.30),  # random cells: the late passes of sampling
    ("stems", 0.20),  # whole stems: harmonise, write drums
    ("bars", 0.20),  # a span of bars: bridge, fill
    ("suffix", 0.10),  # everything from a slot on: continue
    ("all", 0.10),  # arrange from nothing
    ("theme", 0.10),  # all but the melody: arrange a theme
)
REVEAL = 0.6  # share of masks of which a random part is shown (reached the same loss in half the steps)
SPANS = ((8, 0.60), (16, 0.25), (4, 0.15))  # bars to write in a window
LANE_OF_STEM = [list(T.STEM_LANES[s]) for s in T.STEMS]
DROP_LEFT, DROP_RIGHT = 0.15, 0.25  # contexts left out: starts and continuations
DROP_STEM = 0.10  # a stem taken out of the ensemble
DROP_CONDITION, DROP_ALL = 0.15, 0.10  # one condition unknown; all of them unknown


def target_bars(rng: np.random.Generator, count: np.ndarray) -> np.ndarray:
    """(B, 16) True in the bars to write; `count` is the number of bars each window holds."""
    batch = len(count)
    length = rng.choice([s for s, _ in SPANS], batch, p=[p for _, p in SPANS])
    length = np.minimum(length, np.maximum(count, 1))
    usual = (length == 8) & (count == T.BARS) & (rng.random(batch) < 0.7)
    first = np.where(usual, 4, (rng.random(batch) * (count - length + 1)).astype(int))
    bars = np.arange(T.BARS)[None]
    return (bars >= first[:, None]) & (bars < (first + length)[:, None])


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
    for s, lanes in enumerate(LANE_OF_STEM):
        out = rng.random(batch) < DROP_STEM
        present = (cells != T.ABSENT_IDS).any(1)  # B 8
        others = np.delete(present, lanes, axis=1).any(1)
        out &= others  # never the only stem
        for lane in lanes:
            cells[out, :, lane] = T.ABSENT_IDS[lane]
        bars[out, :, T.C_DENSITY + s] = T.CONDITION_UNKNOWN[T.C_DENSITY + s]
        if s < 4:
            bars[out, :, T.C_REGISTER + s] = T.CONDITION_UNKNOWN[T.C_REGISTER + s]


def hide(rng: np.random.Generator, cells: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(B, 256, 8) True where hidden, drawn from the mixture, inside the target bars, absent cells never."""
    batch = len(cells)
    kind = rng.choice([k for k, _ in MIXTURE], batch, p=[p for _, p in MIXTURE])
    inside = np.repeat(target, T.SLOTS, axis=1)[:, :, None] & (cells != T.ABSENT_IDS)  # B 256 8
    hidden = np.zeros_like(inside)
    share = rng.random((batch, 1, 1))
    noise = rng.random(cells.shape)
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
    return hidden


def apply(cells: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Network input: hidden cells become MASK; the octave lane is MASK wherever harmony is."""
    shown = np.where(hidden, T.MASK_IDS, cells)
    masked = hidden[:, :, T.HARMONY]
    shown[:, :, T.OCTAVE] = np.where(masked, T.MASK_IDS[T.OCTAVE], shown[:, :, T.OCTAVE])
    return shown


def hide_chords(rng: np.random.Generator, chords: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(B, 128) True where the chord is hidden: known 40 %, all of the target 35 %, some half bars 25 %."""
    batch = len(chords)
    inside = np.repeat(target, 8, axis=1) & (chords != T.CHORD_ABSENT)
    draw = rng.random((batch, 1))
    share = rng.random((batch, 1, 1))
    half = rng.random((batch, T.BARS, 2)) < share  # half bars hidden together
    slots = np.tile([0, 0, 0, 0, 1, 1, 1, 1], (batch, T.BARS, 1))
    three = (chords.reshape(batch, T.BARS, 8)[:, :, 6:] == T.CHORD_ABSENT).all(2)
    slots[three] = [0, 0, 0, 1, 1, 1, 1, 1]
    some = np.take_along_axis(half, slots, axis=2).reshape(batch, T.TOKENS)
    return inside & ((draw < 0.35) | ((draw < 0.60) & some))


def drop_conditions(rng: np.random.Generator, bars: np.ndarray) -> np.ndarray:
    """Conditions with each column unknown for p .15 of windows, and now and then all; the meter stays."""
    batch = len(bars)
    drop = rng.random((batch, 1, len(T.CONDITIONS))) < DROP_CONDITION
    drop |= rng.random((batch, 1, 1)) < DROP_ALL
    drop[:, :, T.C_METER] = False
    return np.where(drop, T.CONDITION_UNKNOWN, bars)
