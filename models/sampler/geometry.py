"""Where the used slots of a window lie. Slots are counted in playing order, skipping absent bars and the
unused end of short ones; each bar may have a meter of its own."""

from __future__ import annotations

import numpy as np

import tokens as T

# Metric weight of every place in a bar, by meter id: 4 downbeat, 3 middle, 2 beat, 1 offbeat, 0 the rest.
WEIGHTS = (
    (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0),
    (4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0),
    (4, 0, 1, 0, 1, 0, 3, 0, 1, 0, 1, 0),
    (4, 0, 1, 2, 0, 1, 3, 0, 1, 2, 0, 1),
    (),
)


class Geometry:
    """Of `n` used slots; half bars are numbered through the window, two for each bar."""

    def __init__(self, meters: np.ndarray) -> None:
        used = [T.METER_SLOTS[int(meter)] for meter in meters]
        self.slots = np.array(used)  # 16: slots used in each bar
        self.bar = np.repeat(np.arange(T.BARS), used)  # n
        place = np.concatenate([np.arange(count) for count in used])  # n
        self.grid = self.bar * T.SLOTS + place  # n: index among the 256 slots of the network
        self.weight = np.concatenate([WEIGHTS[int(meter)] for meter in meters]).astype(int)  # n
        half = 2 * self.bar + (2 * place >= self.slots[self.bar])  # n
        self.half_tokens = np.repeat(self.slots // 2 // T.PATCH, 2)  # 32: tokens in a half bar
        first = np.arange(T.BARS)[:, None] * (T.SLOTS // T.PATCH) + np.arange(2) * self.half_tokens.reshape(-1, 2)
        self.half_token = first.reshape(-1)  # 32: its first token
        self.token = self.half_token[half]  # n: where the chord in force is read
        self.length = len(self.grid)
