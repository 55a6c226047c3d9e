"""Each fault is found where it is, and only there."""

import numpy as np
import pytest

import faults
import tokens as T

TABLE = T.VoicingTable(T.required_voicings())
TOPS = (76, 79, 81, 74, 84, 79, 76, 81)  # of the bars of a phrase
TRIAD = T.ONSET + TABLE.table.index((0, 4, 7))


def window() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sixteen bars of C major in 4/4 without fault: a tune that falls to a long C, chords and bass below."""
    cells, chords, bars = (part.astype(int) for part in T.absent_window())
    cells[:, [T.MELODY, T.COUNTER, T.HARMONY, T.BASS]] = T.HOLD
    cells[:, [T.LOW, T.HIGH, T.PERC]] = 0
    chords[:] = T.chord_id(0, "maj")
    bars[:, T.C_METER] = bars[:, T.C_MODE] = 0
    bars[:, T.C_POSITION] = np.arange(T.BARS) % 8
    melody, bass = (lambda pitch: T.pitch_to_id(T.MELODY, pitch, 0)), (lambda pitch: T.pitch_to_id(T.BASS, pitch, 0))
    for bar in range(T.BARS):
        start = bar * T.SLOTS
        tune = (TOPS[bar % 8], (74, 76)[bar % 8 // 4], 72)
        cells[[start, start + 4, start + 8], T.MELODY] = [melody(pitch) for pitch in tune]
        cells[start, T.COUNTER] = T.pitch_to_id(T.COUNTER, 64, 0)
        cells[start, T.HARMONY], cells[start, T.OCTAVE] = TRIAD, T.octave_to_id(3)
        cells[[start, start + 8], T.BASS] = bass(36)
        cells[[start, start + 8], T.LOW] = 1
        cells[[start + 4, start + 12], T.LOW] = 2
        if bar % 8 == 7:
            cells[start + 14, T.PERC] = 1
        if bar % 8 == 0:
            cells[start, T.HIGH] = faults.CRASH
    return cells, chords, bars


def counted(cells, chords, bars) -> dict[str, faults.Count]:
    return faults.tally([faults.look(cells, chords, bars, 0, TABLE)])


def test_music_without_a_fault_has_none():
    found = counted(*window())
    assert {name: count[0] for name, count in found.items() if count[0]} == {}
    rare = {"bass: bars of 4 notes or more on one pitch"}  # this bass has two notes a bar
    assert {name for name, count in found.items() if count[1] == 0} == rare


def ids(lane: int, pitch: int) -> int:
    return T.pitch_to_id(lane, pitch, 0)


def put(lane: int, places: dict[int, int]):
    """A change that writes ids at slots of the first bar (16 and on: of later ones)."""

    def change(cells, _chords, _bars):
        for slot, value in places.items():
            cells[slot, lane] = value

    return change


REST, HOLD = T.REST, T.HOLD
PLANTED = {  # fault -> a change of the window, and how many it makes
    "melody: bars of 3 notes or more on one pitch": (put(T.MELODY, dict.fromkeys((0, 4, 8), ids(T.MELODY, 72))), 1),
    "melody: leaps over an octave": (put(T.MELODY, {4: ids(T.MELODY, 90)}), 2),
    "melody: bars that are an earlier one of their 8": (put(T.MELODY, {16: ids(T.MELODY, 76)}), 1),
    "melody: lone sixteenths off the beat": (put(T.MELODY, {13: ids(T.MELODY, 74), 14: REST, 15: REST}), 1),
    "melody: phrases that do not come to rest": (put(T.MELODY, {7 * 16 + 12: ids(T.MELODY, 76)}), 1),
    "melody: phrases that end on a foreign tone": (put(T.MELODY, {7 * 16 + 8: ids(T.MELODY, 74)}), 1),
    "melody: semitone clashes on strong beats": (put(T.MELODY, {8: ids(T.MELODY, 77)}), 1),
    "counter: above the melody": (put(T.COUNTER, {12: ids(T.COUNTER, 81), 14: ids(T.COUNTER, 64)}), 2),
    "harmony: above the melody": (put(T.OCTAVE, {0: T.octave_to_id(6)}), 16),
    "harmony: below the bass": (put(T.BASS, {8: ids(T.BASS, 55)}), 8),
    "harmony: mud below C3": (put(T.OCTAVE, {0: T.octave_to_id(2)}), 16),
    "bass: bars of 4 notes or more on one pitch": (put(T.BASS, dict.fromkeys((4, 12), ids(T.BASS, 36))), 1),
    "bass: downbeats off the root": (put(T.BASS, {0: ids(T.BASS, 40)}), 1),
    "bass: lone sixteenths off the beat": (put(T.BASS, {13: ids(T.BASS, 36), 14: REST, 15: REST}), 1),
    "drums: bars of 8 kicks or more": (put(T.LOW, dict.fromkeys((0, 2, 6, 8, 9, 10, 14, 15), 1)), 1),
    "drums: bars without a backbeat": (put(T.LOW, {4: 0, 12: 0, 10: 2}), 1),
    "drums: phrases that end without a fill": (put(T.PERC, {7 * 16 + 14: 0}), 1),
    "drums: phrases without a crash at their start": (put(T.HIGH, {8 * 16: 1}), 1),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault):
    cells, chords, bars = window()
    change, found = PLANTED[fault]
    change(cells, chords, bars)
    assert counted(cells, chords, bars)[fault][0] == found


def test_a_tune_that_circles_one_pitch_has_neither_goal_nor_climax_nor_motif():
    cells, chords, bars = window()
    cells[:, T.MELODY] = HOLD
    for bar in range(T.BARS):
        places = bar * T.SLOTS + np.array([0, 1 + bar % 8])  # a rhythm of its own for every bar of a phrase
        cells[places, T.MELODY] = ids(T.MELODY, 72)
    found = counted(cells, chords, bars)
    assert found["melody: 8 bars without a rhythm that comes back"] == (2, 2)
    assert found["melody: 8 bars, half of their notes one pitch"] == (2, 2)
    assert found["melody: 8 bars whose top comes in 4 or more"] == (2, 2)


def test_absent_stems_and_bars_have_no_faults_to_count():
    cells, chords, bars = (part.astype(int) for part in T.absent_window())
    assert set(counted(cells, chords, bars).values()) == {(0, 0)}


def test_the_table_sets_columns_side_by_side():
    text = faults.table({"takes": counted(*window()), "works": counted(*T.absent_window())})
    assert text.splitlines()[0] == "| fault | takes | works |"
    assert "| bass: downbeats off the root | 0.0% of 16 | – |" in text
