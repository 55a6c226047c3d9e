"""Which lane is decided in which pass."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass
class PassPlan:
    revision: bool  # the least certain cells are masked again before this pass
    shares: dict[str, float]  # share of its cells that each lane must have decided after this pass


def plan_passes(passes: int, lanes: Sequence[str], tunables: Mapping) -> list[PassPlan]:
    """Staggered stages with a cosine curve, then revisions.

    Stages are stretched so that the first lane begins with the first pass and the last one ends with the last
    drafting pass.
    """
    revisions = next((r["passes"] for r in tunables["revisions"] if passes >= r["from"]), 0)
    drafts = passes - revisions
    stages = tunables["stages"]
    begin = min(stages[lane]["from"] for lane in lanes)
    span = max(stages[lane]["to"] for lane in lanes) - begin

    def share_at(lane: str, time: float) -> float:
        stage = stages[lane]
        progress = (begin + time * span - stage["from"]) / (stage["to"] - stage["from"])
        if progress > 0.999:
            return 1.0
        share = 1 - math.cos(math.pi / 2 * max(0.0, progress))
        return math.floor(share * 1e6 + 0.5) / 1e6  # as in TypeScript, whatever the last bit of a cosine is

    plans = []
    for index in range(passes):
        time = min(1.0, (index + 1) / drafts)
        plans.append(PassPlan(index >= drafts, {lane: share_at(lane, time) for lane in lanes}))
    return plans
