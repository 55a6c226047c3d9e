"""How busy each stem is in each style, and where its bass lies, from the labels of the training works.

    python models/fit_styles.py --data runs/data

Writes `engine/music/style-habits.json`. Engine and tasks ask for what stands there where a score says nothing of it,
since the style's own token alone hardly moves what is written. Held-out works take no part.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

import tokens as T

HABITS_FILE = Path(__file__).resolve().parents[1] / "engine/music/style-habits.json"
USUAL = "usual"  # the entry of that file for a score without a style; set by hand
FEWEST = 1000  # bars below which a style says nothing of a stem
DRUMS_HIGHEST = 3.0  # above it toms and kick roll without pause: right for a fill, wrong for a groove
HIGHEST_INTENSITY = 7


def line(intensity: np.ndarray, density: np.ndarray) -> list[float]:
    """Density labels (1-4) at the lowest and the highest intensity (0-7) by least squares; never falling."""
    slope, start = np.polyfit(intensity.astype(float), density.astype(float), 1)
    ends = [start, start + HIGHEST_INTENSITY * slope] if slope > 0 else [density.mean()] * 2
    return [round(float(end), 1) for end in np.clip(ends, 1, 4)]


def habits(bars: np.ndarray) -> dict:
    """Of the (n, 18) labels of one style's bars: density of the stems that play in enough of them, quarter of the bass."""
    found: dict = {"density": {}}
    known = bars[:, T.C_INTENSITY] <= HIGHEST_INTENSITY
    for column, stem in enumerate(T.STEMS):
        density = bars[:, T.C_DENSITY + column]
        here = known & (density > 0) & (density < T.CONDITION_UNKNOWN[T.C_DENSITY + column])
        if here.sum() >= FEWEST:
            ends = line(bars[here, T.C_INTENSITY], density[here])
            found["density"][stem] = [min(e, DRUMS_HIGHEST) for e in ends] if stem == "drums" else ends
    register = bars[:, T.C_REGISTER + 3]
    register = register[register < T.CONDITION_UNKNOWN[T.C_REGISTER + 3]]
    if len(register) >= FEWEST:
        found["register"] = {"bass": int(np.median(register))}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of prepare.py")
    args = parser.parse_args()
    train = np.load(args.data / "train.npz")
    style, bars = train["style"], train["bars"].astype(int)
    table = {USUAL: json.loads(HABITS_FILE.read_text())[USUAL]}
    for number, name in enumerate(T.STYLES[:-1]):
        rows = bars[style == number].reshape(-1, bars.shape[-1])
        table[name] = habits(rows[rows[:, T.C_METER] != T.METER_ABSENT])
    HABITS_FILE.write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
