"""Humdrum **kern -> Score, with plain string work: tokens are parsed once and looked up afterwards.

Read: **kern spines among any others, with splits, joins, exchanges and additions; chords, ties, tuplets and
rational durations; bars with their real lengths, key and time signatures, tempo, names, staves of keyboards.
Grace notes and unpitched percussion are left out; repeats and section lists are not unfolded. Pitches come out
as they sound: *ITr only describes how to print a part, *Tr says that the data themselves were transposed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np

from kern_tokens import LABELS, UNPITCHED, parse, program_of
from score import Measure, Part, Score

DEFAULT_VELOCITY = 80
CLOSE = 1e-4  # quarters within which two times are one
HEAL_BARS, HEAL_SHARE = 4, 0.8  # bars, and share of them, that overrule their time signature
KEYBOARDS = {-1, *range(8), *range(16, 24), 46}  # programs that may have two staves; -1: nobody says
METER = re.compile(r"\*M(?:yy)?(\d+)[/\\](\d+)")
TRANSPOSED = re.compile(r"\*Trd-?\d+c(-?\d+)")


def records(text: str) -> dict[str, str]:
    """Reference records of a file (`!!!OTL: ...`), the first of each name, such as COM, OTL, OPR, OPS, AGN."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"^!!!([^:!\n]+):(.*)$", text, re.M):
        found.setdefault(name, value.strip())
    return found


def read_kern(path: Path) -> Score:
    """Read a `.krn`; raises ValueError or KeyError for what is no kern file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    about = records(text)
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if line and line[0] != "!":
            try:
                reader.line(line)
            except (ValueError, OverflowError) as error:
                raise ValueError(f"line {number}: {error}") from error
    return reader.score(about.get("system-decoration", ""), about.get("OTL") or about.get("OPR") or path.stem)


@dataclass(eq=False)
class _Spine:
    """A column as the file opens it: one staff if it holds **kern. `rows` are onset, length, pitch."""

    kern: bool
    name: str = ""
    code: str = ""
    staff: int = 0
    part: str = ""
    shift: int = 0
    printed_elsewhere: bool = False
    unpitched: bool = False
    rows: list[list[float]] = field(default_factory=list)
    ties: dict[int, list[float]] = field(default_factory=dict)

    def program(self) -> int:
        return UNPITCHED if self.unpitched else program_of(self.code, self.name)


@dataclass(eq=False)
class _Strand:
    """One of the sub-columns that a spine is split into, and when its last token ends."""

    spine: _Spine
    end: float = 0.0


class _Reader:
    """Walks the lines; `now` is the time of the last line with rhythm or, after a bar line, of that line."""

    def __init__(self) -> None:
        self.spines: list[_Spine] = []
        self.columns: list[_Strand] = []
        self.kern: list[tuple[int, _Strand]] = []
        self.measures: list[Measure] = []
        self.keys: list[tuple[float, _Spine, int]] = []
        self.tempo = 0.0
        self.now = self.start = 0.0
        self.moved = False  # the line at `now` has been read
        self.begun: set[_Strand] = set()  # strands with a token since the last bar line
        self.signs: list[float] = []  # repeat and double bars inside the measure
        self.meter = self.next_meter = (4, 4)
        self.tokens: dict[str, tuple | None] = {}

    def line(self, line: str) -> None:
        fields = line.split("\t")
        first = line[0]
        if first == "*":
            self._interpretation(fields)
        elif not self.columns:
            raise ValueError("data before any **kern")
        elif len(fields) != len(self.columns):
            raise ValueError(f"{len(fields)} fields where {len(self.columns)} spines are open")
        elif first == "=":
            self._bar_line(fields[0])
        else:
            self._data(fields)

    def _data(self, fields: list[str]) -> None:
        tokens, struck = self.tokens, []
        for index, strand in self.kern:
            token = fields[index]
            if token != ".":
                if token not in tokens:
                    tokens[token] = parse(token)
                if (parsed := tokens[token]) is not None:
                    struck.append((strand, parsed))
        if not struck:
            return
        if self.moved:
            ends = [s.end for s, _ in struck if s.end > self.now + CLOSE]
            ends = ends or [s.end for _, s in self.kern if s.end > self.now + CLOSE]
            self.now = min(ends, default=self.now)
        self.moved = True
        now = self.now
        for strand, (length, notes) in struck:
            strand.end = now + length
            self.begun.add(strand)
            spine = strand.spine
            for pitch, own, stop, go in notes:
                tied = spine.ties.pop(pitch, None) if stop else None
                if tied is not None and abs(tied[0] + tied[1] - now) < 0.1:
                    tied[1] = now + own - tied[0]
                    row = tied
                else:
                    row = [now, own, pitch]
                    spine.rows.append(row)
                if go:
                    spine.ties[pitch] = row

    def _bar_line(self, token: str) -> None:
        """A number or `==` closes the measure; other signs inside it only where they stand at its full length."""
        nominal = 4.0 * self.meter[0] / self.meter[1]
        before = self.measures[-1] if self.measures else None
        if before and not self.begun and before.length > nominal + CLOSE and re.search(r"\d", token):
            before.length = nominal  # an empty bar after one too long: all parts rest or hold through both
            self.now = self.start = before.start + nominal
        self._settle()
        inside = self.now - self.start < nominal - CLOSE
        if inside and not re.search(r"\d", token) and not token.startswith("==") and token != "=":
            if self.now > self.start + CLOSE:
                self.signs.append(self.now)
            return
        self._close(nominal)

    def _settle(self) -> None:
        """Move `now` to the bar line: where the strands of this measure end, its full length where one of them does."""
        if not self.moved:
            last = max((s.end for _, s in self.kern), default=0.0)
            if not self.begun and last > self.now + CLOSE:  # rests of several measures
                self.now = min(last, self.start + 4.0 * self.meter[0] / self.meter[1])
            return
        full = self.start + 4.0 * self.meter[0] / self.meter[1]
        ends = [round(s.end, 6) for _, s in self.kern if s in self.begun and s.end > self.now + CLOSE]
        if any(abs(end - full) < CLOSE for end in ends):
            self.now = round(full, 6)
        elif ends:
            self.now = min(ends)
        self.moved = False

    def _close(self, nominal: float) -> None:
        cuts = [self.start, self.now]
        if abs(self.now - self.start - nominal) > CLOSE:
            cuts[1:1] = self.signs
        for start, end in zip(cuts, cuts[1:], strict=False):
            if end > start + CLOSE:
                self.measures.append(Measure(start, end - start, *self.meter))
        self.start, self.signs, self.begun = self.now, [], set()
        self.meter = self.next_meter

    def _interpretation(self, fields: list[str]) -> None:
        if not self.columns:
            if not fields[0].startswith("**"):
                raise ValueError("no exclusive interpretation such as **kern")
            self.spines = [_Spine(f == "**kern") for f in fields]
            self._arrange([_Strand(s) for s in self.spines])
            return
        if len(fields) != len(self.columns):
            raise ValueError(f"{len(fields)} fields where {len(self.columns)} spines are open")
        if any(f in ("*^", "*v", "*x", "*+", "*-") for f in fields):
            self._paths(fields)
            return
        meters = []
        for token, strand in zip(fields, self.columns, strict=True):
            spine = strand.spine
            if token.startswith("**"):
                spine.kern = token == "**kern"
                self._arrange(self.columns)
            elif len(token) > 1 and spine.kern:
                if match := METER.match(token):
                    meters.append((int(match[1]), int(match[2])))
                else:
                    self._facts(token, spine)
        if meters:
            beats, unit = Counter(meters).most_common(1)[0][0]
            self.next_meter = (beats, unit) if unit else (2 * beats, 1)
            if not beats:
                raise ValueError("a meter of no beats")
            if not self.begun:
                self.meter = self.next_meter

    def _paths(self, fields: list[str]) -> None:
        """Split, join, exchange, add and end spines."""
        made: list[_Strand] = []
        crossed: int | None = None
        joined: _Strand | None = None
        borders = _borders(fields, self.columns)
        for i, (token, strand) in enumerate(zip(fields, self.columns, strict=True)):
            if token == "*v" and joined is not None and i not in borders:
                joined.end = max(joined.end, strand.end)
                if strand in self.begun:
                    self.begun.add(joined)
                continue
            joined = strand if token == "*v" else None
            if token == "*-":
                continue
            made.append(strand)
            if token == "*^":
                made.append(_Strand(strand.spine, strand.end))
                if strand in self.begun:
                    self.begun.add(made[-1])
            elif token == "*+":
                self.spines.append(_Spine(False))
                made.append(_Strand(self.spines[-1], self.now))
            elif token == "*x":
                if crossed is None:
                    crossed = len(made) - 1
                else:
                    made[crossed], made[-1] = made[-1], made[crossed]
                    crossed = None
        if not made:
            self._settle()
            self._close(4.0 * self.meter[0] / self.meter[1])
        self._arrange(made)

    def _arrange(self, columns: list[_Strand]) -> None:
        self.columns = columns
        self.kern = [(i, s) for i, s in enumerate(columns) if s.spine.kern]

    def _facts(self, token: str, spine: _Spine) -> None:
        """Interpretations of one staff."""
        if token.startswith("*k["):
            self.keys.append((self._next_time(), spine, token.count("#") - token.count("-")))
        elif token.startswith('*mI"') and len(token) > 4:
            spine.name = token[4:]
        elif token.startswith('*I"'):
            spine.name = spine.name or token[3:]
        elif token.startswith("*MM"):
            if not self.tempo and re.fullmatch(r"\d{1,3}(\.\d{1,9})?", token[3:]):
                self.tempo = float(token[3:])
        elif token.startswith("*staff") and token[6:].isdigit():
            spine.staff = spine.staff or int(token[6:])
        elif token.startswith("*part"):
            spine.part = spine.part or token[5:]
        elif token.startswith("*clefX"):
            spine.unpitched = True
        elif token.startswith("*ITr"):
            spine.printed_elsewhere = True
        elif match := TRANSPOSED.match(token):
            spine.shift = -int(match[1])
        elif token.startswith("*I") and token[2:3].islower():
            spine.code = spine.code or token[2:].strip()

    def _next_time(self) -> float:
        """When the next line with rhythm will sound."""
        if not self.moved:
            return self.now
        return min((s.end for _, s in self.kern if s.end > self.now + CLOSE), default=self.now)

    def score(self, decoration: str, title: str) -> Score:
        """The finished piece: parts from high to low as a score shows them, two hands as staff 1 and 2."""
        if not any(s.kern for s in self.spines):
            raise ValueError("no **kern spine")
        if self.columns and self.moved:  # the file stops without *-
            self._settle()
            self._close(4.0 * self.meter[0] / self.meter[1])
        staves = [s for s in reversed(self.spines) if s.kern]
        if all(s.staff for s in staves):
            staves.sort(key=lambda s: s.staff)
        parts = []
        hands = _hands(staves, decoration)
        for i, spine in enumerate(staves):
            hand = hands.get(i, 0)
            other = staves[i - 1] if hand == 2 else staves[i + 1] if hand else spine
            program = spine.program() if spine.program() >= 0 else other.program()
            if spine.rows and program != UNPITCHED:
                name = spine.name or other.name or LABELS.get(spine.code, "") or LABELS.get(other.code, "")
                name = name.replace("\\n", " ").replace("ſ", "s").strip()
                parts.append(Part(name, _table(spine), program, staff=max(hand, 1)))
        if not parts:
            raise ValueError("no notes")
        _heal(self.measures)
        return Score(parts, self.measures, self._signatures(), self.tempo, [], title)

    def _signatures(self) -> list[tuple[float, int]]:
        """What most staves are signed with; horns and clarinets printed in another key do not count."""
        events = [e for e in self.keys if not e[1].printed_elsewhere and not e[1].shift] or self.keys
        now: dict[_Spine, int] = {}
        result: list[tuple[float, int]] = []
        for i, (time, spine, sharps) in enumerate(events):
            now[spine] = sharps
            if i + 1 == len(events) or events[i + 1][0] > time + CLOSE:
                most = Counter(now.values()).most_common(1)[0][0]
                if not result or result[-1][1] != most:
                    result.append((time, most))
        return result


def _borders(fields: list[str], columns: list[_Strand]) -> set[int]:
    """Columns where a run of *v passes to another spine. A spine alone in its run has nothing to join: no border."""
    borders: set[int] = set()
    for is_join, run in groupby(range(len(fields)), lambda i: fields[i] == "*v"):
        if is_join:
            groups = [list(g) for _, g in groupby(run, lambda i: id(columns[i].spine))]
            if all(len(g) > 1 for g in groups):
                borders |= {g[0] for g in groups}
    return borders


def _heal(measures: list[Measure]) -> None:
    """A signature that nearly no bar under it has (3/4 over bars of 3/8, 2/2 over bars of two) yields to the bars."""
    under: dict[tuple[int, int], list[Measure]] = {}
    for measure in measures:
        under.setdefault((measure.beats, measure.unit), []).append(measure)
    for (_, unit), bars in under.items():
        length, count = Counter(round(m.length, 3) for m in bars).most_common(1)[0]
        while unit < 64 and length * unit % 4:
            unit *= 2
        if count >= HEAL_BARS and count >= HEAL_SHARE * len(bars) and not length * unit % 4:
            for measure in bars:
                measure.beats, measure.unit = int(length * unit / 4), unit


def _table(spine: _Spine) -> np.ndarray:
    """Notes (n, 4) by onset and pitch; a unison of two voices is one note, as long as the longer."""
    longest: dict[tuple[float, int], float] = {}
    for onset, length, pitch in spine.rows:
        key = (round(onset, 6), pitch + spine.shift)
        longest[key] = max(length, longest.get(key, 0.0))
    return np.array([(o, length, p, DEFAULT_VELOCITY) for (o, p), length in sorted(longest.items())], float)


def _hands(staves: list[_Spine], decoration: str) -> dict[int, int]:
    """Index -> 1 or 2 for two staves of one keyboard: same *part, braced with one name, or both called piano."""
    parts = Counter(s.part for s in staves if s.part)
    pairs = {(int(a), int(b)) for a, b in re.findall(r"[({]s(\d+),s(\d+)[)}]", decoration)}
    hands: dict[int, int] = {}
    for i, (upper, lower) in enumerate(zip(staves, staves[1:], strict=False)):
        programs = upper.program(), lower.program()
        if i in hands or not KEYBOARDS.issuperset(programs):
            continue
        together = upper.part == lower.part and parts[upper.part] == 2
        one_name = not lower.name or lower.name == upper.name
        braced = one_name and ((i + 1, i + 2) in pairs or len(staves) == 2)
        if together or braced or (programs[0] == programs[1] >= 0) or (len(staves) == 2 and not upper.name):
            hands[i], hands[i + 1] = 1, 2
    return hands
