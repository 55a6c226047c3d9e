"""Humdrum **kern: rhythm, pitch, ties, spines, bars, staves, and files that are broken."""

import pytest

from kern_tokens import parse, program_of
from read_kern import read_kern, records


def read(tmp_path, *lines):
    """A score from lines whose spaces stand for tabs; records (!!!) keep theirs."""
    path = tmp_path / "a.krn"
    path.write_text("\n".join(line if line.startswith("!") else line.replace(" ", "\t") for line in lines) + "\n")
    return read_kern(path)


def notes(part):
    return [(float(onset), float(length), int(pitch)) for onset, length, pitch, _ in part.notes]


def bars(score):
    return [(m.start, m.length, m.beats, m.unit) for m in score.measures]


@pytest.mark.parametrize(
    ("token", "length"),
    [("4c", 1), ("8.c", 0.75), ("4..c", 1.75), ("12c", 1 / 3), ("0c", 8), ("00r", 16), ("3%2c", 8 / 3), ("4%3c", 3)],
)
def test_a_duration_is_the_reciprocal_of_a_whole_note(token, length):
    assert parse(token)[0] == pytest.approx(length)


@pytest.mark.parametrize(
    ("token", "pitch"),
    [("4c", 60), ("4B", 59), ("4CC", 36), ("4ccc#", 85), ("4e--", 62), ("(8f#X/L", 66), ("4bn\\", 71)],
)
def test_a_pitch_is_read_through_its_signifiers(token, pitch):
    assert parse(token)[1][0][0] == pitch


def test_a_chord_shares_its_length_and_a_rest_has_no_pitch():
    assert [n[:2] for n in parse("2d 2f# a")[1]] == [(62, 2.0), (66, 2.0), (69, 2.0)]
    assert parse("4rB") == (1.0, ())


def test_a_grace_note_takes_no_time(tmp_path):
    score = read(tmp_path, "**kern", "*M2/4", "=1", "8qcc", "16qqdd", "4c", "4d", "==", "*-")
    assert notes(score.parts[0]) == [(0, 1, 60), (1, 1, 62)]


def test_a_tie_joins_notes_over_a_bar_line_but_not_over_a_rest(tmp_path):
    lines = ("=1", "2[c", "=2", "2c_", "=3", "4c]", "4[d", "=4", "4r", "4d]", "==")
    score = read(tmp_path, "**kern", "*M2/4", *lines, "*-")
    assert notes(score.parts[0]) == [(0, 5, 60), (5, 1, 62), (7, 1, 62)]


def test_triplets_against_eighths_end_together(tmp_path):
    score = read(
        tmp_path, "**kern **kern", "*M1/4 *M1/4", "=1 =1", "12C 8c", "12D .", ". 8d", "12E .", "== ==", "*- *-"
    )
    assert [n[0] for n in notes(score.parts[1])] == pytest.approx([0, 1 / 3, 2 / 3])
    assert [n[0] for n in notes(score.parts[0])] == [0, 0.5]
    assert bars(score) == [(0, 1, 1, 4)]


def test_split_and_joined_spines_stay_one_part_and_other_spines_are_passed_over(tmp_path):
    score = read(
        tmp_path,
        "**kern **text **kern **dynam", '*I"Basso * *I"Canto *', "*M4/4 * *M4/4 *", "=1 =1 =1 =1", "*^ * * *",
        "4C 2E la 1c f", "4D . . . .", "*^ * * * *", "4E 8G 2F . . .", ". 8A . . . .", "4F 4B . . . .",
        "*v *v *v * * *", "=2 =2 =2 =2", "1C lo 1d .", "== == == ==", "*- *- *- *-",
    )  # fmt: skip
    assert [p.name for p in score.parts] == ["Canto", "Basso"]
    assert notes(score.parts[0]) == [(0, 4, 60), (4, 4, 62)]
    assert [(onset, pitch) for onset, _, pitch in notes(score.parts[1])] == [
        (0, 48), (0, 52), (1, 50), (2, 52), (2, 53), (2, 55), (2.5, 57), (3, 53), (3, 59), (4, 48),
    ]  # fmt: skip


def test_exchanged_added_and_ended_spines_keep_their_staff(tmp_path):
    score = read(
        tmp_path,
        "**kern **kern", "*staff2 *staff1", "=1 =1", "1C 1c", "=2 =2", "*x *x", "1d 1D", "=3 =3", "*+ *", "* **kern *",
        "1e 1a 1E", "=4 =4 =4", "* *- *", "1f 1F", "== ==", "*- *-",
    )  # fmt: skip
    assert {tuple(n[2] for n in notes(p)) for p in score.parts} == {(60, 62, 64, 65), (48, 50, 52, 53), (69,)}
    assert [m.start for m in score.measures] == [0, 4, 8, 12]


def test_joins_of_two_spines_on_one_line_stay_apart(tmp_path):
    body = ("*^ *^", "2C 2E 2c 2e", "2D 2F 2d 2f", "*v *v *v *v", "=2 =2", "1C 1c", "== ==")
    score = read(tmp_path, "**kern **kern", "*M4/4 *M4/4", "=1 =1", *body, "*- *-")
    assert [len(p.notes) for p in score.parts] == [5, 5]


def test_a_pick_up_and_a_bar_cut_by_a_repeat_keep_their_lengths(tmp_path):
    lines = ("4g", "=1", "4c", "4d", "4e", "=2:|!|:", "4c", "4d", "=:|!|:", "4g", "=3", "2.c", "==")
    score = read(tmp_path, "**kern", "*M3/4", *lines, "*-")
    assert bars(score) == [(0, 1, 3, 4), (1, 3, 3, 4), (4, 3, 3, 4), (7, 3, 3, 4)]


def test_a_repeat_inside_a_bar_parts_what_does_not_add_up(tmp_path):
    score = read(tmp_path, "**kern", "*M3/4", "=1", "2c", "=:|!", "2.d", "=2", "2.e", "==", "*-")
    assert [m.length for m in score.measures] == [2, 3, 3]


def test_rests_of_several_bars_do_not_stretch_them(tmp_path):
    body = ("=1 =1", "1.r 1c", "=2 =2", ". 2r", "=3 =3", "00r 00r", "=4 =4", ". .", "=5 =5", ". .", "=6 =6", ". .")
    score = read(tmp_path, "**kern **kern", "*M2/2 *M2/2", *body, "=7 =7", "1C 1d", "== ==", "*- *-")
    assert [m.length for m in score.measures] == [4, 2, 4, 4, 4, 4, 4]
    assert [n[0] for n in notes(score.parts[0])] == [0, 22]


def test_a_signature_that_no_bar_has_yields_to_the_bars(tmp_path):
    lines = [line for i in range(5) for line in (f"={i + 1}", "4.c")]
    assert {b[2:] for b in bars(read(tmp_path, "**kern", "*M3/4", *lines, "==", "*-"))} == {(3, 8)}


def test_a_short_voice_does_not_end_the_bar(tmp_path):
    body = ("*^ *", "4C 2E 1c", ". 2F .", "*v *v *", "=2 =2", "1C 1d", "== ==")
    score = read(tmp_path, "**kern **kern", "*M4/4 *M4/4", "=1 =1", *body, "*- *-")
    assert [m.length for m in score.measures] == [4, 4]
    assert [n[0] for n in notes(score.parts[1])] == [0, 0, 2, 4]


def test_meter_key_and_tempo_come_from_their_interpretations(tmp_path):
    lines = ("*M3/4", "*k[b-e-]", "*MM96", "=1", "2.c", "=2", "*k[f#]", "*M2/4", "2c", "==")
    score = read(tmp_path, "!!!OTL: Waltz", "**kern", *lines, "*-")
    assert score.keys == [(0, -2), (3, 1)]
    assert [b[2:] for b in bars(score)] == [(3, 4), (2, 4)]
    assert score.tempo == 96
    assert score.title == "Waltz"


def test_the_key_is_what_parts_in_sounding_pitch_are_signed_with(tmp_path):
    head = ("**kern **kern **kern", "*ITrd4c7 *ITrd4c7 *", "*k[b-] *k[b-] *k[]")
    assert read(tmp_path, *head, "=1 =1 =1", "1c 1e 1g", "== == ==", "*- *- *-").keys == [(0, 0)]


def test_only_data_that_were_transposed_are_moved_back(tmp_path):
    score = read(tmp_path, "**kern **kern", "*Trd6c10 *ITrd6c10", "=1 =1", "1cc 1d", "== ==", "*- *-")
    assert [notes(p)[0][2] for p in score.parts] == [62, 62]


def test_two_staves_of_a_piano_are_hands_and_two_violins_are_not(tmp_path):
    end = ("=1 =1 =1", "1C 1c 1g", "== == ==", "*- *- *-")
    song = read(tmp_path, "**kern **kern **kern", "*Ipiano *Ipiano *Ivox", *end)
    assert [(p.staff, p.program) for p in song.parts] == [(1, 52), (1, 0), (2, 0)]
    braced = read(tmp_path, "!!!system-decoration: s1{(s2,s3)}", "**kern **kern **kern", '* *I"Keyb *', *end)
    assert [(p.staff, p.name) for p in braced.parts] == [(1, ""), (1, "Keyb"), (2, "Keyb")]
    strings = read(tmp_path, "!!!system-decoration: [(s1,s2)]s3", "**kern **kern **kern", "* *Ivioln *Ivioln", *end)
    assert [p.staff for p in strings.parts] == [1, 1, 1]


def test_percussion_is_left_out_and_timpani_stay(tmp_path):
    lines = ("*Ipiatt *Itimpa *clefX *", "=1 =1 =1 =1", "1c 1C 1e 1g", "== == == ==", "*- *- *- *-")
    score = read(tmp_path, "**kern **kern **kern **kern", *lines)
    assert [(p.program, notes(p)[0][2]) for p in score.parts] == [(-1, 67), (47, 48)]


def test_instrument_names_of_old_scores_are_told_apart():
    names = (
        "Clarino 1mo in C",
        "Clarinetto in B",
        "Corno 2do",
        "Trombone",
        "Trombe",
        "Violone",
        "Violoncello",
        "Basso",
    )
    assert [program_of("", n) for n in names] == [56, 71, 60, 57, 56, 43, 42, -1]
    assert program_of("cello&cbass", "") == 42


def test_records_name_composer_and_work():
    about = records("!!!COM: Chopin, Fryderyk\n!!!OPS:\n!!!OTL: Mazourka No. 1.\n**kern\n!!!OTL: later\n")
    assert about == {"COM": "Chopin, Fryderyk", "OPS": "", "OTL": "Mazourka No. 1."}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("hello",), "line 1: data before"),
        (("**text", "la", "*-"), "no \\*\\*kern"),
        (("**kern", "4r", "*-"), "no notes"),
        (("**kern **kern", "4c"), "line 2: 1 fields where 2"),
        (("**kern **kern", "*^ *", "4c 4d"), "line 3: 2 fields where 3"),
        (("**kern", "1%9999c", "*-"), "line 2: a duration"),
        (("**kern", "4" * 400 + "c", "*-"), "line 2: int too large"),
        (("**kern", "*M0/4", "4c", "*-"), "line 2: a meter"),
        ((), "no \\*\\*kern"),
    ],
)
def test_broken_input_says_what_is_wrong(tmp_path, lines, reason):
    with pytest.raises(ValueError, match=reason):
        read(tmp_path, *lines)
