"""Faults that the eye finds in piano rolls, counted: in written takes, and in works that people wrote.

    python models/write.py --contact-sheet --out runs/sheets       # prints them under the sheets
    python models/faults.py --prepared runs/data                   # the same of held-out works

A fault is no mistake by itself: real music has every one of them. It is one where takes have more of it.
Each counter answers (found, of how many). Strong beats are those of weight 3 and more in `sampler.geometry`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import closed_loop
import corpora
import metrics as M
import tokens as T
from sampler.geometry import WEIGHTS

BUSY_KICKS, STATIC_NOTES = 8, 4  # onsets a bar
MUD_BELOW, MUD_INTERVAL = 48, 5  # two notes below C3 that lie closer than a fourth
LAST = 7  # position of the last bar of a phrase
FILL_SNARES = 3  # in the second half of a bar
KICKS, SNARES, TOMS, CRASH = (1, 3, 5), (2, 3), (1, 2, 3, 5), 6

Count = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Music:
    """One window, ready to be looked at."""

    cells: np.ndarray  # (256, 8)
    chords: np.ndarray  # (128)
    bars: np.ndarray  # (16, 18)
    tonic: int
    lines: dict[int, np.ndarray]  # by lane: (256) the MIDI pitch that sounds in a slot, -1 for none
    harmony: list[tuple[int, ...]]  # by slot: the MIDI pitches that sound
    here: list[int]  # bars that are there


def look(cells: np.ndarray, chords: np.ndarray, bars: np.ndarray, tonic: int, table: T.VoicingTable) -> Music:
    lines = {}
    for lane in M.LINES:
        event = in_force(cells[:, lane].astype(int))
        onset = (event >= T.ONSET) & (event < T.LANE_SIZES[lane])
        lines[lane] = np.where(onset, T.id_to_pitch(lane, event, tonic), -1)
    slots = last_event(cells[:, T.HARMONY].astype(int))
    harmony = [_chord(cells, chords, int(slot), tonic, table) for slot in slots]
    here = np.flatnonzero(bars[:, T.C_METER] != T.METER_ABSENT).tolist()
    return Music(cells.astype(int), chords.astype(int), bars.astype(int), tonic, lines, harmony, here)


def last_event(line: np.ndarray) -> np.ndarray:
    """(256) the slot of the event that a slot belongs to: its own, or that which it holds."""
    return np.maximum.accumulate(np.where(line != T.HOLD, np.arange(T.CELLS), 0))


def in_force(line: np.ndarray) -> np.ndarray:
    return line[last_event(line)]


def _chord(cells: np.ndarray, chords: np.ndarray, slot: int, tonic: int, table: T.VoicingTable) -> tuple[int, ...]:
    cell = int(cells[slot, T.HARMONY])
    if not T.ONSET <= cell < T.ONSET + len(table.table):
        return ()
    chord = int(chords[slot // T.PATCH])
    root = (tonic + (chord // 10 if chord < T.NO_CHORD else 0)) % 12
    octave = min(int(cells[slot, T.OCTAVE]), T.LANE_SIZES[T.OCTAVE] - 1)
    return tuple(T.harmony_pitches(table, cell, octave, root))


def share_of(marks: Iterable[bool]) -> Count:
    found = list(marks)
    return sum(found), len(found)


def by_bar(music: Music, lane: int) -> list[tuple[int, list[int]]]:
    """Bars with the pitches of their onsets in a one-voice lane."""
    tune = M.notes(music.cells, lane, slice(0, T.BARS))
    return [(b, tune[tune[:, 0] // T.SLOTS == b][:, 1].tolist()) for b in music.here]


def one_pitch(music: Music, lane: int, least: int) -> Count:
    return share_of(len(set(p)) == 1 for _, p in by_bar(music, lane) if len(p) >= least)


def leaps(music: Music) -> Count:
    tune = M.notes(music.cells, T.MELODY, slice(0, T.BARS))
    near = np.diff(tune[:, 0]) <= T.SLOTS
    return share_of((np.abs(np.diff(tune[:, 1]))[near] > 12).tolist())


def no_motif(music: Music) -> Count:
    """Of blocks of eight sounding bars those in which no rhythm of two notes or more comes back."""
    hits = M.onsets(music.cells, "melody")
    blocks = [[hits[b].tobytes() for b in music.here[i : i + 8] if hits[b].sum() > 1] for i in (0, 8)]
    return share_of(len(set(block)) == len(block) for block in blocks if len(block) >= 6)


def bars_again(music: Music) -> Count:
    """Sounding bars of the melody that are an earlier one of their eight."""
    lines = music.cells[:, T.MELODY].reshape(T.BARS, T.SLOTS)
    hits = M.onsets(music.cells, "melody").any(1)
    marks = []
    for bar in music.here:
        first = bar - bar % 8
        if bar > first and hits[bar]:
            marks.append(any((lines[bar] == lines[other]).all() for other in range(first, bar)))
    return share_of(marks)


def tune_of(music: Music, first: int) -> np.ndarray:
    """Bar and pitch of the melody's notes in eight bars; none where they are fewer than one a bar."""
    tune = M.notes(music.cells, T.MELODY, slice(first, first + 8))
    return np.stack([tune[:, 0] // T.SLOTS, tune[:, 1]], 1) if len(tune) >= 8 else tune[:0, :2]


def circling(music: Music) -> Count:
    """Blocks of eight bars half of whose melody notes or more are one pitch."""
    blocks = [t for t in (tune_of(music, 0), tune_of(music, 8)) if len(t)]
    return share_of(np.unique(t[:, 1], return_counts=True)[1].max() >= len(t) / 2 for t in blocks)


def no_climax(music: Music) -> Count:
    """Blocks of eight bars whose highest note comes in four bars or more."""
    blocks = [t for t in (tune_of(music, 0), tune_of(music, 8)) if len(t)]
    return share_of(len(np.unique(t[t[:, 1] == t[:, 1].max(), 0])) >= 4 for t in blocks)


def crumbs(music: Music, lane: int) -> Count:
    """Notes of one slot, off the eighths, with silence behind them."""
    line = music.cells[:, lane]
    tune = M.notes(music.cells, lane, slice(0, T.BARS))
    after = [int(line[s + 1]) if s + 1 < T.CELLS else T.REST for s in tune[:, 0]]
    marks = zip(tune.tolist(), after, strict=True)
    return share_of(n == 1 and s % 2 == 1 and then == T.REST for (s, _, n), then in marks)


def phrase_ends(music: Music) -> list[int]:
    return [b for b in music.here if music.bars[b, T.C_POSITION] == LAST]


def restless_ends(music: Music) -> Count:
    """Phrases whose last bar has no note, or rest after a note, of half a bar in the melody."""
    marks = []
    for bar in phrase_ends(music):
        slots = T.METER_SLOTS[int(music.bars[bar, T.C_METER])]
        tune = M.notes(music.cells, T.MELODY, slice(bar, bar + 1))
        if len(tune):
            marks.append(bar * T.SLOTS + slots - tune[-1, 0] < slots // 2)
    return share_of(marks)


def foreign_ends(music: Music) -> Count:
    """Phrases whose last melody note is no tone of its chord."""
    marks = []
    for bar in phrase_ends(music):
        tune = M.notes(music.cells, T.MELODY, slice(bar, bar + 1))
        chord = int(music.chords[tune[-1, 0] // T.PATCH]) if len(tune) else T.NO_CHORD
        if chord < T.NO_CHORD:
            marks.append(int(tune[-1, 1]) % 12 not in T.chord_tones(chord))
    return share_of(marks)


def crossing(music: Music) -> Count:
    melody, counter = music.lines[T.MELODY], music.lines[T.COUNTER]
    both = (melody >= 0) & (counter >= 0)
    return share_of((counter > melody)[both].tolist())


def chords_above(music: Music) -> Count:
    pairs = zip(music.lines[T.MELODY], music.harmony, strict=True)
    return share_of(max(chord) > pitch for pitch, chord in pairs if pitch >= 0 and chord)


def chords_below(music: Music) -> Count:
    pairs = zip(music.lines[T.BASS], music.harmony, strict=True)
    return share_of(min(chord) < pitch for pitch, chord in pairs if pitch >= 0 and chord)


def mud(music: Music) -> Count:
    """Slots with a chord whose low notes, with the bass, lie close."""
    marks = []
    for bass, chord in zip(music.lines[T.BASS], music.harmony, strict=True):
        low = sorted({p for p in (*chord, int(bass)) if 0 <= p < MUD_BELOW})
        if chord:
            marks.append(any(b - a < MUD_INTERVAL for a, b in zip(low, low[1:], strict=False)))
    return share_of(marks)


def strong(music: Music) -> list[int]:
    return [b * T.SLOTS + i for b in music.here for i, w in enumerate(WEIGHTS[int(music.bars[b, T.C_METER])]) if w >= 3]


def clashes(music: Music) -> Count:
    """Strong beats on which the melody, foreign to the chord, lies a semitone (and octaves) from harmony or bass."""
    marks = []
    for slot in strong(music):
        others = [*music.harmony[slot], *[int(p) for p in (music.lines[T.BASS][slot],) if p >= 0]]
        pitch = int(music.lines[T.MELODY][slot])
        if pitch >= 0 and others:
            near = any((pitch - p) % 12 in (1, 11) for p in others)
            degree = (pitch - music.tonic) % 12
            marks.append(near and degree not in T.chord_tones(int(music.chords[slot // T.PATCH])))
    return share_of(marks)


def off_root(music: Music) -> Count:
    """Downbeats of the bass that are not the root of the chord."""
    line, marks = music.cells[:, T.BASS], []
    for bar in music.here:
        slot = bar * T.SLOTS
        chord = int(music.chords[slot // T.PATCH])
        if T.ONSET <= line[slot] < T.LANE_SIZES[T.BASS] and chord < T.NO_CHORD:
            marks.append(int(T.LANE_RANGE[T.BASS][0] + line[slot] - T.ONSET) % 12 != chord // 10)
    return share_of(marks)


def drum_bars(music: Music) -> list[tuple[int, np.ndarray]]:
    """Bars in which a drum is struck, with their (16, 3) ids."""
    ids = music.cells[:, [T.LOW, T.HIGH, T.PERC]].reshape(T.BARS, T.SLOTS, 3)
    hits = M.onsets(music.cells, "drums")
    return [(b, ids[b]) for b in music.here if hits[b].any()]


def busy_kicks(music: Music) -> Count:
    return share_of(np.isin(ids[:, 0], KICKS).sum() >= BUSY_KICKS for _, ids in drum_bars(music))


def no_backbeat(music: Music) -> Count:
    """Bars of 4/4 with a snare, but with none on the second or the fourth beat."""
    struck = [(b, np.isin(ids[:, 0], SNARES)) for b, ids in drum_bars(music) if music.bars[b, T.C_METER] == 0]
    return share_of(not s[[4, 12]].any() for _, s in struck if s.any())


def no_fill(music: Music) -> Count:
    """Phrases in whose last bar neither toms nor a row of snares leave the groove."""
    ends, marks = phrase_ends(music), []
    for bar, ids in drum_bars(music):
        if bar in ends and bar + 1 in music.here:
            late = ids[T.METER_SLOTS[int(music.bars[bar, T.C_METER])] // 2 :]
            marks.append(not np.isin(late[:, 2], TOMS).any() and np.isin(late[:, 0], SNARES).sum() < FILL_SNARES)
    return share_of(marks)


def no_crash(music: Music) -> Count:
    """Phrases, but for the first, that no crash opens."""
    return share_of(ids[0, 1] != CRASH for b, ids in drum_bars(music) if b > 0 and music.bars[b, T.C_POSITION] == 0)


FAULTS: dict[str, Callable[[Music], Count]] = {
    "melody: bars of 3 notes or more on one pitch": lambda m: one_pitch(m, T.MELODY, 3),
    "melody: leaps over an octave": leaps,
    "melody: 8 bars without a rhythm that comes back": no_motif,
    "melody: bars that are an earlier one of their 8": bars_again,
    "melody: 8 bars, half of their notes one pitch": circling,
    "melody: 8 bars whose top comes in 4 or more": no_climax,
    "melody: lone sixteenths off the beat": lambda m: crumbs(m, T.MELODY),
    "melody: phrases that do not come to rest": restless_ends,
    "melody: phrases that end on a foreign tone": foreign_ends,
    "melody: semitone clashes on strong beats": clashes,
    "counter: above the melody": crossing,
    "harmony: above the melody": chords_above,
    "harmony: below the bass": chords_below,
    "harmony: mud below C3": mud,
    "bass: bars of 4 notes or more on one pitch": lambda m: one_pitch(m, T.BASS, STATIC_NOTES),
    "bass: downbeats off the root": off_root,
    "bass: lone sixteenths off the beat": lambda m: crumbs(m, T.BASS),
    "drums: bars of 8 kicks or more": busy_kicks,
    "drums: bars without a backbeat": no_backbeat,
    "drums: phrases that end without a fill": no_fill,
    "drums: phrases without a crash at their start": no_crash,
}


def tally(pieces: Iterable[Music]) -> dict[str, Count]:
    """All faults of some windows together."""
    found = {name: np.zeros(2, int) for name in FAULTS}
    for music in pieces:
        for name, counter in FAULTS.items():
            found[name] += counter(music)
    return {name: (int(a), int(b)) for name, (a, b) in found.items()}


def table(columns: dict[str, dict[str, Count]]) -> str:
    """Faults by row, shares by column."""

    def cell(count: Count) -> str:
        return f"{count[0] / count[1]:.1%} of {count[1]}" if count[1] else "–"

    lines = [f"| fault | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    lines += [f"| {name} | {' | '.join(cell(c[name]) for c in columns.values())} |" for name in FAULTS]
    return "\n".join(lines)


def held_out(folder: Path, members: tuple[str, ...], count: int) -> list[Music]:
    """Full windows of held-out works, spread over the pieces."""
    meta = json.loads((folder / "meta.json").read_text())
    data = dict(np.load(folder / "heldout.npz"))
    bench = closed_loop.Bench(None, data, meta["voicings"], None)
    windows = closed_loop.full_windows(bench, meta["corpora"], members, count)
    voicings = T.VoicingTable(meta["voicings"])
    return [look(*bench.window(i), int(data["tonic"][i]), voicings) for i in windows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepared", type=Path, required=True, help="a folder that prepare.py wrote")
    parser.add_argument("--windows", type=int, default=400, help="of each group")
    args = parser.parse_args()
    groups = {"games": corpora.GAME, "Groove": ("groove",), "scores": corpora.SCORES}
    print(table({name: tally(held_out(args.prepared, m, args.windows)) for name, m in groups.items()}))


if __name__ == "__main__":
    main()
