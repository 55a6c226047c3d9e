"""A passage: up to 16 bars on the grid with everything that is needed to hear them, and its cutting and joining.

Cells count from a tonic (`docs/representation.md`), so two passages are only put side by side after one of
them has been written above the other's tonic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import tokens as T
from harmony import SCALES

LINES = (T.MELODY, T.COUNTER, T.BASS)
MINOR_MODES = (1, 2, 5, 6)  # dorian, phrygian, aeolian, locrian: a minor third above the tonic


@dataclass(frozen=True, eq=False)
class Passage:
    """Bars that are not there have the meter `METER_ABSENT`; they come last."""

    title: str
    cells: np.ndarray  # (256, 8) lane ids above `tonic`
    chords: np.ndarray  # (128) chord ids above `tonic`
    bars: np.ndarray  # (16, 18) conditions
    velocity: np.ndarray  # (256, 5) levels, NO_LABEL where nothing is known
    timing: np.ndarray  # (256, 5) bins, NO_LABEL where nothing is known
    tonic: int
    tempo: np.ndarray  # (16) quarter notes a minute
    keys: np.ndarray  # (16, 2) tonic and mode of each bar on its own, for the key signature

    @property
    def count(self) -> int:
        """Bars that are there."""
        return int((self.bars[:, T.C_METER] != T.METER_ABSENT).sum())

    def grid(self) -> np.ndarray:
        """Cells as (16, 16, 8), a view."""
        return self.cells.reshape(T.BARS, T.SLOTS, len(T.LANES))

    def has(self, stem: str) -> bool:
        lane = T.STEM_LANES[stem][0]
        return bool((self.cells[:, lane] <= T.MASK_IDS[lane]).any())

    def sounds(self, stem: str) -> bool:
        """Whether the stem has an onset at all."""
        lanes = [lane for lane in T.STEM_LANES[stem] if lane != T.OCTAVE]
        first = 1 if stem == "drums" else T.ONSET
        return any(((self.cells[:, i] >= first) & (self.cells[:, i] < T.MASK_IDS[i])).any() for i in lanes)


def used_slots(bars: np.ndarray) -> np.ndarray:
    """(256) True where the bar's meter has a slot."""
    slots = np.array(T.METER_SLOTS)[bars[:, T.C_METER]]
    return (np.arange(T.SLOTS)[None] < slots[:, None]).reshape(-1)


def half_of_slot(bars: np.ndarray) -> np.ndarray:
    """(256) 0 or 1: the half bar of each slot."""
    half = np.array(T.METER_SLOTS)[bars[:, T.C_METER]] // 2
    return (np.arange(T.SLOTS)[None] >= half[:, None]).astype(int).reshape(-1)


def set_chord(chords: np.ndarray, bars: np.ndarray, bar: int, half: int, chord: int) -> None:
    """Write one half bar's chord, in place."""
    used = T.METER_SLOTS[int(bars[bar, T.C_METER])] // T.PATCH  # tokens
    middle = used // 2
    start, stop = (0, middle) if half == 0 else (middle, used)
    chords[bar * 8 + start : bar * 8 + stop] = chord


def chord_at(chords: np.ndarray, bars: np.ndarray, bar: int, half: int) -> int:
    used = T.METER_SLOTS[int(bars[bar, T.C_METER])] // T.PATCH
    return int(chords[bar * 8 + (0 if half == 0 else used - 1)])


def tonic_chord(mode: int) -> int:
    """The triad on the tonic."""
    return T.chord_id(0, "min" if mode in MINOR_MODES else "maj")


def blank(title: str, bars: np.ndarray, tonic: int, tempo: np.ndarray, stems: tuple[str, ...] = T.STEMS) -> Passage:
    """Silent bars of an ensemble, without chords."""
    cells, chords, _ = T.absent_window()
    cells, chords = cells.astype(np.int32), chords.astype(np.int32)
    used = used_slots(bars)
    for stem in stems:
        for lane in T.STEM_LANES[stem]:
            if lane != T.OCTAVE:
                cells[used, lane] = 0 if stem == "drums" else T.REST
    for bar in np.flatnonzero(bars[:, T.C_METER] != T.METER_ABSENT):
        for half in range(2):
            set_chord(chords, bars, int(bar), half, T.NO_CHORD)
    nothing = np.full((T.CELLS, len(T.STEMS)), T.NO_LABEL)
    keys = np.stack([np.full(T.BARS, tonic), bars[:, T.C_MODE].astype(int)], 1)
    return Passage(title, cells, chords, bars.astype(np.int32), nothing, nothing.copy(), tonic, tempo, keys)


def cut(passage: Passage, first: int, count: int) -> Passage:
    """Bars `first` to `first + count`, moved to the start; a note held from before is not sounded."""
    count = min(count, passage.count - first)
    cells, chords, bars = (a.astype(np.int32) for a in T.absent_window())
    velocity, timing = (np.full((T.CELLS, len(T.STEMS)), T.NO_LABEL) for _ in range(2))
    tempo, keys = passage.tempo.copy(), passage.keys.copy()
    here, there = slice(0, count * T.SLOTS), slice(first * T.SLOTS, (first + count) * T.SLOTS)
    cells[here], velocity[here], timing[here] = passage.cells[there], passage.velocity[there], passage.timing[there]
    chords[: count * 8] = passage.chords[first * 8 : (first + count) * 8]
    bars[:count] = passage.bars[first : first + count]
    tempo[:count], keys[:count] = passage.tempo[first : first + count], passage.keys[first : first + count]
    tempo[count:], keys[count:] = tempo[count - 1], keys[count - 1]
    for lane in (*LINES, T.HARMONY):
        for slot in np.flatnonzero(used_slots(bars)):
            if cells[slot, lane] != T.HOLD:
                break
            cells[slot, lane] = T.REST
    return replace(
        passage, cells=cells, chords=chords, bars=bars, velocity=velocity, timing=timing, tempo=tempo, keys=keys
    )


def above(passage: Passage, tonic: int, table: T.VoicingTable) -> Passage:
    """The same notes written above another tonic; bars in another key than that have their mode unknown."""
    if tonic == passage.tonic:
        return passage
    shift = passage.tonic - tonic
    cells, chords, bars = passage.cells.copy(), passage.chords.copy(), passage.bars.copy()
    for lane in LINES:
        onset = np.flatnonzero((cells[:, lane] >= T.ONSET) & (cells[:, lane] < T.MASK_IDS[lane]))
        for slot in onset:
            cells[slot, lane] = T.pitch_to_id(lane, T.id_to_pitch(lane, int(cells[slot, lane]), passage.tonic), tonic)
    named = chords < T.NO_CHORD
    chords[named] = (chords[named] // 10 + shift) % 12 * 10 + chords[named] % 10
    harmony = cells[:, T.HARMONY]
    loose = (harmony >= T.ONSET) & (harmony < T.MASK_IDS[T.HARMONY]) & ~np.repeat(named, T.PATCH)
    for slot in np.flatnonzero(loose):  # without a chord a voicing counts from the tonic
        notes = T.harmony_pitches(table, int(harmony[slot]), int(cells[slot, T.OCTAVE]), passage.tonic)
        offsets, octave = T.voicing_of(notes, tonic)
        cells[slot, T.HARMONY] = T.ONSET + table.nearest(offsets)
        cells[slot, T.OCTAVE] = T.octave_to_id(octave)
    there = bars[:, T.C_METER] != T.METER_ABSENT
    same = passage.keys[:, 0] == tonic
    bars[there, T.C_MODE] = np.where(same, passage.keys[:, 1], T.CONDITION_UNKNOWN[T.C_MODE])[there]
    return replace(passage, cells=cells, chords=chords, bars=bars, tonic=tonic)


def folded(passage: Passage, tonic: int) -> int:
    """Notes that would not keep their octave above another tonic."""
    moved = 0
    for lane in LINES:
        ids = passage.cells[:, lane]
        for cell in ids[(ids >= T.ONSET) & (ids < T.MASK_IDS[lane])]:
            pitch = T.id_to_pitch(lane, int(cell), passage.tonic)
            moved += T.id_to_pitch(lane, T.pitch_to_id(lane, pitch, tonic), tonic) != pitch
    return moved


def scale(passage: Passage) -> tuple[int, ...]:
    """Pitch classes of the first bar's key, for drawing."""
    tonic, mode = (int(x) for x in passage.keys[0])
    return tuple((tonic + step) % 12 for step in SCALES.get(mode, SCALES[0]))
