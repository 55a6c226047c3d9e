"""The sampler's working memory for one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import tokens as T
from harmony import SCALES
from sampler.cadence import find_cadences
from sampler.climax import find_climaxes, find_phrases
from sampler.fill import fills
from sampler.geometry import Geometry
from sampler.repetition import Whole, plan_repetition

UNKNOWN_MODE = 7
LAST_POSITION = 7  # in a phrase; where it is unknown, phrases begin with the window
REACH = 3.5  # levels of intensity, 0-7, lie this far to either side of the middle
FULL = 0xFFF  # all twelve pitch classes


@dataclass
class Task:
    """One window to fill."""

    cells: np.ndarray  # (256, 8) ids; hidden cells are MASK
    chords: np.ndarray  # (128,) ids; hidden tokens are CHORD_MASK
    bars: np.ndarray  # (16, 18) condition ids; the densities among them are what is asked for, 5 is free
    open: np.ndarray  # (256, 8) bool: cells to decide
    open_halves: np.ndarray  # (16, 2) bool: half bars whose chord is to be decided
    seed: int
    mode: int | np.ndarray = UNKNOWN_MODE  # whose scale is favoured, one or (16,); 7: no scale is
    tonic: int = 0  # pitch class; octaves of chords are led by sounding pitch
    # (16, 5) bool: bars and stems whose given notes are never made longer. By default those where nothing is
    # open, or everything after a note that sounds in from the bar before; a bar with freed beats is not whole.
    whole: np.ndarray | None = None
    above: int | np.ndarray = 0  # semitones from the window's tonic to that of the mode, one or (16,)


@dataclass
class Logits:
    """What the network answers for one window."""

    cells: np.ndarray  # (256, 260)
    chords: np.ndarray  # (128, 121)


def bits_of(classes: Sequence[int]) -> int:
    bits = 0
    for value in classes:
        bits |= 1 << (value % 12)
    return bits


BIT_COUNTS = np.array([bin(i).count("1") for i in range(FULL + 1)])
# Pitch classes above the tonic of every chord id, as bits; none for no chord, masked and absent.
CHORD_BITS = np.array([bits_of(tuple(T.chord_tones(i))) for i in range(T.NO_CHORD)] + [0, 0, 0])
SCALE_BITS = np.array([bits_of(SCALES[mode]) for mode in range(UNKNOWN_MODE)] + [FULL])


def chord_root(chord: int) -> int:
    """Semitones from the tonic to the root that harmony counts from."""
    return 0 if chord >= T.NO_CHORD else chord // 10


class State:
    """Its cells and chords are filled in as they are decided."""

    def __init__(self, task: Task, shapes: Sequence[Sequence[int]], cuts: Mapping, tunables: Mapping) -> None:
        self.cells = task.cells.astype(np.int32)  # 256 8
        self.chords = task.chords.astype(np.int32)  # 128
        self.bars = task.bars.astype(np.int32)  # 16 18
        self.seed, self.tonic = int(task.seed), int(task.tonic)
        self.geometry = Geometry(self.bars[:, T.C_METER])
        self.density = self.bars[:, T.C_DENSITY : T.C_DENSITY + len(T.STEMS)]  # 16 5
        self.open = task.open.astype(bool) & (self.cells != T.ABSENT_IDS)  # 256 8
        self._fall_silent()
        self.cells[self.open] = np.broadcast_to(T.MASK_IDS, self.cells.shape)[self.open]
        self.cells[self.open[:, T.HARMONY], T.OCTAVE] = T.MASK_IDS[T.OCTAVE]
        self.open_halves = np.asarray(task.open_halves, bool).reshape(-1) & (self.geometry.half_tokens > 0)  # 32
        self.open_halves &= self.chords[self.geometry.half_token] != T.CHORD_ABSENT
        for half in np.flatnonzero(self.open_halves):
            self.write_chord(half, T.CHORD_MASK)
        self.whole = self._whole() if task.whole is None else np.asarray(task.whole, bool)  # 16 5
        scale, above = SCALE_BITS[np.asarray(task.mode)], np.asarray(task.above)
        self.scale = np.broadcast_to((scale << above | scale >> 12 - above) & FULL, T.BARS)  # classes as bits, by bar
        self.shape_classes = np.array([bits_of(shape) for shape in shapes])
        self.shape_sizes = np.array([len(shape) for shape in shapes])
        self.shape_middles = np.array([sum(shape) / len(shape) for shape in shapes])
        self.cuts, self.tunables = cuts, tunables
        self.certainty = np.zeros(self.cells.shape)  # log probability with which each cell was decided
        self.targets = np.full((len(T.STEMS), T.BARS), np.nan)  # onsets each bar should have, once looked at
        self.lane_targets = np.full((len(T.LANES), T.BARS), np.nan)  # hits each drum lane should have, once looked at
        self.rest_targets = np.full((len(T.STEMS), T.BARS), np.nan)  # rests in all bars of each depth
        positions = self.bars[:, T.C_POSITION]
        positions = np.where(positions > LAST_POSITION, np.arange(T.BARS) % 8, positions)
        melody, slots = self.open[:, T.MELODY], self.geometry.slots
        self.cadences = find_cadences(self.bars, melody, slots, positions, tunables)  # 16
        meters, styles = self.bars[:, T.C_METER], self.bars[:, T.C_STYLE]
        whole = Whole(self.geometry, meters, self.cells, self.chords, self.open, styles, fills(self.bars), positions)
        self.repetition = plan_repetition(whole, self.cadences, self.seed, tunables)
        self.phrases = find_phrases(slots, positions)  # 16
        copied = self.repetition.same[T.STEMS.index("melody")]
        self.climaxes = find_climaxes(self.phrases, positions, melody, slots, self.cadences, copied)  # 16

    def _fall_silent(self) -> None:
        """A density of 0 is silence that nobody may fill, as in the engine's windows."""
        for stem, name in enumerate(T.STEMS):
            silent = np.repeat(self.density[:, stem] == 0, T.SLOTS)
            for lane in T.STEM_LANES[name]:
                cells = silent & self.open[:, lane]
                quiet = T.ABSENT_IDS[lane] if lane == T.OCTAVE else T.REST if lane <= T.BASS else 0
                self.cells[cells, lane] = quiet
                self.open[cells, lane] = False

    def write_chord(self, half: int, chord: int) -> None:
        first = self.geometry.half_token[half]
        self.chords[first : first + self.geometry.half_tokens[half]] = chord

    def chord_at(self, slot: int) -> int:
        """The chord id in force in a slot; CHORD_MASK while it is open."""
        return int(self.chords[self.geometry.token[slot]])

    def excitement(self, bar: int | np.ndarray) -> np.ndarray:
        """How far the intensity of bars lies from the middle, from -1 (calmest) to 1; 0 where none is asked for."""
        level = self.bars[bar, T.C_INTENSITY]
        return np.where(level > 2 * REACH, 0, (level - REACH) / REACH)

    def _whole(self) -> np.ndarray:
        whole = np.ones((T.BARS, len(T.STEMS)), bool)
        for bar, used in enumerate(self.geometry.slots):
            rows = slice(bar * T.SLOTS, bar * T.SLOTS + used)
            for stem, name in enumerate(T.STEMS):
                lane = T.STEM_LANES[name][0]
                is_open = self.open[rows, lane]
                if is_open.any():
                    first = int(is_open.argmax())
                    held = self.cells[rows, lane][:first] == T.HOLD
                    whole[bar, stem] = is_open[first:].all() and held.all()
        return whole
