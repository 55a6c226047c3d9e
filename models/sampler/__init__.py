"""Fills masked windows by refinement in a fixed number of passes: the engine's sampler in Python.

    from sampler import Task, write
    written = write(run, tasks)          # run(cells, chords, bars) -> (cell, chord, expression logits), batched

It mirrors `engine/generator` file by file. From the same logits and seed both write the same tokens, which
`sampler/parity.json` pins; `engine/generator/tunables.json` holds the numbers for both. What Python has more:
windows of mixed meters with absent bars anywhere, batches, guidance. What it lacks: the deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import tokens as T
from sampler.decide_chords import decide_chords
from sampler.decide_drums import decide_drums
from sampler.decide_pitched import decide_pitched
from sampler.revise import mask_least_certain
from sampler.schedule import PassPlan, plan_passes
from sampler.state import Logits, State, Task
from sampler.tunables import SHAPES, TUNABLES

__all__ = ["PASSES", "SHAPES", "TUNABLES", "Task", "Written", "write"]

Run = Callable[[np.ndarray, np.ndarray, np.ndarray], Sequence[np.ndarray]]

PASSES = 4  # neither 8 nor 12 write better music by any measure of the evaluation
BATCH = 64  # windows the network is given at once; their logits take 27 MB
GUIDED = [T.C_ROLE, T.C_INTENSITY, T.C_VALENCE, T.C_AROUSAL]


@dataclass
class Written:
    cells: np.ndarray  # (256, 8) ids
    chords: np.ndarray  # (128,) ids
    expression: np.ndarray | None  # (256, 85) logits of the last pass; None when none ran
    passes: int  # that ran; none does where nothing is open


def write(
    run: Run,
    tasks: Sequence[Task],
    passes: int = PASSES,
    *,
    cuts: Mapping[str, Sequence[float]] | None = None,
    guidance: float = 0.0,
    shapes: Sequence[Sequence[int]] = SHAPES,
    tunables: Mapping | None = None,
    batch: int = BATCH,
) -> list[Written]:
    """Fills the windows, `batch` of them in lockstep.

    `cuts` part the density levels of each stem (default: `densityCuts`), `tunables` replaces some of `TUNABLES`
    by name. With `guidance` g the logits move by g times what intensity, valence, arousal and role change in them,
    at the price of a second run each pass.
    """
    known = {**TUNABLES, **(tunables or {})}
    written = []
    for first in range(0, len(tasks), batch):
        states = [State(task, shapes, cuts or known["densityCuts"], known) for task in tasks[first : first + batch]]
        written += _write_together(run, states, passes, guidance)
    return written


def _write_together(run: Run, states: list[State], passes: int, guidance: float) -> list[Written]:
    lanes = [lanes_to_decide(state) for state in states]
    busy = [i for i in range(len(states)) if lanes[i]]
    plans = {i: plan_passes(passes, lanes[i], states[i].tunables) for i in busy}
    expression: np.ndarray | None = None
    for step in range(passes if busy else 0):
        for i in busy:
            if plans[i][step].revision:
                for stem in T.STEMS:
                    if stem in lanes[i]:
                        mask_least_certain(states[i], stem)
        cell_logits, chord_logits, expression = ask(run, [states[i] for i in busy], guidance)
        for k, i in enumerate(busy):
            logits = Logits(cell_logits[k].astype(np.float64), chord_logits[k].astype(np.float64))
            decide_all(states[i], logits, plans[i][step], step)
    touch = dict(zip(busy, expression, strict=True)) if expression is not None else {}
    return [Written(s.cells, s.chords, touch.get(i), passes if i in plans else 0) for i, s in enumerate(states)]


def ask(run: Run, states: Sequence[State], guidance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """The network's answer for some windows; expression only where `run` gives it."""
    inputs = [np.stack([getattr(s, name) for s in states]) for name in ("cells", "chords", "bars")]
    cells, chords, *expression = (np.asarray(out) for out in run(*inputs))
    if guidance:
        bare = inputs[2].copy()
        bare[:, :, GUIDED] = T.CONDITION_UNKNOWN[GUIDED]
        without = [np.asarray(out) for out in run(inputs[0], inputs[1], bare)]
        cells = cells + guidance * (cells - without[0])
        chords = chords + guidance * (chords - without[1])
    if not (np.isfinite(cells).all() and np.isfinite(chords).all()):
        raise ValueError("the network answered with logits that are no numbers")
    return cells, chords, expression[0] if expression else None


def lanes_to_decide(state: State) -> list[str]:
    """The lanes that have an open cell."""
    opened = state.open[state.geometry.grid]
    stems = [stem for stem in T.STEMS if opened[:, list(T.STEM_LANES[stem])].any()]
    return ["chords", *stems] if state.open_halves.any() else stems


def decide_all(state: State, logits: Logits, plan: PassPlan, step: int) -> None:
    """In the order in which the lanes lean on each other."""
    shares = plan.shares
    if "chords" in shares:
        decide_chords(state, logits, shares["chords"], step)
    for stem in ("harmony", "bass", "melody", "counter"):
        if stem in shares:
            decide_pitched(state, logits, stem, shares[stem], step)
    if "drums" in shares:
        decide_drums(state, logits, shares["drums"], step)
