"""Definitions of the figures, pinned on music small enough to count by hand."""

import numpy as np
import pytest
import torch

import closed_loop
import evaluate
import ngram
import sample
import tokens as T
from model import TINY, Attacca
from tiny.make import tiny_windows


def window():
    """Sixteen bars of 4/4: melody C on every beat over C major chords, a backbeat, all other stems absent."""
    cells, chords, bars = T.absent_window()
    cells[:, T.MELODY] = T.HOLD
    cells[::4, T.MELODY] = T.pitch_to_id(T.MELODY, 60, 0)
    cells[:, T.LOW : T.PERC + 1] = 0
    cells[::8, T.LOW] = 1
    chords[:] = T.chord_id(0, "maj")
    bars[:, T.C_METER] = bars[:, T.C_MODE] = 0
    return cells.astype(int), chords.astype(int), bars.astype(int)


def test_onsets_a_bar_count_notes_and_hits():
    cells, _, _ = window()
    assert closed_loop.onsets(cells, "melody") == 4
    assert closed_loop.onsets(cells, "drums") == 2
    assert closed_loop.onsets(cells, "bass") is None


def test_a_bar_equals_the_one_before_only_if_every_cell_does():
    cells, _, _ = window()
    assert closed_loop.repeats(cells, "melody") == 1
    cells[6 * 16 + 2, T.MELODY] = T.REST
    assert closed_loop.repeats(cells, "melody") == pytest.approx(6 / 8)


def test_chord_tones_and_scale_notes():
    cells, chords, bars = window()
    assert closed_loop.pitch_fit(cells, chords, bars) == (1, 1)
    cells[::8, T.MELODY] = T.pitch_to_id(T.MELODY, 61, 0)
    assert closed_loop.pitch_fit(cells, chords, bars) == (0.5, 0.5)


def test_spearman_is_one_for_any_rising_answer():
    assert closed_loop.spearman(np.array([0, 2, 5, 7]), np.array([1, 2, 30, 31])) == pytest.approx(1)
    assert closed_loop.spearman(np.array([0, 2, 5, 7]), np.array([4, 3, 2, 1])) == pytest.approx(-1)


def test_drums_are_the_sum_of_their_three_lanes():
    lanes = {
        name: {"nats": np.full(4, value), "window": np.arange(4)}
        for name, value in (("drumsLow", 1.0), ("drumsHigh", 2.0), ("drumsPerc", 0.5))
    }
    mean, low, high = evaluate.stem_rows(lanes, np.arange(4))["drums"]
    assert mean == low == high == pytest.approx(3.5)


def test_a_half_bar_chord_counts_once():
    _, chords, _ = window()
    half = np.zeros((1, T.BARS, 2), bool)
    half[0, 3, 1] = True
    hidden = ngram.expand(half, chords[None])
    assert np.flatnonzero(hidden[0]).tolist() == [28, 29, 30, 31]
    assert np.flatnonzero(evaluate._first_tokens(hidden, chords[None])[0]).tolist() == [28]


def test_the_sampler_leaves_what_is_given_and_fills_what_is_hidden():
    torch.manual_seed(0)
    data, _ = tiny_windows(2)
    cells, chords, bars = data["cells"][0], data["chords"][0], data["bars"][0]
    hidden = closed_loop.span(cells, chords)
    run = evaluate.torch_runner(Attacca(TINY).eval())
    with torch.no_grad():
        new, _ = sample.sample(run, cells, chords, bars, hidden, np.random.default_rng(0), passes=3)
    kept = ~hidden["cells"]
    kept[:, T.OCTAVE] = False  # follows the harmony
    assert (new[kept] == cells[kept]).all()
    assert (new[:, [0, 1, 2, 4, 5, 6, 7]] != T.MASK_IDS[[0, 1, 2, 4, 5, 6, 7]]).all()
    for lane in (T.MELODY, T.COUNTER, T.BASS):
        written = new[64:192, lane]
        assert not ((written[1:] == T.HOLD) & (written[:-1] == T.REST)).any()


def test_the_density_bias_meets_its_target():
    logits = np.random.default_rng(0).normal(size=(64, 50))
    for wanted in (3.0, 20.0, 40.0):
        assert sample.softmax(sample.biased(logits, wanted))[:, T.ONSET :].sum() == pytest.approx(wanted, abs=0.1)
