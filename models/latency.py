"""Rows of latency for the evaluation table, from the JSON of `npm run bench`: speed depends on graphs, not on weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import closed_loop

GENERATION = "8 bars of five stems"  # how the benchmark's rows begin, and ours


def rows(bench: Path, lite: bool) -> Iterator[dict]:
    """The benchmark's rows of generation by the lite or the full model, as they stand in its JSON."""
    for row in json.loads(bench.read_text())["rows"]:
        if row["name"].startswith(GENERATION) and ("lite" in row["name"]) == lite:
            goal = row.get("goal")
            met = None if goal is None else bool(row["value"] <= goal)
            yield closed_loop.row(f"{row['name']}, {row['unit']}", "all", row["value"], low=row.get("low"),
                                  high=row.get("high"), goal=goal, met=met)  # fmt: skip


def renewed(table: list[dict], bench: Path, lite: bool) -> list[dict]:
    """A table with the rows of a later benchmark in place of its own."""
    return [row for row in table if not row["metric"].startswith(GENERATION)] + list(rows(bench, lite))
