"""Nats: masks, the chain and its order, the n-gram beside the network, intervals."""

import numpy as np
import pytest
import torch

import likelihood
import ngram
import reveal
import tokens as T
from model import TINY, Attacca
from tiny.make import tiny_windows


@pytest.fixture(scope="module")
def tiny():
    return tiny_windows()


@pytest.fixture(scope="module")
def full(tiny):
    """Cells, chords and conditions of full windows in 4/4 and 3/4, one of them without drums."""
    data, _ = tiny
    full = np.flatnonzero(data["count"] == T.BARS)
    three = data["bars"][full, 0, T.C_METER] == 1
    which = np.concatenate([full[~three][:4], full[three][:3]])
    cells, chords, bars = (data[k][which].copy() for k in ("cells", "chords", "bars"))
    cells[0, :, T.LOW :] = T.ABSENT_IDS[T.LOW :]
    assert set(bars[:, 0, T.C_METER].tolist()) == {0, 1}
    return cells, chords, bars


@pytest.fixture(scope="module")
def baseline(tiny):
    data, _ = tiny
    return ngram.fit(data["cells"], data["chords"], 0.5, np.random.default_rng(0))


def uniform(cells, chords, bars):
    return torch.zeros(len(cells), T.CELLS, T.LOGITS), torch.zeros(len(cells), T.TOKENS, T.CHORDS)


def asked(full):
    cells, chords, bars = full
    windows = {"cells": cells, "chords": chords, "bars": bars, "piece": np.arange(len(cells))}
    return likelihood.Question("game", windows, reveal.steps(*full, seed=1))


def test_every_present_cell_and_chord_of_the_passage_is_revealed_exactly_once(full):
    cells, chords, _ = full
    inside = np.zeros(T.CELLS, bool)
    inside[4 * T.SLOTS : 12 * T.SLOTS] = True
    steps = reveal.steps(*full, seed=1)
    times = sum(revealed["cells"].astype(int) for _, revealed in steps)
    assert (times == ((cells != T.ABSENT_IDS) & inside[:, None])).all()
    halves = sum(revealed["chords"].astype(int) for _, revealed in steps)
    assert (halves[:, reveal.SPAN] == 1).all() and halves.sum() == len(cells) * 16
    assert len(steps) == 12


def test_what_is_hidden_is_what_this_pass_and_later_ones_reveal(full):
    steps = reveal.steps(*full, seed=1)
    for name in ("cells", "chords"):
        rest = np.zeros_like(steps[0][0][name])
        for hidden, revealed in reversed(steps):
            rest |= revealed[name]
            assert (hidden[name] == rest).all()


def test_the_lanes_come_in_the_samplers_order_and_no_harmony_before_its_chord(full):
    cells, half = reveal.groups(*full, seed=1)
    last = {lane: cells[1][..., lane].max() for lane in range(8)}
    first = {lane: cells[1][..., lane][cells[1][..., lane] >= 0].min() for lane in range(8)}
    assert half[1].max() < last[T.HARMONY] <= last[T.BASS] < last[T.MELODY] < last[T.COUNTER] <= last[T.LOW] == 11
    assert first[T.HARMONY] < first[T.MELODY] < first[T.COUNTER] <= first[T.LOW]
    for meter, slots in ((0, 16), (1, 12)):
        chosen = full[2][:, 0, T.C_METER] == meter
        grid = cells[chosen].reshape(-1, T.BARS, T.SLOTS, 8)[:, :, :slots, T.HARMONY]
        chord = np.repeat(half[chosen], slots // 2, axis=2)
        assert (grid >= chord)[grid >= 0].all()


def test_strong_beats_of_a_lane_come_first(full):
    cells, _ = reveal.groups(*full, seed=1)
    melody = cells[1, :, T.MELODY].reshape(T.BARS, T.SLOTS)[reveal.SPAN]
    assert melody[:, 0].max() <= melody[:, 8].min() <= melody[:, 1::2].min()


def test_the_octave_is_revealed_with_its_harmony(full):
    cells, _ = reveal.groups(*full, seed=1)
    octave = full[0][..., T.OCTAVE] != T.ABSENT_IDS[T.OCTAVE]
    assert octave.any()
    assert (cells[..., T.OCTAVE] == np.where(octave, cells[..., T.HARMONY], -1)).all()


def test_a_uniform_network_has_log_n_along_the_chain(full):
    found = asked(full).of_network(uniform, labels=False)
    for name in ngram.NAMES:
        assert found[name]["nats"] == pytest.approx(np.log(ngram.sizes(name)), rel=1e-5)
    rows = likelihood.stem_rows(found, np.arange(len(full[0])))
    assert rows["drums"][0] == pytest.approx(np.log(6) + np.log(7) + np.log(6), rel=1e-5)
    assert rows["chords"][0] == pytest.approx(np.log(T.CHORDS), rel=1e-5)


def test_the_ngram_and_the_network_count_the_same_cells(full, baseline):
    question = asked(full)
    network, rival = question.of_network(uniform, labels=True), question.of_ngram(baseline)
    assert set(rival) == set(network)
    for name, found in rival.items():
        assert (found["window"] == network[name]["window"]).all()
        assert np.isfinite(found["nats"]).all() and len(found["nats"])


def test_a_network_sees_no_cell_that_is_still_hidden_and_every_one_that_is_revealed(full):
    cells, chords, bars = full
    seen = []

    def spy(shown, shown_chords, conditions):
        seen.append((shown, shown_chords, conditions))
        return uniform(shown, shown_chords, conditions)

    question = asked(full)
    question.of_network(spy, labels=False)
    for (hidden, _), (shown, shown_chords, conditions) in zip(question.steps, seen, strict=True):
        others = np.arange(8) != T.OCTAVE  # the octave is masked wherever harmony is
        assert ((shown == T.MASK_IDS) == hidden["cells"])[..., others].all()
        assert ((shown == cells) | hidden["cells"])[..., others].all()
        half = ngram.expand(hidden["chords"], chords) & (chords != T.CHORD_ABSENT)
        assert ((shown_chords == T.CHORD_MASK) == half).all()
        assert (conditions[..., T.C_METER] == bars[..., T.C_METER]).all()
        assert (conditions[..., 1:] == T.CONDITION_UNKNOWN[1:]).all()


def test_rows_hold_value_interval_baseline_and_goal(tiny, baseline):
    data, meta = tiny
    torch.manual_seed(0)
    model = Attacca(TINY).eval()
    baselines = {("all", 0.5): baseline, ("all", 0.15): baseline}
    masked = list(likelihood.table(model, data, meta, baselines))
    joint = list(likelihood.chain(model, data, meta, baselines, windows=4))
    shares = {}
    for row in masked + joint:
        assert row["low"] <= row["value"] <= row["high"]
        assert row["met"] == (row["value"] <= row["goal"])
        shares[row.get("rate"), row["labels"]] = row["goal"] / row["baseline"]
    for key, share in shares.items():
        expected = 0.85 if key[0] is None else 0.75 if key == (0.15, False) else 1.0
        assert share == pytest.approx(expected, rel=1e-3)
    assert len(shares) == 6
    assert {r["stem"] for r in joint} == {*T.STEMS, "chords"}
    assert {r["windows"] for r in joint} == {4}


def test_the_ngram_beats_chance_and_its_probabilities_add_up(tiny):
    cells, chords = tiny[0]["cells"], tiny[0]["chords"]
    rng = np.random.default_rng(0)
    model = ngram.fit(cells, chords, 0.15, rng)
    hidden = likelihood.random_mask(cells, chords, 0.15, np.random.default_rng(1))
    p = ngram.distribution(model, "bass", cells, chords, hidden)
    assert np.allclose(p.sum(1), 1, atol=1e-5)
    nats = ngram.nats(model, "bass", cells, chords, hidden)
    assert np.mean(nats["nats"]) < np.log(38) / 3


def test_an_ngram_counts_every_bar_once_and_at_most_so_many_windows(tiny, monkeypatch):
    data, meta = tiny
    rng = np.random.default_rng(0)
    every = ngram.chosen(data, meta["corpora"], "all", rng)
    assert (data["start"][every] % T.BARS == 0).all()
    monkeypatch.setattr(ngram, "MOST", 5)
    few = ngram.chosen(data, meta["corpora"], "all", rng)
    assert len(set(few.tolist())) == 5 < len(every)
    assert set(few.tolist()) < set(every.tolist())
    assert not len(ngram.chosen(data, meta["corpora"], "groove", rng))


def test_groups_that_are_not_there_are_left_out_and_files_of_ones_own_are_a_group(tiny):
    data, meta = tiny
    assert set(likelihood.choose(data, meta["corpora"])) == {"game"}
    own = data | {"corpus": np.zeros_like(data["corpus"])}
    chosen = likelihood.choose(own, ["own"])
    assert set(chosen) == {"own"}
    assert (data["start"][chosen["own"]] % 8 == 0).all()


def test_the_bootstrap_interval_holds_the_mean():
    low, high = likelihood.interval(np.arange(100.0), np.ones(100), np.repeat(np.arange(20), 5))
    assert low < 49.5 < high


def test_a_perfect_network_has_no_nats_and_a_uniform_one_has_log_n():
    target = torch.tensor([1, 2])
    sure = torch.full((2, 5), -50.0)
    sure[0, 1] = sure[1, 2] = 50.0
    assert likelihood.cell_nats(sure, target).sum() == pytest.approx(0)
    assert likelihood.cell_nats(torch.zeros(2, 5), target).numpy() == pytest.approx(np.log(5))
