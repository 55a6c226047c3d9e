"""Condition labels per bar by rule, as quantiles of reference bars (training's, of the corpora in `corpora.FIRST`).

Intensity is the rank mean of density, texture, register, loudness and activity among bars of the
same ensemble (the same set of known stems), so that a string trio can be intense too.
"""

from __future__ import annotations

import numpy as np

import tokens as T
from piece import LINES, Piece

SMALL_ENSEMBLE = 200  # bars; rarer sets of stems are ranked with all sets of their size
BRIGHT = (0, -1, -3, 1, -0.5, -2, -4, -1)  # brightness per mode id, lydian to locrian
TENSE = np.array([1.0, -0.6, -1.5, -0.8, 0.6, -0.3, 0.2, -1.0, -1.5, 0.1])  # valence of the qualities


def features(piece: Piece) -> dict[str, np.ndarray]:
    """Raw measures per bar: density (onsets a used slot) and register (mean MIDI pitch) per stem, and more."""
    n = piece.bars
    used = np.array([T.METER_SLOTS[m] for m in piece.meter], float)
    density = np.full((n, 5), np.nan)
    register = np.full((n, 4), np.nan)
    loud_sum, loud_count = np.zeros(n), np.zeros(n)
    for s, stem in enumerate(LINES):
        line = piece.lines[stem].reshape(n, T.SLOTS, 3)
        onset = line[:, :, 0] >= 0
        density[:, s] = np.where(piece.known[stem], onset.sum(1) / used, np.nan)
        pitch = np.where(onset, line[:, :, 0], 0).sum(1) / np.maximum(onset.sum(1), 1)
        register[:, s] = np.where(piece.known[stem] & (onset.sum(1) > 0), pitch, np.nan)
        loud_sum += np.where(onset & piece.known[stem][:, None], line[:, :, 1], 0).sum(1)
        loud_count += (onset & piece.known[stem][:, None]).sum(1)
    drums = piece.drums.reshape(n, T.SLOTS, 5)
    hits = (drums[:, :, :3] > 0).any(2)
    density[:, 4] = np.where(piece.known["drums"], hits.sum(1) / used, np.nan)
    loud_sum += np.where(piece.known["drums"][:, None], drums[:, :, 3], 0).sum(1)
    loud_count += hits.sum(1) * piece.known["drums"]
    sounding = np.stack([(piece.lines[s].reshape(n, T.SLOTS, 3)[:, :, 0] != -1).any(1) & piece.known[s] for s in LINES])
    texture = np.zeros(n)
    for slot, pitches in piece.voices.items():
        bar = slot // T.SLOTS
        if bar < n and piece.known["harmony"][bar]:
            texture[bar] += len(pitches) / used[bar]
    valence = np.array([BRIGHT[m] for m in piece.mode]) / 2
    half = np.where(piece.chords < 120, TENSE[piece.chords % 10], 0).reshape(n, 2).mean(1)
    high = np.where(np.isnan(register[:, 0]), 0, (np.nan_to_num(register[:, 0]) - 67) / 12)
    return {
        "density": density,
        "register": register,
        "parts": np.stack([
            np.nan_to_num(density).sum(1), texture, np.nan_to_num(register[:, 0], nan=67.0),
            loud_sum / np.maximum(loud_count, 1), sounding.sum(0) + hits.any(1), np.nan_to_num(density).max(1),
        ], 1),
        "ensemble": sum(piece.known[s].astype(int) << i for i, s in enumerate(T.STEMS)),
        "valence": valence + half + 0.3 * high + piece.feeling,
        "tempo": np.full(n, piece.tempo if piece.tempo else np.nan),
    }  # fmt: skip


def form(piece: Piece) -> tuple[np.ndarray, np.ndarray]:
    """Role and position per bar: eight-bar phrases compared with the first and with all before."""
    n = piece.bars
    position = np.zeros(n, int)
    role = np.full(n, T.ROLES.index("unknown"))
    start = 0
    rows = np.stack([piece.lines[s].reshape(n, T.SLOTS, 3)[:, :, 0] for s in ("melody", "bass")], 1).reshape(n, -1)
    rows = np.concatenate([rows, piece.drums.reshape(n, T.SLOTS, 5)[:, :, :3].reshape(n, -1)], 1)
    phrases: list[np.ndarray] = []
    for i in range(n + 1):
        if i == n or not piece.joined[i]:
            start = i
        if i < n:
            position[i] = (i - start) % 8
    for first in [i for i in range(n) if position[i] == 0]:
        last = next((j for j in range(first + 1, min(first + 8, n)) if position[j] == 0), min(first + 8, n))
        block = rows[first:last]
        alike = [(block == p[: len(block)]).mean() for p in phrases if len(p) >= len(block)]
        nearest = max(alike, default=0.0)
        name = "A" if not phrases or (alike and alike[0] > 0.95) else "A'" if nearest > 0.75 else "B"
        role[first:last] = T.ROLES.index(name)
        phrases.append(block)
    if piece.fill or n < 4:
        role[:] = T.ROLES.index("fill" if piece.style == 6 else "stinger")
    elif piece.style != 6 and n >= 12:
        role[-2:] = T.ROLES.index("ending")
    return role, position


def _cdf(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Mid-rank of values among reference, 0-1."""
    reference = np.sort(reference)
    left = np.searchsorted(reference, values, "left")
    return (left + np.searchsorted(reference, values, "right")) / (2 * max(len(reference), 1))


def label(pieces: list[Piece], ranked: list[bool], edges: dict | None = None) -> dict:
    """Fill `labels` of every piece from quantiles of the `ranked` pieces; returns the quantiles.

    `edges` are the quartiles of density and register to use instead, those that a network was trained with.
    """
    facts = [features(p) for p in pieces]
    count = [p.bars for p in pieces]
    known = np.repeat(np.array(ranked, bool), count)
    everything = {k: np.concatenate([f[k] for f in facts]) for k in facts[0]}
    columns = np.zeros((len(known), len(T.CONDITIONS)), np.uint8)
    quartiles: dict[str, dict] = {"density": {}, "register": {}}
    for kind, start, stems in (("density", T.C_DENSITY, T.STEMS), ("register", T.C_REGISTER, LINES)):
        for s, stem in enumerate(stems):
            values = everything[kind][:, s]
            reference = values[known & (np.nan_to_num(values) > 0)]
            cuts = np.quantile(reference, (0.25, 0.5, 0.75)) if len(reference) else np.zeros(3)
            cuts = np.array(edges[kind][stem]) if edges else cuts
            quartiles[kind][stem] = [round(float(c), 3) for c in cuts]
            ids = np.searchsorted(cuts, np.nan_to_num(values), "left")
            if kind == "density":
                ids = np.where(np.nan_to_num(values) > 0, ids + 1, 0)
            columns[:, start + s] = np.where(np.isnan(values), T.CONDITION_SIZES[start + s] - 1, ids)
    intensity = _intensity(everything, known)
    columns[:, T.C_INTENSITY] = np.clip(intensity * 8, 0, 7)
    valence = _cdf(everything["valence"], everything["valence"][known])
    columns[:, T.C_VALENCE] = np.clip(valence * 5, 0, 4)
    tempo = everything["tempo"]
    fast = np.where(np.isnan(tempo), 0.5, _cdf(np.nan_to_num(tempo), tempo[known & ~np.isnan(tempo)]))
    arousal = intensity + 0.5 * fast
    columns[:, T.C_AROUSAL] = np.clip(_cdf(arousal, arousal[known]) * 5, 0, 4)
    at = 0
    for piece, n in zip(pieces, count, strict=True):
        rows = columns[at : at + n]
        rows[:, T.C_METER], rows[:, T.C_MODE], rows[:, T.C_STYLE] = piece.meter, piece.mode, piece.style
        rows[:, T.C_ROLE], rows[:, T.C_POSITION] = form(piece)
        rows[:, T.C_FEEL] = _feel(piece)
        piece.labels = rows
        at += n
    return quartiles


def _intensity(everything: dict[str, np.ndarray], known: np.ndarray) -> np.ndarray:
    parts, ensemble = everything["parts"], everything["ensemble"].copy()
    for key in np.unique(ensemble):
        if (known & (ensemble == key)).sum() < SMALL_ENSEMBLE:
            ensemble[ensemble == key] = -bin(int(key)).count("1") - 1
    result = np.full(len(parts), 0.5)
    for key in np.unique(ensemble):
        here = ensemble == key
        reference = here & known
        if not reference.any():
            continue
        ranks = np.mean([_cdf(parts[here, j], parts[reference, j]) for j in range(parts.shape[1])], 0)
        own = np.mean([_cdf(parts[reference, j], parts[reference, j]) for j in range(parts.shape[1])], 0)
        result[here] = _cdf(ranks, own)
    return result


def _feel(piece: Piece) -> np.ndarray:
    """Straight, or in triplet bars swing where the middle third of the beats is nearly empty."""
    result = np.zeros(piece.bars, int)
    onset = np.zeros((piece.bars, T.SLOTS), int)
    for stem in LINES:
        onset += piece.lines[stem].reshape(piece.bars, T.SLOTS, 3)[:, :, 0] >= 0
    onset += (piece.drums.reshape(piece.bars, T.SLOTS, 5)[:, :, :3] > 0).any(2)
    for bar in np.flatnonzero(piece.meter == 3):
        around = onset[max(bar - 3, 0) : bar + 4].sum(0)[:12].reshape(4, 3).sum(0)
        result[bar] = 1 if around[1] < 0.25 * around[2] else 2
    return result
