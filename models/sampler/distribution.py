"""Drawing from logits."""

from __future__ import annotations

import numpy as np


def softmax(values: np.ndarray, temperature: float) -> np.ndarray:
    weights = np.exp((values - values.max()) / temperature)
    return weights / weights.sum()


def draw_nucleus(probabilities: np.ndarray, top_p: float, uniform: float) -> int:
    """An index among the most likely ones that together reach `top_p`."""
    order = np.argsort(-probabilities, kind="stable")
    mass = np.cumsum(probabilities[order])
    kept = int(np.searchsorted(mass, top_p)) + 1
    kept = min(kept, int(np.count_nonzero(probabilities)))
    drawn = int(np.searchsorted(mass[:kept], uniform * mass[kept - 1], side="right"))
    return int(order[min(drawn, kept - 1)])


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def gumbel(uniform: np.ndarray) -> np.ndarray:
    return -np.log(-np.log(uniform + 1e-12) + 1e-12)
