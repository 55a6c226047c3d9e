"""The vocabulary keeps the promises of docs/representation.md."""

from collections import Counter

import numpy as np
import pytest

import tokens as T


def test_logits_lie_side_by_side_in_lane_order():
    assert T.LOGITS == 260
    assert T.LANE_OFFSETS == (0, 50, 100, 198, 203, 241, 247, 254)
    assert T.EXPRESSION == 85
    assert len(T.CONDITIONS) == 18


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("lane", [T.MELODY, T.COUNTER, T.BASS])
def test_a_pitch_in_range_survives_the_round_trip(lane, tonic):
    low, count = T.LANE_RANGE[lane]
    for pitch in range(T.anchor(lane, tonic) + low, T.anchor(lane, tonic) + low + count):
        assert T.id_to_pitch(lane, T.pitch_to_id(lane, pitch, tonic), tonic) == pitch


@pytest.mark.parametrize("pitch", [0, 11, 20, 30, 100, 119, 127])
def test_a_pitch_out_of_range_folds_by_octaves_and_is_never_clipped(pitch):
    for lane in (T.MELODY, T.COUNTER, T.BASS):
        for tonic in range(12):
            back = T.id_to_pitch(lane, T.pitch_to_id(lane, pitch, tonic), tonic)
            assert (back - pitch) % 12 == 0
            low, count = T.LANE_RANGE[lane]
            assert 0 <= back - T.anchor(lane, tonic) - low < count


def test_anchors_follow_the_tonic():
    assert T.anchor(T.MELODY, 5) == 65
    assert T.anchor(T.COUNTER, 6) == 54
    assert T.anchor(T.BASS, 7) == 31


def test_transposition_does_not_change_ids():
    line = [60, 64, 67, 72, 59]
    ids = [T.pitch_to_id(T.MELODY, p, 0) for p in line]
    assert ids == [T.pitch_to_id(T.MELODY, p + 3, 3) for p in line]


def test_the_voicing_table_holds_singles_and_plain_chords_and_has_96_rows():
    table = T.fit_voicings(Counter({(0, 7, 12): 50, (4, 7, 12): 20}))
    assert len(table) == len(set(table)) == T.VOICINGS
    assert all((i,) in table for i in range(12))
    assert all(steps in table for _, steps in T.QUALITIES)
    assert (0, 7, 12) in table


def test_the_table_keeps_its_rules():
    for voicing in T.fit_voicings(Counter()):
        assert 1 <= len(voicing) <= 5
        assert 0 <= voicing[0] <= 11
        assert voicing[-1] <= 28
        assert list(voicing) == sorted(set(voicing))


def test_the_nearest_voicing_is_first_by_pitch_classes_then_by_outer_notes():
    table = T.VoicingTable([(0,), (0, 4, 7), (4, 7, 12), (0, 3, 7)])
    assert table.nearest((0, 4, 7)) == 1
    assert table.nearest((0, 7, 9 + 7)) == 2  # the same classes; 4 + 4 semitones off at the ends against 0 + 9
    assert table.nearest((4, 7, 12)) == 2
    assert table.nearest((0, 3, 10)) == 3


def test_a_voicing_counts_from_the_root_below_its_lowest_note():
    assert T.voicing_of([60, 64, 67], 0) == ((0, 4, 7), 4)
    assert T.voicing_of([64, 67, 72], 0) == ((4, 7, 12), 4)
    assert T.voicing_of([59, 62, 67], 7) == ((4, 7, 12), 3)
    assert T.voicing_of([48, 60, 64, 67], 0)[0] == (0, 16, 19)  # upper doublings go


def test_a_voicing_comes_back_as_the_same_pitches():
    table = T.VoicingTable(T.fit_voicings(Counter()))
    for root in range(12):
        pitches = [48 + root, 52 + root, 55 + root]
        offsets, octave = T.voicing_of(pitches, root)
        cell = T.ONSET + table.nearest(offsets)
        assert T.harmony_pitches(table, cell, T.octave_to_id(octave), root) == pitches


def test_chords_have_names_and_tones():
    assert T.chord_name(T.chord_id(7, "dom7")) == "7dom7"
    assert T.chord_tones(T.chord_id(7, "dom7")) == {7, 11, 2, 5}
    assert T.chord_name(T.NO_CHORD) == "none"
    assert T.chord_id(11, "sus4") == T.CHORDS - 2


def test_drum_hits_of_a_slot_become_three_ids():
    assert T.drum_cells([36, 38, 42]) == (3, 1, 0)
    assert T.drum_cells([36, 39, 49, 46]) == (5, 6, 0)
    assert T.drum_cells([41, 48]) == (0, 0, 5)
    assert T.drum_cells([]) == (0, 0, 0)


def test_velocity_and_timing_bins():
    assert [T.velocity_to_id(v) for v in (1, 16, 127)] == [0, 1, 7]
    assert [T.timing_to_id(g) for g in (-0.5, 0.0, 1 / 16, 0.5)] == [0, 4, 5, 8]


def test_an_absent_window_is_absent_everywhere():
    cells, chords, bars = T.absent_window()
    assert (cells == T.ABSENT_IDS).all()
    assert (chords == T.CHORD_ABSENT).all()
    assert (bars[:, T.C_METER] == T.METER_ABSENT).all()
    assert np.array_equal(bars[0], T.CONDITION_UNKNOWN)
