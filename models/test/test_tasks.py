"""Promises of the tasks, of their notes and files, and of the command, with a tiny network of random weights."""

from __future__ import annotations

import json
from collections import Counter

import mido
import numpy as np
import pytest
import torch

import likelihood
import notes
import sources
import tasks
import tokens as T
import write
from model import TINY, Attacca
from passage import above, cut, used_slots
from tiny.make import tiny_windows

ALL = tuple(T.STEMS)
BARS_OF = {stem: range(16) for stem in ALL}
# task -> stem -> bars in which it is written, on an own song of 16 bars
PROMISED = {
    "melody": {"melody": range(16)},
    "harmonise": {"harmony": range(16), "bass": range(16)},
    "drums": {"drums": range(16)},
    "arrange": {s: range(16) for s in ALL if s != "melody"},
    "compose": BARS_OF,
    "continue": {s: range(8, 16) for s in ALL},
    "bridge-keys": {s: range(6, 10) for s in ALL},
    "bridge-meters": {s: range(6, 10) for s in ALL},
    "stinger": {s: range(2) for s in ALL},
}


@pytest.fixture(scope="module")
def network() -> write.Network:
    torch.manual_seed(0)
    words = json.loads((write.SHIPPED / "model.json").read_text())["vocabulary"]
    run = write.without_gradients(likelihood.torch_runner(Attacca(TINY).eval()))
    return write.Network(run, T.VoicingTable(words["voicings"]), words["quartiles"])


def arguments(*words: str):
    return write.parser().parse_args(["--passes", "2", "--no-wav", *words])


@pytest.fixture(scope="module")
def songs(network):
    return sources.own_songs(network.table, network.quartiles)


@pytest.fixture(scope="module")
def takes(network) -> dict[str, notes.Take]:
    """One take of every task."""
    args = arguments()
    material = write.gather(args, network)
    named = [(job.name, job) for task in tasks.TASKS for job in write.jobs_of(task, material, network, args, 0)]
    return {take.name: take for take in write.write_takes(network, named, args)}


def open_bars(job: tasks.Job, stem: str) -> np.ndarray:
    lanes = list(T.STEM_LANES[stem])
    used = used_slots(job.passage.bars).reshape(T.BARS, T.SLOTS)
    here = job.open[:, lanes].reshape(T.BARS, T.SLOTS, -1)
    assert (here == here[..., :1]).all(), "the lanes of a stem open together"
    assert not here[~used].any()
    return here[..., 0]


@pytest.mark.parametrize("task", PROMISED)
def test_a_task_opens_whole_bars_of_the_stems_it_promises_and_nothing_else(takes, task):
    job = takes[task].job
    used = used_slots(job.passage.bars).reshape(T.BARS, T.SLOTS)
    for stem in ALL:
        wanted = np.zeros((T.BARS, T.SLOTS), bool)
        wanted[list(PROMISED[task].get(stem, []))] = True
        assert (open_bars(job, stem) == (wanted & used)).all()


def test_chords_are_written_only_where_a_task_harmonises_or_goes_on(takes):
    opened = {name: np.flatnonzero(take.job.open_halves.all(1)).tolist() for name, take in takes.items()}
    everything, bridge = list(range(16)), [6, 7]  # given chords lead into the other key
    assert opened == {
        "melody": [], "drums": [], "compose": [], "vary": [], "fill": [], "stinger": [],
        "harmonise": everything, "arrange": everything, "continue": list(range(8, 16)),
        "bridge-keys": bridge, "bridge-meters": bridge, "ending": [10],
    }  # fmt: skip


def test_a_fill_opens_the_drums_of_a_bar_and_the_second_half_of_the_rest(takes):
    job = takes["fill"].job
    for stem in ALL:
        first, last = job.open.reshape(16, 16, 8)[7, :8], job.open.reshape(16, 16, 8)[7, 8:]
        assert last[:, T.STEM_LANES[stem]].all()
        assert first[:, T.STEM_LANES[stem]].all() == (stem == "drums")
    assert not job.open.reshape(16, 16, 8)[[*range(7), *range(8, 16)]].any()


def test_a_variation_opens_about_two_beats_in_five_and_only_whole_ones(takes):
    job = takes["vary"].job
    for stem in ALL:
        beats = open_bars(job, stem).reshape(64, 4)
        assert (beats == beats[:, :1]).all()
        assert 0.2 < beats[:, 0].mean() < 0.6


def test_what_is_not_open_comes_back_as_it_was(takes):
    for take in takes.values():
        shut = ~take.job.open
        shut[:, T.OCTAVE] &= shut[:, T.HARMONY]
        assert (take.passage.cells[shut] == take.job.passage.cells[shut]).all(), take.name
        halves = ~take.job.open_halves
        for bar, half in np.argwhere(halves[: take.passage.count]):
            before, after = (notes.chord_at(p.chords, p.bars, bar, half) for p in (take.job.passage, take.passage))
            assert before == after


def test_no_cell_stays_masked_and_nothing_is_held_out_of_silence(takes):
    for take in takes.values():
        used = used_slots(take.passage.bars)
        assert (take.passage.cells[take.job.open] != np.broadcast_to(T.MASK_IDS, (256, 8))[take.job.open]).all()
        for lane in (T.MELODY, T.COUNTER, T.HARMONY, T.BASS):
            line, opened = take.passage.cells[used, lane], take.job.open[used, lane]
            assert not ((line[1:] == T.HOLD) & (line[:-1] == T.REST) & opened[1:]).any(), take.name


def test_pitches_lie_in_the_range_of_their_stem_and_a_stem_that_is_off_is_silent(takes):
    for take in takes.values():
        for note in take.notes:
            assert take.job.passage.has(note.stem)
            lane = T.STEM_LANES[note.stem][0]
            if lane in T.LANE_RANGE:
                low = T.anchor(lane, take.passage.tonic) + T.LANE_RANGE[lane][0]
                assert low <= note.pitch < low + T.LANE_RANGE[lane][1]
    assert {n.stem for n in takes["harmonise"].notes} <= {"melody", "harmony", "bass"}


def test_a_bridge_across_keys_keeps_the_pitches_of_both_sides(takes, songs, network):
    left = songs["4/4"][0]
    right = next(p for p in songs["4/4"] if p.tonic != left.tonic)
    take = takes["bridge-keys"]
    starts = notes.clock(take.passage.bars)[1]

    def pitches(passage):
        silent = np.zeros((T.CELLS, T.EXPRESSION))
        found = notes.notes_of(passage, network.table, np.zeros((256, 8), bool), silent)
        return Counter((n.stem, n.slot, n.pitch) for n in found)

    given = [n for n in take.notes if not n.written]
    before = Counter((n.stem, n.slot, n.pitch) for n in given if n.start < starts[6])
    after = Counter((n.stem, n.slot - 160, n.pitch) for n in given if n.start >= starts[10])
    assert before == pitches(cut(left, 2, 6)) and after == pitches(cut(right, 0, 6))
    assert sum(before.values()) > 50 and left.tonic != right.tonic


def test_a_bridge_into_another_key_ends_on_its_fourth_degree_and_its_dominant_and_takes_over_its_scale(takes):
    job = takes["bridge-keys"].job
    passage = job.passage
    new, old = (tuple(int(x) for x in passage.keys[bar]) for bar in (10, 5))
    home = (new[0] - passage.tonic) % 12
    names = [T.chord_name(int(passage.chords[bar * 8])) for bar in (8, 9)]
    fourth = "maj" if new[1] in (0, 3, 4) else "min"
    assert names == [f"{(home + 5) % 12}{fourth}", f"{(home + 7) % 12}dom7"] and new != old
    scales = job.scales()
    assert [(passage.tonic + int(a)) % 12 for a in scales["above"][6:10]] == [old[0]] * 2 + [new[0]] * 2
    assert scales["mode"][6:10].tolist() == [old[1]] * 2 + [new[1]] * 2


def test_a_bridge_walks_from_one_tempo_and_meter_to_the_other(takes):
    passage = takes["bridge-meters"].passage
    assert passage.bars[:, T.C_METER].tolist() == [1] * 8 + [2] * 8
    steps = np.diff(passage.tempo[5:11])
    assert (steps > 0).all() and passage.tempo[5] < passage.tempo[10]


def test_a_bridge_between_bars_of_unequal_length_is_refused(songs, network):
    with pytest.raises(tasks.TaskError, match="equal length"):
        tasks.bridge(songs["4/4"][0], songs["3/4"][0], network.table)


def test_writing_above_another_tonic_moves_no_note(songs, network):
    song = cut(songs["4/4"][0], 0, 8)
    other = above(song, (song.tonic + 5) % 12, network.table)
    silent = np.zeros((T.CELLS, T.EXPRESSION)), np.zeros((256, 8), bool)
    sound = [[(n.stem, n.start, n.pitch) for n in notes.notes_of(p, network.table, silent[1], silent[0])]
             for p in (song, other)]  # fmt: skip
    assert sound[0] == sound[1] and (song.cells != other.cells).any()
    assert (other.bars[:8, T.C_MODE] == 7).all()


def test_an_ending_closes_on_a_held_tonic(takes):
    take = takes["ending"]
    end = notes.clock(take.passage.bars)[1][12]
    last = [n for n in take.notes if n.slot >= 11 * 16]
    assert {n.slot for n in last} == {11 * 16}
    (bass,) = [n for n in last if n.stem == "bass"]
    assert bass.pitch % 12 == take.passage.keys[0, 0] and bass.end == end


def test_a_stinger_stands_alone_over_one_chord(takes):
    take = takes["stinger"]
    assert take.passage.count == 2 and (take.passage.bars[:2, T.C_ROLE] == T.ROLES.index("stinger")).all()
    assert len({int(c) for c in take.passage.chords[:16]}) == 1
    assert (take.passage.cells[32:] == T.ABSENT_IDS).all()


def test_a_midi_file_holds_the_notes_of_the_take(takes, tmp_path):
    for name in ("bridge-meters", "compose"):
        take = takes[name]
        notes.to_midi(take, tmp_path / "take.mid")
        file = mido.MidiFile(tmp_path / "take.mid")
        assert [t.name for t in file.tracks[1:]] == [s for s in ALL if any(n.stem == s for n in take.notes)]
        found = Counter()
        for track in file.tracks[1:]:
            at, sounding = 0, {}
            for message in track:
                at += message.time
                if message.type == "note_on":
                    sounding[message.note] = at, message.velocity
                elif message.type == "note_off":
                    start, velocity = sounding.pop(message.note)
                    found[track.name, start, at, message.note, velocity] += 1
                    assert (message.channel == 9) == (track.name == "drums")
        end = int(notes.clock(take.passage.bars)[1][-1])
        assert found == Counter((n.stem, n.start, min(n.end, end), n.pitch, n.velocity) for n in take.notes)


def test_a_midi_file_names_tempo_meter_key_and_chords(takes, tmp_path):
    notes.to_midi(takes["bridge-meters"], tmp_path / "take.mid")
    head = mido.MidiFile(tmp_path / "take.mid").tracks[0]
    assert [(m.numerator, m.denominator) for m in head if m.type == "time_signature"] == [(3, 4), (6, 8)]
    assert len([m for m in head if m.type == "set_tempo"]) == 6
    notes.to_midi(takes["compose"], tmp_path / "take.mid")
    head = mido.MidiFile(tmp_path / "take.mid").tracks[0]
    assert [m.key for m in head if m.type == "key_signature"] == ["Am"]
    assert [m.text for m in head if m.type == "marker"][:4] == ["Am", "F", "C", "G"]


def test_chords_are_spelled_for_their_key():
    assert notes.chord_name(T.chord_id(6, "min7"), 0, np.array([0, 0])) == "F#m7"
    assert notes.chord_name(T.chord_id(3, "maj"), 0, np.array([0, 5])) == "Eb"
    assert notes.chord_name(T.NO_CHORD, 0, np.array([0, 0])) == ""
    assert sources.parse_chords("Am | F#dim Bb7 Csus4") == [(9, "min"), (6, "dim"), (10, "dom7"), (0, "sus4")]
    with pytest.raises(sources.SourceError, match="'H' is no chord"):
        sources.parse_chords("Am H")


def test_micro_timing_and_velocity_come_from_the_network_where_it_wrote(takes):
    logits = np.full((T.CELLS, 5, 17), -30.0)
    logits[:, :, 7], logits[:, :, 8 + 8] = 30.0, 30.0  # loudest, a quarter slot late
    take = takes["drums"]
    job = take.job
    again = notes.take_of("drums", job, take.passage.cells, take.passage.chords, logits.reshape(256, 85),
                          T.VoicingTable(T.required_voicings() * 5))  # fmt: skip
    starts = notes.clock(job.passage.bars)[0]
    drums = [n for n in again.notes if n.stem == "drums"]
    assert drums and all(n.velocity == 120 and n.start == starts[n.slot] + 30 for n in drums)
    given = [n for n in again.notes if n.stem == "melody"]
    assert given and all(n.start == starts[n.slot] for n in given)


def command(monkeypatch, network, capsys, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(write, "open_network", lambda path: network)
    monkeypatch.setattr("sys.argv", ["write.py", "--passes", "2", *words])
    status = write.main()
    out, err = capsys.readouterr()
    return status, out, err


def test_the_same_seed_writes_the_same_files(monkeypatch, network, capsys, tmp_path):
    words = ("--no-wav", "--task", "vary", "stinger", "--out")
    for folder, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert command(monkeypatch, network, capsys, *words, str(tmp_path / folder), "--seed", seed)[0] == 0
    for name in ("vary.mid", "stinger.mid", "vary.png"):
        files = [(tmp_path / folder / name).read_bytes() for folder in "abc"]
        assert files[0] == files[1] != files[2]


def test_without_node_the_command_says_so_in_a_line_and_writes_the_rest(monkeypatch, network, capsys, tmp_path):
    monkeypatch.setattr(write.shutil, "which", lambda name: None)
    status, out, _ = command(monkeypatch, network, capsys, "--task", "stinger", "--out", str(tmp_path))
    assert status == 0 and "No WAV files: Node.js is not installed." in out.splitlines()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stinger.mid", "stinger.png"]


def tune(path, pitches=(72, 74, 76, 79, 76, 74, 72, 67) * 4, signature=(4, 4)) -> None:
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack([mido.MetaMessage("time_signature", numerator=signature[0], denominator=signature[1])])
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=90))
        track.append(mido.Message("note_off", note=pitch, time=480))
    file.tracks.append(track)
    file.save(path)


def test_a_theme_of_ones_own_is_kept_under_its_arrangement(monkeypatch, network, capsys, tmp_path):
    low = [p - 14 for p in (72, 74, 76, 79, 76, 74, 72, 67) * 4]  # partly below middle C: still one melody
    tune(tmp_path / "tune.mid", low)
    words = ("--no-wav", "--midi", str(tmp_path / "tune.mid"), "--task", "arrange", "--out", str(tmp_path / "out"))
    assert command(monkeypatch, network, capsys, *words)[0] == 0
    tracks = mido.MidiFile(tmp_path / "out" / "arrange.mid").tracks
    (melody,) = [t for t in tracks if t.name == "melody"]
    assert [m.note for m in melody if m.type == "note_on"] == low
    assert len(tracks) > 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "There is no file"), (b"", "cannot be read"), (b"MThd\0\0\0\6\0\1\0", "cannot be read"),
     (b"no music at all" * 99, "cannot be read"), ("rests", "no notes"), ("5/4", "no bar that fits the grid"),
     ("drums", "needs a melody")],
)  # fmt: skip
def test_midi_that_cannot_be_used_is_refused_in_one_sentence(monkeypatch, network, capsys, tmp_path, content, reason):
    path = tmp_path / "bad.mid"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "5/4":
        tune(path, signature=(5, 4))
    elif content is not None:
        file = mido.MidiFile()
        hits = [mido.Message("note_on", channel=9, note=36, velocity=80),
                mido.Message("note_off", channel=9, note=36, time=480)] * 32  # fmt: skip
        file.tracks.append(mido.MidiTrack(hits if content == "drums" else []))
        file.save(path)
    words = ("--no-wav", "--midi", str(path), "--task", "arrange", "--out", str(tmp_path / "out"))
    status, out, err = command(monkeypatch, network, capsys, *words)
    assert status == 1 and reason in err and err.count("\n") == 1 and out == ""
    assert not (tmp_path / "out").exists()


def test_held_out_windows_of_a_prepared_folder_are_material(network, tmp_path):
    data, meta = tiny_windows(8)
    meta["pieces"] = [{"name": f"tiny/{i}"} for i in range(8)]
    np.savez(tmp_path / "heldout.npz", **data)
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(sources.SourceError, match="other voicings"):
        sources.prepared_passages(tmp_path, network.table)
    same = write.Network(network.run, T.VoicingTable(meta["voicings"]), network.quartiles)
    material = write.gather(arguments("--prepared", str(tmp_path)), same)
    assert all(p.count == T.BARS and p.sounds("melody") for p in material.passages)
    assert len({p.title.split(",")[0] for p in material.passages}) == len(material.passages) == 8
    ((_, left, right),) = material.pairs
    assert left.tonic != right.tonic and left.bars[0, T.C_METER] == right.bars[0, T.C_METER]
    with pytest.raises(sources.SourceError, match="no folder that prepare.py wrote"):
        sources.prepared_passages(tmp_path / "none", network.table)


def test_a_checkpoint_and_an_exported_folder_both_write(monkeypatch, capsys, network, tmp_path):
    weights = Attacca(TINY).state_dict()
    state = {"config": TINY.as_dict(), "ema": weights, "voicings": network.table.table}
    torch.save(state, tmp_path / "tiny.pt")
    for path in (tmp_path / "tiny.pt", write.SHIPPED):
        out = tmp_path / f"takes of {path.name}"
        words = ["write.py", "--checkpoint", str(path), "--out", str(out), "--task", "stinger", "--passes", "1"]
        monkeypatch.setattr("sys.argv", [*words, "--no-wav"])
        assert write.main() == 0
        assert len(mido.MidiFile(out / "stinger.mid").tracks) > 1


def test_a_path_that_is_no_model_is_refused_in_one_sentence(capsys, monkeypatch, tmp_path):
    (tmp_path / "x.pt").write_bytes(b"nothing")
    for path in (tmp_path / "x.pt", tmp_path, tmp_path / "none.pt"):
        monkeypatch.setattr("sys.argv", ["write.py", "--checkpoint", str(path), "--no-wav"])
        assert write.main() == 1
        err = capsys.readouterr().err
        assert "neither a checkpoint nor an exported model" in err and err.count("\n") == 1


def test_a_title_names_the_tonic_of_the_mode_and_the_file_its_signature():
    assert notes.key_title(np.array([1, 4])) == "C# mixolydian" and notes.key_name(1, 4) == "F#"
    assert notes.key_title(np.array([9, 5])) == "A aeolian" and notes.key_name(9, 5) == "Am"
