"""Fit the sampler's interval tables to weights, so that its lines move by the steps and leaps of training works.

    python models/fit_intervals.py --data runs/data --model models/shipped/lite/weights.safetensors

Cells of one pass do not know each other's pitch, so lines come out with too many leaps; `intervals` in
`engine/generator/tunables.json` answers that. Each round writes phrases over training windows, every other one with
nothing around it as the first phrase of a tune has it (where lines repeat their notes most), compares their interval
shares with the originals', and adds a part of the log ratio. Held-out works take no part, so that they can judge.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import corpora
import evaluate
import metrics as M
import sampler
import tokens as T
from closed_loop import MIDDLE, Bench, full_windows, task
from sampler.tunables import ROOT

TUNABLES_FILE = ROOT / "engine/generator/tunables.json"
LANES = {"melody": T.MELODY, "counter": T.COUNTER, "bass": T.BASS}
OPENING = slice(0, 8)  # bars that are written with nothing around them
WIDEST = 13  # semitones; the last entry is for all leaps beyond an octave
STEP = 0.6  # part of the log ratio that one round adds
# From this interval on no entry is raised: arpeggios that the data takes for tunes leap more than tunes do. Fitted
# freely, melodies over held-out works had .112 (games) and .053 (scores) leaps above 9 semitones, their originals .044
# and .025.
TUNE_LEAPS = {"melody": 10}
FEW = 4.0  # intervals added to every count: rare ones must not swing the table
LIMIT = 2.0  # most that an entry may reach


def span_of(number: int) -> slice:
    """The bars that are written of the window of a number."""
    return MIDDLE if number % 2 == 0 else OPENING


def counts(passages: list[np.ndarray], lane: int) -> np.ndarray:
    """(14,) how often a line moves by 0, 1, ... 12 and more semitones, between onsets less than a bar apart."""
    total = np.zeros(WIDEST + 1)
    for number, cells in enumerate(passages):
        line = M.notes(cells, lane, span_of(number))
        near = np.diff(line[:, 0]) <= T.SLOTS
        total += np.bincount(np.abs(np.diff(line[:, 1]))[near].clip(0, WIDEST), minlength=WIDEST + 1)
    return total


def corrected(table: np.ndarray, written: np.ndarray, real: np.ndarray, leaps: int = WIDEST + 1) -> np.ndarray:
    """The table after one round, with mean 0 over the intervals of the originals; none from `leaps` on is raised."""
    shares = [(c + FEW) / (c + FEW).sum() for c in (real, written)]
    change = STEP * np.log(shares[0] / shares[1])
    change[leaps:] = np.minimum(change[leaps:], 0)
    moved = table + change
    return np.clip(moved - (shares[0] * moved).sum(), -LIMIT, LIMIT)


def distance(written: np.ndarray, real: np.ndarray) -> float:
    """Share of the intervals that would have to be others: total variation, 0-1."""
    return float(np.abs(written / max(written.sum(), 1) - real / max(real.sum(), 1)).sum() / 2)


def fit(bench: Bench, which: np.ndarray, rounds: int) -> dict[str, list[float]]:
    """Tables after some rounds; every round writes with other random numbers."""
    tables = {stem: np.array(bench.tunables["intervals"][stem], float) for stem in LANES}
    real = {stem: counts([bench.data["cells"][i].astype(int) for i in which], lane) for stem, lane in LANES.items()}
    for number in range(rounds + 1):
        bench.tunables["intervals"] = {stem: table.tolist() for stem, table in tables.items()}
        tasks = [
            task(
                *bench.window(i),
                span_of(k),
                5000 + 1000 * number + k,
                tonic=int(bench.data["tonic"][i]),
                cut=span_of(k) is OPENING,
            )  # fmt: skip
            for k, i in enumerate(which)
        ]
        passages = [w.cells for w in bench.write(tasks, f"round {number}")]
        for stem, lane in LANES.items():
            written = counts(passages, lane)
            far, leaps = distance(written, real[stem]), [c[10:].sum() / max(c.sum(), 1) for c in (written, real[stem])]
            print(f"round {number}, {stem}: {far:.3f} away, over 9 semitones {leaps[0]:.3f}, real {leaps[1]:.3f}")
            if number < rounds:
                highest = TUNE_LEAPS.get(stem, WIDEST + 1)
                tables[stem] = corrected(tables[stem], written, real[stem], highest)
    return {stem: [round(v, 2) for v in table.tolist()] for stem, table in tables.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="what prepare.py wrote")
    parser.add_argument("--model", type=Path, required=True, help="weights or checkpoint")
    parser.add_argument("--windows", type=int, default=32, help="of game music, and as many of scores")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    meta = json.loads((args.data / "meta.json").read_text())
    data = dict(np.load(args.data / "train.npz"))
    who = evaluate.subject(args.model)
    bench = Bench(who.run, data, who.voicings, None, tunables=dict(sampler.TUNABLES))
    groups = (corpora.GAME, corpora.SCORES)
    which = np.concatenate([full_windows(bench, meta["corpora"], names, args.windows) for names in groups])
    tunables = json.loads(TUNABLES_FILE.read_text()) | {"intervals": fit(bench, which, args.rounds)}
    temporary = TUNABLES_FILE.with_suffix(".tmp")
    temporary.write_text(json.dumps(tunables, indent=2) + "\n")
    os.replace(temporary, TUNABLES_FILE)
    print(f"{TUNABLES_FILE} is new: run `npm run format`, the tests with -u for sampler/parity.json, `npm run bank`")


if __name__ == "__main__":
    main()
