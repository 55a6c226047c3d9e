"""The chord-progressions corpus: Roman numerals with mood words -> pieces of which only the chord lane is known.

`I V7 vi IV =Hopeful Romantic` is a chord a bar, repeated for 16 bars in C. In minor the degrees are those of natural
minor; a seventh without a quality is the one that the degree has in the key, `dom7` is the dominant one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np

import corpora
import tokens as T
from grid import SILENT
from piece import LINES, Piece

MODES = {"prog_maj": T.MODES.index("ionian"), "prog_min": T.MODES.index("aeolian"), "prog_modal": len(T.MODES) - 1}
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)")
# Valence of the mood words, in the units of labels.features (a fifth more in the circle of keys is half a unit).
FEELING = {
    "joyful": 2.0, "excited": 1.5, "playful": 1.5, "triumphant": 1.5, "hopeful": 1.0, "romantic": 0.5, "peaceful": 0.5,
    "relaxed": 0.5, "tender": 0.3, "spiritual": 0.0, "empowered": 0.5, "surprised": 0.0, "nostalgic": -0.5,
    "rebellious": -0.5, "mysterious": -1.0, "dramatic": -1.0, "lonely": -1.5, "sad": -2.0, "dark": -2.0,
}  # fmt: skip


@cache
def _lines(path: Path) -> list[tuple[str, str]]:
    """(kind, line) of every progression of the file."""
    groups = json.loads(path.read_text())
    return [(kind, line) for kind in MODES for line in groups[kind]]


def chord(numeral: str, kind: str) -> int:
    """Chord id of a Roman numeral; ValueError where it is none."""
    found = NUMERAL.fullmatch(numeral)
    if not found:
        raise ValueError(f"{numeral} is no Roman numeral")
    sign, degree, rest = found.groups()
    step = NUMERALS.index(degree.upper())
    root = (MINOR if kind == "prog_min" else MAJOR)[step] + {"b": -1, "#": 1, "": 0}[sign]
    return T.chord_id(root, _quality(rest, degree.islower(), step, kind == "prog_min"))


def _quality(rest: str, minor: bool, step: int, minor_key: bool) -> str:
    if "sus" in rest:
        return "sus4"
    if "dim7" in rest:
        return "dim7"
    if "-5" in rest or "b5" in rest:
        return "hdim7" if "7" in rest else "dim"
    if "dim" in rest:
        return "dim"
    if "+5" in rest:
        return "aug"
    minor = minor and not rest.startswith("M") or rest.startswith("m") and not rest.startswith("maj")
    if not re.search(r"7|9(?!.*6)|11", rest) or "add" in rest:
        return "min" if minor else "maj"
    if minor:
        return "min7"
    dominant = "dom" in rest or step == (6 if minor_key else 4)
    return "dom7" if dominant and "maj" not in rest else "maj7"


def piece(source: corpora.Source) -> Piece:
    """The progression whose number ends the source's kind."""
    kind, line = _lines(source.path)[int(source.kind.rsplit(" ", 1)[1])]
    numerals, _, words = line.partition("=")
    chords = [chord(numeral, kind) for numeral in numerals.split()]
    n, slots = T.BARS, T.BARS * T.SLOTS
    silent = np.zeros((slots, 3))
    silent[:, 0] = SILENT
    feelings = [FEELING[word] for word in words.lower().split() if word in FEELING]
    return Piece(
        name=source.work, corpus=source.corpus, work=source.work, style=source.style, tempo=0.0,
        meter=np.zeros(n, int), joined=np.ones(n, bool), known={s: np.zeros(n, bool) for s in T.STEMS},
        lines={stem: silent for stem in LINES}, voices={}, drums=np.zeros((slots, 5)), tonic=np.zeros(n, int),
        mode=np.full(n, MODES[kind]), chords=np.repeat(np.resize(chords, n), 2), played=False, timed=False,
        chords_alone=True, feeling=float(np.mean(feelings)) if feelings else 0.0,
    )  # fmt: skip
