"""Weights as safetensors, and fine-tuning from a folder of files to a folder that the engine loads."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import export_onnx
import finetune
import own_folder
import tokens as T
import weights
from model import TINY, Attacca
from own_folder import Refused
from score import Part, Score
from tiny import waltzes
from tiny.make import tiny_windows

ROOT = Path(__file__).resolve().parents[2]
TSX = ROOT / "node_modules/.bin/tsx"
STEPS, FAST = 24, 5e-3
OPEN_MODEL = """
import { readFile } from "node:fs/promises";
import { openModel } from "./engine/generator-worker/model.ts";
type File = { kind: "manifest" | "runtime" } | { kind: "model"; name: string };
const read = async (file: File) => {
  if (file.kind === "runtime") return undefined;
  const name = file.kind === "manifest" ? "model.json" : file.name;
  return new Uint8Array(await readFile(`${process.env["FOLDER"]}/${name}`));
};
void openModel({ read, backend: "wasm", now: () => performance.now() }).then(async (model) => {
  console.log(JSON.stringify({ name: model.manifest.name, backend: model.report.backend }));
  await model.release();
});
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Weights of a tiny network that has learned nothing yet."""
    torch.manual_seed(0)
    _, meta = tiny_windows()
    facts = {"name": "tiny", "version": "0.1.0", "training": {"steps": 0}}
    facts |= {"voicings": meta["voicings"], "quartiles": meta["quartiles"]}
    path = tmp_path_factory.mktemp("source") / "weights.safetensors"
    weights.save(path, Attacca(TINY), facts)
    return path


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pieces")
    waltzes.write(folder, 6)
    return folder


@pytest.fixture(scope="module")
def music(source, pieces):
    _, facts = weights.load(source)
    return own_folder.gather(pieces, facts["voicings"], facts["quartiles"], lambda _: None)


@pytest.fixture(scope="module")
def tuned(source, pieces, tmp_path_factory):
    out = tmp_path_factory.mktemp("tuned") / "mine"
    result = finetune.finetune(source, pieces, out, rate=FAST, steps=STEPS, say=lambda _: None)
    return out, result


def run_main(monkeypatch, capsys, *arguments):
    """Exit status and what is said on the two streams."""
    monkeypatch.setattr(sys, "argv", ["finetune.py", *map(str, arguments)])
    try:
        status = finetune.main()
    except SystemExit as stop:
        status = stop.code
    return status, capsys.readouterr()


def midi(path, tracks, tempo=120.0, notes=64, step=240):
    """A file of `tracks` tracks with `notes` notes each, `step` ticks of 480 apart."""
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo))]))
    for index in range(tracks):
        track = mido.MidiTrack()
        for i in range(notes):
            pitch = 48 + (index * 7 + i * 5) % 36
            track.append(mido.Message("note_on", channel=index % 9, note=pitch, velocity=80))
            track.append(mido.Message("note_off", channel=index % 9, note=pitch, time=step))
        file.tracks.append(track)
    file.save(path)


def test_weights_come_back_with_their_facts(source):
    model, facts = weights.load(source)
    torch.manual_seed(0)
    for name, value in Attacca(TINY).state_dict().items():
        assert torch.allclose(model.state_dict()[name], value, rtol=1e-3, atol=1e-6)
    assert not model.training
    assert facts["config"] == TINY.as_dict()
    assert len(facts["voicings"]) == T.VOICINGS
    assert facts["training"] == {"steps": 0}


def test_sixteen_bits_leave_the_nats_as_they_are(source, music):
    model, _ = weights.load(source)
    batch = finetune.Draws(music.training, 3).batch()
    exact = Attacca(TINY)
    torch.manual_seed(0)
    for p in exact.parameters():
        torch.nn.init.normal_(p, std=0.1)
    model.load_state_dict({k: v.to(weights.STORED).float() for k, v in exact.state_dict().items()})
    assert finetune.nats(model, [batch])["all"] == pytest.approx(finetune.nats(exact, [batch])["all"], abs=1e-3)


def test_a_damaged_foreign_or_missing_weights_file_is_refused_with_its_reason(source, tmp_path):
    damaged, foreign = tmp_path / "damaged.safetensors", tmp_path / "foreign.safetensors"
    damaged.write_bytes(source.read_bytes()[:-100])
    save_file({"a": torch.zeros(2)}, foreign)
    for path, reason in ((damaged, "not a whole"), (foreign, "not weights of this"), (tmp_path / "no", "no such file")):
        with pytest.raises(ValueError, match=reason):
            weights.load(path)


def test_weights_that_are_no_numbers_are_not_written(source, tmp_path):
    model, facts = weights.load(source)
    with torch.no_grad():
        model.cell_head.bias[3] = float("nan")
    with pytest.raises(ValueError, match="cell_head.bias"):
        weights.save(tmp_path / "w.safetensors", model, facts)
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_may_be_safetensors(source):
    model, state = export_onnx.load_checkpoint(source)
    assert model.config == TINY
    assert {"voicings", "training", "quartiles"} <= state.keys()


def test_fine_tuning_lowers_the_nats_of_pieces_it_was_not_trained_on(tuned):
    _, result = tuned
    assert result.held[1]["all"] < result.held[0]["all"] - 0.5
    assert result.steps == STEPS


def test_an_export_has_all_its_files_and_a_card_with_the_figures(tuned):
    out, result = tuned
    assert {p.name for p in out.iterdir()} == set(finetune.FILES)
    card = (out / "MODEL_CARD.md").read_text()
    assert "6 files (192 bars)" in card
    assert f"| all | {result.held[0]['all']:.3f} | {result.held[1]['all']:.3f} |" in card


def test_an_export_keeps_the_voicings_and_quartiles_of_the_weights_it_started_from(source, tuned):
    described = json.loads((tuned[0] / "model.json").read_text())
    _, facts = weights.load(source)
    assert described["vocabulary"]["voicings"] == facts["voicings"]
    assert described["vocabulary"]["quartiles"] == facts["quartiles"]
    assert described["training"]["finetuned"]["from"] == {"name": "tiny", "version": "0.1.0"}


def test_onnxruntime_opens_an_export_and_it_answers_as_its_weights_do(tuned):
    out, _ = tuned
    model, facts = weights.load(out / "weights.safetensors")
    inputs = export_onnx.parity_inputs(T.VoicingTable(facts["voicings"]))
    pinned = json.loads((out / "parity.json").read_text())
    with torch.no_grad():
        wanted = model(*(torch.from_numpy(a) for a in inputs))
    for kind, name in (("wasm", "model.int8.onnx"), ("webgpu", "model.webgpu.onnx")):
        for a, b in zip(wanted, export_onnx.run(out / name, inputs), strict=True):
            assert np.abs(a.numpy() - b).max() < pinned["tolerance"][kind] + 0.01  # 16 bits in the weights


@pytest.mark.skipif(not TSX.exists(), reason="no node_modules: the engine's reader of model.json cannot run")
def test_the_engine_opens_an_export(tuned):
    ran = subprocess.run(
        [TSX, "-e", OPEN_MODEL], cwd=ROOT, env=os.environ | {"FOLDER": str(tuned[0])}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"name": "mine", "backend": "wasm"}


def test_it_ends_when_held_out_music_gets_worse_and_keeps_the_best(source, music, monkeypatch):
    model, _ = weights.load(source)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    rising = iter(range(100))
    monkeypatch.setattr(finetune.Tuning, "test", lambda *_: {"all": float(next(rising))})
    result = finetune.adapt(model, music, 1.0, FAST, 1, lambda _: None, steps=24)
    assert result.stopped
    assert result.steps == 2 * finetune.PATIENCE
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())


@pytest.mark.parametrize("where", ["training", "export"])
def test_ctrl_c_leaves_the_last_good_export(where, source, pieces, tuned, tmp_path, monkeypatch, capsys):
    out = tmp_path / "mine"
    shutil.copytree(tuned[0], out)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(*((finetune.Tuning, "advance") if where == "training" else (export_onnx, "parity")), stop)
    monkeypatch.setattr(finetune, "LEAST_GAIN", -9.0)
    arguments = ("--from", source, "--midi", pieces, "--out", out, "--minutes", 0.1, "--threads", 1)
    status, said = run_main(monkeypatch, capsys, *arguments)
    assert status == 130
    assert "as it was" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    for name in finetune.FILES:
        assert (out / name).read_bytes() == (tuned[0] / name).read_bytes()


def test_an_earlier_export_is_replaced_but_no_folder_with_other_things(source, pieces, tuned, tmp_path):
    out = tmp_path / "mine"
    shutil.copytree(tuned[0], out)
    (out / "model.json").write_text("{}")
    finetune.finetune(source, pieces, out, rate=FAST, steps=12, name="again", say=lambda _: None)
    assert json.loads((out / "model.json").read_text())["name"] == "again"
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    (out / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="notes.txt"):
        finetune.finetune(source, pieces, out, steps=1, say=lambda _: None)


CUT = b"MThd\x00\x00\x00\x06\x00"
BAD = {  # what lies in the folder as a.mid, and what is said of it
    "nothing": (lambda path: None, "holds no file that ends in"),
    "a text": (lambda path: path.with_suffix(".txt").write_text("la"), "holds no file that ends in"),
    "a broken file": (lambda path: path.write_bytes(CUT), "a.mid: it cannot be read"),
    "no track": (lambda path: midi(path, 0), "a.mid: it .*no notes"),
    "40 tracks": (lambda path: midi(path, 40), "a.mid: it has more than 32 parts"),
    "an absurd tempo": (lambda path: midi(path, 2, 60000.0), "a.mid: its tempo is not within"),
    "100,000 notes": (lambda path: midi(path, 4, notes=25_000, step=60), "a.mid: it holds more than"),
    "notes beside the grid": (lambda path: midi(path, 2, step=217), "a.mid: its notes lie"),
    "three bars": (lambda path: midi(path, 2, notes=24), "a.mid: it has 3 bars"),
    "eight bars": (lambda path: midi(path, 2), "8 usable bars, 24 are the least"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_folder_that_cannot_be_used_is_refused_in_one_sentence(kind, source, tmp_path, monkeypatch, capsys):
    make, sentence = BAD[kind]
    folder, out = tmp_path / "pieces", tmp_path / "out"
    folder.mkdir()
    make(folder / "a.mid")
    status, said = run_main(monkeypatch, capsys, "--from", source, "--midi", folder, "--out", out, "--threads", 1)
    assert status == 1
    *progress, last = said.err.splitlines()
    assert all(line.startswith("1 of 1 files") for line in progress)  # on a slow machine
    assert last.startswith(f"finetune: {folder}")
    assert re.search(sentence, last), last
    assert not out.exists()


def test_bad_files_are_skipped_with_their_reason_where_enough_others_remain(source, pieces, tmp_path):
    folder, said = tmp_path / "pieces", []
    shutil.copytree(pieces, folder)
    (folder / "broken.mid").write_bytes(b"MThd")
    shutil.copy(folder / "waltz-01.mid", folder / "zz-copy.mid")
    _, facts = weights.load(source)
    music = own_folder.gather(folder, facts["voicings"], facts["quartiles"], said.append)
    assert music.files == 6
    assert dict(music.skipped).keys() == {"broken.mid", "zz-copy.mid"}
    assert any(line.startswith("skipped broken.mid: it cannot be read") for line in said)


def test_a_tune_in_abc_is_a_piece_too(tmp_path):
    path = tmp_path / "tune.abc"
    path.write_text("X:1\nT:Tune\nM:3/4\nL:1/4\nQ:1/4=120\nK:Am\n" + "A B c | d e2 | c B A | E3 |\n" * 6)
    ((name, piece),) = own_folder.read_pieces(path, "tune.abc")
    assert (name, piece.bars) == ("tune.abc", 24)
    assert piece.known["melody"].all()


def part(name="", staff=1):
    return Part(name, np.array([[0.0, 1.0, 60.0, 80.0]]), staff=staff)


SYMBOL = [(0.0, 0, "maj")]


@pytest.mark.parametrize(
    ("name", "parts", "symbols", "kind"),
    [
        ("game.mid", [part() for _ in range(4)], [], "any"),
        ("hymn.abc", [part() for _ in range(4)], [], "quartet"),
        ("jazz.mxl", [part()], SYMBOL, "lead-sheet"),
        ("song.MXL", [part("Violin"), part(), part(staff=2)], [], "lied"),
        ("duet.xml", [part("Soprano"), part("Alto"), part(), part(staff=2)], [], "lied"),
        ("piano.xml", [part(), part(staff=2)], SYMBOL, "any"),
    ],
)
def test_the_roles_of_a_score_are_told_as_those_of_the_corpora_are(name, parts, symbols, kind):
    assert own_folder.kind_of(Score(parts, [], symbols=symbols), Path(name)) == kind


def test_every_tune_of_a_book_is_a_piece_and_those_that_cannot_be_used_are_named(tmp_path):
    path, tune = tmp_path / "book.abc", "A B c | d e2 | c B A | E3 |"
    path.write_text(f"M:3/4\nL:1/4\n\nX:1\nK:Am\n{tune}\n\nX:2\nK:Am\nA B c |\n\nX:3\nT:Last\nK:Em\n{tune}\n{tune}\n")
    found = dict(own_folder.read_pieces(path, "book.abc"))
    assert list(found) == ["book.abc, tune 1", "book.abc, tune 2", "book.abc, tune 3"]
    assert (found["book.abc, tune 1"].bars, found["book.abc, tune 3"].bars) == (4, 8)
    assert found["book.abc, tune 2"].startswith("it has 1 bar in 4/4")


def test_drums_alone_may_lie_further_beside_the_grid_than_pitches(tmp_path):
    refused = {}
    for name, channel in (("drums", 9), ("lead", 0)):
        file, path = mido.MidiFile(ticks_per_beat=480), tmp_path / f"{name}.mid"
        track, at = mido.MidiTrack(), 0
        for number in range(128):  # eighths, .23 of a sixteenth late but for the first of a bar
            onset = 240 * number + (28 if number % 8 else 0)
            track.append(mido.Message("note_on", note=38, velocity=80, channel=channel, time=onset - at))
            track.append(mido.Message("note_off", note=38, channel=channel, time=60))
            at = onset + 60
        file.tracks.append(track)
        file.save(path)
        refused[name] = [found for _, found in own_folder.read_pieces(path, name) if isinstance(found, str)]
    assert refused["drums"] == []
    assert "beside the grid" in refused["lead"][0]


def test_names_that_no_terminal_prints_are_shown_with_escapes():
    assert own_folder.printable(Path("caf\udce9/a\nb.mid")) == "caf\\udce9/a\\nb.mid"


def test_of_a_single_file_the_end_is_held_out(source, pieces, tmp_path):
    shutil.copy(pieces / "waltz-01.mid", tmp_path)
    _, facts = weights.load(source)
    music = own_folder.gather(tmp_path, facts["voicings"], facts["quartiles"], lambda _: None)
    assert (music.files, music.held_files) == (1, 0)
    assert music.held["count"].max() == 8
    shared = {c.tobytes() for c in music.training["cells"]} & {c.tobytes() for c in music.held["cells"]}
    assert not shared


def test_every_bar_of_the_waltzes_has_their_ostinato(music):
    assert {waltzes.ostinato_share(cells) for cells in music.training["cells"]} == {(1.0, 1.0)}
    other, _, _, _ = waltzes.blank()
    assert waltzes.ostinato_share(other) == (0.0, 0.0)


def test_the_music_is_learned_under_every_style(music):
    draws = finetune.Draws(music.training, 0)
    drawn = {int(s) for _ in range(8) for s in draws.batch()["bars"][:, :, T.C_STYLE].unique()}
    assert drawn == set(range(len(T.STYLES)))


def test_impossible_options_are_refused(source, pieces, tmp_path, monkeypatch, capsys):
    given = ("--from", source, "--midi", pieces, "--out", tmp_path / "out")
    assert run_main(monkeypatch, capsys, *given, "--minutes", 0)[0] == 2
    assert run_main(monkeypatch, capsys, *given, "--rate", 5)[0] == 2
    status, said = run_main(monkeypatch, capsys, "--from", tmp_path, "--midi", pieces, "--out", tmp_path / "out")
    assert status == 1
    assert "give the weights.safetensors" in said.err
