"""From notes to windows: meters, roles, keys, chords, and a split that does not leak."""

import os
import time
import warnings
import zipfile

import mido
import numpy as np
import pytest

import corpora
import labels
import prepare
import progressions
import roles
import tokens as T
from grid import Bar, chordify, fold_measures, monophonic, quantise
from harmony import chords, chroma, keys
from piece import Piece, encode
from read_file import MOST_BYTES, MOST_NOTES
from read_midi import read_midi
from read_musicxml import MOST_UNPACKED, read_musicxml
from score import Measure, Part, measures_from_signatures
from tiny.make import tiny_pieces, tiny_windows


def bars_of_measures(*shapes):
    at, result = 0.0, []
    for length, beats, unit in shapes:
        result.append(Measure(at, length, beats, unit))
        at += length
    return fold_measures(result)


def test_two_bars_of_two_four_become_one_of_four_four():
    bars, skipped = bars_of_measures(*[(2.0, 2, 4)] * 6)
    assert [b.meter for b in bars] == [0, 0, 0]
    assert skipped == 0


def test_cut_time_twelve_eight_six_four_and_three_eight_fold():
    assert [b.meter for b in bars_of_measures((4.0, 2, 2))[0]] == [0]
    assert [(b.meter, b.slot) for b in bars_of_measures((6.0, 12, 8))[0]] == [(3, 0.5)]
    assert [b.meter for b in bars_of_measures((6.0, 6, 4))[0]] == [1, 1]
    assert [b.meter for b in bars_of_measures((1.5, 3, 8), (1.5, 3, 8))[0]] == [2]


def test_a_pick_up_is_placed_at_the_end_of_its_bar():
    bars, _ = bars_of_measures((1.0, 4, 4), (4.0, 4, 4))
    assert [b.start for b in bars] == [-3.0, 1.0]


def test_five_four_is_left_out_and_breaks_the_piece():
    bars, skipped = bars_of_measures((4.0, 4, 4), (5.0, 5, 4), (4.0, 4, 4))
    assert skipped == 1
    assert [b.joined for b in bars] == [False, False]


def test_a_hold_never_follows_a_rest():
    for piece in tiny_pieces(4):
        for line in piece.lines.values():
            value = line[:, 0]
            assert not ((value[1:] == -2) & (value[:-1] == -1)).any()


def test_notes_land_on_the_nearest_slot_with_their_offset():
    bars = [Bar(0.0, 0.25, 0), Bar(4.0, 0.25, 0)]
    rows = quantise(bars, np.array([[0.26, 0.5, 60, 80], [3.97, 0.5, 62, 80]]))
    assert rows[:, 0].tolist() == [1, 16]
    assert rows[0, 4] == pytest.approx(0.04)


def test_a_new_onset_cuts_the_old_note_and_chords_keep_what_sounds():
    notes = np.array([[0, 8, 60, 80, 0], [4, 6, 67, 80, 0]], float)
    used = np.ones(16, bool)
    assert monophonic(notes, used)[:9, 0].tolist() == [60, -2, -2, -2, 67, -2, -1, -1, -1]
    assert chordify(notes, used)[1] == {0: (60,), 4: (60, 67)}


def test_an_echo_of_the_melody_is_told_from_a_line_of_its_own():
    rng = np.random.default_rng(0)
    tune = np.stack([np.arange(40) * 2, np.arange(40) * 2 + 2, rng.integers(60, 80, 40), *np.zeros((2, 40))], 1)
    late = tune + [3, 3, 0, 0, 0]
    other = tune.copy()
    other[:, 2] = rng.integers(60, 80, 40)
    assert roles.is_echo(tune, late)
    assert not roles.is_echo(tune, other)


def test_the_key_and_the_chords_of_a_plain_cadence():
    bars = [Bar(4.0 * i, 0.25, 0) for i in range(8)]
    roots = [0, 5, 7, 0] * 2
    notes = [(4.0 * i, 4.0, 48 + r + s, 80) for i, r in enumerate(roots) for s in (0, 4, 7)]
    total, bass = chroma(quantise(bars, np.array(sorted(notes))), bars)
    tonic, mode = keys(total, [None] * 8)
    assert set(tonic) == {0}
    assert set(mode) == {0}
    names = [T.chord_name(int(c)) for c in chords(total, bass)[::2]]
    assert names[:4] == ["0maj", "5maj", "7maj", "0maj"]


def test_unknown_roles_are_absent_and_not_rest():
    piece = tiny_pieces(1)[0]
    piece.known["counter"][:] = False
    data = encode_all(piece)
    assert (data["cells"][:, T.COUNTER] == T.ABSENT_IDS[T.COUNTER]).all()


def encode_all(piece):
    labels.label([piece], [True])
    return encode(piece, 0, 16, T.VoicingTable(T.fit_voicings(prepare.count_voicings([piece]))))


def test_windows_decode_to_the_melody_that_was_written():
    piece = tiny_pieces(1)[0]
    window = encode_all(piece)
    tonic = window["tonic"]
    for slot in range(T.CELLS):
        pitch = piece.lines["melody"][slot, 0]
        if pitch >= 0:
            assert T.id_to_pitch(T.MELODY, int(window["cells"][slot, T.MELODY]), tonic) == pitch


def test_every_id_of_a_window_is_in_range():
    data, _ = tiny_windows()
    assert (data["cells"] <= T.ABSENT_IDS).all()
    assert (data["cells"] != T.MASK_IDS).all()
    assert (data["bars"] <= T.CONDITION_UNKNOWN).all()
    assert (data["chords"] <= T.CHORD_ABSENT).all()
    octave = data["cells"][..., T.OCTAVE] < 5
    onset = (data["cells"][..., T.HARMONY] >= T.ONSET) & (data["cells"][..., T.HARMONY] < 98)
    assert np.array_equal(octave, onset)


def test_three_four_bars_leave_the_last_slots_absent():
    data, _ = tiny_windows()
    three = np.flatnonzero(data["bars"][:, 0, T.C_METER] == 1)[0]
    cells = data["cells"][three].reshape(T.BARS, T.SLOTS, 8)
    assert (cells[:, 12:] == T.ABSENT_IDS).all()
    assert (data["chords"][three].reshape(T.BARS, 8)[:, 6:] == T.CHORD_ABSENT).all()


def test_the_same_tune_in_another_key_is_one_work():
    pieces = tiny_pieces(4)
    copy = tiny_pieces(1)[0]
    for stem in ("melody", "bass"):
        line = copy.lines[stem]
        line[:, 0] = np.where(line[:, 0] >= 0, line[:, 0] + 5, line[:, 0])
    copy.work = "another/name"
    works, copies = prepare.group([*pieces, copy])
    assert works[4] == works[0]
    assert copies[4]


def test_a_work_is_held_out_only_when_every_one_of_its_pieces_is_listed():
    pieces = tiny_pieces(3)
    works = ["one", "one", "two"]
    listed = {pieces[0].name, pieces[2].name}
    assert prepare.held_out(pieces, works, listed) == [False, False, True]
    assert prepare.held_out(pieces, works, listed | {pieces[1].name}) == [True, True, True]


def test_corpora_that_come_later_do_not_part_pieces_that_were_joined():
    pair = [tiny_pieces(1)[0], tiny_pieces(1)[0]]
    later = [tiny_pieces(1)[0] for _ in range(prepare.COMMON)]
    for i, piece in enumerate([*pair, *later]):
        piece.work = f"work/{i}"
    for piece in later:
        piece.corpus = "polish-scores"
    works, _ = prepare.group([*pair, *later])
    assert works[0] == works[1]


def test_the_shipped_list_of_held_out_pieces_is_sorted_and_names_each_piece_once():
    names = [n for n in prepare.HELD_OUT_LIST.read_text().splitlines() if not n.startswith("#")]
    assert names == sorted(set(names))
    assert set(names) == prepare.read_list(prepare.HELD_OUT_LIST)


def source_of(path):
    return corpora.Source(path, "freedoom", "any", -1, "a work")


def midi_file(path, tracks, tempo=500_000, notes=8):
    """A file of `tracks` tracks with `notes` eighths each."""
    midi = mido.MidiFile(ticks_per_beat=96)
    for number in range(tracks):
        track = mido.MidiTrack()
        track.append(mido.MetaMessage("set_tempo", tempo=tempo))
        for i in range(notes):
            pitch = 60 + (i + number) % 12
            track.append(mido.Message("note_on", note=pitch, velocity=70, channel=number % 9))
            track.append(mido.Message("note_off", note=pitch, channel=number % 9, time=48))
        midi.tracks.append(track)
    midi.save(path)
    return path


def test_broken_and_absurd_files_are_skipped_with_a_reason(tmp_path):
    empty = tmp_path / "empty.mid"
    empty.write_bytes(b"")
    cut = tmp_path / "cut.mid"
    cut.write_bytes(midi_file(tmp_path / "whole.mid", 2).read_bytes()[:40])
    noise = tmp_path / "noise.mxl"
    noise.write_bytes(bytes(range(256)) * 4)
    assert prepare.read(source_of(empty)) == "empty"
    for path in (cut, noise):
        assert prepare.read(source_of(path)).startswith("unreadable")
    assert prepare.read(source_of(midi_file(tmp_path / "none.mid", 0))) in ("no notes", "unreadable")
    assert prepare.read(source_of(midi_file(tmp_path / "slow.mid", 1, 16_000_000))) == "absurd tempo"
    strokes = b"\0\x90\x3c\x40\6\x80\x3c\x40" * (MOST_NOTES + 1) + b"\0\xff\x2f\0"
    head = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(strokes).to_bytes(4, "big")
    (tmp_path / "many.mid").write_bytes(head + strokes)
    assert prepare.read(source_of(tmp_path / "many.mid")) == "too many notes"


def test_a_few_bytes_that_claim_years_or_gigabytes_are_refused_at_once(tmp_path):
    midi = mido.MidiFile(ticks_per_beat=1)
    track = mido.MidiTrack([mido.Message("note_on", note=60, velocity=70)])
    track.append(mido.Message("note_off", note=60, time=0x0FFFFFFF))
    midi.tracks.append(track)
    midi.save(tmp_path / "years.mid")
    with zipfile.ZipFile(tmp_path / "zeros.mxl", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("score.xml", "w") as file:
            for _ in range(MOST_UNPACKED // 1_000_000 + 1):
                file.write(bytes(1_000_000))
    (tmp_path / "page.mid").write_bytes(b"")
    os.truncate(tmp_path / "page.mid", MOST_BYTES + 1)
    start = time.monotonic()
    assert prepare.read(source_of(tmp_path / "years.mid")) == "too long"
    assert prepare.read(source_of(tmp_path / "zeros.mxl")) == "too large"
    assert prepare.read(source_of(tmp_path / "page.mid")) == "too large"
    assert time.monotonic() - start < 5


def test_pitches_outside_midi_are_refused(tmp_path):
    note = "<note><pitch><step>C</step><octave>-9</octave></pitch><duration>4</duration></note>"
    body = f"<score-partwise><part id='P1'><measure><attributes/>{note}</measure></part></score-partwise>"
    (tmp_path / "low.musicxml").write_text(body)
    assert prepare.read(source_of(tmp_path / "low.musicxml")) == "absurd pitch"


def test_a_damaged_file_never_stops_the_run(tmp_path):
    rng = np.random.default_rng(7)
    whole = midi_file(tmp_path / "whole.mid", 2, notes=40).read_bytes()
    tune = "X:1\nM:3/4\nL:1/8\nK:Bbmin\nV:1\n[CEG]2 (3DEF A>B|^c4-|c2 {d}e2 !trill!f2:|\n" * 4
    for suffix, data in (("mid", whole), ("abc", tune.encode())):
        for number in range(60):
            damaged = bytearray(data)
            for place in rng.integers(0, len(damaged), 4):
                damaged[place] = rng.integers(0, 256)
            path = tmp_path / f"{number}.{suffix}"
            path.write_bytes(damaged[: rng.integers(1, len(damaged) + 1)])
            assert isinstance(prepare.read(source_of(path)), (str, Piece))


def test_a_file_of_forty_tracks_is_read(tmp_path):
    piece = prepare.read(source_of(midi_file(tmp_path / "forty.mid", 40, notes=64)))
    assert piece.bars == 8


def test_a_progression_gives_chords_and_no_stem(tmp_path):
    path = tmp_path / "progressions.json"
    path.write_text('{"prog_maj": ["I V7 vi IV =Joyful"], "prog_min": ["i VII v7 iv =Dark"], "prog_modal": []}')
    bright, dark = (
        progressions.piece(corpora.Source(path, "chord-progressions", f"progression {i}", 0, f"p/{i}")) for i in (0, 1)
    )
    assert [T.chord_name(int(c)) for c in bright.chords[:8:2]] == ["0maj", "7dom7", "9min", "5maj"]
    assert [T.chord_name(int(c)) for c in dark.chords[:8:2]] == ["0min", "10maj", "7min7", "5min"]
    labels.label([bright, dark], [True, True])
    assert bright.labels[0, T.C_VALENCE] > dark.labels[0, T.C_VALENCE]
    data = prepare.windows([bright], [0], T.VoicingTable(T.required_voicings()))
    assert (data["chords"][0, :8] == T.chord_id(0, "maj")).all()
    assert (data["cells"] == T.ABSENT_IDS).all()


def test_shipped_quartiles_are_used_where_they_are_given():
    piece = tiny_pieces(1)[0]
    own = labels.label([piece], [True])
    low = {kind: {stem: [0.0, 0.0, 0.0] for stem in cuts} for kind, cuts in own.items()}
    assert labels.label([piece], [True], low) == low
    onsets = piece.labels[:, T.C_DENSITY + 3]
    assert set(onsets[onsets > 0].tolist()) == {4}


def test_a_midi_file_is_read_with_its_meter_key_and_drums(tmp_path):
    midi = mido.MidiFile(ticks_per_beat=96)
    track = mido.MidiTrack()
    midi.tracks.append(track)
    track.append(mido.MetaMessage("time_signature", numerator=3, denominator=4))
    track.append(mido.MetaMessage("key_signature", key="Am"))
    for channel in (0, 9):
        track.append(mido.Message("note_on", note=60, velocity=70, channel=channel))
        track.append(mido.Message("note_off", note=60, channel=channel, time=96))
    midi.save(tmp_path / "a.mid")
    score = read_midi(tmp_path / "a.mid")
    assert score.measures[0].beats == 3
    assert score.keys == [(0.0, 0)]
    assert [p.drums for p in score.parts] == [False, True]


def test_musicxml_ties_voices_and_chord_symbols_are_read(tmp_path):
    note = "<note><pitch><step>{}</step><octave>4</octave></pitch><duration>{}</duration>{}</note>"
    body = (
        "<score-partwise><part-list><score-part id='P1'><part-name>Voice</part-name></score-part></part-list>"
        "<part id='P1'><measure><attributes><divisions>2</divisions><key><fifths>1</fifths></key>"
        "<time><beats>2</beats><beat-type>4</beat-type></time></attributes>"
        "<harmony><root><root-step>G</root-step></root><kind>major</kind></harmony>"
        + note.format("G", 2, "") + note.format("B", 2, "<tie type='start'/>")
        + "<backup><duration>4</duration></backup>" + note.format("D", 4, "")
        + "</measure><measure>" + note.format("B", 4, "<tie type='stop'/>") + "</measure></part></score-partwise>"
    )  # fmt: skip
    (tmp_path / "a.musicxml").write_text(body)
    score = read_musicxml(tmp_path / "a.musicxml")
    assert score.parts[0].notes[:, :3].tolist() == [[0, 1, 67], [0, 2, 62], [1, 3, 71]]
    assert score.symbols == [(0.0, 7, "maj")]
    assert score.keys == [(0.0, 1)]
    with zipfile.ZipFile(tmp_path / "B.MXL", "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("B.XML", body)
    packed = read_musicxml(tmp_path / "B.MXL")
    assert packed.parts[0].notes.tolist() == score.parts[0].notes.tolist()


def test_a_file_of_one_beat_has_bar_lines(tmp_path):
    path = midi_file(tmp_path / "beat.mid", 1, notes=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_midi(path).measures[0].start == 0


def test_measures_follow_their_signatures():
    measures = measures_from_signatures([(0.0, 4, 4), (8.0, 3, 4)], 14.0)
    assert [(m.start, m.length) for m in measures] == [(0, 4), (4, 4), (8, 3), (11, 3)]


def test_a_part_of_sound_effects_has_no_role():
    from read_midi import is_pitched

    assert not is_pitched(Part("gun", np.zeros((3, 4)), program=127))
