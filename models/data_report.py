"""What preparation made of the corpora: the table in `meta.json`, and the page `DATA.md`."""

from __future__ import annotations

from collections import Counter

import numpy as np

import corpora
import tokens as T
from piece import Piece

INTRODUCTION = """# Data

Made by `python models/prepare.py --corpora corpora --out runs/data --report models/DATA.md`. No piece is part of the
repository; licences and authors stand in [NOTICE.corpora.md](NOTICE.corpora.md).

Windows are 16 bars, a new one every 4 bars (game music every 2, Polish scores every 8); exact repeats within a block
of 24 pieces are dropped. A stem's bars are those in which its role is known. Works that stand in several files or
corpora are joined by shared stretches of melody and bass and by title; the works for evaluation are listed in
[heldout.txt](heldout.txt).
"""


def rows(pieces: list[Piece], held: list[bool], skips: dict[str, Counter], sets: dict[str, dict]) -> list[dict]:
    """A row per corpus: files, held-out files, bars, bars per stem and meter, windows, and what was left out."""
    result = []
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
        row |= {"echoes": int(sum(p.echoes for p in mine)), "bars skipped": int(sum(p.skipped for p in mine))}
        row["skipped"] = {k: int(v) for k, v in sorted(skips[corpus].items()) if v}
        result.append(row)
        print("  ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    return result


def page(meta: dict) -> str:
    """The whole report as Markdown."""
    table = meta["table"]
    works = {p["work"] for p in meta["pieces"]}
    held = {p["work"] for p in meta["pieces"] if p["heldout"]}
    sizes = ("files", "heldout", "bars", "train windows", "heldout windows")
    parts = [
        INTRODUCTION,
        f"{len(meta['pieces']):,} pieces of {len(works):,} works, {len(held):,} of them held out. The voicing table "
        f"holds {meta['voicing_coverage']:.1%} of the training onsets of harmony exactly; others take the nearest.\n",
        "## Size\n", _table(table, sizes),
        "\n## Bars per stem\n", _table(table, T.STEMS),
        "\n## Bars per meter\n", _table(table, T.METERS[:4]),
        "\n## Left out\n",
        "Files with the reason; bars in meters that the grid lacks; second voices that only echo a melody.\n",
        "| corpus | files | bars | echoes |\n| --- | --- | --- | --- |",
    ]  # fmt: skip
    for row in table:
        why = ", ".join(f"{n} {reason}" for reason, n in row["skipped"].items()) or "–"
        parts.append(f"| {row['corpus']} | {why} | {row['bars skipped']:,} | {row['echoes']:,} |")
    return "\n".join(parts) + "\n"


def _table(rows: list[dict], columns: tuple[str, ...]) -> str:
    lines = ["| corpus | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    for row in rows:
        lines.append("| " + " | ".join([row["corpus"], *(f"{row.get(c, 0):,}" for c in columns)]) + " |")
    total = [f"{int(np.sum([row.get(c, 0) for row in rows])):,}" for c in columns]
    return "\n".join([*lines, "| all | " + " | ".join(total) + " |"])
