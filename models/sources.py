"""Where passages come from: our own songs, a prepared folder, a music file, or chords and labels alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

import corpora
import labels
import own_folder
import tokens as T
from passage import MINOR_MODES, Passage, blank, set_chord
from piece import Piece, build, encode
from read_file import PLAYED, read_file
from read_midi import is_pitched
from score import Score, measures_from_signatures
from tiny.make import tiny_scores

TEMPO_OF_AROUSAL = (72, 88, 100, 116, 138)  # quarters a minute where nothing says how fast
SLOWEST, FASTEST = 30.0, 300.0  # quarters a minute that a passage may have
# Eighths of a 3/4 bar -> eighths of a 6/8 bar, so that the second and third beat fall as in a jig.
JIG = np.array([0.0, 0.5, 1.5, 1.0, 2.5, 2.0])

# Progressions of our own, one chord a bar, degrees in semitones above the tonic.
PROGRESSIONS: dict[str, str] = {
    "ionian": "0maj 9min 5maj 7maj 0maj 9min 2min7 7dom7 0maj 4min 5maj 7maj 9min 5maj 7dom7 0maj",
    "lydian": "0maj7 2maj 0maj7 2maj 9min7 2maj 5maj7 7maj 0maj7 2maj 0maj7 2maj 9min7 5maj7 7sus4 0maj",
    "mixolydian": "0maj 10maj 5maj 0maj 0maj 10maj 5maj 7maj 5maj 0maj 10maj 5maj 0maj 10maj 7dom7 0maj",
    "dorian": "0min 5maj 0min 5maj 3maj 10maj 0min 5maj 0min 5maj 10maj 5maj 3maj 10maj 7min7 0min",
    "aeolian": "0min 8maj 3maj 10maj 0min 8maj 5min 7maj 0min 3maj 8maj 10maj 5min 0min 7dom7 0min",
    "phrygian": "0min 1maj 0min 1maj 8maj 1maj 10min 0min 0min 1maj 3maj 1maj 8maj 5min 1maj 0min",
}
SUFFIXES = {
    "": "maj", "m": "min", "dim": "dim", "aug": "aug", "maj7": "maj7", "m7": "min7", "7": "dom7",
    "m7b5": "hdim7", "dim7": "dim7", "sus4": "sus4",
}  # fmt: skip
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MOODS: dict[str, tuple[int, int, str]] = {  # valence 0-4, arousal 0-4, mode
    "bright": (4, 2, "ionian"),
    "heroic": (3, 4, "mixolydian"),
    "dreaming": (3, 0, "lydian"),
    "sad": (1, 1, "aeolian"),
    "menace": (0, 3, "phrygian"),
}


class SourceError(ValueError):
    """Material that cannot be used; the message is one sentence for the user."""


def parse_chords(text: str) -> list[tuple[int, str]]:
    """`Am F C G7` -> (root class, quality) of each; raises `SourceError` on any other spelling."""
    found = []
    for word in text.replace("|", " ").split():
        match = re.fullmatch(r"([A-G])([#b]?)(.*)", word)
        if match is None or match[3] not in SUFFIXES:
            known = ", ".join(repr("C" + s) for s in SUFFIXES)
            raise SourceError(f"{word!r} is no chord; after a root such as C, F# or Bb these are known: {known}.")
        root = NATURALS[match[1]] + {"": 0, "#": 1, "b": -1}[match[2]]
        found.append((root % 12, SUFFIXES[match[3]]))
    if not found:
        raise SourceError("No chord is given.")
    return found


def progression(mode: str, tonic: int) -> list[tuple[int, str]]:
    """Our own chords in a mode."""
    words = (re.fullmatch(r"(\d+)(\D.*)", word) for word in PROGRESSIONS[mode].split())
    return [((tonic + int(m[1])) % 12, m[2]) for m in words]


def plan(
    chords: list[tuple[int, str]], *, mood: str = "bright", style: str = "role-playing", intensity: int = 4,
    meter: int = 0, count: int = T.BARS, tonic: int | None = None, roles: str = "phrases",
) -> Passage:  # fmt: skip
    """Silent bars with chords (one a bar, from the start again when they run out) and labels only.

    `roles` is `phrases` (eight bars A with a fill at their end, eight bars B, the last two an ending) or the name of
    one role.
    Without a tonic the first chord is it.
    """
    valence, arousal, mode = MOODS[mood]
    if tonic is None:
        tonic = chords[0][0]
        mode = mode if (T.MODES.index(mode) in MINOR_MODES) == (chords[0][1] in ("min", "min7")) else "unknown"
    bars = np.tile(T.CONDITION_UNKNOWN, (T.BARS, 1))
    here = bars[:count]
    here[:, T.C_METER], here[:, T.C_MODE], here[:, T.C_STYLE] = meter, T.MODES.index(mode), T.STYLES.index(style)
    here[:, T.C_POSITION] = np.arange(count) % 8
    here[:, T.C_INTENSITY], here[:, T.C_VALENCE], here[:, T.C_AROUSAL] = intensity, valence, arousal
    here[:, T.C_FEEL] = 2 if meter == 3 else 0
    if roles == "phrases":
        here[:, T.C_ROLE] = T.ROLES.index("A")
        here[7:8, T.C_ROLE] = T.ROLES.index("fill")
        here[8:, T.C_ROLE] = T.ROLES.index("B")
        here[-2:, T.C_ROLE] = T.ROLES.index("ending")
    else:
        here[:, T.C_ROLE] = T.ROLES.index(roles)
    tempo = np.full(T.BARS, float(TEMPO_OF_AROUSAL[arousal]))
    passage = blank(f"{mood}, {style}, intensity {intensity}", bars, tonic, tempo)
    for bar in range(count):
        root, quality = chords[bar % len(chords)]
        for half in range(2):
            set_chord(passage.chords, passage.bars, bar, half, T.chord_id(root - tonic, quality))
    return passage


def passage_of(piece: Piece, first: int, table: T.VoicingTable, title: str) -> Passage:
    """Up to 16 bars of a labelled piece from bar `first` on, not across a break."""
    later = [i for i in range(first + 1, piece.bars) if not piece.joined[i]]
    count = min(T.BARS, (later[0] if later else piece.bars) - first)
    window = encode(piece, first, count, table)
    cells, chords, bars = (window[k].astype(np.int32) for k in ("cells", "chords", "bars"))
    velocity, timing = (window[k].astype(int) for k in ("velocity", "timing"))
    tempo = np.full(T.BARS, float(np.clip(piece.tempo or 100.0, SLOWEST, FASTEST)))
    keys = np.stack([piece.tonic[first : first + count], piece.mode[first : first + count]], 1).astype(int)
    keys = np.concatenate([keys, np.repeat(keys[-1:], T.BARS - count, 0)])
    return Passage(title, cells, chords, bars, velocity, timing, int(window["tonic"]), tempo, keys)


def jig(score: Score) -> Score:
    """A song in 3/4 as one in 6/8, its beats made long and short."""
    for part in score.parts:
        bar, inside = np.divmod(part.notes[:, 0], 3.0)
        part.notes[:, 0] = 3.0 * bar + JIG[(inside * 2).astype(int)]
        part.notes[:, 1] = np.minimum(part.notes[:, 1], 3.0 * bar + 3.0 - part.notes[:, 0])
        part.notes[:] = part.notes[np.argsort(part.notes[:, 0], kind="stable")]
    end = max(m.start + m.length for m in score.measures)
    return Score(score.parts, measures_from_signatures([(0.0, 6, 8)], end), [], score.tempo, [], score.title)


def own_songs(table: T.VoicingTable, quartiles: dict, seed: int = 3) -> dict[str, list[Passage]]:
    """Passages of 16 bars of songs made by rule, by meter; no corpus is needed."""
    pieces: list[tuple[str, Piece]] = []
    for index, score in enumerate(tiny_scores(8, seed)):
        meters = ("4/4",) if index % 4 != 3 else ("3/4", "6/8")
        for meter in meters:
            facts = {"corpus": "freedoom", "work": "own", "timed": False, "style": T.STYLES.index("role-playing")}
            piece = build(
                jig(score) if meter == "6/8" else score, "any", name=f"own song {index + 1}, {meter}", **facts
            )
            pieces.append((meter, piece))
    labels.label([p for _, p in pieces], [True] * len(pieces), quartiles)
    result: dict[str, list[Passage]] = {"4/4": [], "3/4": [], "6/8": []}
    for meter, piece in pieces:
        passage = passage_of(piece, 0, table, piece.name)
        result[meter].append(
            with_labels(passage, intensity=4, valence=5, arousal=5)
        )  # ranks among six songs say little
    return result


def file_passage(
    path: Path, table: T.VoicingTable, quartiles: dict, first: int = 0, style: str | None = None
) -> Passage:
    """Bars of a music file from bar `first` on; raises `SourceError` with one sentence where that cannot be."""
    try:
        score = read_file(path)
    except FileNotFoundError:
        raise SourceError(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read as music: {str(error).splitlines()[0]}.") from None
    pitched = [p for p in score.parts if is_pitched(p)]
    lone = len(pitched) == 1 and len(np.unique(pitched[0].notes[:, 0])) > 0.9 * len(pitched[0].notes)
    names = {"name": path.stem, "corpus": "own", "work": path.stem, "timed": path.suffix.lower() in PLAYED}
    try:
        kind = "lead-sheet" if lone else own_folder.kind_of(score, path)
        piece = build(score, kind, style=T.STYLES.index(style or "unknown"), **names)
    except ValueError as error:
        raise SourceError(f"{path} has no bar that fits the grid ({error}).") from None
    if not 0 <= first < piece.bars:
        raise SourceError(f"{path} has {piece.bars} bars; it cannot be entered at bar {first + 1}.")
    if not any(known.any() for known in piece.known.values()):
        raise SourceError(f"{path} has no part whose role in the music can be told.")
    labels.label([piece], [True], quartiles)  # intensity and mood are ranks among the file's own bars
    return passage_of(piece, first, table, path.stem)


def prepared_passages(folder: Path, table: T.VoicingTable) -> list[Passage]:
    """One full window of each held-out piece of a folder that `prepare.py` wrote, the fullest ensembles first."""
    try:
        meta = json.loads((folder / "meta.json").read_text())
        data = np.load(folder / "heldout.npz")
        data = {k: data[k] for k in data.files}
    except (OSError, ValueError) as error:  # broken JSON and broken archives are ValueErrors
        raise SourceError(f"{folder} is no folder that prepare.py wrote: {error}.") from None
    if [tuple(v) for v in meta.get("voicings", [])] != table.table:
        raise SourceError(f"{folder} was prepared with other voicings than the model was trained with.")
    game = [meta["corpora"].index(n) for n in corpora.GAME if n in meta["corpora"]]
    pitched = (data["cells"][:, :, T.MELODY] <= T.MASK_IDS[T.MELODY]).any(1) & (data["count"] == T.BARS)
    stems = sum((data["cells"][:, :, lanes[0]] < T.MASK_IDS[lanes[0]]).any(1) for lanes in T.STEM_LANES.values())
    which = np.flatnonzero(pitched & (data["start"] % 8 == 0))
    which = which[np.lexsort((data["piece"][which], ~np.isin(data["corpus"][which], game), -stems[which]))]
    _, first = np.unique(data["piece"][which], return_index=True)
    return [_prepared(data, meta, int(i)) for i in which[np.sort(first)]]


def _prepared(data: dict, meta: dict, index: int) -> Passage:
    bars = data["bars"][index].astype(np.int32)
    arousal = int(bars[0, T.C_AROUSAL])
    tempo = np.full(T.BARS, float(TEMPO_OF_AROUSAL[arousal if arousal < 5 else 2]))
    tonic = int(data["tonic"][index])
    known = bars[bars[:, T.C_MODE] != T.CONDITION_UNKNOWN[T.C_MODE], T.C_MODE]
    mode = int(np.bincount(known).argmax()) if len(known) else int(T.CONDITION_UNKNOWN[T.C_MODE])
    keys = np.tile([tonic, mode], (T.BARS, 1))  # a prepared window does not say which other key a bar is in
    title = f"{meta['pieces'][data['piece'][index]]['name']}, bar {data['start'][index] + 1}"
    cells, chords = data["cells"][index].astype(np.int32), data["chords"][index].astype(np.int32)
    velocity, timing = data["velocity"][index].astype(int), data["timing"][index].astype(int)
    return Passage(title, cells, chords, bars, velocity, timing, tonic, tempo, keys)


def with_labels(passage: Passage, **asked: int) -> Passage:
    """The same passage with some condition columns (by name) set in every bar that is there."""
    bars = passage.bars.copy()
    there = bars[:, T.C_METER] != T.METER_ABSENT
    for name, value in asked.items():
        bars[there, [n for n, _ in T.CONDITIONS].index(name)] = value
    return replace(passage, bars=bars)
