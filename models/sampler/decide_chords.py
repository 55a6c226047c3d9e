"""Decides the chords of open half bars."""

from __future__ import annotations

import math

import numpy as np

import tokens as T
from sampler.distribution import draw_nucleus, softmax
from sampler.random import random_at
from sampler.state import BIT_COUNTS, CHORD_BITS, FULL, Logits, State

DRAW_CHORD, DRAW_ORDER = 30, 31


def decide_chords(state: State, logits: Logits, share: float, step: int) -> None:
    """Until a share of the open half bars is decided."""
    halves = np.flatnonzero(state.open_halves)
    masked = halves[state.chords[state.geometry.half_token[halves]] == T.CHORD_MASK]
    wanted = math.ceil(share * len(halves)) - (len(halves) - len(masked))
    if wanted <= 0:
        return
    drawn = [draw_chord(state, logits, int(half), step) for half in masked]
    for _, half, chord in sorted(drawn)[:wanted]:
        state.write_chord(half, chord)


def draw_chord(state: State, logits: Logits, half: int, step: int) -> tuple[float, int, int]:
    """Its place in the order (lowest first), the half bar and a chord.

    The network answers each token, but a half bar has one chord: its tokens' logits are averaged.
    """
    tunables, first = state.tunables, state.geometry.half_token[half]
    mean = logits.chords[first : first + state.geometry.half_tokens[half]].mean(0)  # 121
    strange = BIT_COUNTS[CHORD_BITS[: T.CHORDS] & ~int(state.scale[half // 2]) & FULL]
    chances = softmax(mean - tunables["foreignChordTone"] * strange, tunables["structureTemperature"])
    chord = draw_nucleus(chances, tunables["structureTopP"], random_at(state.seed, DRAW_CHORD, step, half))
    # Downbeats first: the second half of a bar mostly follows from the first.
    downbeat = tunables["downbeatChordFirst"] if half % 2 == 0 else 0
    noise = tunables["orderNoise"] * random_at(state.seed, DRAW_ORDER, step, half)
    return -(math.log(chances.max()) + downbeat + noise), half, chord
