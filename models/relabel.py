"""Density and register conditions of a stem read off its cells, by the quartiles of the training bars.

The same rule as `labels.py`, for windows whose cells were changed after labelling.
"""

from __future__ import annotations

import numpy as np

import tokens as T

S_MELODY, S_COUNTER, S_HARMONY, S_BASS, S_DRUMS = range(5)
Take = dict[str, np.ndarray]  # a batch of windows, changed in place


def onsets(line: np.ndarray, lane: int) -> np.ndarray:
    """True where a pitched lane has an onset."""
    return (line >= T.ONSET) & (line < T.MASK_IDS[lane])


def stems_present(cells: np.ndarray) -> np.ndarray:
    """(B, 5) True where a stem has a cell in the window."""
    lead = [lanes[0] for lanes in T.STEM_LANES.values()]
    return cells.min(1)[:, lead] < T.ABSENT_IDS[lead]  # no id is above that of absence


class Relabel:
    """The rule with the cuts of one preparation; `lowest` is the offset of each voicing's lowest note."""

    def __init__(self, quartiles: dict, lowest: np.ndarray) -> None:
        self.cuts = {
            kind: [np.array(by_stem[s]) for s in T.STEMS if s in by_stem] for kind, by_stem in quartiles.items()
        }
        self.lowest = lowest

    def relabel(self, take: Take, rows: np.ndarray, stem: int) -> None:
        """Density and register conditions of a stem from its cells, by the quartiles of the training bars."""
        if not len(rows):
            return
        cells = take["cells"][rows].reshape(-1, T.BARS, T.SLOTS, 8)
        used = np.array(T.METER_SLOTS)[take["bars"][rows, :, T.C_METER]]
        lanes = list(T.STEM_LANES[T.STEMS[stem]])
        lane = lanes[0]
        known = (cells[..., lane] != T.ABSENT_IDS[lane]).any(2)
        first = 1 if stem == S_DRUMS else T.ONSET
        hit = (cells[..., lanes if stem == S_DRUMS else [lane]] >= first).any(3) & (cells[..., lane] < T.MASK_IDS[lane])
        count = hit.sum(2)
        value = count / np.maximum(used, 1) - 1e-3  # the cuts are rounded, and a bar on the cut lies below it
        density = np.where(count > 0, np.searchsorted(self.cuts["density"][stem], value) + 1, 0)
        column = T.C_DENSITY + stem
        take["bars"][rows, :, column] = np.where(known, density, T.CONDITION_UNKNOWN[column])
        if stem == S_DRUMS:
            return
        pitch = self.lowest_pitch(take, rows, stem).reshape(hit.shape)
        mean = np.where(hit, pitch, 0).sum(2) / np.maximum(count, 1)
        register = np.searchsorted(self.cuts["register"][stem], mean)
        column = T.C_REGISTER + stem
        take["bars"][rows, :, column] = np.where(known & (count > 0), register, T.CONDITION_UNKNOWN[column])

    def lowest_pitch(self, take: Take, rows: np.ndarray, stem: int) -> np.ndarray:
        """(rows, 256) MIDI pitch of each onset (of the lowest note of a chord); meaningless elsewhere."""
        tonic = take["tonic"][rows].astype(int)[:, None]
        if stem == S_HARMONY:
            cells = take["cells"][rows].astype(int)
            voicing = np.clip(cells[:, :, T.HARMONY] - T.ONSET, 0, T.VOICINGS - 1)
            chord = np.repeat(take["chords"][rows], T.PATCH, 1).astype(int)
            root = np.where(chord < T.NO_CHORD, chord // 10, 0)
            return 12 * (cells[:, :, T.OCTAVE] + 3) + (root + tonic) % 12 + self.lowest[voicing]
        lane = T.STEM_LANES[T.STEMS[stem]][0]
        start = (36 if lane == T.BASS else 60) + T.LANE_RANGE[lane][0] - T.ONSET
        return take["cells"][rows, :, lane] + start + np.where(tonic <= 5, tonic, tonic - 12)
