"""Cells -> notes -> a standard MIDI file: one track a stem, General MIDI programs, drums on channel 10."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import mido
import numpy as np

import tokens as T
from passage import MINOR_MODES, Passage, chord_at, used_slots
from tasks import Job

TICKS = 480  # a quarter note: sixteenths and thirds of a beat are whole ticks
SLOT_TICKS = (120, 120, 120, 160, 0)  # by meter id
SIGNATURES = ((4, 4), (3, 4), (6, 8), (4, 4))
SHARPNESS = 0.6  # as in the engine: below 1 it keeps accents from being levelled by the mean
PLAIN_VELOCITY = 80  # of given notes that say nothing
CHANNELS = {"melody": 0, "counter": 1, "harmony": 2, "bass": 3, "drums": 9}
# Programs of the engine's palettes (melody, counter, harmony, bass, drum kit), which its soundfont holds.
PLUCKED, WOODEN, GLASS, HEROIC = (73, 24, 46, 32, 0), (71, 108, 12, 32, 40), (11, 46, 89, 39, 25), (56, 60, 49, 58, 48)
PALETTE_OF_STYLE = {
    "song": PLUCKED, "chamber": WOODEN, "game-ambient": GLASS, "game-driving": HEROIC, "role-playing": PLUCKED,
    "keyboard": WOODEN, "groove": PLUCKED, "unknown": PLUCKED,
}  # fmt: skip
DRUM_KEYS = {  # General MIDI keys of a drum id
    T.LOW: ((), (36,), (38,), (36, 38), (37,), (36, 37)),
    T.HIGH: ((), (42,), (46,), (44,), (51,), (53,), (49,)),
    T.PERC: ((), (43,), (45,), (48,), (70,), (43, 48)),
}
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
SUFFIXES = ("", "m", "dim", "aug", "maj7", "m7", "7", "m7b5", "dim7", "sus4")  # of the chord qualities
PARENT = (0, 2, 4, 5, 7, 9, 11, 0)  # semitones from the tonic of the major scale up to the mode's tonic
MAJOR_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_KEYS = ("Am", "Bbm", "Bm", "Cm", "C#m", "Dm", "D#m", "Em", "Fm", "F#m", "Gm", "G#m")  # relative to those


@dataclass(frozen=True)
class Note:
    """Times are ticks from the start of the passage; `slot` is the cell it comes from."""

    stem: str
    start: int
    end: int
    pitch: int
    velocity: int
    slot: int
    written: bool


@dataclass(frozen=True, eq=False)
class Take:
    """What a job became."""

    name: str
    job: Job
    passage: Passage  # with the written cells and chords
    notes: list[Note]


def take_of(name: str, job: Job, cells: np.ndarray, chords: np.ndarray, expression: np.ndarray, table) -> Take:
    """A take from what the sampler wrote; `expression` is (256, 85) logits."""
    passage = replace(job.passage, cells=cells.astype(np.int32), chords=chords.astype(np.int32))
    return Take(name, job, passage, notes_of(passage, table, job.open, expression))


def clock(bars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tick at which each slot (256) and each bar (16, and the end) starts; unused slots start where the next does."""
    length = np.array(SLOT_TICKS)[bars[:, T.C_METER]]
    step = np.repeat(length, T.SLOTS) * used_slots(bars)
    starts = np.concatenate([[0], np.cumsum(step)])
    return starts[:-1], starts[:: T.SLOTS]


def touch(expression: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean velocity and mean shift in slots, (256, 5) each, of expression logits (256, 85)."""
    split = expression.reshape(T.CELLS, len(T.STEMS), T.VELOCITIES + T.TIMINGS)
    level = _mean_bin(split[..., : T.VELOCITIES])
    bin_ = _mean_bin(split[..., T.VELOCITIES :])
    return 16 * level + 8, (bin_ - (T.TIMINGS - 1) / 2) / 16


def _mean_bin(logits: np.ndarray) -> np.ndarray:
    weight = np.exp((logits - logits.max(-1, keepdims=True)) / SHARPNESS)
    return (weight * np.arange(logits.shape[-1])).sum(-1) / weight.sum(-1)


def notes_of(passage: Passage, table: T.VoicingTable, open_cells: np.ndarray, expression: np.ndarray) -> list[Note]:
    """All notes in order of time. Written ones take velocity and timing from the network, given ones their own."""
    loud, shift = touch(expression)
    starts, bar_starts = clock(passage.bars)
    used = np.flatnonzero(used_slots(passage.bars))
    end = int(bar_starts[-1])
    result = []
    for column, stem in enumerate(T.STEMS):
        lanes = [lane for lane in T.STEM_LANES[stem] if lane != T.OCTAVE]
        onsets = [int(i) for i in used if any(_is_onset(passage.cells[i, lane], lane) for lane in lanes)]
        played = {}
        for slot in onsets:
            written = bool(open_cells[slot, lanes].any())
            velocity, late = loud[slot, column], shift[slot, column]
            if not written:
                known = passage.velocity[slot, column], passage.timing[slot, column]
                velocity = 16 * known[0] + 8 if known[0] != T.NO_LABEL else PLAIN_VELOCITY
                late = (known[1] - 4) / 16 if known[1] != T.NO_LABEL else 0.0
            if slot % T.SLOTS == 0:
                late = max(late, 0.0)  # nothing moves across a bar line: bars are cut there
            tick = starts[slot] + round(float(late) * SLOT_TICKS[int(passage.bars[slot // T.SLOTS, T.C_METER])])
            played[slot] = int(tick), int(np.clip(round(float(velocity)), 1, 127)), written
        for k, slot in enumerate(onsets):
            tick, velocity, written = played[slot]
            stop = _stop(passage, stem, lanes[0], slot, used, starts, end)
            if k + 1 < len(onsets):
                stop = min(stop, played[onsets[k + 1]][0])
            for pitch in _pitches(passage, stem, lanes, slot, table):
                result.append(Note(stem, tick, max(stop, tick + 1), pitch, velocity, slot, written))
    return sorted(result, key=lambda n: (n.start, T.STEMS.index(n.stem), n.pitch))


def _is_onset(cell: int, lane: int) -> bool:
    return (1 if lane in DRUM_KEYS else T.ONSET) <= cell < T.MASK_IDS[lane]


def _stop(passage: Passage, stem: str, lane: int, slot: int, used: np.ndarray, starts: np.ndarray, end: int) -> int:
    """Tick after the last slot that holds the note of `slot`."""
    for i in used[np.searchsorted(used, slot) + 1 :]:
        if stem == "drums" or passage.cells[i, lane] != T.HOLD:
            return int(starts[i])
    return end


def _pitches(passage: Passage, stem: str, lanes: list[int], slot: int, table: T.VoicingTable) -> list[int]:
    cell = [int(passage.cells[slot, lane]) for lane in lanes]
    if stem == "drums":
        return [key for lane, value in zip(lanes, cell, strict=True) if _is_onset(value, lane)
                for key in DRUM_KEYS[lane][value]]  # fmt: skip
    if stem != "harmony":
        return [T.id_to_pitch(lanes[0], cell[0], passage.tonic)]
    chord = int(passage.chords[slot // T.PATCH])
    root = (passage.tonic + (chord // 10 if chord < T.NO_CHORD else 0)) % 12
    octave = min(int(passage.cells[slot, T.OCTAVE]), T.LANE_SIZES[T.OCTAVE] - 1)
    return T.harmony_pitches(table, cell[0], octave, root)


def key_name(tonic: int, mode: int) -> str:
    """Key signature of a mode, as MIDI writes it; an unknown mode counts as major."""
    parent = (tonic - PARENT[mode]) % 12
    return MINOR_KEYS[parent] if mode in MINOR_MODES else MAJOR_KEYS[parent]


def chord_name(chord: int, tonic: int, key_of_bar: np.ndarray) -> str:
    """`F#m7` and the like, spelled for the bar's key (tonic, mode); empty where there is no chord."""
    if chord >= T.NO_CHORD:
        return ""
    key = key_name(int(key_of_bar[0]), int(key_of_bar[1]))
    flat = "b" in key or key in ("F", "Dm", "Gm", "Cm", "Fm")
    return (FLAT_NAMES if flat else SHARP_NAMES)[(chord // 10 + tonic) % 12] + SUFFIXES[chord % 10]


def key_title(key_of_bar: np.ndarray) -> str:
    """`F# dorian`, for people."""
    tonic, mode = int(key_of_bar[0]), int(key_of_bar[1])
    return f"{chord_name(0, tonic, key_of_bar)} {T.MODES[mode]}".replace(" unknown", "")


def chord_names(passage: Passage) -> list[tuple[int, int, str, bool]]:
    """(bar, half, name, changed) of every half bar that has a chord."""
    result, before = [], ""
    for bar in range(passage.count):
        for half in range(2):
            chord = chord_at(passage.chords, passage.bars, bar, half)
            name = chord_name(chord, passage.tonic, passage.keys[bar])
            if name:
                result.append((bar, half, name, name != before))
            before = name
    return result


def to_midi(take: Take, path: Path) -> None:
    """Write a take: a track of tempo, meter, key and chord markers, then one track a stem."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    file.tracks.append(_head(take))
    style = T.STYLES[min(int(take.passage.bars[0, T.C_STYLE]), 7)]
    end = int(clock(take.passage.bars)[1][-1])
    for column, stem in enumerate(T.STEMS):
        notes = [n for n in take.notes if n.stem == stem]
        if not notes:
            continue
        channel = CHANNELS[stem]
        rows = []
        for n in notes:
            rows.append((n.start, 1, mido.Message("note_on", channel=channel, note=n.pitch, velocity=n.velocity)))
            rows.append((min(n.end, end), 0, mido.Message("note_off", channel=channel, note=n.pitch, velocity=0)))
        rows.sort(key=lambda row: (row[0], row[1], row[2].note))
        program = mido.Message("program_change", channel=channel, program=PALETTE_OF_STYLE[style][column])
        rows = [(0, 0, mido.MetaMessage("track_name", name=stem)), (0, 0, program), *rows]
        file.tracks.append(_track(rows, end))
    file.save(path)


def _head(take: Take) -> mido.MidiTrack:
    passage = take.passage
    starts = clock(passage.bars)[1]
    rows = [(0, 0, mido.MetaMessage("track_name", name=take.name))]
    before = {}
    for bar in range(passage.count):
        beats, unit = SIGNATURES[int(passage.bars[bar, T.C_METER])]
        tempo = mido.bpm2tempo(float(passage.tempo[bar]))
        tonic, mode = (int(x) for x in passage.keys[bar])
        now = {
            "meter": mido.MetaMessage("time_signature", numerator=beats, denominator=unit),
            "tempo": mido.MetaMessage("set_tempo", tempo=tempo),
            "key": mido.MetaMessage("key_signature", key=key_name(tonic, mode)),
        }
        rows += [(int(starts[bar]), k, m) for k, (what, m) in enumerate(now.items(), 1)
                 if bar == 0 or before[what] != m]  # fmt: skip
        before = now
    for bar, half, name, changed in chord_names(passage):
        if changed:
            middle = (starts[bar] + starts[bar + 1]) // 2
            rows.append((int(starts[bar] if half == 0 else middle), 4, mido.MetaMessage("marker", text=name)))
    return _track(sorted(rows, key=lambda row: row[:2]), int(starts[-1]))


def _track(rows: list[tuple], end: int) -> mido.MidiTrack:
    track, at = mido.MidiTrack(), 0
    for tick, _, message in rows:
        track.append(message.copy(time=tick - at))
        at = tick
    track.append(mido.MetaMessage("end_of_track", time=end - at))
    return track
