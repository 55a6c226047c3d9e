"""Muon in float32: momentum whose matrix updates are made orthogonal by a Newton-Schulz iteration.

The method is that of Keller Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024),
with the scale of Moonshot's "Muon is scalable for LLM training" (2025), so that AdamW's rate and weight decay fit.
`torch.optim.Muon` iterates in bfloat16, which costs a CPU without bfloat16 more than the whole of the step;
here the matrices of one shape are iterated together in float32.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
RMS = 0.2  # of an update, as AdamW's usually is


class Muon(torch.optim.Optimizer):
    """For matrices only; `momentum` is Nesterov's, `weight_decay` is decoupled."""

    def __init__(self, params: Iterable[Tensor], lr: float, weight_decay: float = 0.0, momentum: float = 0.95) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            alike: dict[torch.Size, list[Tensor]] = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    alike[p.shape].append(p)
            for shape, params in alike.items():
                update = orthogonal(torch.stack([self._nesterov(p, group["momentum"]) for p in params]))
                scale = group["lr"] * RMS * max(shape) ** 0.5
                for p, direction in zip(params, update, strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(direction, alpha=scale)

    def _nesterov(self, p: Tensor, momentum: float) -> Tensor:
        buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
        buffer.lerp_(p.grad, 1 - momentum)
        return p.grad.lerp(buffer, momentum)


def orthogonal(matrices: Tensor) -> Tensor:
    """(n, rows, columns) -> the same with all singular values near 1 (between about .7 and 1.2)."""
    wide = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if wide else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        square = x @ x.transpose(1, 2)  # n r r, the shorter side
        x = a * x + (b * square + c * square @ square) @ x
    return x.transpose(1, 2) if wide else x
