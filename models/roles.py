"""Who plays what: parts -> melody, counter, harmony, bass, drums, decided section by section.

A role that cannot be told is absent in that section (no loss), never a rest. Result per stem:
notes (n, 5) as `grid.quantise` gives them, and a mask of the bars where the stem is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

import tokens as T
from grid import Bar, quantise
from read_midi import is_pitched
from score import Part, Score

SECTION = 8  # bars for which roles stay fixed
EMPTY = np.zeros((0, 5))
BASS_NAMES = re.compile(r"bass(?!oon)|\bbasy?\b|cello|tuba|contra|violone|baixo|kontra|organo?\b|fundament", re.I)
VOICE_NAMES = re.compile(r"voice|voix|stimme|sopran|alto|tenor|bariton|gesang|chant|canto|mezzo|singst", re.I)
LEADS = (*range(40, 42), *range(56, 60), *range(64, 84), 52, 53, 54, 85)  # bowed, brass, reeds, pipes, leads
BASSES = (*range(32, 40), 43, 58, 87)


@dataclass
class Stems:
    """Notes and known bars per stem."""

    bars: int
    notes: dict[str, list[np.ndarray]] = field(default_factory=lambda: {s: [] for s in T.STEMS})
    known: dict[str, np.ndarray] = field(default_factory=dict)
    echoes: int = 0

    def __post_init__(self) -> None:
        self.known = {s: np.zeros(self.bars, bool) for s in T.STEMS}

    def add(self, stem: str, notes: np.ndarray, first: int = 0, last: int | None = None) -> None:
        self.notes[stem].append(notes)
        self.known[stem][first : self.bars if last is None else last] = True

    def table(self, stem: str) -> np.ndarray:
        rows = [n for n in self.notes[stem] if len(n)]
        return np.concatenate(rows) if rows else EMPTY


def within(notes: np.ndarray, first: int, last: int) -> np.ndarray:
    """Notes that start in bars first ... last - 1."""
    low, high = np.searchsorted(notes[:, 0], (first * T.SLOTS, last * T.SLOTS)) if len(notes) else (0, 0)
    return notes[low:high]


def skyline(notes: np.ndarray, lowest: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The outer voice (highest, or lowest) and the rest. A note under a longer, clearly higher one is rest."""
    if not len(notes):
        return EMPTY, EMPTY
    sign = -1 if lowest else 1
    order = np.lexsort((-sign * notes[:, 2], notes[:, 0]))
    outer = np.zeros(len(notes), bool)
    held_end, held_pitch, slot = -1, 0, -1
    for i in order:
        first, end, pitch = notes[i, :3]
        if first == slot:
            continue
        slot = first
        if held_end > first + 1 and sign * (held_pitch - pitch) >= 3:
            continue
        outer[i] = True
        held_end, held_pitch = end, pitch
    return notes[outer], notes[~outer]


def same_line(a: np.ndarray, b: np.ndarray, shifts: range = range(1)) -> float:
    """Share of onsets of b that repeat a (slot and pitch class) at the best of some delays in slots."""
    if len(a) < 2 or len(b) < 2:
        return 0.0
    places = {(int(n[0]), int(n[2]) % 12) for n in a}
    return max(np.mean([(int(n[0]) - s, int(n[2]) % 12) in places for n in b]) for s in shifts)


def is_echo(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether b doubles a or merely repeats it 1-6 slots later (or earlier)."""
    return same_line(a, b, range(-6, 7)) > 0.5


def low_voice(notes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bass notes of a left hand: lowest of their onset, below F#4, near the lowest of a half-bar around."""
    if not len(notes):
        return EMPTY, EMPTY
    low, _ = skyline(notes, lowest=True)
    keep = []
    for n in low:
        near = low[np.abs(low[:, 0] - n[0]) <= 4]
        keep.append(n[2] <= 57 and n[2] <= near[:, 2].min() + 4)
    bass = low[np.array(keep, bool)] if len(low) else EMPTY
    taken = {(n[0], n[2]) for n in bass}
    rest = notes[np.array([(n[0], n[2]) not in taken for n in notes], bool)]
    bass = bass.copy()
    if len(bass):  # a broken chord holds its bass for a beat, as a pedal or a finger would
        following = np.append(bass[1:, 0], bass[-1, 1])
        bass[:, 1] = np.maximum(bass[:, 1], np.minimum(bass[:, 0] + 4, following))
    return bass, rest


def sort_rows(*tables: np.ndarray) -> np.ndarray:
    rows = np.concatenate([t for t in tables if len(t)]) if any(len(t) for t in tables) else EMPTY
    return rows[np.lexsort((rows[:, 2], rows[:, 0]))] if len(rows) else EMPTY


def keyboard(stems: Stems, right: np.ndarray, left: np.ndarray, first: int, last: int) -> None:
    """Two hands (or one table split at middle C): top line, lowest line, and what lies between."""
    if not len(left):
        split = right[:, 2] < 60
        right, left = right[~split], right[split]
    melody, inner = skyline(right)
    bass, rest = low_voice(left)
    for stem, notes in (("melody", melody), ("bass", bass), ("harmony", sort_rows(inner, rest))):
        stems.add(stem, notes, first, last)


def lied(stems: Stems, voice: np.ndarray, right: np.ndarray, left: np.ndarray) -> None:
    """Voice is melody; the piano gives bass, harmony and, where its top line is its own, counter."""
    stems.add("melody", voice)
    bass, rest = low_voice(left)
    stems.add("bass", bass)
    for first in range(0, stems.bars, SECTION):
        last = min(first + SECTION, stems.bars)
        sung, hand = within(voice, first, last), within(right, first, last)
        top, inner = skyline(hand)
        onsets = len({n[0] for n in hand})
        chordal = len(hand) >= 1.4 * max(onsets, 1) and len(top) >= 0.8 * onsets and len(top) >= 8
        own = chordal and same_line(sung, top) < 0.3 and not is_echo(sung, top)
        if own:
            stems.add("counter", top, first, last)
        elif len(top) >= 8 and is_echo(sung, top):
            stems.echoes += 1
        stems.add("harmony", sort_rows(inner if own else hand, within(rest, first, last)), first, last)


def quartet(stems: Stems, parts: list[np.ndarray]) -> None:
    """First violin melody, last part bass; the inner parts are counter + harmony or all harmony by turns."""
    stems.add("melody", parts[0])
    stems.add("bass", parts[-1])
    second, middle = parts[1], sort_rows(*parts[2:-1])
    for first in range(0, stems.bars, 2 * SECTION):
        last = min(first + 2 * SECTION, stems.bars)
        a, b = within(second, first, last), within(middle, first, last)
        echo = is_echo(within(parts[0], first, last), a)
        stems.echoes += echo
        if first // (2 * SECTION) % 3 == 2 or echo:  # every third section: chords of both
            stems.add("harmony", sort_rows(a, b), first, last)
        else:
            stems.add("counter", a, first, last)
            stems.add("harmony", b, first, last)


@dataclass(eq=False)
class _Voice:
    part: Part
    notes: np.ndarray
    section: np.ndarray = field(default_factory=lambda: EMPTY)

    def look(self, first: int, last: int) -> bool:
        """Measure one section; False when it is (nearly) silent."""
        n = self.section = within(self.notes, first, last)
        if len(n) < 3:
            return False
        onsets = len(np.unique(n[:, 0]))
        self.poly = len(n) / onsets
        self.pitch = float(n[:, 2].mean())
        self.cover = float((n[:, 1] - n[:, 0]).sum() / self.poly) / (T.SLOTS * (last - first))
        self.rate = onsets / (last - first)
        self.variety = len(np.unique(n[:, 2]))
        self.span = float(n[:, 2].max() - n[:, 2].min())
        return True

    def melodic(self) -> float:
        """How much a monophonic part looks like a tune."""
        score = min(max((self.pitch - 60) / 12, -1.5), 1.2) + min(self.variety, 8) / 8 + min(self.cover, 1.0)
        score += 0.5 * (self.part.program in LEADS or bool(VOICE_NAMES.search(self.part.name)))
        score += 0.3 * min(self.section[:, 3].mean() / 100, 1.2)
        arpeggio = self.rate > 9 and self.span > 10
        return score - 1.2 * arpeggio - 1.0 * (self.variety < 3)

    def low(self) -> bool:
        return self.part.program in BASSES or bool(BASS_NAMES.search(self.part.name))


def band(stems: Stems, voices: list[_Voice]) -> None:
    """Any ensemble: roles by register, texture and instrument in each section, with some inertia."""
    ever: set[str] = set()
    previous: dict[str, _Voice | None] = {"melody": None, "bass": None, "counter": None}
    for first in range(0, stems.bars, SECTION):
        last = min(first + SECTION, stems.bars)
        active = [v for v in voices if v.look(first, last)]
        if not active:
            for stem in ever:
                stems.add(stem, EMPTY, first, last)  # a true rest of a known stem
            continue
        single = [v for v in active if v.poly < 1.35]
        bass = _pick_bass(active, single, previous["bass"])
        rest = [v for v in active if v is not bass]
        lines = [v for v in rest if v.poly < 1.35]
        lines.sort(key=lambda v: -(v.melodic() + 0.7 * (v is previous["melody"])))
        melody = lines[0] if lines and lines[0].melodic() > 0.9 else None
        if melody is None and len(rest) == 1 and rest[0].poly >= 1.35 and rest[0].pitch > 55:
            top, inner = skyline(rest[0].section)  # a lone keyboard above a bass
            stems.add("melody", top, first, last)
            stems.add("harmony", inner, first, last)
        counter = None
        for v in [v for v in lines if melody is not None and v is not melody]:
            if is_echo(melody.section, v.section):
                stems.echoes += 1
                rest.remove(v)
            elif counter is None and v.melodic() > 0.7 and not (bass and is_echo(bass.section, v.section)):
                counter = v
        taken = {id(v) for v in (bass, melody, counter) if v is not None}
        pool = [v for v in rest if id(v) not in taken]
        pool = [v for v in pool if not (melody and same_line(melody.section, v.section) > 0.6)]
        pool = [v for v in pool if not (bass and same_line(bass.section, v.section) > 0.8 and v.poly < 1.35)]
        for stem, voice in (("melody", melody), ("counter", counter), ("bass", bass)):
            if voice is not None:
                stems.add(stem, voice.section, first, last)
                ever.add(stem)
            previous[stem] = voice or previous[stem]
        if pool and not (melody is None and len(rest) == 1 and rest[0].poly >= 1.35 and rest[0].pitch > 55):
            pool.sort(key=lambda v: -v.cover * min(v.poly, 3))
            chosen = pool[:1] if pool[0].poly >= 2 else pool[:3]
            notes = sort_rows(*(v.section for v in chosen))
            if bass is None and len(deep := low_voice(notes)[0]) >= 4 and deep[:, 2].mean() < 50:
                deep, notes = low_voice(notes)  # the accompaniment holds its own bass
                stems.add("bass", deep, first, last)
            stems.add("harmony", notes, first, last)
            ever.add("harmony")


def _pick_bass(active: list[_Voice], single: list[_Voice], previous: _Voice | None) -> _Voice | None:
    """A bass instrument, else the lowest single line below C#3 (of two parts or more)."""
    low = [v for v in active if v.low() and v.pitch < 58 and v.poly < 1.8]
    if previous in low:
        return previous
    if low:
        return min(low, key=lambda v: v.pitch)
    deep = [v for v in single if v.pitch < 50]
    return min(deep, key=lambda v: v.pitch) if deep and len(active) > 1 else None


def assign(score: Score, bars: list[Bar], kind: str) -> Stems:
    """Stems of a score; `kind` is lied, quartet, lead-sheet, drums or any."""
    stems = Stems(len(bars))
    pitched = [p for p in score.parts if is_pitched(p)]
    tables = [quantise(bars, p.notes) for p in pitched]
    drums = [quantise(bars, p.notes) for p in score.parts if p.drums]
    if drums and sum(map(len, drums)):
        stems.add("drums", sort_rows(*drums))
    if not pitched:
        return stems
    voices = [i for i, p in enumerate(pitched) if VOICE_NAMES.search(p.name) and p.staff == 1]
    hands = {s: [i for i, p in enumerate(pitched) if p.staff == s and i not in voices] for s in (1, 2)}
    if kind == "lied" and len(hands[2]) == 1 and len(pitched) >= 3:
        left = hands[2][0]
        voice = voices[0] if voices else 0
        if left >= 1 and voice != left - 1:
            lied(stems, tables[voice], tables[left - 1], tables[left])
            return stems
    if kind == "quartet" and len(pitched) >= 4 and all(p.staff == 1 for p in pitched):
        quartet(stems, tables)
    elif kind == "lead-sheet":
        stems.add("melody", skyline(tables[0])[0])
    elif len(pitched) == 1 or (len(pitched) == 2 and all(_poly(t) > 1.15 for t in tables)):
        low_first = len(tables) == 2 and tables[0][:, 2].mean() < tables[1][:, 2].mean()
        pair = tables[::-1] if low_first else tables
        for first in range(0, stems.bars, SECTION):
            last = min(first + SECTION, stems.bars)
            right, left = within(pair[0], first, last), within(pair[1], first, last) if len(pair) > 1 else EMPTY
            keyboard(stems, right, left, first, last)
    else:
        band(stems, [_Voice(p, t) for p, t in zip(pitched, tables, strict=True) if len(t)])
    return stems


def _poly(notes: np.ndarray) -> float:
    return len(notes) / max(len(np.unique(notes[:, 0])), 1) if len(notes) else 0.0
