"""Where each corpus keeps its pieces, how to read them, and which work a file belongs to."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One file: `kind` steers the roles, `work` groups versions, `style` is an id or -1 (by tempo and drums)."""

    path: Path
    corpus: str
    kind: str
    style: int
    work: str
    fill: bool = False
    tempo: float = 0.0


SONG, CHAMBER, AMBIENT, DRIVING, ROLE_PLAYING, KEYBOARD, GROOVE = range(7)
GAME = ("freedoom", "freedoom-history", "blasphemer", "easyrpg-rtp", "freedink")
SCORES = ("openscore-lieder", "openscore-quartets", "hauptstimme", "mutopia", "openewld")
ALL = (*GAME, "groove", *SCORES)


def plain(text: str) -> str:
    """A title reduced to letters and digits."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def sources(root: Path, corpus: str) -> Iterator[Source]:
    """Every usable file of a corpus."""
    folder = root / corpus
    if corpus == "groove":
        yield from _groove(folder)
    elif corpus == "mutopia":
        yield from _mutopia(folder)
    elif corpus in GAME:
        style = ROLE_PLAYING if corpus in ("easyrpg-rtp", "freedink") else -1
        names = _history(folder) if corpus == "freedoom-history" else {}
        for path in sorted(folder.rglob("*.mid")):
            name = plain(names.get(path.name, path.stem))
            group = "freedoom" if corpus.startswith("freedoom") else corpus
            yield Source(path, corpus, "any", style, f"{group}/{name or path.stem}")
    else:
        kind = {"openscore-lieder": "lied", "openscore-quartets": "quartet", "openewld": "lead-sheet"}.get(
            corpus, "any"
        )
        style = SONG if kind in ("lied", "lead-sheet") else CHAMBER
        for path in sorted(folder.rglob("*.mxl")):
            parts = path.relative_to(folder).parts[-4:-1]
            work = "/".join(plain(p) for p in parts if p not in ("_", "data", "scores"))
            yield Source(path, corpus, kind, style, f"{corpus}/{work}/{path.stem if corpus == 'hauptstimme' else ''}")


def _history(folder: Path) -> dict[str, str]:
    rows = (line.split("\t") for line in (folder / "INDEX.tsv").read_text().splitlines())
    return {row[0]: Path(row[2]).stem for row in rows if len(row) > 2 and row[2]}


def _groove(folder: Path) -> Iterator[Source]:
    with open(folder / "info.csv", newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["midi_filename"]
            if path.exists():
                work = f"groove/{row['session']}/{row['style']}"
                yield Source(path, "groove", "drums", GROOVE, work, row["beat_type"] == "fill", float(row["bpm"]))


def _mutopia(folder: Path) -> Iterator[Source]:
    with open(folder / "INDEX.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = folder / row["file"]
            if path.exists():
                keys = re.search(r"piano|harpsi|organ|clav|guitar|lute|koto|harp", row["instrument"], re.I)
                voices = re.search(r"voice|choir|satb", row["instrument"], re.I)
                style = SONG if voices else KEYBOARD if keys else CHAMBER
                yield Source(path, "mutopia", "any", style, f"mutopia/{plain(row['composer'])}/{plain(row['title'])}")


def style_of(source: Source, tempo: float, hits_a_bar: float) -> int:
    """Game music without a label: driving where drums are busy or the tempo is fast, else ambient."""
    if source.style >= 0:
        return source.style
    return DRIVING if hits_a_bar >= 4 and tempo >= 90 else AMBIENT
