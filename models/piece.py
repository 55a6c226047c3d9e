"""A piece on the grid with its keys, chords and stems, and its windows as network input."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import harmony
import roles
import tokens as T
from grid import NO_ONSET, NOT_THERE, SILENT, Bar, bars_of, chordify, drum_grid, monophonic, quantise, usable
from read_midi import is_pitched, velocities_vary
from score import Score

LINES = ("melody", "counter", "harmony", "bass")


@dataclass
class Piece:
    """Everything per slot or per bar; pitches are absolute until a window is keyed."""

    name: str
    corpus: str
    work: str
    style: int
    tempo: float
    meter: np.ndarray  # bars
    joined: np.ndarray  # bars, False where the bar before is missing
    known: dict[str, np.ndarray]  # stem -> bars
    lines: dict[str, np.ndarray]  # stem -> slots 3: pitch / hold / rest / absent, velocity, offset
    voices: dict[int, tuple[int, ...]]  # slot -> harmony pitches
    drums: np.ndarray  # slots 5
    tonic: np.ndarray  # bars
    mode: np.ndarray  # bars
    chords: np.ndarray  # 2 x bars, absolute root
    played: bool  # velocities are real
    timed: bool  # offsets are real
    echoes: int = 0
    skipped: int = 0
    fill: bool = False
    chords_alone: bool = False  # no stem is known, the chords are
    feeling: float = 0.0  # valence that words beside the notes give
    labels: np.ndarray = field(default_factory=lambda: np.zeros((0, 18), np.uint8))

    @property
    def bars(self) -> int:
        return len(self.meter)


def build(score: Score, kind: str, **facts) -> Piece:
    """Score -> Piece; raises ValueError where no bar can be used."""
    bars, skipped = bars_of(score)
    if not bars:
        raise ValueError("no usable meter")
    used = usable(bars)
    stems = roles.assign(score, bars, kind)
    pitched = [quantise(bars, p.notes) for p in score.parts if is_pitched(p)]
    every = roles.sort_rows(*pitched) if pitched else roles.EMPTY
    total, bass = harmony.chroma(every, bars)
    chords = _from_symbols(score, bars) if score.symbols else harmony.chords(total, bass)
    if score.symbols:  # a lead sheet: let the chords speak for the key too
        total = total + 2 * np.where(chords[:, None] < 120, harmony.TEMPLATES[np.minimum(chords, 119)], 0)
    tonic, mode = harmony.keys(total, _signatures(score, bars)) if len(every) else (np.zeros(len(bars), int),) * 2
    mode = mode if len(every) else np.full(len(bars), 7)
    lines, voices = {}, {}
    for stem in LINES:
        notes = roles.sort_rows(stems.table(stem))
        if stem == "harmony":
            lines[stem], voices = chordify(notes, used)
        else:
            lines[stem] = monophonic(notes, used, stem == "bass")
    drums = drum_grid(stems.table("drums"), used)
    return Piece(
        tempo=score.tempo, meter=np.array([b.meter for b in bars]), joined=np.array([b.joined for b in bars]),
        known=stems.known, lines=lines, voices=voices, drums=drums, tonic=np.asarray(tonic), mode=np.asarray(mode),
        chords=np.asarray(chords), played=velocities_vary(score), echoes=stems.echoes, skipped=skipped, **facts,
    )  # fmt: skip


def _signatures(score: Score, bars: list[Bar]) -> list[int | None]:
    """Written sharps per bar; a MIDI file that only says C major is taken as saying nothing."""
    if not score.keys or all(k == 0 for _, k in score.keys):
        return [None] * len(bars)
    result, i = [], 0
    for bar in bars:
        while i + 1 < len(score.keys) and score.keys[i + 1][0] <= bar.start + 0.01:
            i += 1
        result.append(score.keys[i][1])
    return result


def _from_symbols(score: Score, bars: list[Bar]) -> np.ndarray:
    """Chord symbols of a lead sheet: the one in force in the middle of each half bar."""
    names = [n for n, _ in T.QUALITIES]
    result = np.full(2 * len(bars), T.NO_CHORD)
    for i in range(2 * len(bars)):
        bar = bars[i // 2]
        middle = bar.start + (0.25 + 0.5 * (i % 2)) * (bar.end - bar.start)
        past = [s for s in score.symbols if s[0] <= middle]
        if past:
            result[i] = past[-1][1] * 10 + names.index(past[-1][2])
    return result


def root_at(piece: Piece, slot: int, tonic: int) -> int:
    """Pitch class that the voicing at an absolute slot counts from."""
    bar, place = divmod(slot, T.SLOTS)
    chord = piece.chords[2 * bar + (place >= T.METER_SLOTS[piece.meter[bar]] // 2)]
    return int(chord) // 10 if chord < T.NO_CHORD else tonic


def window_starts(piece: Piece, stride: int) -> list[tuple[int, int]]:
    """(first bar, bars) of windows that do not cross a break."""
    breaks = [i for i in range(piece.bars) if i == 0 or not piece.joined[i]] + [piece.bars]
    result = []
    for first, stop in zip(breaks, breaks[1:], strict=False):
        length = stop - first
        if length < (1 if piece.style == T.STYLES.index("groove") else 4):
            continue
        result += [(first + s, min(T.BARS, length - s)) for s in range(0, max(1, length - T.BARS + stride), stride)]
    return result


def encode(piece: Piece, first: int, count: int, table: T.VoicingTable) -> dict[str, np.ndarray]:
    """One window: cells (256, 8), chords (128), bars (16, 18), velocity and timing (256, 5), tonic."""
    cells, chords, bars = T.absent_window()
    tonic = int(np.bincount(piece.tonic[first : first + count], minlength=12).argmax())
    low, high = first * T.SLOTS, (first + count) * T.SLOTS
    n = high - low
    velocity = np.full((T.CELLS, 5), T.NO_LABEL, np.uint8)
    timing = np.full((T.CELLS, 5), T.NO_LABEL, np.uint8)
    for stem, lane in (("melody", T.MELODY), ("counter", T.COUNTER), ("bass", T.BASS), ("harmony", T.HARMONY)):
        known = np.repeat(piece.known[stem][first : first + count], T.SLOTS)
        line = piece.lines[stem][low:high]
        pitch = line[:, 0].astype(int)
        ids = np.select([pitch == NO_ONSET, pitch == SILENT], [T.HOLD, T.REST], 0)
        onset = pitch >= 0
        if stem == "harmony":
            octaves = np.full(n, T.ABSENT_IDS[T.OCTAVE])
            for i in np.flatnonzero(onset & known):
                root = root_at(piece, low + int(i), tonic)
                offsets, octave = T.voicing_of(piece.voices[low + int(i)], root)
                ids[i] = T.ONSET + table.nearest(offsets)
                octaves[i] = T.octave_to_id(octave)
            cells[:n, T.OCTAVE] = octaves
        else:
            start, size = T.LANE_RANGE[lane]
            k = pitch - T.anchor(lane, tonic) - start
            k = k + 12 * np.maximum(0, -(k // 12)) * (k < 0)
            k = k - 12 * np.maximum(0, -((size - 1 - k) // 12)) * (k > size - 1)
            ids = np.where(onset, T.ONSET + k, ids)
        ids = np.where(known & (pitch != NOT_THERE), ids, T.ABSENT_IDS[lane])
        cells[:n, lane] = ids
        _express(piece, velocity, timing, T.STEMS.index(stem), onset & known, line[:, 1], line[:, 2])
    known = np.repeat(piece.known["drums"][first : first + count], T.SLOTS)
    drums = piece.drums[low:high]
    there = known & (drums[:, 0] != NOT_THERE)
    for i, lane in enumerate((T.LOW, T.HIGH, T.PERC)):
        cells[:n, lane] = np.where(there, drums[:, i], T.ABSENT_IDS[lane])
    _express(piece, velocity, timing, 4, there & (drums[:, :3].sum(1) > 0), drums[:, 3], drums[:, 4])
    chords[:] = _window_chords(piece, first, count, tonic)
    bars[:count] = piece.labels[first : first + count]
    bars[:count, T.C_MODE] = np.where(piece.tonic[first : first + count] == tonic, bars[:count, T.C_MODE], 7)
    return {"cells": cells, "chords": chords, "bars": bars, "velocity": velocity, "timing": timing, "tonic": tonic}


def _express(piece, velocity, timing, column, onset, loud, gap) -> None:
    n = len(onset)
    if piece.played:
        velocity[:n, column] = np.where(onset, np.clip(loud // 16, 0, 7), T.NO_LABEL)
    if piece.timed:
        timing[:n, column] = np.where(onset, np.clip(4 + np.round(gap * 16), 0, 8), T.NO_LABEL)


def _window_chords(piece: Piece, first: int, count: int, tonic: int) -> np.ndarray:
    """(128) chord ids above the window's tonic; unused slots and windows without pitch are absent."""
    result = np.full((T.BARS, 8), T.CHORD_ABSENT)
    pitched = piece.chords_alone or any(piece.known[s][first : first + count].any() for s in LINES)
    for i in range(count if pitched else 0):
        used = T.METER_SLOTS[piece.meter[first + i]] // 2
        for half in range(2):
            chord = int(piece.chords[2 * (first + i) + half])
            if chord < T.NO_CHORD:
                chord = (chord // 10 - tonic) % 12 * 10 + chord % 10
            result[i, half * used // 2 : (half + 1) * used // 2] = chord
    return result.reshape(-1)
