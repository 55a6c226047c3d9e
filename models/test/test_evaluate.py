"""The evaluation command from end to end on self-made songs, and what it refuses."""

import json

import numpy as np
import pytest

import closed_loop
import control
import evaluate
import latency
import train
from model import TINY
from tiny import waltzes
from tiny.make import tiny_windows

KEYS = {"metric", "stem", "value", "low", "high", "heldout", "baseline", "goal", "met"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    data, meta = tiny_windows()
    meta["pieces"] = [{"name": f"tiny/{i}", "work": f"tiny/{i}", "heldout": True} for i in range(8)]
    for name in ("train", "heldout"):
        np.savez(folder / f"{name}.npz", **data)
    (folder / "meta.json").write_text(json.dumps(meta))
    train.train(data, meta, folder, 1.0, TINY, 16, steps=10, rate=6e-3)
    return folder


def test_the_table_has_every_kind_of_row_and_goes_to_a_file(prepared, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(control, "THEMES", 2)
    monkeypatch.setattr(control, "SEEDS", 2)
    drums = "density.drums"
    monkeypatch.setattr(control, "ASKED", {drums: control.ASKED[drums]})
    bench = tmp_path / "bench.json"
    row = {"name": f"{latency.GENERATION}, 12 passes, WASM, p95", "unit": "ms", "value": 600, "goal": 1000}
    bench.write_text(json.dumps({"rows": [row]}))
    arguments = ["--model", str(prepared / "last.pt"), "--prepared", str(prepared), "--out", str(tmp_path / "new")]
    assert evaluate.main([*arguments, "--windows", "4", "--bench", str(bench)]) == 0
    found = json.loads((tmp_path / "new/evaluation.json").read_text())
    assert set(found) == {"model", "data", "rows"}
    assert all(set(row) >= KEYS for row in found["rows"])
    names = " | ".join(row["metric"] for row in found["rows"])
    for kind in ("masked NLL", "joint 12-pass chain", "entropy", "groove", "chord-tone", "equal to the one before",
                 "plagiarism", "control of density", "theme over five moods", "eight seeds", "p95, ms"):  # fmt: skip
        assert kind in names, kind
    assert not (tmp_path / "new/evaluation.partial.json").exists()
    assert "goals are met" in capsys.readouterr().out


def test_rows_that_are_there_are_kept_when_a_later_one_fails(tmp_path):
    def rows():
        yield closed_loop.row("one", "all", 1.0)
        raise MemoryError

    partial = tmp_path / "partial.json"
    with pytest.raises(MemoryError):
        evaluate.collect(rows(), partial)
    assert [r["metric"] for r in json.loads(partial.read_text())] == ["one"]


def test_a_folder_of_all_sorts_is_read_however_deep_and_what_is_skipped_is_told(prepared, tmp_path, capsys):
    waltzes.write(tmp_path / "a/b/c", 2)
    (tmp_path / "a/b/c/waltz-02.mid").rename(tmp_path / "WALTZ.MIDI")
    (tmp_path / "empty.mxl").touch()
    (tmp_path / "broken.krn").write_text("4c\n")
    data, meta = evaluate.unseen(tmp_path, evaluate.subject(prepared / "last.pt"), None)
    assert [piece["name"] for piece in meta["pieces"]] == ["WALTZ.MIDI", "a/b/c/waltz-01.mid"]
    assert set(data["piece"]) == {0, 1}
    reasons = {row["file"]: row["reason"] for row in meta["skipped"]}
    assert reasons["empty.mxl"].startswith("it is empty") and "line 1" in reasons["broken.krn"]
    said = capsys.readouterr().out
    assert "skipped empty.mxl" in said and "2 pieces, 2 skipped" in said


def test_what_is_no_model_and_an_output_that_is_a_file_are_refused_in_one_sentence(prepared, tmp_path, capsys):
    assert evaluate.main(["--model", str(tmp_path), "--data", str(tmp_path)]) == 2
    assert "neither a checkpoint nor an exported model" in capsys.readouterr().err
    (tmp_path / "file").touch()
    arguments = ["--model", str(prepared / "last.pt"), "--data", str(tmp_path), "--out", str(tmp_path / "file")]
    assert evaluate.main(arguments) == 2
    assert "file" in capsys.readouterr().err


def test_a_folder_without_music_is_refused_in_one_sentence(prepared, tmp_path, capsys):
    assert evaluate.main(["--model", str(prepared / "last.pt"), "--data", str(tmp_path)]) == 2
    assert "holds no file that ends in" in capsys.readouterr().err


def test_files_whose_melodies_stand_in_training_are_named():
    data, _ = tiny_windows(2)

    class Named:
        name = "a tune"

    flagged = list(evaluate.seen_in_training(data, [Named(), Named()], dict(data)))
    assert flagged and flagged[0][0] == "a tune" and flagged[0][1] == 1.0
    other = dict(data) | {"cells": np.roll(data["cells"], 1, axis=1)}
    assert not list(evaluate.seen_in_training(data, [Named(), Named()], {"cells": other["cells"][:0]}))
