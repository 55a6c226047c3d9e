"""The order in which the joint chain reveals a hidden passage: the sampler's schedule, with the true values.

    for hidden, revealed in reveal.steps(cells, chords, bars, seed=1): ...

All cells and chords of bars 5-12 are hidden and come back in 12 groups: lane by lane as `sampler/schedule.py` says
(chords, harmony and bass, melody, counter, drums), within a lane strong beats first, ties by chance. The sampler
weighs its own confidence too; here the order depends on nothing that a network says, so that all are asked the same.
"""

from __future__ import annotations

import math

import numpy as np

import tokens as T
from sampler.geometry import Geometry
from sampler.schedule import plan_passes
from sampler.tunables import TUNABLES

PASSES, SPAN = 12, slice(4, 12)


def steps(cells: np.ndarray, chords: np.ndarray, bars: np.ndarray, seed: int) -> list[tuple[dict, dict]]:
    """What is hidden before each pass and what of it the pass reveals, as masks of cells and half bars."""
    cell_groups, half_groups = groups(cells, chords, bars, seed)
    return [
        (
            {"cells": cell_groups >= step, "chords": half_groups >= step},
            {"cells": cell_groups == step, "chords": half_groups == step},
        )
        for step in range(PASSES)
    ]


def groups(cells: np.ndarray, chords: np.ndarray, bars: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The pass that reveals each cell (n, 256, 8) and the chord of each half bar (n, 16, 2); -1 where all is given."""
    cell_groups = np.full(cells.shape, -1, np.int8)
    half_groups = np.full((len(cells), T.BARS, 2), -1, np.int8)
    for index in range(len(cells)):
        rng = np.random.default_rng((seed, index))
        _place(cells[index], chords[index], bars[index], rng, cell_groups[index], half_groups[index].reshape(-1))
    return cell_groups, half_groups


def _place(cells, chords, bars, rng: np.random.Generator, cell_groups: np.ndarray, half_groups: np.ndarray) -> None:
    """Groups of one window, in place: the sampler's shares without its revisions, strong beats first, ties by chance.

    As in the sampler, a harmony waits for its chord, an octave comes with its harmony, and the three drum lanes
    share one order.
    """
    geometry = Geometry(bars[:, T.C_METER])
    inside = np.zeros(T.BARS, bool)
    inside[SPAN] = True
    used, slot_inside = geometry.grid, inside[geometry.bar]
    halves = np.flatnonzero(np.repeat(inside, 2) & (chords[geometry.half_token] != T.CHORD_ABSENT))
    stems = {stem: _stem_cells(cells, used[slot_inside], stem) for stem in T.STEMS}
    lanes = [*(["chords"] if len(halves) else []), *(stem for stem, (rows, _) in stems.items() if len(rows))]
    weight = np.zeros(T.CELLS)
    weight[used] = geometry.weight
    chord_of = np.zeros(T.CELLS, int)  # the half bar in force
    chord_of[used] = np.searchsorted(geometry.half_token, geometry.token)
    waits = np.isin(np.arange(2 * T.BARS), halves)
    order = {"chords": (halves % 2 == 0) + rng.random(len(halves))}
    order |= {stem: weight[rows] + rng.random(len(rows)) for stem, (rows, _) in stems.items()}
    for step, plan in enumerate(plan_passes(PASSES, lanes, TUNABLES | {"revisions": []})):
        for name in lanes:
            if name == "chords":
                _reveal(half_groups, halves, order[name], plan.shares[name], step)
                continue
            rows = stems[name][0]
            ready = ~waits[chord_of[rows]] | (half_groups[chord_of[rows]] >= 0) | (name != "harmony")
            _reveal(cell_groups, stems[name], order[name], plan.shares[name], step, ready)
    octave = cells[:, T.OCTAVE] != T.ABSENT_IDS[T.OCTAVE]
    cell_groups[octave, T.OCTAVE] = cell_groups[octave, T.HARMONY]


def _stem_cells(cells: np.ndarray, slots: np.ndarray, stem: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows and lanes of a stem's present cells, the octave left out."""
    lanes = np.array([lane for lane in T.STEM_LANES[stem] if lane != T.OCTAVE])
    row, column = np.nonzero(cells[np.ix_(slots, lanes)] != T.ABSENT_IDS[lanes])
    return slots[row], lanes[column]


def _reveal(found: np.ndarray, places, order: np.ndarray, share: float, step: int, ready=True) -> None:
    """Put the first of the `ready` places into a pass, in place, until `share` of all are in one."""
    done = found[places] >= 0
    wanted = math.ceil(share * len(order)) - int(done.sum())
    free = np.flatnonzero(~done & ready)
    chosen = free[np.argsort(-order[free], kind="stable")[: max(wanted, 0)]]
    values = found[places]
    values[chosen] = step
    found[places] = values
