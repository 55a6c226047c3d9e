"""One door for music files: the suffix chooses the reader; what is damaged or out of all proportion is refused.

`read_file(path)` gives a Score or raises ValueError, `read_book(path)` what reads each piece of a file. The messages
in REASONS are the same for every format.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from read_abc import read_abc, read_tune, tunes_of
from read_kern import read_kern
from read_midi import MOST_QUARTERS, read_midi
from read_musicxml import read_musicxml
from score import LENGTH, ONSET, PITCH, Score

READERS = {
    ".mid": read_midi, ".midi": read_midi, ".mxl": read_musicxml, ".musicxml": read_musicxml,
    ".xml": read_musicxml, ".krn": read_kern, ".abc": read_abc,
}  # fmt: skip
PLAYED = (".mid", ".midi")  # suffixes whose onsets may lie beside the grid on purpose
MOST_BYTES = 8_000_000  # seven times the largest score of the corpora
MOST_NOTES = 95_000  # the longest symphonic movement of the corpora has 80,000
MOST_PARTS = 64
SLOWEST, FASTEST = 10.0, 500.0  # quarters a minute
REASONS = (
    "no reader", "empty", "too large", "no notes", "too many notes", "too many parts", "too long", "absurd tempo",
    "absurd pitch",
)  # fmt: skip


def read_file(path: Path) -> Score:
    """Any file with a known suffix -> Score; every failure is a ValueError."""
    return _checked(partial(_reader_of(path), path))


def read_book(path: Path) -> list[tuple[str, Callable[[], Score]]]:
    """What reads each piece of a file as `read_file` does, with what its name adds to the file's.

    These are the tunes of an ABC book; any other file holds one piece, whose name adds nothing.
    """
    if _reader_of(path) is not read_abc or len(tunes := tunes_of(path)) == 1:
        return [("", partial(read_file, path))]
    return [
        (f", tune {number}", partial(_checked, partial(read_tune, lines, f"{path.stem} {number}")))
        for number, lines in enumerate(tunes, 1)
    ]


def _reader_of(path: Path) -> Callable[[Path], Score]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError("no reader")
    size = path.stat().st_size
    if not size:
        raise ValueError("empty")
    if size > MOST_BYTES:
        raise ValueError("too large")
    return reader


def _checked(read: Callable[[], Score]) -> Score:
    try:
        score = read()
    except ValueError:
        raise
    except EOFError as error:
        raise ValueError("it ends too soon") from error
    except Exception as error:  # readers of foreign files raise whatever the damage leads to
        raise ValueError(f"{type(error).__name__}: {error}") from error
    refuse(score)
    return score


def refuse(score: Score) -> None:
    """ValueError with one of REASONS where no piece of music looks like that."""
    notes = sum(len(part.notes) for part in score.parts)
    if not notes:
        raise ValueError("no notes")
    if notes > MOST_NOTES:
        raise ValueError("too many notes")
    if len(score.parts) > MOST_PARTS:
        raise ValueError("too many parts")
    end = max(float((part.notes[:, ONSET] + part.notes[:, LENGTH]).max()) for part in score.parts if len(part.notes))
    if not end <= MOST_QUARTERS:
        raise ValueError("too long")
    if not all(((part.notes[:, PITCH] >= 0) & (part.notes[:, PITCH] <= 127)).all() for part in score.parts):
        raise ValueError("absurd pitch")
    if score.tempo and not (math.isfinite(score.tempo) and SLOWEST <= score.tempo <= FASTEST):
        raise ValueError("absurd tempo")
