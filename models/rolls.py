"""Piano rolls to judge music from: pitched stems on one axis, three rows of drums, chords, phrases, what is new."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

import tokens as T
from notes import SHARP_NAMES, Take, chord_names, clock, key_title
from passage import scale

COLOURS = {"melody": "#c8102e", "counter": "#e08a00", "harmony": "#4a9d5b", "bass": "#1f5fa8", "drums": "#333333"}
THICK = {"melody": 0.82, "counter": 0.7, "harmony": 0.55, "bass": 0.82}  # semitones
DRUM_ROWS = ("kick, snare", "hats, cymbals", "toms, percussion")
DRUM_MARKS = {  # id of a lane -> marker
    T.LOW: ("", "o", "s", "D", "x", "X"),
    T.HIGH: ("", "|", "1", "_", "^", "*", "P"),
    T.PERC: ("", "v", "<", "^", ".", "d"),
}
BLACK = (1, 3, 6, 8, 10)
WRITTEN, PAPER = "#fff3d6", "#ffffff"
BAR_INCHES, LEFT_INCHES = 1.05, 1.2
PER_SHEET = 10  # takes on a contact sheet


def draw(take: Take, path: Path) -> None:
    """One take, one picture."""
    width = LEFT_INCHES + BAR_INCHES * max(take.passage.count, 6)
    figure = plt.figure(figsize=(width, 6.6))
    grid = figure.add_gridspec(3, 1, height_ratios=(0.55, 4.6, 1.0), hspace=0.03)
    top, pitched, drums = (figure.add_subplot(grid[i]) for i in range(3))
    _form(top, take)
    _pitched(pitched, take)
    _drums(drums, take)
    facts = f"{take.name}: {take.passage.title}    {key_title(take.passage.keys[0])}"
    tempi = sorted({round(float(x)) for x in take.passage.tempo[: take.passage.count]})
    top.set_title(f"{facts}    {'–'.join(map(str, tempi[:: max(len(tempi) - 1, 1)]))} quarters a minute", fontsize=10)
    handles = [Line2D([], [], color=c, lw=5, label=s) for s, c in COLOURS.items() if s != "drums"]
    handles += [Patch(fc=WRITTEN, ec="0.7", label="written here"), Patch(fc="0.75", ec="none", label="pale: given")]
    drums.legend(handles=handles, ncols=6, loc="upper center", bbox_to_anchor=(0.5, -0.28), fontsize=8, frameon=False)
    figure.savefig(path, dpi=80, bbox_inches="tight")
    plt.close(figure)


def contact_sheets(takes: list[Take], folder: Path) -> list[Path]:
    """Many takes small, ten a sheet."""
    paths = []
    for first in range(0, len(takes), PER_SHEET):
        some = takes[first : first + PER_SHEET]
        rows = (len(some) + 1) // 2
        figure = plt.figure(figsize=(25, 4.3 * rows))
        outer = figure.add_gridspec(rows, 2, hspace=0.12, wspace=0.05, left=0.02, right=0.995, top=0.975, bottom=0.005)
        for k, take in enumerate(some):
            inner = outer[k // 2, k % 2].subgridspec(3, 1, height_ratios=(0.5, 4.2, 0.9), hspace=0.03)
            top, pitched, drums = (figure.add_subplot(inner[i]) for i in range(3))
            _form(top, take, 6)
            _pitched(pitched, take, shade=False)
            _drums(drums, take, shade=False)
            drums.set_yticks([])
            title = f"{take.passage.title}, {key_title(take.passage.keys[0])}"
            top.set_title(title, fontsize=11, loc="left", pad=3)
        paths.append(folder / f"sheet-{first // PER_SHEET + 1}.png")
        figure.savefig(paths[-1], dpi=80)
        plt.close(figure)
    return paths


def _frame(axis: Axes, take: Take) -> np.ndarray:
    """Bar and beat lines; returns the bars' starts in ticks."""
    passage = take.passage
    starts = clock(passage.bars)[1]
    for bar in range(passage.count):
        meter = int(passage.bars[bar, T.C_METER])
        slots, beat = T.METER_SLOTS[meter], T.METER_SLOTS_PER_BEAT[meter]
        for slot in range(beat, slots, beat):
            x = starts[bar] + (starts[bar + 1] - starts[bar]) * slot / slots
            axis.axvline(x, color="0.9", lw=0.6, zorder=0.6)
        phrase = int(passage.bars[bar, T.C_POSITION]) == 0
        axis.axvline(starts[bar], color="0.25" if phrase else "0.65", lw=1.4 if phrase else 0.8, zorder=0.7)
    axis.set_xlim(starts[0], starts[passage.count])
    axis.tick_params(labelbottom=False, bottom=False, labelsize=7)
    return starts


def _form(axis: Axes, take: Take, size: int = 8) -> None:
    """Chord names (bold where written), role and position in the phrase, intensity as a grey step."""
    passage = take.passage
    starts = _frame(axis, take)
    for bar, half, name, changed in chord_names(passage):
        if changed or half == 0 and bar % 4 == 0:
            x = starts[bar] + (starts[bar + 1] - starts[bar]) * half / 2
            new = bool(take.job.open_halves[bar, half])
            axis.text(x, 1.6, f" {name}", fontsize=size, va="center", weight="bold" if new else "normal")
    for bar in range(passage.count):
        role, position, intensity = (int(passage.bars[bar, c]) for c in (T.C_ROLE, T.C_POSITION, T.C_INTENSITY))
        width = starts[bar + 1] - starts[bar]
        if intensity < 8:
            axis.add_patch(Rectangle((starts[bar], 0), width, 0.1 + intensity / 8, color="0.88", zorder=0.5))
        words = [T.ROLES[role] if role < 7 else "", str(position + 1) if position < 8 else ""]
        axis.text(starts[bar], 0.5, " " + " ".join(w for w in words if w), fontsize=size - 1, va="center", color="0.3")
    axis.set_ylim(0, 2.2)
    axis.set_yticks([])


def _pitched(axis: Axes, take: Take, shade: bool = True) -> None:
    passage = take.passage
    starts = _frame(axis, take)
    notes = [n for n in take.notes if n.stem != "drums"]
    low = min([n.pitch for n in notes] + [48]) - 2
    high = max([n.pitch for n in notes] + [72]) + 2
    end = starts[passage.count]
    for pitch in range(low, high + 1):
        if pitch % 12 not in scale(passage):
            axis.add_patch(Rectangle((0, pitch - 0.5), end, 1, color="0.965", lw=0, zorder=0.2))
        if pitch % 12 == int(passage.keys[0, 0]):
            axis.axhline(pitch, color="0.78", lw=0.7, zorder=0.4)
    if shade:
        _shade(axis, take, [lane for s in T.STEMS[:4] for lane in T.STEM_LANES[s] if lane != T.OCTAVE], low, high)
    for stem in ("harmony", "bass", "counter", "melody"):
        mine = [n for n in notes if n.stem == stem]
        for written in (False, True):
            boxes = [Rectangle((n.start + 8, n.pitch - THICK[stem] / 2), max(n.end - n.start - 16, 12), THICK[stem])
                     for n in mine if n.written == written]  # fmt: skip
            edge = "0.15" if written and shade else "none"
            axis.add_collection(
                PatchCollection(boxes, fc=COLOURS[stem], ec=edge, lw=0.4, zorder=2, alpha=1.0 if written else 0.42)
            )
    ticks = [p for p in range(low, high + 1) if p % 12 in (0, int(passage.keys[0, 0]))]
    axis.set_yticks(ticks, [f"{SHARP_NAMES[p % 12]}{p // 12 - 1}" for p in ticks])
    axis.set_ylim(low, high)


def _drums(axis: Axes, take: Take, shade: bool = True) -> None:
    passage = take.passage
    _frame(axis, take)
    if shade:
        _shade(axis, take, [T.LOW, T.HIGH, T.PERC], -0.6, 2.6)
    starts = clock(passage.bars)[0]
    for row, lane in enumerate((T.LOW, T.HIGH, T.PERC)):
        for value, mark in enumerate(DRUM_MARKS[lane]):
            slots = np.flatnonzero(passage.cells[:, lane] == value) if value else []
            for written in (False, True):
                xs = [int(starts[s]) + 40 for s in slots if take.job.open[s, lane] == written]
                if xs:
                    axis.plot(
                        xs, [row] * len(xs), ls="", marker=mark, ms=4.5, color=COLOURS["drums"], mew=1.0,
                        alpha=1.0 if written else 0.4, zorder=2,
                    )  # fmt: skip
    axis.set_yticks(range(3), DRUM_ROWS)
    axis.set_ylim(-0.6, 2.6)


def _shade(axis: Axes, take: Take, lanes: list[int], low: float, high: float) -> None:
    """Tint the slots in which some of these lanes are written."""
    starts = np.append(clock(take.passage.bars)[0], clock(take.passage.bars)[1][-1])
    written = take.job.open[:, lanes].any(1)
    for slot in np.flatnonzero(written):
        width = starts[slot + 1] - starts[slot]
        axis.add_patch(Rectangle((starts[slot], low), width, high - low, color=WRITTEN, lw=0, zorder=0.1))
