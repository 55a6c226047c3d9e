"""Corpora -> windows: `train.npz` and `heldout.npz`, `meta.json` with voicings, quantiles and counts.

    python models/prepare.py --corpora corpora --out runs/data

Read (one process a core), put on the grid, collapse near-duplicates across corpora, split by work
(a hash of the work's name, so the split never moves), fit voicings and quantiles on training
pieces, encode windows of 16 bars, drop windows that occur twice. Nothing here is committed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import warnings
import zipfile
from collections import Counter, defaultdict
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import corpora
import labels
import tokens as T
from grid import bars_of, off_grid
from piece import Piece, build, encode, root_at, window_starts
from read_midi import read_midi
from read_musicxml import read_musicxml

HELD_OUT = 7  # percent of works kept for evaluation
STRIDE = 4  # bars between windows; 2 for the small game corpora
OFF_GRID = 0.2  # mean distance in slots above which a file was not played to its bar lines (chance: .25)
OFF_GRID_DRUMS = 0.24  # Groove is played to a click: rolls and feel, not lost bar lines
SHINGLE = 8  # notes in a fingerprint
COMMON = 12  # a fingerprint in more pieces than this is a commonplace
SAME_WORK, SAME_PIECE = 0.3, 0.8  # shared fingerprints of the smaller piece


def read(source: corpora.Source) -> Piece | str:
    """One file -> Piece, or the reason why it was skipped."""
    try:
        midi = source.path.suffix == ".mid"
        score = read_midi(source.path, source.kind != "drums") if midi else read_musicxml(source.path)
        if source.kind == "drums":
            for part in score.parts:
                part.drums = True
        bars, _ = bars_of(score)
        if not bars:
            return "meter"
        if off_grid(bars, score.parts) > (OFF_GRID_DRUMS if source.kind == "drums" else OFF_GRID):
            return "off grid"
        tempo = source.tempo or score.tempo
        hits = sum(len(p.notes) for p in score.parts if p.drums) / len(bars)
        piece = build(
            score, source.kind, name=f"{source.corpus}/{source.path.stem}", corpus=source.corpus, work=source.work,
            style=corpora.style_of(source, tempo, hits), timed=midi, fill=source.fill,
        )  # fmt: skip
        piece.tempo = tempo
        if not any(k.any() for k in piece.known.values()):
            return "no roles"
        return piece
    except (OSError, EOFError, ValueError, LookupError, TypeError, SyntaxError, zipfile.BadZipFile) as error:
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


def is_held_out(work: str) -> bool:
    """The split: a property of the work's name alone."""
    return int(hashlib.sha256(work.encode()).hexdigest()[:8], 16) % 100 < HELD_OUT


def count_voicings(pieces: list[Piece]) -> Counter:
    counts: Counter = Counter()
    for piece in pieces:
        weight = 4 if piece.corpus in corpora.GAME else 1  # game onsets are few; the table must fit them too
        for slot, pitches in piece.voices.items():
            bar = slot // T.SLOTS
            if bar < piece.bars and piece.known["harmony"][bar]:
                counts[T.voicing_of(pitches, root_at(piece, slot, int(piece.tonic[bar])))[0]] += weight
    return counts


def windows(pieces: list[Piece], ids: list[int], table: T.VoicingTable) -> dict[str, np.ndarray]:
    """All windows of some pieces as arrays, exact repeats dropped."""
    rows, seen = defaultdict(list), set()
    for i, piece in zip(ids, pieces, strict=True):
        stride = 2 if piece.corpus in corpora.GAME else STRIDE
        for first, count in window_starts(piece, stride):
            window = encode(piece, first, count, table)
            if (window["cells"] == T.ABSENT_IDS).all():
                continue
            mark = hash(window["cells"].tobytes())
            if mark in seen:
                continue
            seen.add(mark)
            window |= {"piece": i, "style": piece.style, "corpus": corpora.ALL.index(piece.corpus)}
            window |= {"count": count, "start": first}
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


def report(pieces: list[Piece], held: list[bool], skips: dict[str, Counter], sets: dict[str, dict]) -> list[dict]:
    """Table per corpus: files, held-out files, bars, bars per stem and meter, windows, skips."""
    rows = []
    for corpus in corpora.ALL:
        mine = [p for p in pieces if p.corpus == corpus]
        if not mine and not skips[corpus]:
            continue
        row = {"corpus": corpus, "files": len(mine)}
        row["heldout"] = int(sum(h for p, h in zip(pieces, held, strict=True) if p.corpus == corpus))
        row["bars"] = sum(p.bars for p in mine)
        row |= {stem: int(sum(p.known[stem].sum() for p in mine)) for stem in T.STEMS}
        row |= {name: int(sum((p.meter == m).sum() for p in mine)) for m, name in enumerate(T.METERS[:4])}
        for name, data in sets.items():
            row[f"{name} windows"] = int((data["corpus"] == corpora.ALL.index(corpus)).sum())
        row |= {"echoes": int(sum(p.echoes for p in mine)), "bars skipped": sum(p.skipped for p in mine)}
        row["skipped"] = {k: int(v) for k, v in skips[corpus].items() if v}
        rows.append(row)
        print("  ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    return rows


def prepare(root: Path, out: Path, names: list[str], processes: int) -> dict:
    """The whole preparation; returns what `meta.json` holds."""
    warnings.filterwarnings("ignore")
    found = [s for name in names if (root / name).exists() for s in corpora.sources(root, name)]
    skips: dict[str, Counter] = defaultdict(Counter)
    pieces: list[Piece] = []
    with Pool(processes) as pool:
        for source, piece in zip(found, pool.imap(read, found, chunksize=8), strict=True):
            if isinstance(piece, str):
                skips[source.corpus][piece] += 1
            else:
                pieces.append(piece)
    works, copies = group(pieces)
    for piece, copy in zip(pieces, copies, strict=True):
        skips[piece.corpus]["near-duplicate"] += copy
    keep = [i for i, copy in enumerate(copies) if not copy]
    pieces, works = [pieces[i] for i in keep], [works[i] for i in keep]
    held = [is_held_out(w) for w in works]
    quartiles = labels.label(pieces, [not h for h in held])
    training = [p for p, h in zip(pieces, held, strict=True) if not h]
    counts = count_voicings(training)
    voicings = T.fit_voicings(counts)
    covered = sum(counts[tuple(v)] for v in voicings) / max(sum(counts.values()), 1)
    print(f"{len(pieces)} pieces, {len(set(works))} works; voicings cover {covered:.1%} of training onsets", flush=True)
    table = T.VoicingTable(voicings)
    out.mkdir(parents=True, exist_ok=True)
    sets = {}
    for name, want in (("train", False), ("heldout", True)):
        ids = [i for i, h in enumerate(held) if h == want]
        jobs = [([pieces[i] for i in ids[k : k + 24]], ids[k : k + 24], table) for k in range(0, len(ids), 24)]
        with Pool(processes) as pool:
            blocks = [b for b in pool.imap(_encode, jobs) if b]
        sets[name] = {k: np.concatenate([b[k] for b in blocks]) for k in blocks[0]} if blocks else {}
        if blocks:
            save(out / f"{name}.npz", sets[name])
    meta = {
        "voicings": [list(v) for v in voicings],
        "voicing_coverage": round(covered, 4),
        "quartiles": quartiles,
        "corpora": list(corpora.ALL),
        "table": report(pieces, held, skips, {k: v for k, v in sets.items() if v}),
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
    args = parser.parse_args()
    prepare(args.corpora, args.out, args.only, args.processes)


if __name__ == "__main__":
    main()
