"""A composer's folder of files -> labelled pieces, and training and held-out windows of them, for `finetune.py`.

Every file that cannot be used is named with its reason; when too little is left, `Refused` says so in one sentence.
Voicings and the edges of density and register are those of the weights, since the engine asks by them. Intensity,
valence and arousal are ranks among the folder's own bars, so that a game's controls span the composer's own range.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import corpora
import labels
import prepare
import progress
import roles
import tokens as T
from grid import bars_of, off_grid
from piece import Piece, build, encode, window_starts
from read_file import FASTEST, MOST_BYTES, MOST_NOTES, MOST_QUARTERS, PLAYED, READERS, SLOWEST, read_book
from score import Score

MOST_PARTS = 32  # fewer than `read_file` lets through: roles among so many parts cannot be told
SHORTEST = 4  # bars in a file
LEAST_BARS = 24  # in a folder: two windows' worth, one of them held out
STRIDE = 2  # bars between windows; little music, so as many views of it as for the small game corpora
HELD_OUT = 0.15  # share of the bars at least, in whole works
HELD_OUT_BARS = 0.25  # of each file where everything is one work: its end, since whole works cannot be spared
OWN = "own"  # the corpus name of these pieces
ADVICE = {  # what to say for the reasons of `read_file`
    "too large": f"it is larger than {MOST_BYTES // 1_000_000} MB: cut it into pieces",
    "empty": "it is empty: leave it out",
    "no notes": "it holds no notes: leave it out",
    "too many notes": f"it holds more than {MOST_NOTES:,} notes: cut it into pieces",
    "too many parts": f"it has more than {MOST_PARTS} parts: join or drop some",
    "too long": f"it is longer than {MOST_QUARTERS:,.0f} quarter notes: cut it into pieces",
    "absurd tempo": f"its tempo is not within {SLOWEST:.0f} and {FASTEST:.0f} quarter notes a minute: correct it",
}


class Refused(Exception):
    """The task cannot be done with what was given; the message is one sentence for the user."""


@dataclass
class Music:
    """Windows as `prepare.py` makes them, and what they were made from."""

    training: dict[str, np.ndarray]
    held: dict[str, np.ndarray]
    files: int
    held_files: int  # 0 where the ends of the files are held out instead
    bars: int
    skipped: list[tuple[str, str]]


def read_pieces(path: Path, name: str) -> Iterator[tuple[str, Piece | str]]:
    """The pieces of one file by name; for those that cannot be used what is wrong with them and what to do."""
    try:
        book = read_book(path)
    except (ValueError, OSError) as error:
        yield name, advice(error)
        return
    for added, read in book:
        try:
            yield name + added, build_piece(read(), name + added, path)
        except Refused as error:
            yield name + added, str(error)
        except (ValueError, OSError, LookupError, TypeError, ArithmeticError) as error:
            yield name + added, advice(error)


def advice(error: Exception) -> str:
    """What to say of a file that cannot be read."""
    reason = str(error).rstrip(".") if isinstance(error, ValueError | OSError) else repr(error)
    return ADVICE.get(reason, f"it cannot be read ({reason}): export it anew")


def kind_of(score: Score, path: Path) -> str:
    """What `roles.assign` should take a piece for, as the corpora say it of theirs; MIDI files are of any kind."""
    suffix, parts = path.suffix.lower(), score.parts
    if suffix in PLAYED:
        return "any"
    if suffix == ".krn":
        return corpora.kind_of_kern(parts, b"**text" in path.read_bytes())[0]
    if len(parts) == 1 and score.symbols:
        return "lead-sheet"
    if sum(part.staff == 2 for part in parts) == 1:  # there is a piano
        sung = any(roles.VOICE_NAMES.search(part.name) for part in parts)
        return "lied" if len(parts) == 3 or (sung and len(parts) > 3) else "any"
    return "quartet" if len(parts) == 4 and all(part.staff == 1 for part in parts) else "any"


def build_piece(score: Score, name: str, path: Path) -> Piece:
    """One piece of a file on the grid; Refused says what is wrong with it and what to do."""
    if len(score.parts) > MOST_PARTS:
        raise Refused(ADVICE["too many parts"])
    bars, _ = bars_of(score)
    if len(bars) < SHORTEST:
        raise Refused(
            f"it has {len(bars)} bar{'s' * (len(bars) != 1)} in 4/4, 3/4, 6/8 or a meter that folds into them, "
            f"{SHORTEST} are needed"
        )
    gap = off_grid(bars, score.parts)
    if gap > (prepare.OFF_GRID_DRUMS if all(part.drums for part in score.parts) else prepare.OFF_GRID):
        raise Refused(
            f"its notes lie {gap:.2f} of a sixteenth beside the grid on average: quantise it to its bar lines"
        )
    facts = {"style": T.STYLES.index("unknown"), "timed": path.suffix.lower() in PLAYED}
    piece = build(score, kind_of(score, path), name=name, corpus=OWN, work=name, **facts)
    if not any(known.any() for known in piece.known.values()):
        raise Refused("no part can be told to be melody, harmony, bass or drums: give its tracks their instruments")
    return piece


def read_folder(folder: Path, say: Callable[[str], None]) -> tuple[list[Piece], list[tuple[str, str]]]:
    """All usable pieces, near-copies dropped, and what was skipped with its reason."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder: give one that holds MIDI, MusicXML, kern or ABC files")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in READERS and os.path.isfile(p))
    if not paths:
        raise Refused(f"{folder} holds no file that ends in {', '.join(READERS)}: put your pieces there")
    pieces: list[Piece] = []
    skipped: list[tuple[str, str]] = []
    for path in progress.shown(paths, len(paths), "files"):
        for name, found in read_pieces(path, printable(path.relative_to(folder))):
            if isinstance(found, str):
                skipped.append((name, found))
            else:
                pieces.append(found)
    works, copies = prepare.group(pieces) if pieces else ([], [])
    for piece, work in zip(pieces, works, strict=True):
        piece.work = work
    skipped += [(p.name, "it repeats another file") for p, copy in zip(pieces, copies, strict=True) if copy]
    for name, reason in skipped:
        say(f"skipped {name}: {reason}")
    pieces = [p for p, copy in zip(pieces, copies, strict=True) if not copy]
    if not pieces:
        name, reason = skipped[0]
        others = f" (and {len(skipped) - 1} more, listed above)" if len(skipped) > 1 else ""
        raise Refused(f"{folder} holds no usable file: {name}: {reason}{others}")
    return pieces, skipped


def printable(path: Path) -> str:
    """A path that any terminal and any JSON file takes: bytes that are no UTF-8, and line breaks, as escapes."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def held_out_works(pieces: list[Piece]) -> set[str]:
    """Works to hold out, by a hash of their names, until they hold their share of the bars; empty for one work."""
    bars: dict[str, int] = {}
    for piece in pieces:
        bars[piece.work] = bars.get(piece.work, 0) + piece.bars
    order = sorted(bars, key=lambda work: hashlib.sha256(work.encode()).hexdigest())
    result: set[str] = set()
    while len(result) < len(order) // 2 and sum(bars[w] for w in result) < HELD_OUT * sum(bars.values()):
        result.add(order[len(result)])
    return result


def _windows(
    pieces: list[Piece], spans: list[tuple[int, int]], table: T.VoicingTable, known: set[bytes]
) -> dict[str, np.ndarray]:
    """Windows inside the bars (first, last) of each piece; those in `known` and repeats are dropped."""
    rows: dict[bytes, dict] = {}
    for piece, (first, last) in zip(pieces, spans, strict=True):
        for start, count in window_starts(piece, STRIDE):
            if first <= start and start + count <= last:
                window = encode(piece, start, count, table)
                mark = window["cells"].tobytes()
                if mark not in known and not (window["cells"] == T.ABSENT_IDS).all():
                    rows.setdefault(mark, window | {"count": count})
    if not rows:
        return {}
    data = {key: np.array([row[key] for row in rows.values()]) for key in next(iter(rows.values()))}
    return data | {"corpus": np.zeros(len(rows), np.uint8), "style": np.full(len(rows), T.STYLES.index("unknown"))}


def gather(folder: Path, voicings: list, quartiles: dict, say: Callable[[str], None]) -> Music:
    """Read, label and split a folder; Refused where too little is left to learn from and to be tested on."""
    pieces, skipped = read_folder(folder, say)
    bars = sum(piece.bars for piece in pieces)
    if bars < LEAST_BARS:
        raise Refused(f"{folder} holds {bars} usable bars, {LEAST_BARS} are the least: add pieces")
    held = held_out_works(pieces)
    labels.label(pieces, [piece.work not in held for piece in pieces], quartiles)
    whole, nothing = [(0, p.bars) for p in pieces], [(0, 0)] * len(pieces)
    if held:
        training = [span if p.work not in held else (0, 0) for p, span in zip(pieces, whole, strict=True)]
        tested = [span if p.work in held else (0, 0) for p, span in zip(pieces, whole, strict=True)]
    else:
        training, tested = nothing.copy(), nothing.copy()
        for i, piece in enumerate(pieces):
            cut = piece.bars - max(int(piece.bars * HELD_OUT_BARS), SHORTEST)
            piece.joined[cut] = False  # no window reaches across
            training[i], tested[i] = (0, cut), (cut, piece.bars)
    table = T.VoicingTable(voicings)
    learned = _windows(pieces, training, table, set())
    tests = _windows(pieces, tested, table, {cells.tobytes() for cells in learned.get("cells", ())})
    if not learned or not tests:
        raise Refused(f"{folder} leaves no bars to test on that differ from those to train on: add pieces")
    return Music(learned, tests, len(pieces), sum(p.work in held for p in pieces), bars, skipped)
