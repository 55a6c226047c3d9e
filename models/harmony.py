"""Keys and chords of a segment: file-level smoothing, never a guess per window.

Keys: Viterbi over half-bar chroma with Krumhansl-Kessler profiles, a cost for every change and
a bonus for the written signature (or, where none is written, none). Chords: templates per half
bar, smoothed the same way.
"""

from __future__ import annotations

import numpy as np

import tokens as T
from grid import Bar

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
KEY_CHANGE = 4.0  # in units of bar correlation; about four bars must prefer the new key
SIGNATURE = 0.4  # bonus a bar for the key (or its relative) that the signature names
CHORD_CHANGE = 0.12  # in units of the template score (0-1)


def _profiles() -> np.ndarray:
    rows = [np.roll(p, t) for p in (MAJOR, MINOR) for t in range(12)]
    rows = np.array(rows)
    rows = rows - rows.mean(1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # 24 12


PROFILES = _profiles()
SCALES = {  # pitch classes above the tonic
    0: (0, 2, 4, 5, 7, 9, 11), 1: (0, 2, 3, 5, 7, 9, 10), 2: (0, 1, 3, 5, 7, 8, 10), 3: (0, 2, 4, 6, 7, 9, 11),
    4: (0, 2, 4, 5, 7, 9, 10), 5: (0, 2, 3, 5, 7, 8, 10), 6: (0, 1, 3, 5, 6, 8, 10),
}  # fmt: skip


def chroma(notes: np.ndarray, bars: list[Bar]) -> tuple[np.ndarray, np.ndarray]:
    """Pitch-class weight by sounding length, and that of the lowest notes: (2 x bars, 12) each."""
    total = np.zeros((2 * len(bars), 12))
    bass = np.zeros((2 * len(bars), 12))
    lowest = np.full(2 * len(bars), 128.0)
    halves = [T.METER_SLOTS[b.meter] // 2 for b in bars]
    for first, end, pitch, *_ in notes:
        at, stop = int(first), min(int(end), int(first) + 32)
        while at < stop:
            bar, slot = divmod(at, T.SLOTS)
            if bar >= len(bars):
                break
            half = halves[bar]
            which = 2 * bar + (slot >= half)
            edge = bar * T.SLOTS + (half if slot < half else 2 * half)
            upto = min(stop, edge)
            if upto <= at:  # unused slots at the end of a short bar
                at = (bar + 1) * T.SLOTS
                continue
            weight = upto - at
            total[which, int(pitch) % 12] += weight
            if pitch < lowest[which] - 0.5:
                lowest[which] = pitch
                bass[which] = 0
            if pitch <= lowest[which] + 0.5:
                bass[which, int(pitch) % 12] += weight
            at = upto if edge - bar * T.SLOTS < 2 * half else (bar + 1) * T.SLOTS if upto == edge else upto
    return total, bass


def viterbi(scores: np.ndarray, change: float) -> np.ndarray:
    """Best path through (n, states) scores where every change of state costs `change`."""
    best = scores[0].copy()
    back = np.zeros(scores.shape, np.int32)
    for i in range(1, len(scores)):
        jump = int(best.argmax())
        moved = best[jump] - change
        back[i] = np.where(best >= moved, np.arange(scores.shape[1]), jump)
        best = np.maximum(best, moved) + scores[i]
    path = np.zeros(len(scores), np.int32)
    path[-1] = int(best.argmax())
    for i in range(len(scores) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def keys(total: np.ndarray, sharps: list[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """Tonic (0-11) and mode id per bar from half-bar chroma and the written signature per bar."""
    bars = total[0::2] + total[1::2]  # n 12
    wide = np.stack([bars[max(i - 1, 0) : i + 2].sum(0) for i in range(len(bars))])
    centred = wide - wide.mean(1, keepdims=True)
    norm = np.linalg.norm(centred, axis=1, keepdims=True)
    scores = np.where(norm > 0, centred / np.maximum(norm, 1e-9), 0) @ PROFILES.T  # n 24
    for i, value in enumerate(sharps):
        if value is not None:
            tonic = value * 7 % 12
            scores[i, tonic] += SIGNATURE
            scores[i, 12 + (tonic + 9) % 12] += SIGNATURE
    path = viterbi(scores, KEY_CHANGE)
    modes = np.full(len(bars), 7)
    first = 0
    for i in range(1, len(path) + 1):
        if i == len(path) or path[i] != path[first]:
            weight = np.roll(bars[first:i].sum(0), -(path[first] % 12))
            modes[first:i] = _mode(weight, path[first] < 12)
            first = i
    return path % 12, modes


def _mode(weight: np.ndarray, major: bool) -> int:
    """Mode of a stretch by the degrees that tell it apart (weights above the tonic)."""
    if major:
        if weight[6] > weight[5] and weight[6] > 0.04 * weight.sum():
            return 3
        return 4 if weight[10] > 1.5 * weight[11] and weight[10] > 0.02 * weight.sum() else 0
    if weight[1] > weight[2] and weight[1] > 0.04 * weight.sum():
        return 6 if weight[6] > 1.5 * weight[7] else 2
    return 1 if weight[9] > 1.5 * weight[8] and weight[9] > 0.03 * weight.sum() else 5


def _templates() -> tuple[np.ndarray, np.ndarray]:
    inside = np.zeros((120, 12))
    for root in range(12):
        for q, (_, steps) in enumerate(T.QUALITIES):
            for step in steps:
                inside[root * 10 + q, (root + step) % 12] = 1
    roots = np.repeat(np.arange(12), 10)
    return inside, roots


TEMPLATES, TEMPLATE_ROOTS = _templates()
SIZES = TEMPLATES.sum(1)
RARITY = np.tile([0.0, 0.0, 0.05, 0.08, 0.03, 0.02, 0.0, 0.05, 0.05, 0.06], 12)


def chords(total: np.ndarray, bass: np.ndarray) -> np.ndarray:
    """Absolute chord id per half bar (root is a pitch class), 120 where too little sounds."""
    weight = total / np.maximum(total.sum(1, keepdims=True), 1e-9)  # n 12
    flat = np.minimum(weight, 0.4)  # one long note must not decide alone
    low = bass / np.maximum(bass.sum(1, keepdims=True), 1e-9)
    covered = weight @ TEMPLATES.T  # share of the sound inside each chord
    present = np.minimum(flat * 8, 1) @ TEMPLATES.T / SIZES  # share of the chord that sounds
    score = covered + 0.5 * present + 0.15 * low[:, TEMPLATE_ROOTS] - RARITY - 0.03 * (SIZES - 3)
    nothing = np.where(total.sum(1) < 2, 2.0, 0.85)[:, None]  # one pitch class alone stays below this
    path = viterbi(np.concatenate([score, nothing], 1), CHORD_CHANGE)
    return path
