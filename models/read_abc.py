"""ABC notation -> Score, one for each tune of a book; one part per voice.

Read: voices (V:), unit length, meters, keys with modes and accidentals of their own, tempo, chords, ties,
broken rhythm, tuplets, overlays (&), chord symbols, bar lines of every kind, pick-up bars, changes inside a
line. An accidental holds to the bar line. Grace notes, decorations and lyrics are left out; repeats are not
unfolded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from score import Measure, Part, Score

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARP_ORDER = "FCGDAEB"
MODES = {"maj": 0, "ion": 0, "mix": -1, "dor": -2, "min": -3, "m": -3, "aeo": -3, "phr": -4, "loc": -5, "lyd": 1}
ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # notes -> in the time of; others by the meter
DEFAULT_VELOCITY = 80
LONGEST = 512.0  # quarters; a longer single note or rest is a typing error

LENGTH = r"(?P<{0}n>\d{{0,4}})(?P<{0}s>/{{0,6}})(?P<{0}d>\d{{0,4}})"
NOTE = r"(?P<{0}a>\^\^|\^|__|_|=)?(?P<{0}l>[A-Ga-g])(?P<{0}o>[,']*)" + LENGTH
TOKEN = re.compile(
    r"\[(?P<field>[A-Za-z]):(?P<value>[^\]]*)\]"
    r"|(?P<bar>\.?(?::*\|[|\]:]*|\[\|[|\]:]*|::+))(?:\[?\d[\d,.\-]*)?"
    r"|(?P<ending>\[\d[\d,.\-]*)"
    r'|(?P<text>"[^"]*")|(?P<skip>\{[^}]*\}|![^!]*!|\+[a-z().<>]+\+)'
    r"|\((?P<tuplet>[2-9])(?::(?P<q>\d?))?(?::(?P<r>\d?))?"
    r"|\[(?P<chord>[^\]|]*)\]" + LENGTH.format("c") + r"|" + NOTE.format("")
    + r"|(?P<rest>[xzZXy])" + LENGTH.format("r") + r"|(?P<broken>>{1,3}|<{1,3})|(?P<tie>-)|(?P<overlay>&)"
)  # fmt: skip
INNER = re.compile(NOTE.format("") + r"(?P<tie>-)?")
SYMBOL = re.compile(r"([A-G])([#b]?)(maj7|M7|m7b5|mM7|min7|min|dim7|dim|aug|sus4?|m7|m|7|\+|o7|o)?")
QUALITIES = {
    "maj7": "maj7", "M7": "maj7", "m7b5": "hdim7", "min7": "min7", "m7": "min7", "min": "min", "m": "min", "mM7": "min",
    "dim7": "dim7", "o7": "dim7", "dim": "dim", "o": "dim", "aug": "aug", "+": "aug", "sus": "sus4", "sus4": "sus4",
    "7": "dom7",
}  # fmt: skip


@dataclass
class _Voice:
    """One voice while it is read; times are quarters, `rows` are onset, length, pitch."""

    name: str
    unit: float
    meter: tuple[int, int] | None
    signs: dict[str, int]
    sharps: int
    shift: int = 0
    at: float = 0.0
    bar_start: float = 0.0
    full_bar: float = 0.0  # where the bar ends of which an overlay is being read
    rows: list[list[float]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    meters: list[tuple[float, tuple[int, int] | None]] = field(default_factory=list)
    keys: list[tuple[float, int]] = field(default_factory=list)
    symbols: list[tuple[float, int, str]] = field(default_factory=list)
    accidentals: dict[tuple[str, int], int] = field(default_factory=dict)
    ties: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    last: list[tuple[tuple[str, int], list[float]]] = field(default_factory=list)  # notes of the last event
    last_length: float = 0.0
    next_factor: float = 1.0
    tuplet: tuple[float, int] = (1.0, 0)  # factor, events left

    def __post_init__(self) -> None:
        self.meters.append((0.0, self.meter))
        self.keys.append((0.0, self.sharps))


def read_abc(path: Path) -> Score:
    """Read the first tune of an `.abc`; raises ValueError where it has no notes."""
    return read_tune(tunes_of(path)[0], path.stem)


def tunes_of(path: Path) -> list[list[str]]:
    """The lines of each tune of a book, at least one.

    What stands before the first X: holds for all of them; an empty line ends a tune, and prose may follow it.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    header: list[str] = []
    tunes: list[list[str]] = []
    prose = begun = ended = False
    for line in text.splitlines():
        if block := re.match(r"%%\s*(begin|end)\w", line):  # %%begintext ... %%endtext hold no music
            prose = block[1] == "begin"
        if prose:
            continue
        if line.startswith("X:"):
            tunes.append([*header])
            begun = ended = False
        begun |= line.startswith("K:")
        ended |= begun and not line.strip()
        if not ended:
            (tunes[-1] if tunes else header).append(re.sub(r"(?<!\\)%.*", "", line).rstrip())
    return tunes or [header]


def read_tune(lines: list[str], title: str) -> Score:
    """The lines of one tune as `tunes_of` gives them, and what it is called unless it says so itself."""
    tune = _Tune(title)
    for line in lines:
        tune.line(line)
    return tune.score()


def key_signature(text: str) -> tuple[int, dict[str, int]] | None:
    """Sharps and sign per letter of a K: field; None where it names no key (a clef alone)."""
    words = text.split()
    if not words:
        return None
    if words[0] in ("HP", "Hp"):
        sharps = 2
    elif words[0].lower() == "none":
        sharps = 0
    elif found := re.match(r"([A-G])([#b]?)\s*([A-Za-z]*)", text.strip()):
        letter, sign, mode = found.groups()
        mode = "m" if mode in ("m", "M") else mode.lower()[:3]
        sharps = SHARP_ORDER.index(letter) - 1 + 7 * ((sign == "#") - (sign == "b")) + MODES.get(mode, 0)
    else:
        return None
    sharps = max(-7, min(7, sharps))
    raised = SHARP_ORDER[:sharps] if sharps > 0 else SHARP_ORDER[7 + sharps :] if sharps < 0 else ""
    signs = dict.fromkeys(raised, 1 if sharps > 0 else -1)
    for accidental, letter in re.findall(r"(?<=\s)(\^\^|\^|__|_|=)([A-Ga-g])\b", " " + " ".join(words[1:])):
        signs[letter.upper()] = ACCIDENTALS[accidental]
    return sharps, signs


def meter_of(text: str) -> tuple[int, int] | None:
    """Beats and unit of an M: field; None for free meter."""
    text = text.strip()
    if text.startswith("C|"):
        return 2, 2
    if text.startswith("C"):
        return 4, 4
    found = re.match(r"\(?([\d+ ]+?)\)?\s*/\s*(\d{1,2})", text)
    beats = sum(int(n) for n in re.findall(r"\d{1,2}", found[1])) if found else 0
    return (beats, int(found[2])) if found and beats and int(found[2]) else None


def _length(found: re.Match, prefix: str) -> float:
    number, slashes, under = found[prefix + "n"], found[prefix + "s"], found[prefix + "d"]
    divisor = (int(under) if under else 2 ** len(slashes)) if slashes else 1
    if not divisor:
        raise ValueError("a note of length 1/0")
    return (int(number) if number else 1) / divisor


class _Tune:
    """The fields and voices of one tune."""

    def __init__(self, title: str) -> None:
        self.title, self.titled = title, False
        self.begun = False  # the K: that ends the header has been read
        self.unit: float | None = None
        self.meter: tuple[int, int] | None = (4, 4)
        self.key = (0, {})
        self.tempo = 0.0
        self.properties: dict[str, str] = {}
        self.voices: dict[str, _Voice] = {}
        self.voice: _Voice | None = None

    def line(self, line: str) -> None:
        found = re.match(r"([A-Za-z+]):(?![|:])(.*)", line)
        if found:
            self._field(found[1], found[2].strip())
        elif self.begun and line:
            self._music(line)

    def _field(self, name: str, value: str) -> None:
        if name == "T" and not self.titled:
            self.title, self.titled = value, True
        elif name == "V":
            self._select(value)
        elif name == "Q":
            self.tempo = self.tempo or self._tempo(value)
        elif name == "L":
            found = re.match(r"(\d{1,3})\s*/\s*([1-9]\d{0,2})", value)
            unit = 4.0 * int(found[1]) / int(found[2]) if found else None
            if self.begun:
                self._current().unit = unit or self._current().unit
            else:
                self.unit = unit
        elif name == "M":
            meter = meter_of(value)
            if self.begun:
                voice = self._current()
                voice.meter = meter
                voice.meters.append((voice.at, meter))
            else:
                self.meter = meter
        elif name == "K":
            self._key(value)

    def _key(self, value: str) -> None:
        key = key_signature(value)
        if not self.begun:
            self.begun, self.key = True, key or self.key
        elif key:
            voice = self._current()
            voice.sharps, voice.signs = key
            voice.keys.append((voice.at, key[0]))

    def _tempo(self, value: str) -> float:
        found = re.search(r"(\d{1,3})\s*/\s*([1-9]\d{0,2})\s*=\s*(\d{1,4})", value)
        if found:
            return 4.0 * int(found[1]) / int(found[2]) * int(found[3])
        found = re.search(r"(\d{1,4})\s*$", value)
        return float(found[1]) if found else 0.0

    def _select(self, value: str) -> None:
        name, _, properties = value.partition(" ")
        self.properties[name] = self.properties.get(name, "") + " " + properties
        if self.begun:
            self.voice = self._open(name)

    def _open(self, name: str) -> _Voice:
        if name not in self.voices:
            about = self.properties.get(name, "")
            label = re.search(r'\b(?:name|nm)="?([^"\s]*)', about)
            shift = sum(12 * int(n) for n in re.findall(r"\boctave=(-?\d)\b", about))
            shift += sum(int(n) for n in re.findall(r"\btranspose=(-?\d{1,2})\b", about))
            beats = self.meter[0] / self.meter[1] if self.meter else 1.0
            unit = self.unit or (0.25 if beats < 0.75 else 0.5)
            sharps, signs = self.key
            self.voices[name] = _Voice(label[1] if label else name, unit, self.meter, dict(signs), sharps, shift)
        return self.voices[name]

    def _current(self) -> _Voice:
        if self.voice is None:
            self.voice = self._open(next(iter(self.properties), "1"))
        return self.voice

    def _music(self, line: str) -> None:
        at = 0
        while at < len(line):
            found = TOKEN.match(line, at)
            if not found:
                at += 1
                continue
            at = found.end()
            if found["field"]:
                self._field(found["field"], found["value"].strip())
            else:
                _event(self._current(), found)

    def score(self) -> Score:
        """Parts by voice; measures from the voice with most bar lines."""
        for voice in self.voices.values():
            voice.at = max(voice.at, voice.full_bar)
        voices = [v for v in self.voices.values() if v.rows]
        if not voices:
            raise ValueError("no notes")
        leader = max(voices, key=lambda v: len(v.bars))
        parts = [Part(v.name, np.array([[*r, DEFAULT_VELOCITY] for r in sorted(v.rows)], float)) for v in voices]
        symbols = next((v.symbols for v in voices if v.symbols), [])
        return Score(parts, _measures(leader), leader.keys, self.tempo, symbols, self.title)


def _event(voice: _Voice, found: re.Match) -> None:
    """One token of music."""
    if found["bar"]:
        _bar_line(voice)
    elif found["text"]:
        symbol = SYMBOL.match(found["text"][1:-1])
        if symbol:
            root = (STEPS[symbol[1]] + {"#": 1, "b": -1, "": 0}[symbol[2]]) % 12
            voice.symbols.append((voice.at, root, QUALITIES.get(symbol[3] or "", "maj")))
    elif found["tuplet"]:
        notes = int(found["tuplet"])
        compound = bool(voice.meter and voice.meter[1] >= 8 and voice.meter[0] % 3 == 0)
        time = int(found["q"] or 0) or TUPLETS.get(notes, 3 if compound else 2)
        voice.tuplet = time / notes, int(found["r"] or 0) or notes
    elif found["chord"] is not None:
        notes = list(INNER.finditer(found["chord"]))
        if notes:
            length = _length(notes[0], "") * _length(found, "c")
            tied = [bool(n["tie"]) for n in notes]
            _place(voice, notes, length)
            for (key, row), tie in zip(voice.last, tied, strict=True):
                if tie:
                    voice.ties[key] = row
    elif found["l"]:
        _place(voice, [found], _length(found, ""))
    elif found["rest"]:
        _rest(voice, found["rest"], _length(found, "r"))
    elif found["broken"]:
        _broken(voice, found["broken"])
    elif found["tie"]:
        voice.ties.update(voice.last)
    elif found["overlay"]:
        voice.full_bar = max(voice.full_bar, voice.at)
        voice.at, voice.last = voice.bar_start, []


def _bar_line(voice: _Voice) -> None:
    voice.at = max(voice.at, voice.full_bar)
    if voice.at > voice.bar_start:
        voice.bars.append(voice.at)
    voice.bar_start = voice.at
    voice.accidentals.clear()


def _lasts(voice: _Voice, units: float) -> float:
    """Length in quarters with broken rhythm and tuplets applied."""
    factor, left = voice.tuplet
    length = min(units * voice.unit * voice.next_factor * (factor if left else 1.0), LONGEST)
    voice.tuplet, voice.next_factor = (factor, max(left - 1, 0)), 1.0
    return length


def _place(voice: _Voice, notes: list[re.Match], units: float) -> None:
    """Notes that begin together; a tied one makes its forerunner longer."""
    length, old_ties, events = _lasts(voice, units), voice.ties, []
    voice.ties = {}
    for note in notes:
        letter = note["l"].upper()
        octave = (5 if note["l"].islower() else 4) + note["o"].count("'") - note["o"].count(",")
        key = letter, octave
        row = old_ties.get(key)
        joins = row is not None and abs(row[0] + row[1] - voice.at) < 1e-6
        if note["a"]:
            voice.accidentals[key] = ACCIDENTALS[note["a"]]
        alter = voice.accidentals.get(key, voice.signs.get(letter, 0))
        pitch = 12 * (octave + 1) + STEPS[letter] + alter + voice.shift
        if joins and (row[2] == pitch or not note["a"]):
            row[1] += length
        else:
            row = [voice.at, length, min(max(pitch, 0), 127)]
            voice.rows.append(row)
        events.append((key, row))
    voice.last, voice.last_length = events, length
    voice.at += length


def _rest(voice: _Voice, kind: str, units: float) -> None:
    voice.last, voice.ties = [], {}
    if kind in "ZX":  # whole bars
        beats, unit = voice.meter or (4, 4)
        for _ in range(min(int(units), 999)):
            voice.at += 4.0 * beats / unit
            _bar_line(voice)
    elif kind != "y":
        voice.last_length = _lasts(voice, units)
        voice.at += voice.last_length


def _broken(voice: _Voice, sign: str) -> None:
    """`a>b`: the first half as long again, the second half as long; `<` the other way round."""
    short = 0.5 ** len(sign)
    first, second = (2 - short, short) if sign[0] == ">" else (short, 2 - short)
    change = voice.last_length * (first - 1)
    for _, row in voice.last:
        row[1] += change
    voice.at += change
    voice.last_length += change
    voice.next_factor = second


def _measures(voice: _Voice) -> list[Measure]:
    """Written bars; in free meter a bar is as long as it is."""
    edges = [0.0, *voice.bars]
    if voice.at > edges[-1] + 1e-6:
        edges.append(voice.at)
    measures, which = [], 0
    for start, stop in zip(edges, edges[1:], strict=False):
        while which + 1 < len(voice.meters) and voice.meters[which + 1][0] <= start + 1e-6:
            which += 1
        meter = voice.meters[which][1]
        whole = abs(stop - start - round(stop - start)) < 1e-6
        beats, unit = meter or ((max(round(stop - start), 1), 4) if whole else (max(round(2 * (stop - start)), 1), 8))
        measures.append(Measure(start, stop - start, beats, unit))
    return measures
