"""Definitions of the figures, pinned on music small enough to count by hand."""

import numpy as np
import pytest
import torch

import baselines
import closed_loop
import control
import fit_intervals
import metrics as M
import sampler
import tokens as T
from model import TINY, Attacca
from tiny.make import tiny_windows

MIDDLE = closed_loop.MIDDLE
C, D = (T.pitch_to_id(T.MELODY, pitch, 0) for pitch in (60, 62))


def window():
    """Sixteen bars of 4/4: melody C on every beat over C major chords, a kick on every half, other stems absent."""
    cells, chords, bars = T.absent_window()
    cells[:, T.MELODY] = T.HOLD
    cells[::4, T.MELODY] = C
    cells[:, T.LOW : T.PERC + 1] = 0
    cells[::8, T.LOW] = 1
    chords[:] = T.chord_id(0, "maj")
    bars[:, T.C_METER] = bars[:, T.C_MODE] = 0
    return cells.astype(int), chords.astype(int), bars.astype(int)


def test_onsets_count_notes_and_hits_and_absent_stems_are_not_there():
    cells, _, _ = window()
    assert M.onsets(cells, "melody").sum(1).tolist() == [4] * 16
    assert M.onsets(cells, "drums").sum(1).tolist() == [2] * 16
    assert not M.present(cells, "bass").any()
    assert M.present(cells, "melody").all()


def test_notes_have_pitch_and_length_and_the_last_ends_with_the_window():
    cells, _, _ = window()
    found = M.notes(cells, T.MELODY, slice(15, 16))
    assert found.tolist() == [[240, 0, 4], [244, 0, 4], [248, 0, 4], [252, 0, 4]]


def test_one_pitch_class_has_no_entropy_and_twelve_alike_have_the_most():
    assert M.entropy(np.zeros(5, int)) == 0
    assert M.entropy(np.arange(12)) == pytest.approx(np.log2(12))
    assert M.entropy(np.zeros(0, int)) is None


def test_a_scale_is_consistent_with_itself_and_every_second_semitone_run_is_not():
    assert M.scale_consistency(np.array([0, 2, 4, 5, 7, 9, 11])) == 1
    assert M.scale_consistency(np.arange(12)) == pytest.approx(7 / 12)


def test_a_constant_pattern_has_groove_1_and_depends_on_the_slots():
    cells, _, _ = window()
    assert M.groove(cells, MIDDLE, 16) == 1
    cells[6 * 16 + 2, T.MELODY] = C  # one slot of one bar: two of seven comparisons differ in 1 of 16
    assert M.groove(cells, MIDDLE, 16) == pytest.approx(1 - 2 / 16 / 7)
    assert M.groove(cells, MIDDLE, 12) == pytest.approx(1 - 2 / 12 / 7)


def test_chord_tones_are_counted_by_onset():
    cells, chords, _ = window()
    assert M.chord_tone_ratio(cells, chords, MIDDLE) == 1
    cells[::8, T.MELODY] = D
    assert M.chord_tone_ratio(cells, chords, MIDDLE) == 0.5


def test_a_bar_equals_another_only_if_every_cell_does():
    cells, _, _ = window()
    assert M.equal_to(cells, "melody", MIDDLE, 1) == 1
    cells[6 * 16 + 2, T.MELODY] = T.REST
    assert M.equal_to(cells, "melody", MIDDLE, 1) == pytest.approx(6 / 8)
    assert M.seen_before(cells, "melody", MIDDLE) == pytest.approx(7 / 8)


def test_self_similarity_is_the_shared_part_of_the_onsets():
    cells, _, _ = window()
    assert M.self_similarity(cells, MIDDLE, 4) == 1
    cells[128:192, T.MELODY] = np.where(cells[128:192, T.MELODY] == C, D, T.HOLD)  # bars 9-12 share nothing with 5-8
    assert M.self_similarity(cells, MIDDLE, 4) == pytest.approx(0.5)


def test_equal_samples_overlap_wholly_and_far_ones_not_at_all():
    a = np.array([60.0, 62, 64, 65])
    assert M.overlap(a, a) == pytest.approx(1, abs=1e-3)
    assert M.overlap(a, a + 40) == pytest.approx(0, abs=1e-6)
    assert M.consistency([0.9, 0.7], [0.9, 0.7]) == (1, 1)
    assert M.consistency([0.45], [0.9])[0] == pytest.approx(0.5)


def test_a_seam_is_1_where_it_is_as_smooth_as_real_and_0_where_it_is_a_hard_cut():
    real, cut = [{"melodic interval": 2.0, "chroma": 0.1}], [{"melodic interval": 6.0, "chroma": 0.5}]
    assert M.seam_score(cut, real, real) == 1
    assert M.seam_score(cut, cut, real) == 0
    assert M.seam_score(cut, [{"melodic interval": 4.0, "chroma": 0.3}], real) == pytest.approx(0.5)


def test_a_seam_measures_interval_register_density_and_drums():
    cells, chords, _ = window()
    voicings = T.required_voicings()
    assert set(M.seam(cells, chords, 8, voicings).values()) == {0.0}
    cells[128:192:4, T.MELODY] = C + 7
    cells[128:192, T.LOW] = 0
    cells[130:192:8, T.LOW] = 1
    found = M.seam(cells, chords, 8, voicings)
    assert found["melodic interval"] == found["register jump"] == 7
    assert found["chroma"] == found["drums"] == 1
    assert found["density"] == 0


def test_a_transposed_copy_is_a_match_and_another_rhythm_is_not():
    cells, _, _ = window()
    tune = cells[:, T.MELODY].copy()
    higher = np.where(tune >= T.ONSET, tune + 3, tune)
    other = tune.copy()
    other[6] = C
    codes = M.melody_codes(np.stack([tune, higher, other]), 4, range(2))
    assert codes[0, 0] == codes[1, 0] != 0
    assert codes[2, 0] != codes[0, 0]
    assert codes[2, 1] == codes[0, 1]


def test_too_few_notes_are_no_match():
    cells, _, _ = window()
    cells[:, T.MELODY] = T.HOLD
    cells[::16, T.MELODY] = C
    assert (M.melody_codes(cells[None, :, T.MELODY], 1) == 0).all()


def test_spearman_is_one_for_any_rising_answer_and_ties_share_their_rank():
    assert M.spearman(np.array([0, 2, 5, 7]), np.array([1, 2, 30, 31])) == pytest.approx(1)
    assert M.spearman(np.array([0, 2, 5, 7]), np.array([4, 3, 2, 1])) == pytest.approx(-1)
    assert M.spearman(np.array([0, 1, 2, 3]), np.array([1, 1, 2, 2])) == pytest.approx(0.8944, abs=1e-4)
    assert M.spearman(np.arange(4), np.ones(4)) == 0


def test_a_theme_is_like_itself_and_its_mirror_is_not():
    cells, _, _ = window()
    cells[::8, T.MELODY] = D
    assert M.theme_likeness(cells, cells, MIDDLE) == (1, pytest.approx(1))
    mirror = cells.copy()
    mirror[::8, T.MELODY] = C - 2
    kept, shape = M.theme_likeness(cells, mirror, MIDDLE)
    assert kept == 1
    assert shape == pytest.approx(-1)


def test_the_arranger_fills_what_is_there_with_chord_tones_and_leaves_the_rest_alone():
    data, meta = tiny_windows(4)
    for i in range(0, len(data["cells"]), 9):
        cells, chords, bars = (data[k][i].astype(int) for k in ("cells", "chords", "bars"))
        made = baselines.arrange(cells, chords, bars, MIDDLE, 1)
        assert (made[:64] == cells[:64]).all() and (made[192:] == cells[192:]).all()
        absent = cells == T.ABSENT_IDS
        absent[:, T.OCTAVE] = False  # it follows the harmony's onsets
        assert (made[absent] == cells[absent]).all()
        assert (made <= T.ABSENT_IDS).all()
        assert M.chord_tone_ratio(made, chords, MIDDLE) == 1


def bench(meta_data):
    torch.manual_seed(0)
    data, meta = meta_data
    model = Attacca(TINY).eval()

    def run(*inputs):
        with torch.no_grad():
            return [o.numpy() for o in model(*(torch.from_numpy(np.ascontiguousarray(i)) for i in inputs))]

    return closed_loop.Bench(run, data, meta["voicings"], None, passes=3)


def test_a_task_opens_the_bars_it_names_and_nothing_else():
    data, _ = tiny_windows(2)
    cells, chords, bars = (data[k][0].astype(int) for k in ("cells", "chords", "bars"))
    asked = closed_loop.task(cells, chords, bars, MIDDLE, 1, stems=("melody", "drums"))
    opened = np.flatnonzero(asked.open.any(1))
    assert opened.min() >= 64 and opened.max() < 192
    assert set(np.flatnonzero(asked.open.any(0)).tolist()) <= {T.MELODY, T.LOW, T.HIGH, T.PERC}
    assert (asked.cells[~asked.open] == cells[~asked.open]).all()
    after = closed_loop.task(cells, chords, bars, closed_loop.END, 1, cut=False)
    assert after.open[128:].any() and not after.open[:128].any()


def test_written_phrases_give_rows_with_held_out_values_and_a_baseline():
    made = bench(tiny_windows(4))
    full = np.flatnonzero(made.data["count"] == T.BARS)[:4]
    rows, written = closed_loop.phrases(made, "tiny", full)
    assert len(written) == 4
    assert all(isinstance(w, sampler.Written) for w in written)
    names = {r["metric"] for r in rows}
    assert "chord-tone ratio, tiny" in names and "groove, slots of the bar, tiny" in names
    first = next(r for r in rows if r["metric"].startswith("chord-tone"))
    assert 0 <= first["low"] <= first["value"] <= first["high"] <= 1
    assert first["baseline"] == 1


def test_control_rows_correlate_what_was_asked_with_what_came():
    made = bench(tiny_windows(4))
    full = np.flatnonzero(made.data["count"] == T.BARS)[:4]
    rows = control.control(made, full)
    density = next(r for r in rows if r["metric"].startswith("control of density.drums"))
    assert density["value"] > 0.5  # the sampler meets densities whatever the network says


def test_control_and_themes_say_what_the_sampler_does_without_a_network(monkeypatch):
    made = bench(tiny_windows(4))
    full = np.flatnonzero(made.data["count"] == T.BARS)[:4]
    monkeypatch.setattr(control, "ASKED", {"density.drums": control.ASKED["density.drums"]})
    monkeypatch.setattr(control, "THEMES", 3)
    rows = control.control(made, full) + control.themes(made, full)
    names = [r["metric"] for r in rows if r["baseline"] is None]
    assert rows and not names
    blind = made.untaught()
    again = control.themes(blind, full)
    assert [r["value"] for r in again] == [r["baseline"] for r in again]  # a network that knows nothing is its rival


def test_overlaps_of_a_span_do_not_depend_on_the_bars_that_were_given():
    cells, _, _ = window()
    cells[2::8, T.MELODY] = D
    before = M.overlaps(cells, T.MELODY, 1, MIDDLE)
    assert len(before) == 2
    cells[:64, T.MELODY] = cells[192:, T.MELODY] = T.HOLD
    cells[:64:3, T.MELODY] = C + 20
    assert M.overlaps(cells, T.MELODY, 1, MIDDLE) == before
    assert len(M.overlaps(cells, T.MELODY, 1)) > 2


def test_polyphony_counts_what_sounds_in_a_slot():
    cells, _, _ = window()
    voicings = T.required_voicings()
    assert M.polyphony(cells, MIDDLE, voicings) == 1
    cells[64:128, T.MELODY] = T.REST  # half of the passage
    assert M.polyphony(cells, MIDDLE, voicings) == 0.5
    cells[:, T.HARMONY] = T.HOLD
    cells[60, T.HARMONY] = T.ONSET + 12  # a major triad that sounds in from before
    assert M.polyphony(cells, MIDDLE, voicings) == 3.5
    cells[:, [T.MELODY, T.HARMONY]] = T.ABSENT_IDS[[T.MELODY, T.HARMONY]]
    assert M.polyphony(cells, MIDDLE, voicings) is None


def test_the_end_of_a_piece_is_in_the_index_of_training_melodies():
    cells, _, _ = window()
    cells[:, T.MELODY] = T.HOLD
    cells[192::4, T.MELODY] = np.arange(C, C + 16)
    moved = np.full_like(cells, T.HOLD)
    moved[64:128] = cells[192:]
    moved[64:128:4, T.MELODY] += 2
    known = closed_loop.training_codes({"cells": cells[None]})
    code = M.melody_codes(moved[None, :, T.MELODY], 4, range(4, 5))
    assert code[0, 0] != 0 and code[0, 0] in known[4]


def test_what_is_not_obeyed_is_counted_note_by_note_and_bar_by_bar():
    cells, chords, bars = window()
    voicings, reach = T.required_voicings(), dict.fromkeys(M.LINES, (59, 61))
    key, outside, empty, silent = [name for name, _ in control.SHARES][2:]
    bars[:, T.C_DENSITY] = 1
    bars[:, T.C_DENSITY + 4] = 0  # drums are asked to be silent and are not
    found = control.obeyed(cells, chords, bars, cells, 0, reach, voicings)
    assert not any(found[outside])
    assert found[silent] == [True] * 8
    assert found[empty] == [False] * 8
    assert all(found[key])
    cells[64, T.MELODY] = C + 1
    cells[80:96, T.MELODY] = T.HOLD
    found = control.obeyed(cells, chords, bars, cells, 0, reach, voicings)
    assert sum(found[outside]) == 0  # C sharp is 61, inside
    assert sum(found[key]) == len(found[key]) - 1
    assert sum(found[empty]) == 1
    cells[64, T.MELODY] = C + 2
    assert sum(control.obeyed(cells, chords, bars, cells, 0, reach, voicings)[outside]) == 1


def test_a_leak_is_what_windows_have_in_common_and_noise_has_a_known_size():
    assert control.leakage(np.array([[0.5, -0.5], [0.5, -0.5]])) == 0.5
    assert control.leakage(np.array([[1.0, np.nan], [-1.0, np.nan]])) == 0
    assert np.isnan(control.leakage(np.full((3, 1), np.nan)))
    rng = np.random.default_rng(0)
    noise = [
        control.leakage(np.array([[M.spearman(np.arange(5), rng.random(5))] for _ in range(10)])) for _ in range(400)
    ]
    assert np.mean(noise) == pytest.approx(control.chance_leak(5, 10), rel=0.1)


def test_the_interval_fit_counts_steps_and_moves_a_table_towards_the_originals():
    cells, _, _ = window()
    cells[:: 2 * 4, T.MELODY] = D  # C and D in turn: every interval is a major second
    real = fit_intervals.counts([cells], T.MELODY)
    assert real[2] == real.sum() == 8 * 4 - 1
    leaping = np.roll(real, 10)
    table = fit_intervals.corrected(np.zeros(14), leaping, real)
    assert table[2] > 0 > table[12]
    rare = fit_intervals.corrected(np.zeros(14), real, leaping, leaps=10)
    assert rare[12] <= fit_intervals.corrected(np.zeros(14), real, leaping)[12] - 0.5
    assert fit_intervals.distance(leaping, real) == 1
    assert fit_intervals.distance(real, real) == 0
