"""Corpora -> windows: `train.npz` and `heldout.npz`, `meta.json` with voicings, quantiles and counts.

    python models/prepare.py --corpora corpora --out runs/data --report models/DATA.md

Read (one process a core), put on the grid, collapse near-duplicates across corpora, split by work, label,
encode windows of 16 bars, drop windows that occur twice. Voicings and quartiles are those of the shipped
vocabulary, so that weights can be trained on; the split is the list in `heldout.txt`, so that it never moves.
None of the data is committed.
"""

from __future__ import annotations

import argparse
import json
import os
import warnings
from collections import Counter, defaultdict
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import corpora
import data_report
import labels
import progress
import progressions
import tokens as T
from grid import bars_of, off_grid
from piece import Piece, build, encode, root_at, window_starts
from read_file import PLAYED, REASONS, read_file

HERE = Path(__file__).parent
VOCABULARY = HERE / "shipped/lite/model.json"
HELD_OUT_LIST = HERE / "heldout.txt"
STRIDE = 4  # bars between windows
STRIDES = dict.fromkeys(corpora.GAME, 2) | {"polish-scores": 8}  # what is small counts for more, what is large for less
OFF_GRID = 0.2  # mean distance in slots above which a file was not played to its bar lines (chance: .25)
OFF_GRID_DRUMS = 0.24  # Groove is played to a click: rolls and feel, not lost bar lines
SHINGLE = 8  # notes in a fingerprint
COMMON = 12  # a fingerprint in more pieces than this is a commonplace
SAME_WORK, SAME_PIECE = 0.3, 0.8  # shared fingerprints of the smaller piece


def read(source: corpora.Source) -> Piece | str:
    """One file -> Piece, or the reason why it was skipped."""
    try:
        if source.corpus == "chord-progressions":
            return progressions.piece(source)
        if source.corpus == "openhymnal" and corpora.has_owner(source.path):
            return "copyright"
        score = read_file(source.path)
        kind, style = source.kind, source.style
        if kind == "kern":
            kind, style = corpora.kind_of_kern(score.parts, b"**text" in source.path.read_bytes())
        if kind == "drums":
            for part in score.parts:
                part.drums = True
        bars, _ = bars_of(score)
        if not bars:
            return "meter"
        if off_grid(bars, score.parts) > (OFF_GRID_DRUMS if kind == "drums" else OFF_GRID):
            return "off grid"
        tempo = source.tempo or score.tempo
        hits = sum(len(p.notes) for p in score.parts if p.drums) / len(bars)
        name = f"{source.corpus}/{source.name or source.path.stem}"
        piece = build(
            score, kind, name=name, corpus=source.corpus, work=source.work,
            style=corpora.style_of(style, tempo, hits), timed=source.path.suffix.lower() in PLAYED, fill=source.fill,
        )  # fmt: skip
        piece.tempo = tempo
        return piece if any(k.any() for k in piece.known.values()) else "no roles"
    except ValueError as error:
        return str(error) if str(error) in REASONS else "unreadable"
    except (OSError, LookupError, TypeError, ArithmeticError) as error:
        return f"unreadable ({type(error).__name__})"


def fingerprints(piece: Piece) -> set[int]:
    """Hashes of 8-note stretches of melody and bass: intervals and time between onsets, so key does not matter."""
    result = set()
    for stem in ("melody", "bass"):
        line = piece.lines[stem][:, 0]
        at = np.flatnonzero(line >= 0)
        steps = list(zip(np.diff(line[at]).astype(int).tolist(), np.diff(at).tolist(), strict=True))
        for i in range(len(steps) - SHINGLE + 2):
            stretch = tuple(steps[i : i + SHINGLE - 1])
            if len({s for s, _ in stretch}) > 2:
                result.add(hash(stretch))
    return result


def group(pieces: list[Piece]) -> tuple[list[str], list[bool]]:
    """Work of each piece after joining near-duplicates, and whether it merely repeats an earlier piece."""
    parent = list(range(len(pieces)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    prints = [fingerprints(p) for p in pieces]
    index: dict[int, list[int]] = defaultdict(list)
    for i, marks in enumerate(prints):
        for mark in marks:
            index[mark].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for owners in index.values():
        if len(owners) > COMMON:  # corpora that came later must not part pieces that were joined before
            owners = [i for i in owners if pieces[i].corpus in corpora.FIRST]
        if 1 < len(owners) <= COMMON:
            shared.update((a, b) for k, a in enumerate(owners) for b in owners[k + 1 :])
    copy = [False] * len(pieces)
    for (a, b), count in sorted(shared.items()):
        part = count / max(min(len(prints[a]), len(prints[b])), 1)
        if count >= 6 and part > SAME_WORK:
            parent[find(b)] = find(a)
            same_length = 0.8 < pieces[a].bars / pieces[b].bars < 1.25
            if part > SAME_PIECE and same_length and not copy[a]:
                copy[b] = True
    seen: dict[str, int] = {}
    for i, piece in enumerate(pieces):
        title = piece.work.split("/", 1)[-1].strip("/").split("/")[-1]
        for key in (piece.work, f"title:{title}" if len(title) >= 10 else piece.work):
            if key in seen:
                parent[find(i)] = find(seen[key])
            else:
                seen[key] = i
    return [pieces[find(i)].work for i in range(len(pieces))], copy


def held_out(pieces: list[Piece], works: list[str], listed: set[str]) -> list[bool]:
    """The split: a work is held out when every one of its pieces is on the list."""
    whole = dict.fromkeys(works, True)
    for piece, work in zip(pieces, works, strict=True):
        whole[work] &= piece.name in listed
    return [whole[work] for work in works]


def ranked(pieces: list[Piece], held: list[bool]) -> list[bool]:
    """The pieces whose bars the labels are quantiles of. Large corpora that came later are left out: they are scores,
    and would press the moods of game music into the lowest levels."""
    training = [not h for h in held]
    first = [t and p.corpus in corpora.FIRST for t, p in zip(training, pieces, strict=True)]
    return first if any(first) else training


def read_list(path: Path) -> set[str]:
    """Piece names, one a line; lines that begin with # are remarks."""
    return {line for line in path.read_text().splitlines() if line and not line.startswith("#")}


def count_voicings(pieces: list[Piece]) -> Counter:
    counts: Counter = Counter()
    for piece in pieces:
        weight = 4 if piece.corpus in corpora.GAME else 1  # game onsets are few; the table must fit them too
        for slot, pitches in piece.voices.items():
            bar = slot // T.SLOTS
            if bar < piece.bars and piece.known["harmony"][bar]:
                counts[T.voicing_of(pitches, root_at(piece, slot, int(piece.tonic[bar])))[0]] += weight
    return counts


def windows(
    pieces: list[Piece], ids: list[int], table: T.VoicingTable, names: tuple[str, ...] = corpora.ALL
) -> dict[str, np.ndarray]:
    """All windows of some pieces as arrays, exact repeats dropped; `names` are the corpora that `corpus` counts."""
    rows, seen = defaultdict(list), set()
    for i, piece in zip(ids, pieces, strict=True):
        for first, count in window_starts(piece, STRIDES.get(piece.corpus, STRIDE)):
            window = encode(piece, first, count, table)
            if (window["cells"] == T.ABSENT_IDS).all() and not piece.chords_alone:
                continue
            mark = hash(window["cells"].tobytes() + window["chords"].tobytes())
            if mark in seen:
                continue
            seen.add(mark)
            window |= {"piece": i, "style": piece.style, "corpus": names.index(piece.corpus)}
            window |= {"count": count, "start": first, "tempo": round(piece.tempo)}
            for key, value in window.items():
                rows[key].append(value)
    small = ("cells", "chords", "bars", "velocity", "timing", "tonic", "style", "corpus", "count")
    return {k: np.array(v, np.uint8 if k in small else np.int32) for k, v in rows.items()}


def _encode(job: tuple) -> dict[str, np.ndarray]:
    return windows(*job)


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    temporary = path.with_name("tmp." + path.name)
    np.savez(temporary, **arrays)
    os.replace(temporary, path)


def gather(root: Path, names: list[str], processes: int) -> tuple[list[Piece], list[str], dict[str, Counter]]:
    """Read all files: pieces without near-duplicates, their works, and what was left out and why per corpus."""
    warnings.filterwarnings("ignore")
    found = [s for name in names if (root / name).exists() for s in corpora.sources(root, name)]
    skips: dict[str, Counter] = defaultdict(Counter)
    pieces: list[Piece] = []
    with Pool(processes) as pool:
        done = zip(found, pool.imap(read, found, chunksize=8), strict=True)
        for source, piece in progress.shown(done, len(found), "files"):
            if isinstance(piece, str):
                skips[source.corpus][piece] += 1
            else:
                pieces.append(piece)
    works, copies = group(pieces)
    for piece, copy in zip(pieces, copies, strict=True):
        skips[piece.corpus]["near-duplicate"] += copy
    keep = [i for i, copy in enumerate(copies) if not copy]
    return [pieces[i] for i in keep], [works[i] for i in keep], skips


def encode_all(pieces: list[Piece], held: list[bool], table: T.VoicingTable, processes: int) -> dict[str, dict]:
    """`train` and `heldout` windows."""
    sets = {}
    for name, want in (("train", False), ("heldout", True)):
        ids = [i for i, h in enumerate(held) if h == want]
        jobs = [([pieces[i] for i in ids[k : k + 24]], ids[k : k + 24], table) for k in range(0, len(ids), 24)]
        with Pool(processes) as pool:
            blocks = [b for b in progress.shown(pool.imap(_encode, jobs), len(jobs), f"blocks of {name}") if b]
        if blocks:
            sets[name] = {k: np.concatenate([b[k] for b in blocks]) for k in blocks[0]}
    return sets


def prepare(root: Path, out: Path, names: list[str], processes: int, vocabulary: Path, listed: set[str]) -> dict:
    """The whole preparation; returns what `meta.json` holds."""
    words = json.loads(vocabulary.read_text())["vocabulary"]
    pieces, works, skips = gather(root, names, processes)
    held = held_out(pieces, works, listed)
    quartiles = labels.label(pieces, ranked(pieces, held), words["quartiles"])
    counts = count_voicings([p for p, h in zip(pieces, held, strict=True) if not h])
    voicings = [tuple(v) for v in words["voicings"]]
    covered = sum(counts[v] for v in voicings) / max(sum(counts.values()), 1)
    print(f"{len(pieces)} pieces, {len(set(works))} works; voicings cover {covered:.1%} of training onsets", flush=True)
    sets = encode_all(pieces, held, T.VoicingTable(voicings), processes)
    out.mkdir(parents=True, exist_ok=True)
    for name, arrays in sets.items():
        save(out / f"{name}.npz", arrays)
    meta = {
        "voicings": [list(v) for v in voicings],
        "voicing_coverage": round(covered, 4),
        "quartiles": quartiles,
        "corpora": list(corpora.ALL),
        "table": data_report.rows(pieces, held, skips, sets),
        "pieces": [{"name": p.name, "work": w, "heldout": h} for p, w, h in zip(pieces, works, held, strict=True)],
    }
    (out / "meta.json").write_text(json.dumps(meta, indent=1))
    return meta


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder that holds one folder per corpus")
    parser.add_argument("--out", type=Path, default=Path("runs/data"))
    parser.add_argument("--only", nargs="*", default=list(corpora.ALL))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="a shipped model.json")
    parser.add_argument("--held-out", type=Path, default=HELD_OUT_LIST, help="names of the pieces for evaluation")
    parser.add_argument("--report", type=Path, help="write the table of corpora as a page")
    args = parser.parse_args()
    listed = read_list(args.held_out)
    meta = prepare(args.corpora, args.out, args.only, args.processes, args.vocabulary, listed)
    if args.report:
        args.report.write_text(data_report.page(meta))


if __name__ == "__main__":
    main()
