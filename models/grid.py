"""Measures -> bars of 16 slots, notes -> slots. Absolute slot = 16 x bar + slot.

Fold: 2/2 and two bars of 2/4 become 4/4, 6/4 two bars of 3/4, 3/2 a slow 3/4, two bars of 3/8 a
6/8, 12/8 a 4/4 in triplets. A 4/4 block that fits twelfths better than sixteenths becomes triplets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import tokens as T
from score import ONSET, Measure, Part, Score

NO_ONSET, SILENT, NOT_THERE = -2, -1, -3  # grid values: hold, rest, absent; >= 0 is a MIDI pitch


@dataclass
class Bar:
    """A bar of the grid: first quarter, quarters a slot, meter id; `joined` to the bar before it."""

    start: float
    slot: float
    meter: int
    joined: bool = True

    @property
    def end(self) -> float:
        return self.start + self.slot * T.METER_SLOTS[self.meter]


def fold_measures(measures: list[Measure]) -> tuple[list[Bar], int]:
    """Bars of the grid, and the number of measures left out (5/4, 9/8, cadenzas)."""
    bars: list[Bar] = []
    skipped, joined, i = 0, False, 0
    while i < len(measures):
        m = measures[i]
        nominal = 4.0 * m.beats / m.unit
        after = measures[i + 1] if i + 1 < len(measures) else None
        take, start, length = 1, m.start, m.length
        if abs(length - nominal) > 0.01:
            together = length + (after.length if after else 0.0)
            if length < nominal and after and abs(together - nominal) < 0.01:
                take, length = 2, nominal  # a bar written in two halves (repeat sign)
            elif length < nominal and not joined:
                start, length = m.start + m.length - nominal, nominal  # pick-up
            elif length < nominal and after is None:
                length = nominal  # last bar
        pair = after is not None and take == 1 and after.beats * m.unit == m.beats * after.unit
        pair = pair and abs(after.length - nominal) < 0.01
        made: list[Bar] = []
        if abs(length - nominal) > 0.01:
            pass
        elif abs(nominal - 4.0) < 0.01:
            made = [Bar(start, 0.25, 0)]
        elif abs(nominal - 2.0) < 0.01 and (pair or i + 1 == len(measures) or start < m.start):
            if start < m.start:
                made = [Bar(start - 2.0, 0.25, 0)]  # a pick-up fills the end of a whole bar
            else:
                made, take = [Bar(start, 0.25, 0)], 2
        elif abs(nominal - 3.0) < 0.01:
            made = [Bar(start, 0.25, 2 if m.unit >= 8 else 1)]
        elif abs(nominal - 1.5) < 0.01 and pair:
            made, take = [Bar(start, 0.25, 2)], 2
        elif abs(nominal - 6.0) < 0.01:
            if m.unit >= 8:
                made = [Bar(start, 0.5, 3)]
            elif m.unit == 2:
                made = [Bar(start, 0.5, 1)]
            else:
                made = [Bar(start, 0.25, 1), Bar(start + 3.0, 0.25, 1)]
        elif abs(nominal - 8.0) < 0.01:
            made = [Bar(start, 0.25, 0), Bar(start + 4.0, 0.25, 0)]
        if made:
            made[0].joined = joined
            bars += made
        else:
            skipped += take
        joined = bool(made)
        i += take
    return bars, skipped


def find_triplets(bars: list[Bar], parts: list[Part]) -> None:
    """Turn 4/4 blocks of four bars into triplet bars where twelfths explain the onsets better."""
    if not bars or not parts:
        return
    onsets = np.sort(np.concatenate([p.notes[:, ONSET] for p in parts]))
    for first in range(0, len(bars), 4):
        block = [b for b in bars[first : first + 4] if b.meter == 0 and b.slot == 0.25]
        if not block:
            continue
        low, high = np.searchsorted(onsets, (block[0].start - 0.05, block[-1].end - 0.05))
        quarter = onsets[low:high]
        if len(quarter) < 6:
            continue
        by16 = np.abs(quarter * 4 - np.round(quarter * 4)) / 4
        by12 = np.abs(quarter * 3 - np.round(quarter * 3)) / 3
        if (by16 > 0.045).mean() > 0.15 and by12.mean() < 0.6 * by16.mean():
            for bar in block:
                bar.meter, bar.slot = 3, 1 / 3


def off_grid(bars: list[Bar], parts: list[Part]) -> float:
    """Mean distance of onsets from their slots, in slots; .25 is what chance gives."""
    gaps = [quantise(bars, p.notes)[:, 4] for p in parts]
    gaps = np.concatenate(gaps) if gaps else np.zeros(0)
    return float(np.abs(gaps).mean()) if len(gaps) else 0.0


def quantise(bars: list[Bar], notes: np.ndarray) -> np.ndarray:
    """Notes (n, 4) -> (m, 5): absolute first slot, slot after the last, pitch, velocity, offset in slots."""
    if not len(bars) or not len(notes):
        return np.zeros((0, 5))
    starts = np.array([b.start for b in bars])
    slot_of = np.array([b.slot for b in bars])
    used = np.array([T.METER_SLOTS[b.meter] for b in bars])

    def place(times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        bar = np.clip(np.searchsorted(starts, times + 1e-6, side="right") - 1, 0, len(bars) - 1)
        relative = (times - starts[bar]) / slot_of[bar]
        slot = np.round(relative).astype(int)
        over = (slot >= used[bar]) & (bar + 1 < len(bars))
        gap = relative - slot
        spill = slot >= used[bar]
        bar2 = np.where(over, bar + 1, bar)
        return np.where(over, 0, slot), bar2, np.where(spill & ~over, 9.0, gap)

    slot, bar, gap = place(notes[:, 0])
    last, end_bar, _ = place(notes[:, 0] + notes[:, 1])
    last = np.minimum(last, used[end_bar])
    first = bar * T.SLOTS + slot
    end = np.maximum(end_bar * T.SLOTS + last, first + 1)
    keep = (slot >= 0) & (slot < used[bar]) & (np.abs(gap) < 1.0)
    rows = np.stack([first, end, notes[:, 2], notes[:, 3], gap], 1)[keep]
    return rows[np.lexsort((rows[:, 2], rows[:, 0]))]


def usable(bars: list[Bar]) -> np.ndarray:
    """(16 x bars) True where a slot exists in its meter."""
    return np.concatenate([np.arange(T.SLOTS) < T.METER_SLOTS[b.meter] for b in bars])


def monophonic(notes: np.ndarray, used: np.ndarray, lowest: bool = False) -> np.ndarray:
    """One voice: (slots, 3) = pitch or NO_ONSET or SILENT, velocity, offset. A new onset cuts the old note."""
    line = np.zeros((len(used), 3))
    line[:, 0] = SILENT
    rows = notes[np.lexsort((notes[:, 2] if lowest else -notes[:, 2], notes[:, 0]))] if len(notes) else notes
    busy_from = -1
    for i, (first, end, pitch, velocity, gap) in enumerate(rows):
        first, end = int(first), int(end)
        if first == busy_from:
            continue
        nxt = i + 1
        while nxt < len(rows) and rows[nxt, 0] == first:
            nxt += 1
        if nxt < len(rows):
            end = min(end, int(rows[nxt, 0]))
        line[first] = (pitch, velocity, gap)
        line[first + 1 : end, 0] = NO_ONSET
        busy_from = first
    line[~used, 0] = NOT_THERE
    return line


def chordify(notes: np.ndarray, used: np.ndarray) -> tuple[np.ndarray, dict[int, tuple[int, ...]]]:
    """Several voices as chords: a slot line like `monophonic` (pitch = lowest) and slot -> pitches."""
    line = np.zeros((len(used), 3))
    line[:, 0] = SILENT
    for first, end, *_ in notes:
        line[int(first) : int(end), 0] = NO_ONSET
    chords: dict[int, tuple[int, ...]] = {}
    sounding: list[tuple[int, int]] = []
    i = 0
    while i < len(notes):
        slot = int(notes[i, 0])
        group = []
        while i < len(notes) and int(notes[i, 0]) == slot:
            group.append(notes[i])
            i += 1
        sounding = [(end, pitch) for end, pitch in sounding if end > slot]
        pitches = {int(g[2]) for g in group} | {pitch for _, pitch in sounding}
        chords[slot] = tuple(sorted(pitches))
        line[slot] = (min(pitches), max(g[3] for g in group), group[0][4])
        sounding += [(int(g[1]), int(g[2])) for g in group]
    line[~used, 0] = NOT_THERE
    return line, chords


def drum_grid(notes: np.ndarray, used: np.ndarray) -> np.ndarray:
    """(slots, 5): three drum ids (-3 where unused), velocity and offset of the loudest hit (0 if none)."""
    grid = np.zeros((len(used), 5))
    hits: dict[int, list] = {}
    for row in notes:
        if int(row[2]) in T.DRUM_MAP:
            hits.setdefault(int(row[0]), []).append(row)
    for slot, rows in hits.items():
        loud = max(rows, key=lambda r: r[3])
        grid[slot] = (*T.drum_cells([int(r[2]) for r in rows]), loud[3], loud[4])
    grid[~used, :3] = NOT_THERE
    return grid


def bars_of(score: Score) -> tuple[list[Bar], int]:
    """Bars of a score with triplet bars found, and the number of measures skipped."""
    bars, skipped = fold_measures(score.measures)
    find_triplets(bars, score.parts)
    return bars, skipped
