"""Compressed or plain MusicXML -> Score, with ElementTree only.

Read: notes, chords, ties, voices (backup and forward), staves, pick-up and irregular bars,
key and time signatures, transposing instruments, tempo marks, chord symbols. Grace and
cue notes are left out; repeats are not unfolded.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from score import Measure, Part, Score

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
KINDS = {
    "major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug", "major-seventh": "maj7",
    "minor-seventh": "min7", "dominant": "dom7", "half-diminished": "hdim7", "diminished-seventh": "dim7",
    "suspended-fourth": "sus4", "major-sixth": "maj", "minor-sixth": "min", "dominant-ninth": "dom7",
    "major-ninth": "maj7", "minor-ninth": "min7", "suspended-second": "sus4", "power": "maj",
    "augmented-seventh": "aug", "major-minor": "min", "dominant-13th": "dom7", "dominant-11th": "dom7",
}  # fmt: skip
DEFAULT_VELOCITY = 80
MOST_UNPACKED = 80_000_000  # bytes; Beethoven's Ninth has 27 million


def read_musicxml(path: Path) -> Score:
    """Read a `.mxl` or `.musicxml`; raises ValueError, KeyError or ElementTree.ParseError."""
    root = ElementTree.fromstring(_text(path))
    names = {p.get("id"): (p.findtext("part-name") or "").strip() for p in root.iter("score-part")}
    readers = [_PartReader(part, names.get(part.get("id"), "")) for part in root.findall("part")]
    if not readers:
        raise ValueError("no parts")
    count = max(len(r.lengths) for r in readers)
    starts, at, measures = [], 0.0, []
    beats, unit = 4, 4
    for i in range(count):
        length = max((r.lengths[i] for r in readers if i < len(r.lengths)), default=0.0)
        beats, unit = next((r.times[i] for r in readers if i in r.times), (beats, unit))
        starts.append(at)
        measures.append(Measure(at, length, beats, unit))
        at += length
    parts = [part for reader in readers for part in reader.parts(starts)]
    keys = [(starts[i], sharps) for i, sharps in sorted(readers[0].keys.items())]
    tempo = next((r.tempo for r in readers if r.tempo), 0.0)
    symbols = sorted((starts[i] + at, root, kind) for r in readers for i, at, root, kind in r.symbols)
    title = root.findtext("work/work-title") or root.findtext("movement-title") or path.stem
    return Score([p for p in parts if len(p.notes)], measures, keys, tempo, symbols, title)


def _text(path: Path) -> bytes:
    """The XML of a file, which is compressed or not whatever its suffix says."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if not n.startswith("META-INF") and n.lower().endswith("xml")]
        if not names:
            raise ValueError("an archive without a score")
        inner = max(names, key=lambda n: archive.getinfo(n).file_size)  # some containers are not valid XML
        if archive.getinfo(inner).file_size > MOST_UNPACKED:
            raise ValueError("too large")
        return archive.read(inner)


class _PartReader:
    """Walks the measures of one part; positions inside a measure are quarters from its start."""

    def __init__(self, part: ElementTree.Element, name: str) -> None:
        self.name = name
        self.lengths: list[float] = []
        self.times: dict[int, tuple[int, int]] = {}
        self.keys: dict[int, int] = {}
        self.symbols: list[tuple[int, float, int, str]] = []
        self.tempo = 0.0
        self.rows: list[tuple[int, float, float, int, int, bool, bool]] = []
        self._divisions, self._transpose = 1.0, 0
        nominal = 4.0
        for index, measure in enumerate(part.findall("measure")):
            end = self._measure(index, measure)
            if index in self.times:
                nominal = 4.0 * self.times[index][0] / self.times[index][1]
            self.lengths.append(end or nominal)

    def _measure(self, index: int, measure: ElementTree.Element) -> float:
        at = end = last = 0.0
        for item in measure:
            tag = item.tag
            if tag == "note":
                if item.find("grace") is not None or item.find("cue") is not None:
                    continue
                length = float(item.findtext("duration") or 0) / self._divisions
                start = last if item.find("chord") is not None else at
                if item.find("chord") is None:
                    last, at = at, at + length
                self._note(index, item, start, length)
            elif tag in ("backup", "forward"):
                step = float(item.findtext("duration") or 0) / self._divisions
                at += step if tag == "forward" else -step
            elif tag == "attributes":
                self._attributes(index, item)
            elif tag == "harmony":
                self._symbol(index, at, item)
            elif tag in ("direction", "sound") and not self.tempo:
                sound = item if tag == "sound" else item.find("sound")
                if sound is not None and sound.get("tempo"):
                    self.tempo = float(sound.get("tempo"))
            end = max(end, at)
        return end

    def _attributes(self, index: int, item: ElementTree.Element) -> None:
        self._divisions = float(item.findtext("divisions") or self._divisions)
        fifths, beats = item.findtext("key/fifths"), item.findtext("time/beats")
        if fifths is not None:
            self.keys[index] = int(fifths)
        if beats is not None:
            total = sum(int(b) for b in re.findall(r"\d+", beats))
            self.times[index] = (total or 4, int(item.findtext("time/beat-type") or 4))
        if item.find("transpose") is not None:
            octaves = int(item.findtext("transpose/octave-change") or 0)
            self._transpose = int(item.findtext("transpose/chromatic") or 0) + 12 * octaves

    def _note(self, index: int, item: ElementTree.Element, start: float, length: float) -> None:
        pitch = item.find("pitch")
        if pitch is None or length <= 0:
            return
        value = STEPS[pitch.findtext("step")] + int(float(pitch.findtext("alter") or 0))
        value += 12 * (int(pitch.findtext("octave")) + 1) + self._transpose
        ties = {t.get("type") for t in item.findall("tie")}
        staff = int(item.findtext("staff") or 1)
        self.rows.append((index, start, length, value, staff, "stop" in ties, "start" in ties))

    def _symbol(self, index: int, at: float, item: ElementTree.Element) -> None:
        step = item.findtext("root/root-step")
        if step is None:
            return
        root = (STEPS[step] + int(float(item.findtext("root/root-alter") or 0))) % 12
        self.symbols.append((index, at, root, KINDS.get(item.findtext("kind") or "major", "maj")))

    def parts(self, starts: list[float]) -> list[Part]:
        """One Part per staff, tied notes joined."""
        staves: dict[int, list[list[float]]] = {}
        open_ties: dict[tuple[int, int], list[float]] = {}
        for index, start, length, pitch, staff, stop, go in self.rows:
            onset = starts[index] + start
            tied = open_ties.pop((staff, pitch), None) if stop else None
            if tied is not None and abs(tied[0] + tied[1] - onset) < 0.1:
                tied[1] = onset + length - tied[0]
                row = tied
            else:
                row = [onset, length, pitch, DEFAULT_VELOCITY]
                staves.setdefault(staff, []).append(row)
            if go:
                open_ties[(staff, pitch)] = row
        return [Part(self.name, np.array(sorted(rows)), staff=s) for s, rows in sorted(staves.items())]
