"""Twelve short waltzes in one manner, made by rule: what `finetune.py` is shown and tested with.

    python models/tiny/waltzes.py --out runs/waltzes
    python models/tiny/waltzes.py --compare models/shipped/lite/weights.safetensors runs/mine/weights.safetensors

The manner: 3/4 in minor; the bass never leaves one ostinato of a quarter and four eighths (root, fifth, octave,
fifth, third); chords strike on the second and third beat; the melody sings a dotted motif and turns back.
`--compare` has each of the two networks write whole windows from nothing but meter, mode and a phrase position, and
prints in how many bars the bass has the ostinato's rhythm, and in how many its intervals too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import mido
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import export_onnx
import likelihood
import masks
import sampler
import tokens as T

BEATS, BARS, COUNT, TEMPO, PER_QUARTER = 3, 32, 12, 138, 480
SCALE = (0, 2, 3, 5, 7, 8, 10)
PROGRESSIONS = ((0, 8, 5, 7), (0, 3, 8, 7), (0, 5, 10, 3), (0, 10, 8, 7))  # roots above the tonic
QUALITY = {0: (0, 3, 7), 3: (0, 4, 7), 5: (0, 3, 7), 7: (0, 4, 7), 8: (0, 4, 7), 10: (0, 4, 7)}
OSTINATO = ((0.0, 0), (1.0, 2), (1.5, 3), (2.0, 2), (2.5, 1))  # quarter, note of root third fifth octave
OSTINATO_SLOTS = [int(4 * at) for at, _ in OSTINATO]
FIGURES = ((7, 5, -5, -4), (7, 5, -5, -3))  # its intervals over a minor and a major chord
MOTIFS = (((0.0, 1.5), (1.5, 0.5), (2.0, 1.0)), ((0.0, 1.5), (1.5, 0.5), (2.0, 0.5), (2.5, 0.5)), ((0.0, 3.0),))
PROGRAMS = {"melody": 73, "harmony": 0, "bass": 33}
Notes = dict[str, list[tuple[float, float, int, int]]]  # stem -> onset and length in quarters, pitch, velocity


def waltz(rng: np.random.Generator) -> Notes:
    """One piece: A A B A of eight bars each, so that it repeats itself as songs do."""
    tonic, progression = int(rng.integers(0, 12)), PROGRESSIONS[rng.integers(len(PROGRESSIONS))]
    sections = {
        name: _section(rng, tonic, progression[turn:] + progression[:turn]) for name, turn in (("A", 0), ("B", 2))
    }
    piece: Notes = {stem: [] for stem in PROGRAMS}
    for index, name in enumerate("AABA"):
        for stem, notes in sections[name].items():
            piece[stem] += [(at + index * 8 * BEATS, length, pitch, loud) for at, length, pitch, loud in notes]
    return piece


def _section(rng: np.random.Generator, tonic: int, roots: tuple[int, ...]) -> Notes:
    notes: Notes = {stem: [] for stem in PROGRAMS}
    degree = int(rng.choice((4, 7)))
    for bar in range(8):
        root, at = roots[bar % 4], bar * BEATS
        low = 28 + (tonic + root - 28) % 12  # E1 to D#2, so that the octave above stays a bass
        third, fifth = QUALITY[root][1:]
        for quarter, step in OSTINATO:
            length = 1.0 if quarter == 0 else 0.5
            notes["bass"].append((at + quarter, length, low + (0, third, fifth, 12)[step], 92 if quarter == 0 else 70))
        for beat in (1, 2):
            notes["harmony"] += [(at + beat, 0.5, 48 + (tonic + root) % 12 + step, 58) for step in (0, third, fifth)]
        for quarter, length in MOTIFS[2] if bar == 7 else MOTIFS[rng.integers(2)]:
            pitch = 72 + tonic % 12 - 12 * (tonic > 5) + SCALE[degree % 7] + 12 * (degree // 7 - 1)
            notes["melody"].append((at + quarter, length, pitch, 88 if quarter == 0 else 76))
            degree = int(np.clip(degree + rng.choice((-2, -1, -1, 1, 1, 2)), 2, 13))
    return notes


def write(folder: Path, count: int = COUNT, seed: int = 5) -> list[Path]:
    """The pieces as MIDI files of three tracks."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, paths = np.random.default_rng(seed), []
    for index in range(count):
        file = mido.MidiFile(ticks_per_beat=PER_QUARTER)
        head = mido.MidiTrack([mido.MetaMessage("time_signature", numerator=BEATS, denominator=4)])
        head.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(TEMPO + 2 * index)))
        file.tracks.append(head)
        for channel, (stem, notes) in enumerate(waltz(rng).items()):
            file.tracks.append(_track(stem, channel, notes))
        paths.append(folder / f"waltz-{index + 1:02}.mid")
        file.save(paths[-1])
    return paths


def _track(stem: str, channel: int, notes: list[tuple[float, float, int, int]]) -> mido.MidiTrack:
    events = [(at, 1, pitch, loud) for at, _, pitch, loud in notes]
    events += [(at + length, 0, pitch, 0) for at, length, pitch, _ in notes]
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=stem)])
    track.append(mido.Message("program_change", channel=channel, program=PROGRAMS[stem]))
    now = 0
    for at, on, pitch, loud in sorted(events):
        tick = round(at * PER_QUARTER)
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=loud, time=tick - now))
        now = tick
    return track


def blank() -> tuple[np.ndarray, np.ndarray, np.ndarray, dict]:
    """A window of 3/4 in minor for melody, harmony and bass in which everything is to be written."""
    cells, chords, bars = T.absent_window()
    used = np.tile(np.arange(T.SLOTS) < T.METER_SLOTS[1], T.BARS)
    for lane in (T.MELODY, T.HARMONY, T.BASS):
        cells[used, lane] = T.REST
    chords.reshape(T.BARS, 8)[:, :6] = T.NO_CHORD
    bars[:, T.C_METER], bars[:, T.C_MODE], bars[:, T.C_POSITION] = 1, T.MODES.index("aeolian"), np.arange(T.BARS) % 8
    return cells, chords, bars, {"cells": cells != T.ABSENT_IDS, "chords": np.ones((T.BARS, 2), bool)}


def ostinato_share(cells: np.ndarray) -> tuple[float, float]:
    """Share of the bars whose bass has the ostinato's onsets, and of those that have its intervals too."""
    rhythm, intervals = [], []
    for bar in np.flatnonzero(cells[:: T.SLOTS, T.BASS] != T.ABSENT_IDS[T.BASS]):
        line = cells[bar * T.SLOTS :][: T.METER_SLOTS[1], T.BASS].astype(int)
        rhythm.append(np.flatnonzero(line >= T.ONSET).tolist() == OSTINATO_SLOTS)
        intervals.append(rhythm[-1] and tuple(np.diff(line[OSTINATO_SLOTS]).tolist()) in FIGURES)
    return float(np.mean(rhythm)), float(np.mean(intervals))


def written(path: Path, count: int = 8, seed: int = 2) -> tuple[float, float]:
    """Both shares over `count` windows that the network of a weights file writes."""
    model, facts = export_onnx.load_checkpoint(path)
    cells, chords, bars, hidden = blank()
    shown = masks.apply(cells[None], hidden["cells"][None])[0]
    tasks = [
        sampler.Task(shown, chords, bars, hidden["cells"], hidden["chords"], seed + i, T.MODES.index("aeolian"))
        for i in range(count)
    ]
    with torch.no_grad():
        takes = sampler.write(likelihood.torch_runner(model), tasks, shapes=facts["voicings"])
    return tuple(np.mean([ostinato_share(take.cells) for take in takes], axis=0).tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder for the MIDI files")
    parser.add_argument("--compare", type=Path, nargs="+", default=[], help="weights to write windows with")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.out:
        print(f"{len(write(args.out))} waltzes in {args.out}")
    for path in args.compare:
        rhythm, intervals = written(path)
        print(
            f"{path}: the ostinato's rhythm in {rhythm:.0%} of the bars it wrote, its intervals too in {intervals:.0%}"
        )


if __name__ == "__main__":
    main()
