"""Masks, the network, the export, and the tiny run from end to end."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

import export_onnx
import masks
import tokens as T
import train
from model import TINY, Attacca, grown, shallow
from muon import orthogonal
from tiny.make import tiny_windows
from windows import Windows


@pytest.fixture(scope="module")
def tiny():
    return tiny_windows()


@pytest.fixture(scope="module")
def checkpoint(tiny, tmp_path_factory):
    data, meta = tiny
    return train.train(data, meta, tmp_path_factory.mktemp("run"), 1.0, TINY, 16, steps=40, rate=6e-3)


def batch_of(tiny, size=64, seed=0):
    return Windows(*tiny, seed).batch(size)


def test_only_present_cells_are_hidden_and_hidden_cells_show_the_mask(tiny):
    batch = batch_of(tiny)
    hidden = batch["hidden"]
    assert ((batch["target"] != T.ABSENT_IDS) | ~hidden).all()
    assert ((batch["cells"] == T.MASK_IDS) | ~hidden).all()


def test_the_octave_never_tells_where_a_hidden_harmony_has_its_onsets(tiny):
    batch = batch_of(tiny)
    hidden = batch["hidden"][..., T.HARMONY]
    assert hidden.any()
    assert (batch["cells"][..., T.OCTAVE][hidden] == T.MASK_IDS[T.OCTAVE]).all()


def test_windows_hide_something_nearly_always_and_most_targets_are_phrases_of_4_or_8_bars(tiny):
    batch = batch_of(tiny, 256)
    assert (batch["hidden"].any((1, 2))).mean() > 0.9
    lengths = masks.target_bars(np.random.default_rng(0), np.full(400, 16)).sum(1)
    assert np.isin(lengths, (4, 8)).mean() > 0.6
    assert set(lengths.tolist()) == {length for length, _ in masks.SPANS}


def test_a_trimmed_window_starts_at_bar_0_and_has_at_most_four_bars_on_either_side(tiny):
    take = {k: v.copy() for k, v in tiny[0].items()}
    target = np.zeros((len(take["cells"]), 16), bool)
    target[:, 6:10] = True
    masks.trim(np.random.default_rng(0), take, target)
    here = (take["cells"].reshape(len(target), T.BARS, -1) != np.tile(T.ABSENT_IDS, T.SLOTS)).any(2)
    cut = target[:, 4]
    assert 0 < cut.sum() < len(cut)
    assert here[cut, :12].all() and not here[cut, 12:].any()
    assert (take["cells"][cut, : 12 * T.SLOTS] == tiny[0]["cells"][cut, 2 * T.SLOTS : 14 * T.SLOTS]).all()
    assert (take["cells"][~cut] == tiny[0]["cells"][~cut]).all()


def test_the_mask_mixture_adds_up_and_variations_free_whole_beats(tiny):
    assert sum(share for _, share in masks.MIXTURE) == pytest.approx(1)
    rng, target = np.random.default_rng(0), np.ones(16, bool)
    for meter in range(4):
        free = masks._beats(rng, np.full(16, meter), target).reshape(T.BARS, T.SLOTS, 8)[:, : T.METER_SLOTS[meter]]
        beats = free.reshape(T.BARS, -1, masks.BLOCK[meter], 8)
        assert (beats.any(2) == beats.all(2)).all()
        assert 0 < free.mean() < 0.7


def test_a_fill_hides_the_drums_of_the_last_bar_of_the_target_and_nothing_else(tiny):
    target = np.arange(16) < 8
    hidden = masks._last_bar(target, np.ones((T.CELLS, 8), bool), False)
    assert hidden[7 * 16 : 8 * 16, T.LOW :].all()
    assert hidden.sum() == 16 * 3


def test_variations_and_fills_know_their_chords(tiny):
    chords = tiny[0]["chords"].astype(int)
    target = np.ones((len(chords), 16), bool)
    kind = np.array(["beats", "all"])[np.arange(len(chords)) % 2]
    hidden = masks.hide_chords(np.random.default_rng(0), chords, target, kind)
    assert not hidden[kind == "beats"].any()
    assert hidden[kind == "all"].any()


def test_the_meter_is_never_dropped(tiny):
    batch = batch_of(tiny, 128)
    absent = (batch["target"] == T.ABSENT_IDS).reshape(128, T.BARS, -1).all(2)
    assert (batch["bars"][..., T.C_METER][~absent] != T.METER_ABSENT).all()


def test_training_attention_equals_the_plain_attention_that_is_exported(tiny):
    torch.manual_seed(0)
    model = Attacca(TINY)
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    batch = train.to_tensors(batch_of(tiny, 2))
    inputs = [batch[k] for k in ("cells", "chords", "bars")]
    with torch.no_grad():
        for a, b in zip(model.train()(*inputs), model.eval()(*inputs), strict=True):
            assert torch.allclose(a, b, atol=1e-4)


def test_training_learns_and_resumes(tiny, checkpoint):
    _, state = export_onnx.load_checkpoint(checkpoint)
    rows = (checkpoint.parent / "losses.csv").read_text().splitlines()
    assert state["step"] == 40
    assert len(rows) == 2
    train.train(*tiny, checkpoint.parent, 1.0, TINY, 16, steps=2, rate=1e-3, resume=True)
    assert export_onnx.load_checkpoint(checkpoint)[1]["step"] == 42


def answers(model, tiny):
    batch = train.to_tensors(batch_of(tiny, 2))
    with torch.no_grad():
        return [
            [o for o in answer] for answer in model.eval().answers(*(batch[k] for k in ("cells", "chords", "bars")))
        ]


def test_a_grown_network_answers_as_the_small_one_did_and_holds_it_as_its_exit(tiny):
    torch.manual_seed(0)
    small = Attacca(TINY)
    deep = grown(small, replace(TINY, layers=5, exit=2))
    before, (early, late) = answers(small, tiny)[0], answers(deep, tiny)
    again = answers(shallow(deep), tiny)[0]
    for wanted, *found in zip(before, early, late, again, strict=True):
        assert all(torch.allclose(wanted, f, atol=1e-6) for f in found)


def test_a_deeper_network_does_not_go_into_a_smaller_one_and_the_error_says_what_to_do():
    with pytest.raises(ValueError, match="5 blocks do not fit into 2"):
        grown(Attacca(replace(TINY, layers=5)), TINY)


def test_only_depth_can_be_grown():
    with pytest.raises(ValueError, match="only depth"):
        grown(Attacca(TINY), replace(TINY, width=96, layers=4))


def test_a_run_begins_from_the_weights_of_a_shallower_one_and_keeps_its_history(tiny, checkpoint, tmp_path):
    deep = replace(TINY, layers=4, exit=2)
    path = train.train(*tiny, tmp_path, 1.0, deep, 16, steps=1, rate=0.0, source=checkpoint)
    model, state = export_onnx.load_checkpoint(path)
    assert answers(model, tiny)[-1][0].allclose(
        answers(export_onnx.load_checkpoint(checkpoint)[0], tiny)[0][0], atol=1e-5
    )
    (earlier,) = state["training"]["before"]
    assert earlier["steps"] >= 40


def test_muon_makes_updates_orthogonal():
    torch.manual_seed(0)
    for shape in ((3, 24, 48), (2, 16, 40), (2, 40, 16)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert values.min() > 0.5 and values.max() < 1.3


def test_the_rate_warms_up_stays_and_falls_or_stays_for_a_run_that_goes_on():
    assert train.rate_at(0, 0.0) == 1 / train.WARM_UP
    assert train.rate_at(500, 0.5) == 1
    assert train.FLOOR < train.rate_at(500, 0.9) < 0.5
    assert train.rate_at(500, 1.0) == train.FLOOR
    assert train.rate_at(500, 0.9, 0.0) == 1


def test_the_exported_files_agree_with_pytorch(checkpoint, tmp_path):
    model, state = export_onnx.load_checkpoint(checkpoint)
    card = export_onnx.export(model, tmp_path / "out", "tiny", state["voicings"], state["training"])
    assert card["parity"]["fp32"]["largest"] < 1e-4
    assert card["parity"]["webgpu"]["largest"] < 0.5
    pinned = json.loads((tmp_path / "out" / "parity.json").read_text())
    assert len(pinned["inputs"]["cells"]) == T.CELLS * 8
    assert {e["output"] for e in pinned["expected"]} == set(export_onnx.OUTPUTS)
    described = json.loads((tmp_path / "out" / "model.json").read_text())
    assert (tmp_path / "out" / described["files"]["wasm"]["file"]).stat().st_size == described["files"]["wasm"]["bytes"]
    assert len(described["vocabulary"]["voicings"]) == T.VOICINGS
