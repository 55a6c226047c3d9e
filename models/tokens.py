"""Vocabulary of the grid: lanes, ids, anchors, voicings, chords, conditions.

This file is the Python side of `docs/representation.md`; the TypeScript side reads
the same tables from `shipped/<name>/model.json`. Pitches are MIDI numbers, times are
slots (a sixteenth, or a third of a beat in triplet bars), 16 slots are kept per bar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

BARS, SLOTS = 16, 16  # bars in a window, slots in a bar
CELLS = BARS * SLOTS  # 256
PATCH = 2  # slots the network reads as one token
TOKENS = CELLS // PATCH  # 128

LANES: tuple[tuple[str, int], ...] = (
    ("melody", 50),
    ("counter", 50),
    ("harmony", 98),
    ("harmonyOctave", 5),
    ("bass", 38),
    ("drumsLow", 6),
    ("drumsHigh", 7),
    ("drumsPerc", 6),
)
LANE_SIZES = tuple(size for _, size in LANES)
LANE_OFFSETS = tuple(int(x) for x in np.cumsum((0, *LANE_SIZES))[:-1])
LOGITS = sum(LANE_SIZES)  # 260
MELODY, COUNTER, HARMONY, OCTAVE, BASS, LOW, HIGH, PERC = range(8)
HOLD, REST, ONSET = 0, 1, 2  # ids of the pitched lanes; ONSET + k is the k-th pitch
MASK_IDS = np.array(LANE_SIZES, np.int64)
ABSENT_IDS = MASK_IDS + 1

STEMS = ("melody", "counter", "harmony", "bass", "drums")
STEM_LANES: dict[str, tuple[int, ...]] = {
    "melody": (MELODY,),
    "counter": (COUNTER,),
    "harmony": (HARMONY, OCTAVE),
    "bass": (BASS,),
    "drums": (LOW, HIGH, PERC),
}

QUALITIES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("maj", (0, 4, 7)),
    ("min", (0, 3, 7)),
    ("dim", (0, 3, 6)),
    ("aug", (0, 4, 8)),
    ("maj7", (0, 4, 7, 11)),
    ("min7", (0, 3, 7, 10)),
    ("dom7", (0, 4, 7, 10)),
    ("hdim7", (0, 3, 6, 10)),
    ("dim7", (0, 3, 6, 9)),
    ("sus4", (0, 5, 7)),
)
NO_CHORD, CHORDS = 120, 121
CHORD_MASK, CHORD_ABSENT = 121, 122

METERS = ("4/4", "3/4", "6/8", "4/4 triplet", "absent")
METER_SLOTS = (16, 12, 12, 12, 0)
METER_BEATS = (4.0, 3.0, 2.0, 4.0, 0.0)  # felt beats in a bar
METER_SLOTS_PER_BEAT = (4, 4, 6, 3, 0)
MODES = ("ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian", "unknown")
STYLES = ("song", "chamber", "game-ambient", "game-driving", "role-playing", "keyboard", "groove", "unknown")
ROLES = ("A", "A'", "B", "bridge", "fill", "ending", "stinger", "unknown")
FEELS = ("straight", "swing", "triplet", "unknown")
CONDITIONS: tuple[tuple[str, int], ...] = (
    ("meter", 5),
    ("mode", 8),
    ("style", 8),
    ("role", 8),
    ("position", 9),
    ("intensity", 9),
    ("valence", 6),
    ("arousal", 6),
    *((f"density.{stem}", 6) for stem in STEMS),
    *((f"register.{stem}", 5) for stem in STEMS[:4]),
    ("feel", 4),
)
CONDITION_SIZES = tuple(size for _, size in CONDITIONS)
CONDITION_UNKNOWN = np.array(CONDITION_SIZES, np.int64) - 1  # for the meter this is the absent bar
METER_ABSENT = 4
C_METER, C_MODE, C_STYLE, C_ROLE, C_POSITION, C_INTENSITY, C_VALENCE, C_AROUSAL = range(8)
C_DENSITY, C_REGISTER, C_FEEL = 8, 13, 17

VELOCITIES, TIMINGS = 8, 9
EXPRESSION = len(STEMS) * (VELOCITIES + TIMINGS)  # 85
NO_LABEL = 255  # expression value without a label: carries no loss

VOICINGS = 96
VOICING_REACH, VOICING_NOTES = 19, 5  # notes above a twelfth over the root come down by octaves

# Range of a monophonic lane: (semitones from the anchor to id 2, number of pitches).
LANE_RANGE = {MELODY: (-12, 48), COUNTER: (-18, 48), BASS: (-12, 36)}


def anchor(lane: int, tonic: int) -> int:
    """MIDI pitch of the tonic that a lane counts from."""
    shifted = tonic if tonic <= 5 else tonic - 12
    return (36 if lane == BASS else 60) + shifted


def fold(value: int, low: int, high: int) -> int:
    """Move `value` by octaves into [low, high]; the span must be an octave or more."""
    if value < low:
        value += 12 * -((value - low) // 12)
    elif value > high:
        value -= 12 * -((high - value) // 12)
    return value


def pitch_to_id(lane: int, pitch: int, tonic: int) -> int:
    """Id of a pitch in the melody, counter or bass lane; out of range folds by octaves."""
    start, count = LANE_RANGE[lane]
    return ONSET + fold(pitch - anchor(lane, tonic) - start, 0, count - 1)


def id_to_pitch(lane: int, cell: int, tonic: int) -> int:
    """MIDI pitch of an onset id (2 or more)."""
    return anchor(lane, tonic) + LANE_RANGE[lane][0] + cell - ONSET


def chord_id(root: int, quality: str) -> int:
    """Chord id of a root (semitones above the tonic) and a quality name."""
    return (root % 12) * 10 + [name for name, _ in QUALITIES].index(quality)


def chord_tones(chord: int) -> frozenset[int]:
    """Pitch classes above the tonic of a chord id, empty for no chord."""
    if chord >= NO_CHORD:
        return frozenset()
    root, quality = divmod(chord, 10)
    return frozenset((root + step) % 12 for step in QUALITIES[quality][1])


def chord_name(chord: int) -> str:
    """Readable chord, degree 0-11 and quality: `7maj` is a major triad on the fifth."""
    return "none" if chord >= NO_CHORD else f"{chord // 10}{QUALITIES[chord % 10][0]}"


def voicing_of(pitches: Iterable[int], root_class: int) -> tuple[tuple[int, ...], int]:
    """Offsets above the chord root (1-5, lowest 0-11, all 0-19) and the root's octave."""
    notes = sorted(set(pitches))
    root = notes[0] - (notes[0] - root_class) % 12  # highest root at or below the lowest note
    offsets, seen = [], set()
    for note in notes:  # upper doublings are dropped and far notes come closer: 70 -> 85 % fit the table
        if (note - root) % 12 not in seen or len(notes) == 2:
            seen.add((note - root) % 12)
            offsets.append(fold(note - root, 0, VOICING_REACH))
    offsets = sorted(set(offsets))
    if len(offsets) > VOICING_NOTES:
        offsets = [*offsets[: VOICING_NOTES - 1], offsets[-1]]
    return tuple(offsets), root // 12 - 1


def octave_to_id(octave: int) -> int:
    """Id in the octave lane; octaves outside 2-6 are folded to the nearest."""
    return min(max(octave - 2, 0), 4)


def required_voicings() -> list[tuple[int, ...]]:
    """Single notes 0-11 and every quality in close root position."""
    return [(i,) for i in range(12)] + [steps for _, steps in QUALITIES]


def fit_voicings(counts: Counter[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The table of 96: the required voicings, then the most frequent ones, then inversions."""
    table = required_voicings()
    for voicing, _ in counts.most_common():
        if len(table) == VOICINGS:
            break
        if voicing not in table:
            table.append(voicing)
    spare = [v for _, steps in QUALITIES for v in _inversions(steps)]
    spare += [(i, i + j) for j in (7, 4, 3, 12, 5, 9, 8) for i in range(12)]
    for voicing in spare:
        if len(table) < VOICINGS and voicing not in table:
            table.append(voicing)
    return table


def _inversions(steps: Sequence[int]) -> list[tuple[int, ...]]:
    result = []
    for turn in range(1, len(steps)):
        result.append(tuple([*steps[turn:], *(s + 12 for s in steps[:turn])]))
    return result


class VoicingTable:
    """Nearest voicing: by pitch classes first, then lowest and highest note."""

    def __init__(self, table: Sequence[Sequence[int]]) -> None:
        self.table = [tuple(v) for v in table]
        self._cache = {v: i for i, v in enumerate(self.table)}
        self._classes = [frozenset(o % 12 for o in v) for v in self.table]

    def nearest(self, offsets: tuple[int, ...]) -> int:
        """Index of the voicing closest to `offsets` (which need not be in the table)."""
        if offsets not in self._cache:
            classes = frozenset(o % 12 for o in offsets)

            def distance(i: int) -> tuple[int, int, int]:
                v = self.table[i]
                ends = abs(v[0] - offsets[0]) + abs(v[-1] - offsets[-1])
                return len(classes ^ self._classes[i]), ends, abs(len(v) - len(offsets))

            self._cache[offsets] = min(range(len(self.table)), key=distance)
        return self._cache[offsets]


def harmony_pitches(table: VoicingTable, cell: int, octave: int, root_class: int) -> list[int]:
    """MIDI pitches of a harmony onset id and octave id over a chord root (absolute class)."""
    root = 12 * (octave + 2 + 1) + root_class
    return [root + offset for offset in table.table[cell - ONSET]]


# General MIDI percussion key -> (lane, id).
DRUM_MAP: dict[int, tuple[int, int]] = {
    **dict.fromkeys((35, 36), (LOW, 1)),
    **dict.fromkeys((38, 40), (LOW, 2)),
    **dict.fromkeys((37, 39), (LOW, 4)),
    **dict.fromkeys((42, 22), (HIGH, 1)),
    **dict.fromkeys((46, 26), (HIGH, 2)),
    44: (HIGH, 3),
    **dict.fromkeys((51, 59), (HIGH, 4)),
    53: (HIGH, 5),
    **dict.fromkeys((49, 52, 55, 57), (HIGH, 6)),
    **dict.fromkeys((41, 43, 58), (PERC, 1)),
    **dict.fromkeys((45, 47), (PERC, 2)),
    **dict.fromkeys((48, 50), (PERC, 3)),
    **dict.fromkeys((54, 56, *range(60, 82)), (PERC, 4)),
}
HIGH_PRIORITY = (0, 1, 3, 2, 4, 5, 6)  # where two hats or cymbals meet the later one here wins


def drum_cells(keys: Iterable[int]) -> tuple[int, int, int]:
    """The three drum ids of the percussion keys struck in one slot."""
    hits = [DRUM_MAP[k] for k in keys if k in DRUM_MAP]
    low = {i for lane, i in hits if lane == LOW}
    high = [i for lane, i in hits if lane == HIGH]
    perc = {i for lane, i in hits if lane == PERC}
    if 1 in low:
        low_id = 3 if 2 in low else 5 if 4 in low else 1
    else:
        low_id = 2 if 2 in low else 4 if 4 in low else 0
    toms = perc - {4}
    perc_id = 5 if len(toms) > 1 else min(toms) if toms else 4 if perc else 0
    return low_id, max(high, key=HIGH_PRIORITY.index, default=0), perc_id


def velocity_to_id(velocity: float) -> int:
    """Level 0-7 of a MIDI velocity 1-127."""
    return min(max(int(velocity) // 16, 0), VELOCITIES - 1)


def timing_to_id(offset: float) -> int:
    """Bin 0-8 of an offset in slots (early negative); a quarter slot or more saturates."""
    return min(max(4 + round(offset * 16), 0), TIMINGS - 1)


def absent_window() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells (256, 8), chords (128) and conditions (16, 18) of a window with nothing in it."""
    cells = np.tile(ABSENT_IDS, (CELLS, 1)).astype(np.uint8)
    bars = np.tile(CONDITION_UNKNOWN, (BARS, 1)).astype(np.uint8)
    return cells, np.full(TOKENS, CHORD_ABSENT, np.uint8), bars
