"""The common shape of a piece of music before it is put on the grid. Times are quarter notes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

ONSET, LENGTH, PITCH, VELOCITY = range(4)  # columns of Part.notes


@dataclass
class Part:
    """One instrument: notes (n, 4) = onset and length in quarters, MIDI pitch, velocity."""

    name: str
    notes: np.ndarray
    program: int = -1  # General MIDI 0-127, -1 unknown
    drums: bool = False
    staff: int = 1  # 1 right hand, 2 left hand in keyboard scores


@dataclass
class Measure:
    """A written bar: start and sounding length in quarters, and its time signature."""

    start: float
    length: float
    beats: int
    unit: int


@dataclass
class Score:
    """A piece as read from a file."""

    parts: list[Part]
    measures: list[Measure]
    keys: list[tuple[float, int]] = field(default_factory=list)  # (quarter, sharps)
    tempo: float = 0.0  # quarter notes a minute, 0 unknown
    symbols: list[tuple[float, int, str]] = field(default_factory=list)  # (quarter, root class, quality)
    title: str = ""


def measures_from_signatures(signatures: list[tuple[float, int, int]], end: float) -> list[Measure]:
    """Measures from time signatures (quarter, beats, unit) up to `end`; a late change cuts a bar short."""
    signatures = sorted(signatures) or [(0.0, 4, 4)]
    if signatures[0][0] > 0:
        signatures.insert(0, (0.0, 4, 4))
    measures = []
    for i, (start, beats, unit) in enumerate(signatures):
        stop = signatures[i + 1][0] if i + 1 < len(signatures) else end
        length, at = 4.0 * beats / unit, start
        while at < stop - 1e-6 and len(measures) < 5000:
            measures.append(Measure(at, min(length, stop - at) if stop < end else length, beats, unit))
            at += length
    return measures
