"""Standard MIDI file -> Score. Tracks are split by channel; channel 10 is drums."""

from __future__ import annotations

import re
from pathlib import Path

import mido
import numpy as np

from score import ONSET, PITCH, VELOCITY, Measure, Part, Score, measures_from_signatures

PHASE_GAIN = 1.3  # how much stronger another beat must be before the bar lines are moved
MOST_QUARTERS = 20_000  # two and a half hours at 120; a damaged file may claim years


def read_midi(path: Path, test_phase: bool = True) -> Score:
    """Read a file; raises OSError, EOFError, ValueError or KeyError on a broken one."""
    midi = mido.MidiFile(path, clip=True)
    per_quarter = midi.ticks_per_beat
    if per_quarter <= 0:
        raise ValueError("times in seconds, not in beats")
    notes: dict[tuple[int, int], list[tuple[float, float, int, int]]] = {}
    programs: dict[tuple[int, int], int] = {}
    names: dict[int, str] = {}
    signatures, keys, tempos = [], [], []
    for index, track in enumerate(midi.tracks):
        at, sounding = 0, {}
        for message in track:
            at += message.time
            quarter = at / per_quarter
            kind = message.type
            if kind in ("note_on", "note_off"):
                key = (message.channel, message.note)
                if key in sounding:
                    start, velocity = sounding.pop(key)
                    note = (start, max(quarter - start, 1e-3), message.note, velocity)
                    notes.setdefault((index, message.channel), []).append(note)
                if kind == "note_on" and message.velocity > 0:
                    sounding[key] = (quarter, message.velocity)
            elif kind == "program_change":
                programs.setdefault((index, message.channel), message.program)
                programs.setdefault((-1, message.channel), message.program)
            elif kind == "track_name":
                names.setdefault(index, message.name)
            elif kind == "time_signature":
                signatures.append((quarter, message.numerator, message.denominator))
            elif kind == "key_signature":
                keys.append((quarter, _sharps(message.key)))
            elif kind == "set_tempo":
                tempos.append((quarter, mido.tempo2bpm(message.tempo)))
    parts = []
    for (index, channel), rows in sorted(notes.items()):
        table = np.array(sorted(rows), np.float64)  # n 4
        program = programs.get((index, channel), programs.get((-1, channel), -1))
        parts.append(Part(names.get(index, ""), table, program, channel == 9))
    if not parts:
        raise ValueError("no notes")
    end = max(float((p.notes[:, ONSET] + p.notes[:, 1]).max()) for p in parts)
    if end > MOST_QUARTERS:
        raise ValueError("too long")
    signatures = _last_at_each_place(signatures)
    measures = measures_from_signatures(signatures, end)
    if test_phase and len(signatures) <= 1 and (not signatures or signatures[0][1:] == (4, 4)):
        measures = _moved(parts, measures, end, bool(signatures))
    title = re.sub(r"[_\d-]+$", "", path.stem)
    return Score(parts, measures, keys, _main_tempo(tempos, end), [], title)


def _sharps(key: str) -> int:
    """Sharps of a MIDI key name such as `F#m`; flats are negative."""
    minor = key.endswith("m")
    name = key.rstrip("m")
    order = "FCGDAEB"
    value = order.index(name[0]) - 1 + 7 * (name.count("#") - name.count("b"))
    return value - 3 if minor else value


def _last_at_each_place(signatures: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    kept: dict[float, tuple[float, int, int]] = {}
    for signature in signatures:
        kept[signature[0]] = signature
    result = []
    for signature in sorted(kept.values()):
        if not result or result[-1][1:] != signature[1:]:
            result.append(signature)
    return result


def _main_tempo(tempos: list[tuple[float, float]], end: float) -> float:
    """The tempo that lasts longest, in quarters a minute; 120 where a file has none (MIDI default)."""
    if not tempos:
        return 120.0
    tempos = sorted(tempos)
    spans = {}
    for (at, bpm), (stop, _) in zip(tempos, [*tempos[1:], (end, 0.0)], strict=True):
        spans[bpm] = spans.get(bpm, 0.0) + max(stop - at, 0.0)
    return max(spans, key=spans.get)


def _moved(parts: list[Part], measures: list[Measure], end: float, signed: bool) -> list[Measure]:
    """Bar lines tested against low notes, kicks and crashes; period 3 only where nothing is written."""
    if end < 4:
        return measures
    weight = np.zeros(int(end) + 2)
    for part in parts:
        for onset, length, pitch, _ in part.notes:
            beat = round(onset)
            if abs(onset - beat) > 0.1:
                continue
            if part.drums:
                weight[beat] += {35: 1.0, 36: 1.0, 49: 2.0, 57: 2.0}.get(int(pitch), 0.0)
            else:
                weight[beat] += min(length, 4.0) * (1.0 if pitch < 50 else 0.3)
    four = np.array([weight[i::4].mean() for i in range(4)])
    if not signed and len(weight) > 48:
        three = np.array([weight[i::3].mean() for i in range(3)])
        if three.max() / (three.mean() + 1e-9) > 1.25 * four.max() / (four.mean() + 1e-9):
            shift = int(three.argmax())
            return measures_from_signatures([(shift - 3.0 if shift else 0.0, 3, 4)], end)
    shift = int(four.argmax())
    if shift and len(weight) > 32 and four[shift] > PHASE_GAIN * four[0]:
        return [Measure(m.start + shift - 4.0, 4.0, 4, 4) for m in measures] + [
            Measure(measures[-1].start + shift, 4.0, 4, 4)
        ]
    return measures


def velocities_vary(score: Score) -> bool:
    """Whether a file carries played velocities rather than one constant."""
    return len({int(v) for p in score.parts for v in p.notes[:, VELOCITY]}) > 3


def is_pitched(part: Part) -> bool:
    """Sound effects (GM 120-127) and drums have no pitch."""
    return not part.drums and not 119 <= part.program <= 127 and part.notes[:, PITCH].size > 0
