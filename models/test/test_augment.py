"""Augmentation: patterns stay within chord, grid and range, drums fit meter and tempo, and everything is marked."""

from collections import Counter

import numpy as np
import pytest

import augment
import textures as X
import tokens as T
from relabel import S_BASS, S_COUNTER, S_DRUMS, S_HARMONY, S_MELODY, onsets, stems_present
from tiny.make import tiny_windows
from windows import CAP, GAME_SHARE, Windows, weights

NEVER = dict.fromkeys(augment.SHARES, 0.0)
PITCHED = {S_MELODY: T.MELODY, S_COUNTER: T.COUNTER, S_HARMONY: T.HARMONY, S_BASS: T.BASS}


@pytest.fixture(scope="module")
def tiny():
    """Self-made songs, and of each window its drums alone as Groove, at 80 or 110 to the minute."""
    data, meta = tiny_windows()
    drums = {k: v.copy() for k, v in data.items()}
    lanes = [i for i in range(8) if i not in augment.DRUMS]
    drums["cells"][:, :, lanes] = T.ABSENT_IDS[lanes]
    drums["chords"][:] = T.CHORD_ABSENT
    drums["style"][:] = T.STYLES.index("groove")
    drums["velocity"][:], drums["timing"][:] = T.NO_LABEL, T.NO_LABEL
    hit = (drums["cells"][:, :, augment.DRUMS] > 0).any(2) & (drums["cells"][:, :, T.LOW] < 6)
    n = len(hit)
    tempo = np.array([80, 110], np.uint16)[np.arange(n) % 2]
    drums["velocity"][:, :, 4] = np.where(hit, (tempo // 50)[:, None], T.NO_LABEL)  # tells which take was used
    drums["timing"][:, :, 4] = np.where(hit, 5, T.NO_LABEL)
    drums["corpus"][:] = meta["corpora"].index("groove")
    both = {k: np.concatenate([data[k], drums[k]]) for k in data}
    return both | {"tempo": np.concatenate([np.full(n, 80, np.uint16), tempo])}, meta


def random_take(rng, n=48, stems=()):
    """Windows of every meter with chords at random; no stem is there but those named, which hold one long note."""
    cells, chords, bars = (np.stack([part] * n).astype(np.int32) for part in T.absent_window())
    count = rng.integers(8, 17, n)
    for i in range(n):
        meter = i % 4
        for bar in range(count[i]):
            used = T.METER_SLOTS[meter]
            bars[i, bar, T.C_METER], bars[i, bar, T.C_POSITION] = meter, bar % 8
            for half in range(2):
                chord = rng.integers(0, T.NO_CHORD + 1) if rng.random() < 0.1 else rng.integers(0, T.NO_CHORD)
                chords[i, bar * 8 + half * used // 4 : bar * 8 + (half + 1) * used // 4] = chord
            for stem in stems:
                cells[i, bar * 16 : bar * 16 + used, PITCHED[stem]] = T.HOLD
                cells[i, bar * 16, PITCHED[stem]] = T.ONSET + 24
        bars[i, : count[i], T.C_INTENSITY] = i % 8
    silent = np.full((n, T.CELLS, 5), T.NO_LABEL, np.uint8)
    return {
        "cells": cells, "chords": chords, "bars": bars, "velocity": silent, "timing": silent.copy(),
        "tonic": rng.integers(0, 12, n), "style": np.full(n, 3), "tempo": np.zeros(n), "count": count,
    }  # fmt: skip


def copy_of(take):
    return {k: v.copy() for k, v in take.items()}


@pytest.fixture(scope="module")
def material(tiny):
    return augment.Material(*tiny)


@pytest.fixture(scope="module", params=range(6))
def filled(request, material):
    """A take before and after every absent stem was filled with patterns."""
    rng = np.random.default_rng(request.param)
    before = random_take(rng, stems=(S_MELODY,))
    after = copy_of(before)
    shares = NEVER | {"absent stems filled": 1.0}
    synthetic, _ = augment.augment(rng, after, material, shares)
    return before, after, synthetic


def pitches(take, material, i, slot, stem):
    cell = int(take["cells"][i, slot, PITCHED[stem]])
    tonic = int(take["tonic"][i])
    if stem != S_HARMONY:
        return [T.id_to_pitch(PITCHED[stem], cell, tonic)]
    chord = int(take["chords"][i, slot // 2])
    root = (chord // 10 + tonic) % 12
    return T.harmony_pitches(VOICINGS, cell, int(take["cells"][i, slot, T.OCTAVE]), root)


VOICINGS = T.VoicingTable(tiny_windows()[1]["voicings"])


def test_every_pattern_fills_its_meter_and_never_holds_after_a_rest():
    for pattern in [*X.HARMONY.values(), *X.BASS.values()]:
        for meter, text in pattern.items():
            assert len(text) == T.METER_SLOTS[T.METERS.index(meter)]
            assert text[0] != "-" and ".-" not in text
    for pattern in [*X.DRUMS.values(), *X.FILLS.values()]:
        for meter, lines in pattern.items():
            assert {len(line) for line in lines} == {T.METER_SLOTS[T.METERS.index(meter)]}


def test_every_meter_has_textures_calm_and_busy():
    for table in (X.HARMONY_DRIVE, X.BASS_DRIVE, X.DRUM_DRIVE):
        assert (np.nanmin(table, 0) < 0.25).all() and (np.nanmax(table, 0) > 0.75).all()


def test_patterns_sound_only_tones_of_the_chord_of_their_half_bar(filled, material):
    _, after, synthetic = filled
    seen = 0
    for stem in (S_HARMONY, S_BASS):
        for i in np.flatnonzero(synthetic[:, stem]):
            for slot in np.flatnonzero(onsets(after["cells"][i, :, PITCHED[stem]], PITCHED[stem])):
                tones = T.chord_tones(int(after["chords"][i, slot // 2]))
                found = {(p - after["tonic"][i]) % 12 for p in pitches(after, material, i, slot, stem)}
                assert found <= tones
                seen += 1
    assert seen > 1000


def test_patterns_never_hold_a_chord_into_another_one(filled):
    _, after, synthetic = filled
    slots = np.repeat(after["chords"], 2, axis=1)
    used = (np.arange(T.CELLS) % T.SLOTS > 0)[None, 1:]
    for stem in (S_HARMONY, S_BASS):
        rows = synthetic[:, stem]
        held = after["cells"][rows][:, 1:, PITCHED[stem]] == T.HOLD
        assert held.any()
        assert not (held & used & (slots[rows][:, 1:] != slots[rows][:, :-1])).any()


def test_what_is_written_keeps_lanes_meters_and_absent_bars(filled):
    before, after, synthetic = filled
    assert (after["cells"] <= T.ABSENT_IDS).all() and (after["cells"] >= 0).all()
    assert not (after["cells"] == T.MASK_IDS).any()
    meter = before["bars"][:, :, T.C_METER]
    used = (np.arange(T.SLOTS) < np.array(T.METER_SLOTS)[meter][..., None]).reshape(len(meter), T.CELLS)
    for stem, lanes in enumerate(T.STEM_LANES.values()):
        there = after["cells"][:, :, lanes[0]] != T.ABSENT_IDS[lanes[0]]
        assert (there[synthetic[:, stem]] == used[synthetic[:, stem]]).all()
    for lane in (T.HARMONY, T.BASS):
        line = after["cells"][:, :, lane]
        assert not ((line[:, 1:] == T.HOLD) & (line[:, :-1] == T.REST)).any()
    onset = onsets(after["cells"][:, :, T.HARMONY], T.HARMONY)
    assert ((after["cells"][:, :, T.OCTAVE] < 5) == onset).all()
    assert (after["bars"] < T.CONDITION_SIZES).all()


def test_a_single_note_of_an_arpeggio_is_the_table_index_of_its_offset(filled):
    _, after, _ = filled
    line = after["cells"][:, :, T.HARMONY]
    single = (line >= T.ONSET) & (line < T.ONSET + 12)
    assert single.any()
    assert all(VOICINGS.table[v] == (v,) for v in np.unique(line[single] - T.ONSET))


def test_the_bass_lies_below_the_harmony(filled, material):
    _, after, synthetic = filled
    rows = np.flatnonzero(synthetic[:, S_HARMONY] & synthetic[:, S_BASS])
    means = {}
    for stem in (S_BASS, S_HARMONY):
        pitch, line = material.rule.lowest_pitch(after, rows, stem), after["cells"][rows, :, PITCHED[stem]]
        onset = onsets(line, PITCHED[stem])
        means[stem] = np.where(onset, pitch, 0).sum(1) / np.maximum(onset.sum(1), 1)
        means[stem][~onset.any(1)] = np.nan
    assert (np.nan_to_num(means[S_HARMONY] - means[S_BASS], nan=9) > 4).all()


def test_no_chord_lies_below_the_lowest_pitch_even_where_the_table_lacks_an_inversion():
    table = T.VoicingTable(T.required_voicings())
    voicings = X.Voicings(table)
    for q in range(len(T.QUALITIES)):
        for low in range(12):
            lowest = table.table[voicings.chord[q, low] - T.ONSET][0] + 12 * voicings.root_up[q, low]
            assert low <= lowest <= low + 12


def test_stems_that_are_not_marked_are_as_they_were(filled):
    before, after, synthetic = filled
    for stem, lanes in enumerate(T.STEM_LANES.values()):
        kept = ~synthetic[:, stem]
        assert (after["cells"][kept][:, :, lanes] == before["cells"][kept][:, :, lanes]).all()
    assert (after["chords"] == before["chords"]).all()
    assert synthetic[:, S_DRUMS].all() and not synthetic[:, S_MELODY].any()


def test_calm_windows_get_calm_textures(material):
    def onsets_of(level):
        take = random_take(np.random.default_rng(1), 64, (S_MELODY,))
        take["bars"][:, :, T.C_INTENSITY] = level
        augment.augment(np.random.default_rng(2), take, material, NEVER | {"absent stems filled": 1.0})
        return onsets(take["cells"][:, :, T.HARMONY], T.HARMONY).mean()

    assert onsets_of(0) < 0.6 * onsets_of(7)


def test_groove_drums_fit_tempo_and_meter_and_bring_their_expression(material):
    shares = NEVER | {"absent stems filled": 1.0, "groove instead of pattern": 1.0}
    for tempo, levels in ((84, {1}), (55, {2}), (65, set())):  # takes at 80 and at 110; half and double time count
        take = random_take(np.random.default_rng(3), 32, (S_MELODY,))
        take["tempo"][:] = tempo
        take["bars"][:, :, T.C_POSITION] = T.CONDITION_UNKNOWN[T.C_POSITION]
        _, counts = augment.augment(np.random.default_rng(4), take, material, shares)
        velocity = take["velocity"][:, :, S_DRUMS]
        assert set(np.unique(velocity[velocity != T.NO_LABEL]).tolist()) == levels
        assert counts["drums from Groove"] == (16 if levels else 0)  # 4/4 and 3/4
        meter = take["bars"][:, 0, T.C_METER]
        played = (velocity != T.NO_LABEL).any(1)
        assert not played[(meter == 2) | (meter == 3)].any()  # no such take: those got patterns
        hit = (take["cells"][:, :, augment.DRUMS] > 0).any(2) & (take["cells"][:, :, T.LOW] < 6)
        assert ((velocity != T.NO_LABEL) == hit)[played].all()


def test_a_groove_phrase_is_repeated_through_the_window(material):
    take = random_take(np.random.default_rng(3), 32, (S_MELODY,))
    take["bars"][:, :, T.C_POSITION] = 8  # no ends of phrases, so no fills
    take["bars"][:, :, T.C_METER] = 0
    augment.augment(
        np.random.default_rng(4), take, material, NEVER | {"absent stems filled": 1.0, "groove instead of pattern": 1.0}
    )
    drums = take["cells"].reshape(-1, T.BARS, T.SLOTS, 8)[..., augment.DRUMS]
    assert (drums[:, :8] == drums[:, 8:]).all()


def test_exchanged_lines_keep_their_pitch_classes_and_fall_where_they_fell(tiny, material):
    take = {k: v[:40].copy() for k, v in tiny[0].items()}
    take["cells"] = take["cells"].astype(np.int32)
    before = copy_of(take)
    synthetic, counts = augment.augment(np.random.default_rng(0), take, material, NEVER | {"lines exchanged": 1.0})
    both = stems_present(before["cells"])[:, :2].all(1)
    assert counts["lines exchanged"] == both.sum() > 0
    for new, lane, old in ((S_MELODY, T.MELODY, S_COUNTER), (S_COUNTER, T.COUNTER, S_MELODY)):
        rows = np.flatnonzero(both)
        onset = onsets(take["cells"][rows, :, lane], lane)
        assert (onset == onsets(before["cells"][rows, :, PITCHED[old]], PITCHED[old])).all()
        gap = material.rule.lowest_pitch(take, rows, new) - material.rule.lowest_pitch(before, rows, old)
        assert (gap[onset] % 12 == 0).all()
        assert synthetic[rows, new].all()


def test_a_line_moved_by_an_octave_keeps_its_intervals_and_its_range(tiny, material):
    take = {k: v[:40].copy() for k, v in tiny[0].items()}
    take["cells"] = take["cells"].astype(np.int32)
    before = copy_of(take)
    synthetic, _ = augment.augment(np.random.default_rng(0), take, material, NEVER | {"octave": 1.0})
    rows = np.flatnonzero(synthetic[:, S_MELODY])
    assert len(rows)
    onset = onsets(before["cells"][rows, :, T.MELODY], T.MELODY)
    for i, row in enumerate(rows):
        gap = take["cells"][row, onset[i], T.MELODY] - before["cells"][row, onset[i], T.MELODY]
        assert set(gap.tolist()) <= {12} or set(gap.tolist()) <= {-12}
    assert (take["cells"] < T.ABSENT_IDS + 1).all()


def test_a_theme_inside_leaves_no_melody(tiny, material):
    take = {k: v[:40].copy() for k, v in tiny[0].items()}
    take["cells"] = take["cells"].astype(np.int32)
    take["cells"][:, :, T.COUNTER] = T.ABSENT_IDS[T.COUNTER]
    _, counts = augment.augment(np.random.default_rng(0), take, material, NEVER | {"theme inside": 1.0})
    present = stems_present(take["cells"])
    assert counts["theme inside"] == (~present[:, S_MELODY]).sum() > 0
    moved = ~present[:, S_MELODY]
    assert present[moved, S_COUNTER].all()
    unknown = T.CONDITION_UNKNOWN[T.C_DENSITY]
    assert (take["bars"][moved][:, :, T.C_DENSITY] == unknown).all()


def test_labels_read_off_the_cells_are_those_of_the_preparation(tiny, material):
    take = {k: v[:40].copy() for k, v in tiny[0].items()}
    take["cells"] = take["cells"].astype(np.int32)
    before = copy_of(take)
    for stem in range(5):
        material.rule.relabel(take, np.arange(40), stem)
    assert (take["bars"][:, :, T.C_DENSITY :] == before["bars"][:, :, T.C_DENSITY :]).all()


def test_the_prepared_windows_are_never_changed(tiny):
    data, meta = tiny
    before = {k: v.copy() for k, v in data.items()}
    windows = Windows(data, meta, 5)
    for _ in range(8):
        windows.batch(32)
    assert all((before[k] == data[k]).all() for k in data)


def test_the_same_seed_draws_the_same_batches_and_another_seed_others(tiny):
    first, again, other = (Windows(*tiny, seed).batch(64) for seed in (1, 1, 2))
    assert all((first[k] == again[k]).all() for k in first)
    assert (first["target"] != other["target"]).any()


def test_windows_that_are_not_augmented_need_no_quartiles_and_hold_nothing_synthetic(tiny):
    data, meta = tiny
    windows = Windows(data, {"corpora": meta["corpora"]}, 0, augmented=False)
    assert not windows.batch(64)["synthetic"].any()


def test_the_shares_that_are_drawn_are_those_of_the_table(tiny, material):
    rng, total = np.random.default_rng(0), Counter()
    for _ in range(12):
        take = random_take(rng, 96, (S_MELODY,))
        _, counts = augment.augment(rng, take, material)
        total += counts
    drums = total["drums from Groove"] + total["drums from patterns"]
    assert drums / (12 * 96) == pytest.approx(augment.SHARES["absent stems filled"], abs=0.05)
    windows = Windows(*tiny, 0)
    for _ in range(10):
        windows.batch(100)
    shares = {name: count / windows.drawn["windows"] for name, count in windows.drawn.items()}
    assert shares["freedoom"] + shares["groove"] == pytest.approx(1)
    game = (shares["lines exchanged"] + 1e-9) / shares["freedoom"]
    assert game == pytest.approx(augment.SHARES["lines exchanged"], abs=0.03)


def test_synthetic_stems_have_no_expression_but_grooves_drums(tiny):
    batch = Windows(*tiny, 3).batch(256)
    for stem in range(4):
        assert (batch["velocity"][batch["synthetic"][:, stem]][:, :, stem] == T.NO_LABEL).all()
        assert (batch["timing"][batch["synthetic"][:, stem]][:, :, stem] == T.NO_LABEL).all()


def test_game_music_has_its_share_and_no_corpus_has_more_than_its_cap():
    names = ["freedoom", "polish-scores", "openscore-lieder"]
    corpus = np.repeat([0, 1, 2], [50, 4000, 100])
    data = {"corpus": corpus, "style": np.zeros(len(corpus), int), "count": np.full(len(corpus), 16)}
    weight = weights(data, names)
    assert weight.sum() == pytest.approx(1)
    assert weight[corpus == 0].sum() == pytest.approx(GAME_SHARE)
    assert weight[corpus == 1].sum() == pytest.approx(CAP["polish-scores"])
    assert np.unique(weight[corpus == 1]).size == 1
