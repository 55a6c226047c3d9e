"""Masks, the network, the n-gram, the export, and the tiny run from end to end."""

import json

import numpy as np
import pytest
import torch

import evaluate
import export_onnx
import masks
import ngram
import tokens as T
import train
from model import TINY, Attacca
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
    return Windows(tiny[0], tiny[1]["corpora"], seed).batch(size)


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


def test_windows_hide_something_nearly_always_and_targets_are_4_8_or_16_bars(tiny):
    batch = batch_of(tiny, 256)
    assert (batch["hidden"].any((1, 2))).mean() > 0.9
    rng = np.random.default_rng(0)
    lengths = masks.target_bars(rng, np.full(300, 16)).sum(1)
    assert set(lengths.tolist()) == {4, 8, 16}


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


def test_the_ngram_beats_chance_and_its_probabilities_add_up(tiny):
    cells, chords = tiny[0]["cells"], tiny[0]["chords"]
    rng = np.random.default_rng(0)
    model = ngram.fit(cells, chords, 0.15, rng)
    hidden = evaluate.random_mask(cells, chords, 0.15, np.random.default_rng(1))
    p = ngram.distribution(model, "bass", cells, chords, hidden)
    assert np.allclose(p.sum(1), 1, atol=1e-5)
    nats = ngram.nats(model, "bass", cells, chords, hidden)
    assert np.mean(nats["nats"]) < np.log(38) / 3


def test_the_bootstrap_interval_holds_the_mean():
    low, high = evaluate.interval(np.arange(100.0), np.ones(100), np.repeat(np.arange(20), 5))
    assert low < 49.5 < high


def test_a_perfect_network_has_no_nats_and_a_uniform_one_has_log_n():
    target = torch.tensor([1, 2])
    sure = torch.full((2, 5), -50.0)
    sure[0, 1] = sure[1, 2] = 50.0
    assert evaluate.cell_nats(sure, target).sum() == pytest.approx(0)
    assert evaluate.cell_nats(torch.zeros(2, 5), target).numpy() == pytest.approx(np.log(5))
