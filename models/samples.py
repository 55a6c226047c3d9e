"""Piano rolls of prepared windows, to be looked at before training.

    python models/samples.py --data runs/data --out runs/samples

One PNG per corpus with a few windows: melody, counter, harmony, bass as bars, drums as dots,
bar lines, chord names; and a PNG of token histograms per corpus.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import tokens as T

COLOURS = {T.MELODY: "tab:red", T.COUNTER: "tab:orange", T.BASS: "tab:blue"}


def roll(axis, cells: np.ndarray, chords: np.ndarray, bars: np.ndarray, tonic: int, table: T.VoicingTable) -> None:
    """Draw one window; x is slots, y is MIDI pitch, drums lie below 24."""
    roots = [(int(c) // 10 + tonic) % 12 if c < T.NO_CHORD else tonic for c in np.repeat(chords, 2)]
    for i in range(T.CELLS):
        pitches: list[tuple[int, str, int]] = []
        for lane, colour in COLOURS.items():
            if T.ONSET <= cells[i, lane] < T.MASK_IDS[lane]:
                pitches.append((T.id_to_pitch(lane, int(cells[i, lane]), tonic), colour, lane))
        if T.ONSET <= cells[i, T.HARMONY] < T.MASK_IDS[T.HARMONY] and cells[i, T.OCTAVE] < 5:
            notes = T.harmony_pitches(table, int(cells[i, T.HARMONY]), int(cells[i, T.OCTAVE]), roots[i])
            pitches += [(p, "tab:green", T.HARMONY) for p in notes]
        for pitch, colour, lane in pitches:
            end = i + 1
            while end < T.CELLS and cells[end, lane] == T.HOLD:
                end += 1
            axis.plot([i, end - 0.2], [pitch, pitch], color=colour, lw=2.5, solid_capstyle="butt")
        for k, lane in enumerate((T.LOW, T.HIGH, T.PERC)):
            if 0 < cells[i, lane] < T.MASK_IDS[lane]:
                axis.plot(i, 12 + 4 * k + 0.5 * cells[i, lane], "k.", ms=3)
    for bar in range(T.BARS):
        axis.axvline(bar * 16 - 0.5, color="0.8", lw=0.6)
        names = [T.chord_name(int(c)) for c in (chords[bar * 8], chords[bar * 8 + (4 if bars[bar, 0] == 0 else 3)])]
        axis.text(bar * 16, 97, " ".join(n for n in names if n != "none"), fontsize=5)
        axis.text(bar * 16, 8, f"m{bars[bar, 0]} i{bars[bar, 5]} {T.ROLES[min(bars[bar, 3], 7)]}", fontsize=5)
    axis.set_ylim(6, 100)
    axis.set_xlim(-1, T.CELLS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, default=Path("runs/samples"))
    parser.add_argument("--count", type=int, default=4)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    meta = json.loads((args.data / "meta.json").read_text())
    table = T.VoicingTable(meta["voicings"])
    data = dict(np.load(args.data / "train.npz"))
    rng = np.random.default_rng(1)
    present = [c for c in range(len(meta["corpora"])) if (data["corpus"] == c).any()]
    figure, axes = plt.subplots(len(present), 5, figsize=(24, 2.2 * len(present)), squeeze=False)
    for row, corpus in enumerate(present):
        which = np.flatnonzero(data["corpus"] == corpus)
        chosen = rng.choice(which, min(args.count, len(which)), replace=False)
        rolls, panels = plt.subplots(len(chosen), 1, figsize=(24, 4 * len(chosen)), squeeze=False)
        for axis, i in zip(panels[:, 0], chosen, strict=True):
            roll(axis, data["cells"][i], data["chords"][i], data["bars"][i], int(data["tonic"][i]), table)
            name = meta["pieces"][data["piece"][i]]["name"]
            axis.set_title(f"{name} bar {data['start'][i]} tonic {data['tonic'][i]}", fontsize=8)
        rolls.tight_layout()
        rolls.savefig(args.out / f"{meta['corpora'][corpus]}.png", dpi=60)
        plt.close(rolls)
        for column, lane in enumerate((T.MELODY, T.COUNTER, T.HARMONY, T.BASS, T.LOW)):
            ids = data["cells"][which][..., lane]
            counts = np.bincount(ids[ids < T.MASK_IDS[lane]], minlength=T.LANE_SIZES[lane])
            share = counts / max(counts.sum(), 1)
            axes[row, column].bar(range(2, len(share)), share[2:])
            name = f"{meta['corpora'][corpus]} {T.LANES[lane][0]}"
            axes[row, column].set_title(f"{name} hold {share[0]:.2f} rest {share[1]:.2f}", fontsize=7)
    figure.tight_layout()
    figure.savefig(args.out / "histograms.png", dpi=50)


if __name__ == "__main__":
    main()
