"""The model card, written from what was measured: `model.json`, `parity.json`, `evaluation.json`.

    python models/card.py models/shipped/full
    python models/card.py models/shipped/full --bench bench.json   # with latency as `npm run bench` measured it since

Prose that no file can know (use, limits, expression) stands in `card.template.md`; every figure is read.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from string import Template

import export_onnx
import latency

WATTS = 25  # of two busy server cores with their memory: an assumption, no meter was read
TEMPLATE = Path(__file__).with_name("card.template.md")


def number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def files(card: dict, parity: dict) -> str:
    rows = []
    for kind, use in (("wasm", "WASM (dynamic int8 MatMul)"), ("webgpu", "WebGPU (weight-only int8)")):
        file, far = card["files"][kind], parity["measured"][kind]
        rows.append([file["file"], use, f"{file['bytes']:,}", f"{far['largest']:.3f} / {far['mean']:.4f}"])
    return table(["file", "for", "bytes", "largest / mean logit difference from fp32 PyTorch"], rows)


def training(facts: dict) -> str:
    """The runs that the weights come from, in order, and what they cost."""
    runs = [*facts.get("before", []), facts]
    rows = []
    for run in runs:
        size = run.get("parameters")
        rows.append([f"{size:,}" if size else "–", f"{run['steps']:,}", str(run["batch"]), f"{run['hours']:.2f}"])
    hours = sum(run["hours"] for run in runs)
    return (
        table(["parameters", "steps", "windows a step", "hours on two CPU cores"], rows)
        + f"\n\nIn all {hours:.1f} hours, about {hours * WATTS / 1000:.2f} kWh if two such cores draw {WATTS} W"
        + " (assumed, not measured)."
    )


def shares(facts: dict) -> str:
    """What training drew: corpora and augmentations, largest first."""
    named = {("any augmentation" if name == "any" else name): share for name, share in facts["shares"].items()}
    rows = [[name, f"{share:.1%}"] for name, share in sorted(named.items(), key=lambda item: -item[1])]
    return table(["corpus or augmentation", "share of the windows drawn"], rows)


def evaluation(rows: list[dict]) -> str:
    body = []
    for row in rows:
        span = "–" if row["low"] is None else f"{number(row['low'])}–{number(row['high'])}"
        met = "–" if row["met"] is None else "yes" if row["met"] else "**no**"
        goal = row["goal"] if isinstance(row["goal"], str) else number(row["goal"])
        cells = [number(row["value"]), span, number(row["heldout"]), number(row["baseline"]), goal, met]
        body.append([row["metric"], row["stem"], *cells])
    return table(["metric", "stem", "value", "95 %", "held-out", "baseline", "goal", "met"], body)


def missed(rows: list[dict]) -> str:
    """The goals that are not met, and by how much."""
    body = [
        [row["metric"], row["stem"], number(row["value"]), row["goal"] if isinstance(row["goal"], str)
         else number(row["goal"]), shortfall(row)]
        for row in rows if row["met"] is False
    ]  # fmt: skip
    return table(["metric", "stem", "value", "goal", "missed by"], body)


def shortfall(row: dict) -> str:
    """How far a value lies from its goal: a share of a number to stay below, else a difference or a ratio."""
    value, goal, held = row["value"], row["goal"], row["heldout"]
    if not isinstance(goal, str):
        return f"{value / goal - 1:.1%}"
    if goal.endswith("×"):
        return f"{value / held:.2f} × held-out"
    if goal.startswith("±"):
        return f"{value / held - 1:+.0%}" if goal.endswith("%") else f"{value - held:+.3f}"
    edges = re.findall(r"\d*\.\d+|\d+", goal)
    edge = held if goal.endswith("held-out") else min((float(e) for e in edges), key=lambda e: abs(value - e))
    return f"{value - edge:+.3f}"


def write(folder: Path) -> str:
    """The card of a shipped folder, from the template."""
    card, parity, found = (
        json.loads((folder / name).read_text()) for name in ("model.json", "parity.json", "evaluation.json")
    )
    facts, rows, config = card["training"], found["rows"], card["config"]
    judged = [row for row in rows if row["met"] is not None]
    return Template(TEMPLATE.read_text()).substitute(
        name=card["name"], version=card["version"], created=card["created"], parameters=f"{card['parameters']:,}",
        width=config["width"], layers=config["layers"], heads=config["heads"], files=files(card, parity),
        parity=f"{parity['measured']['fp32']['largest']:.1e}", shares=shares(facts), training=training(facts),
        met=sum(row["met"] for row in judged), judged=len(judged), evaluation=evaluation(rows),
        missed=missed(rows), works=found["data"]["held_out_works"], windows=f"{found['data']['held_out_windows']:,}",
    )  # fmt: skip


def renew(folder: Path, bench: Path) -> None:
    file = folder / "evaluation.json"
    found = json.loads(file.read_text())
    lite = json.loads((folder / "model.json").read_text())["name"] == "lite"
    found["rows"] = latency.renewed(found["rows"], bench, lite)
    export_onnx.write_json(file, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="models/shipped/<name>, exported and evaluated")
    parser.add_argument("--bench", type=Path, help="JSON of npm run bench: its rows of latency go into evaluation.json")
    arguments = parser.parse_args()
    folder = arguments.folder
    if arguments.bench:
        renew(folder, arguments.bench)
    temporary = folder / ".MODEL_CARD.tmp"
    temporary.write_text(write(folder))
    os.replace(temporary, folder / "MODEL_CARD.md")


if __name__ == "__main__":
    main()
