"""Two rivals that write without a network: an arranger made of rules, and a splice of another piece."""

from __future__ import annotations

import numpy as np

import metrics
import tokens as T

MELODY_RHYTHM = {0: (0, 4, 8, 12), 1: (0, 4, 8), 2: (0, 3, 6, 9), 3: (0, 3, 6, 9)}  # by meter: one note a beat
BASS_RHYTHM = {0: (0, 8), 1: (0,), 2: (0, 6), 3: (0, 6)}
KICKS = {0: (0, 8), 1: (0,), 2: (0,), 3: (0, 6)}
SNARES = {0: (4, 12), 1: (4, 8), 2: (6,), 3: (3, 9)}
HATS = {0: 2, 1: 2, 2: 2, 3: 3}  # slots from hat to hat
MELODY_MIDDLE = 22  # the melody's ids above the onset wander around this one
STEP = 4  # semitones: the melody takes the chord tone nearest to where it is, give or take this


def arrange(cells: np.ndarray, chords: np.ndarray, bars: np.ndarray, span: slice, seed: int) -> np.ndarray:
    """The stems that are there, written in `span` by rule over the window's chords: the cells of the result."""
    rng = np.random.default_rng(seed)
    result = cells.astype(int).copy()
    at = MELODY_MIDDLE
    for bar in range(span.start, span.stop):
        meter = int(bars[bar, T.C_METER])
        if meter == T.METER_ABSENT:
            continue
        place = result[bar * T.SLOTS : bar * T.SLOTS + T.METER_SLOTS[meter]]  # a view
        chord = chords[bar * 8 : bar * 8 + T.METER_SLOTS[meter] // T.PATCH].astype(int)
        here = {stem: metrics.present(cells, stem)[bar] for stem in T.STEMS}
        for lane, stem in ((T.MELODY, "melody"), (T.COUNTER, "counter"), (T.HARMONY, "harmony"), (T.BASS, "bass")):
            if here[stem]:
                place[:, lane] = T.HOLD
        if here["harmony"]:
            place[:, T.OCTAVE] = T.ABSENT_IDS[T.OCTAVE]
        for slot in MELODY_RHYTHM[meter]:
            tones = T.chord_tones(int(chord[slot // T.PATCH])) or {0, 4, 7}
            for lane, stem in ((T.MELODY, "melody"), (T.COUNTER, "counter")):
                if here[stem]:
                    goal = at + rng.integers(-STEP, STEP + 1)
                    low = T.LANE_RANGE[lane][0]
                    ids = [k for k in range(8, 40) if (k + low) % 12 in tones]
                    nearest = min(ids, key=lambda k: abs(k - goal))
                    place[slot, lane] = T.ONSET + nearest
                    at = (nearest + MELODY_MIDDLE) // 2
        for slot in BASS_RHYTHM[meter]:
            found = int(chord[slot // T.PATCH])
            root = 0 if found >= T.NO_CHORD else found // 10
            if here["bass"]:
                place[slot, T.BASS] = T.ONSET + root
            if here["harmony"]:
                quality = 0 if found >= T.NO_CHORD else found % 10
                place[slot, T.HARMONY] = T.ONSET + 12 + quality  # close triads follow the single notes in the table
                place[slot, T.OCTAVE] = 1
        if here["drums"]:
            place[:, [T.LOW, T.HIGH, T.PERC]] = 0
            place[list(KICKS[meter]), T.LOW] = 1
            place[list(SNARES[meter]), T.LOW] = 2
            place[:: HATS[meter], T.HIGH] = 1
    return result


def splice(data: dict[str, np.ndarray], index: int, span: slice, rng: np.random.Generator) -> int | None:
    """A window of another piece with the same meter and mode to take `span` from; None where there is none.

    Keys agree of themselves: pitches count from the tonic.
    """
    bars = data["bars"]
    same = (bars[:, span, T.C_METER] == bars[index, span, T.C_METER]).all(1)
    same &= bars[:, span.start, T.C_MODE] == bars[index, span.start, T.C_MODE]
    same &= (data["piece"] != data["piece"][index]) & (data["count"] == T.BARS)
    same &= np.array([_ensemble(c) == _ensemble(data["cells"][index]) for c in data["cells"]]) if same.any() else False
    found = np.flatnonzero(same)
    return int(rng.choice(found)) if len(found) else None


def _ensemble(cells: np.ndarray) -> tuple[bool, ...]:
    return tuple(bool((cells[:, T.STEM_LANES[s][0]] <= T.MASK_IDS[T.STEM_LANES[s][0]]).any()) for s in T.STEMS)
