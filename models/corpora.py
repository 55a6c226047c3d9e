"""Where each corpus keeps its pieces, how to read them, and which work a file belongs to."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from read_kern import records
from score import Part


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
    name: str = ""  # where the file's own name is not unique in its corpus


SONG, CHAMBER, AMBIENT, DRIVING, ROLE_PLAYING, KEYBOARD, GROOVE = range(7)
GAME = ("freedoom", "freedoom-history", "blasphemer", "easyrpg-rtp", "freedink")
KERN = ("polish-scores", "chopin-first-editions")
FIRST = (*GAME, "groove", "openscore-lieder", "openscore-quartets", "hauptstimme", "mutopia", "openewld")
ALL = (*FIRST, *KERN, "openhymnal", "chord-progressions")  # an index in the data: new ones come last
SCORES = tuple(name for name in ALL if name not in (*GAME, "groove"))
KEYBOARD_PROGRAMS, VOICE_PROGRAM, STRINGS = {0, 6, 19, 20}, 52, [40, 40, 41]


def plain(text: str) -> str:
    """A title reduced to letters and digits."""
    text = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]", "", text)


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
    elif corpus in KERN:
        yield from _kern(folder, corpus)
    elif corpus == "openhymnal":
        for path in sorted(folder.rglob("*.abc")):
            yield Source(path, corpus, "quartet", SONG, f"openhymnal/{plain(path.stem)}")
    elif corpus == "chord-progressions":
        path = folder / "progressions.json"
        groups = json.loads(path.read_text()) if path.exists() else {}
        for number in range(sum(len(lines) for kind, lines in groups.items() if kind.startswith("prog"))):
            yield Source(path, corpus, f"progression {number}", SONG, f"chord-progressions/{number}")
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
                fill, name = row["beat_type"] == "fill", f"{row['session']}/{path.stem}"
                yield Source(path, "groove", "drums", GROOVE, work, fill, float(row["bpm"]), name)


def _mutopia(folder: Path) -> Iterator[Source]:
    with open(folder / "INDEX.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = folder / row["file"]
            if path.exists():
                keys = re.search(r"piano|harpsi|organ|clav|guitar|lute|koto|harp", row["instrument"], re.I)
                voices = re.search(r"voice|choir|satb", row["instrument"], re.I)
                style = SONG if voices else KEYBOARD if keys else CHAMBER
                yield Source(path, "mutopia", "any", style, f"mutopia/{plain(row['composer'])}/{plain(row['title'])}")


def _kern(folder: Path, corpus: str) -> Iterator[Source]:
    """Kind and style are told from the parts once they are read (`kind_of_kern`)."""
    for path in sorted(folder.rglob("*.krn")):
        single = re.search(r"-(violin|violino|violoncello)$", path.stem) or re.match(r"008-.*-piano$", path.stem)
        if not single:  # a lone part of chamber music is no piece; the scores are there too
            about = records(path.read_text(encoding="utf-8", errors="replace"))
            yield Source(path, corpus, "kern", -1, _kern_work(path, corpus, about))


def _kern_work(path: Path, corpus: str, about: dict[str, str]) -> str:
    """Composer and title; works of Chopin by opus, so that editions and corpora meet."""
    composer = plain(about.get("COM", "").split(",")[0]) or "anonim"
    title = about.get("OPR") or about.get("OTL") or path.stem
    if corpus == "chopin-first-editions" or composer.startswith("chopin"):
        first = corpus == "chopin-first-editions"
        number = re.match(r"(\d{3})", path.stem) if first else re.search(r"[Oo]p\.? ?(\d+)", title)
        return f"kern/chopin/op{int(number[1])}" if number else f"kern/chopin/{plain(path.stem.split('-')[0])}"
    if composer == "anonim":
        composer += "-" + plain(about.get("SMS-siglum", "") + about.get("SMS-shelfmark", ""))
    return f"kern/{composer}/{plain(title)}"


def kind_of_kern(parts: list[Part], sung: bool) -> tuple[str, int]:
    """Kind and style of a kern score from its parts, high to low; `sung`: it has words."""
    hands = [i for i, p in enumerate(parts) if p.staff == 2]
    keys = {i for hand in hands for i in (hand - 1, hand)}
    keys |= {i for i, p in enumerate(parts) if p.program in KEYBOARD_PROGRAMS}
    rest = [p for i, p in enumerate(parts) if i not in keys]
    voices = [p for p in rest if p.program == VOICE_PROGRAM or (p.program < 0 and sung)]
    if not rest:
        return "any", KEYBOARD
    if voices and len(voices) == len(rest):
        kind = "lied" if len(hands) == 1 else "quartet" if len(rest) == len(parts) >= 4 else "any"
        return kind, SONG
    quartet = len(parts) == 4 and not keys and [p.program for p in parts][:3] == STRINGS
    return ("quartet" if quartet else "any"), CHAMBER


def has_owner(path: Path) -> bool:
    """Whether a hymn's header keeps any right on words, tune or setting, or does not say that it is public domain."""
    header = " ".join(re.findall(r"^C:(.*)$", path.read_text(errors="replace"), re.M))
    kept = re.search(r"copyright:?\s+\d{4}|freely\s+reproduced|CPDL|licen[cs]e", header, re.I)
    return bool(kept) or not re.search(r"public\s+domain", header, re.I)


def style_of(style: int, tempo: float, hits_a_bar: float) -> int:
    """The style, or for game music without a label (-1) driving where drums and tempo are busy, else ambient."""
    if style >= 0:
        return style
    return DRIVING if hits_a_bar >= 4 and tempo >= 90 else AMBIENT
