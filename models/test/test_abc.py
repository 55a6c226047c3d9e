"""ABC notation as hymnals write it: voices, keys, accidentals, rhythm, bars."""

import numpy as np
import pytest

import corpora
from read_abc import key_signature, meter_of, read_abc, read_tune, tunes_of

HEAD = "X:1\nT:A tune\nM:4/4\nL:1/4\nQ:1/4=90\nK:{}\n"


def read(tmp_path, music, key="C", head=HEAD):
    path = tmp_path / "tune.abc"
    path.write_text(head.format(key) + music + "\n")
    return read_abc(path)


def notes(score, part=0):
    return [tuple(row) for row in score.parts[part].notes[:, :3].tolist()]


def test_letters_octaves_and_lengths_are_read(tmp_path):
    score = read(tmp_path, "C c c' C, | C2 C/2 C/2 C |")
    assert notes(score)[:4] == [(0, 1, 60), (1, 1, 72), (2, 1, 84), (3, 1, 48)]
    assert notes(score)[4:] == [(4, 2, 60), (6, 0.5, 60), (6.5, 0.5, 60), (7, 1, 60)]
    assert score.tempo == 90


def test_the_key_alters_notes_and_an_accidental_holds_to_the_bar_line(tmp_path):
    score = read(tmp_path, "F =F F B | F4 |", "G")
    assert [n[2] for n in notes(score)] == [66, 65, 65, 71, 66]
    assert score.keys[0] == (0.0, 1)


@pytest.mark.parametrize(("text", "sharps"), [("C", 0), ("Am", 0), ("Bb", -2), ("D dorian", 0), ("F#min", 3)])
def test_keys_with_modes_have_their_signatures(text, sharps):
    assert key_signature(text)[0] == sharps


def test_common_and_cut_time_are_meters():
    assert [meter_of(t) for t in ("C", "C|", "6/8")] == [(4, 4), (2, 2), (6, 8)]


def test_chords_ties_tuplets_and_broken_rhythm(tmp_path):
    score = read(tmp_path, "[CEG]2 C-C | (3CDE C>D F |")
    rows = notes(score)
    assert rows[:4] == [(0, 2, 60), (0, 2, 64), (0, 2, 67), (2, 2, 60)]
    onsets = np.array([r[0] for r in rows[4:]])
    assert np.allclose(onsets, [4, 4 + 2 / 3, 4 + 4 / 3, 6, 7.5, 8])


def test_voices_become_parts_and_a_pick_up_is_a_short_bar(tmp_path):
    head = "X:1\nT:Two\nM:4/4\nL:1/4\nK:C\nV:1\nV:2 clef=bass\n"
    score = read(tmp_path, "[V:1] G | c4 |\n[V:2] G, | C,4 |", head=head)
    assert [p.notes[0, 2] for p in score.parts] == [67, 55]
    assert [m.length for m in score.measures][:2] == [1, 4]


def test_what_is_no_tune_is_refused(tmp_path):
    path = tmp_path / "empty.abc"
    path.write_text("nothing here\n")
    with pytest.raises(ValueError):
        read_abc(path)


def test_prose_between_begintext_and_endtext_is_no_music(tmp_path):
    score = read(tmp_path, "C D E F |\n%%begintext align\nA dead bad face\n%%endtext\nG4 |")
    assert [n[2] for n in notes(score)] == [60, 62, 64, 65, 67]


@pytest.mark.parametrize(
    ("rights", "kept"),
    [
        ("copyright: public domain.  This score is a part of the Open Hymnal Project.", False),
        ("copyright: Words, public domain.  Adaptation released into public domain by its publisher.", False),
        ("copyright: music public domain.  Words: Copyright 2005, A. Poet.", True),
        ("copyright: This hymn may be freely reproduced or\nC: used for worship. All other rights reserved.", True),
        ("copyright: Music & Lyrics public domain. Setting: CPDL (see", True),
        ("Words: Somebody, 1990.", True),
    ],
)
def test_a_hymn_is_used_only_when_its_header_leaves_nobody_a_right(tmp_path, rights, kept):
    path = tmp_path / "hymn.abc"
    path.write_text(f"X:1\nC: Words: B. Author, 1752.\nC: {rights}\nK:C\nC4 |\n")
    assert corpora.has_owner(path) == kept


def test_a_book_is_read_tune_by_tune_under_its_own_header_and_prose_between_them_is_no_music(tmp_path):
    path = tmp_path / "book.abc"
    path.write_bytes(b"\xef\xbb\xbfM:3/4\nL:1/4\n\nX:1\nT:One\nK:C\nCDE|\n\nA fine Dance\n\nX:2\nM:4/4\nK:G\nF4|\n")
    first, second = (read_tune(lines, "book") for lines in tunes_of(path))
    assert (first.title, [n[2] for n in notes(first)], first.measures[0].beats) == ("One", [60, 62, 64], 3)
    assert (second.title, [n[2] for n in notes(second)], second.measures[0].beats) == ("book", [66], 4)
    assert read_abc(path).title == "One"
