"""Decides one pitched stem in one pass."""

from __future__ import annotations

import math

import numpy as np

import tokens as T
from sampler.cadence import side_of_landing
from sampler.density import Candidates, bisect, expected_onsets
from sampler.distribution import gumbel, sigmoid
from sampler.grammar import Line, line_of
from sampler.pitches import onset_count, write_octave, write_onset
from sampler.random import random_at
from sampler.repetition import STEM_OF_LANE, copies, source_ids
from sampler.select import draw_one_at_least, draw_systematic, take_shares
from sampler.state import Logits, State
from sampler.targets import bar_target

DRAW_ONSETS, DRAW_SILENCE, DRAW_ORDER, DRAW_QUOTA = 10, 11, 12, 13
NOTE, HELD, SILENT = range(3)
SURE, CERTAIN = 30.0, 1e6  # the most odds can be: of a sure network, and where the grammar leaves no other choice


def decide_pitched(state: State, logits: Logits, stem: str, share: float, step: int) -> None:
    """Decides masked slots until a share of the open ones is decided.

    First what each slot would be (onsets in closed loop with the density), then which of them are settled in
    this pass, last their pitches in playing order. Bars that others follow come first. Whatever the logits say, a
    hold never follows a rest.
    """
    line = line_of(state, stem)
    lane, depths = line.lane, depth_at(state, line)
    is_open = state.open[state.geometry.grid, lane]
    slots = masked_slots(state, line, is_open)
    wanted = math.ceil(share * int(is_open.sum())) - (int(is_open.sum()) - len(slots))
    if lane == T.HARMONY:
        write_lone_octaves(state, logits, line, step)
    for depth in range(depths.max(initial=0) + 1):
        some = slots[depths[slots] == depth]
        if len(some) and wanted > 0:
            decide_bars(state, logits, line, some, wanted, depth, step)
        wanted -= len(some)


def depth_at(state: State, line: Line) -> np.ndarray:
    """How many bars to be written come before that of each slot."""
    return state.repetition.depth[STEM_OF_LANE[line.lane], state.geometry.bar]


def decide_bars(
    state: State, logits: Logits, line: Line, slots: np.ndarray, wanted: int, depth: int, step: int
) -> None:
    """Some of the masked slots of the bars of one depth."""
    lane, index = line.lane, STEM_OF_LANE[line.lane]
    here = state.open[state.geometry.grid, lane] & (depth_at(state, line) == depth)
    odds, hold, sure = weigh(state, logits, line, slots)
    chances, drawn = draw_onsets(state, line, slots, odds, index, step)
    score = 0.5 * sure + np.log(np.maximum(1e-9, chances))
    hold = keep_rests(state, line, here, hold, drawn, depth)
    kinds = sort_out(state, line, slots, hold, drawn, step)
    order = order_of(state, lane, slots, kinds, hold, score, step)
    taken = take_shares(kinds, order, wanted, random_at(state.seed, DRAW_QUOTA, step, lane))
    onset = sigmoid(odds)
    certainty = np.log(np.maximum(1e-9, [onset, (1 - onset) * hold, (1 - onset) * (1 - hold)]))  # 3 n, by kind
    for i in np.flatnonzero(taken):
        settle(state, logits, line, int(slots[i]), int(kinds[i]), certainty[:, i], step)


def masked_slots(state: State, line: Line, is_open: np.ndarray) -> np.ndarray:
    """The masked slots that can be decided now: voicings count from the chord's root, so the chord comes first."""
    masked = is_open & (np.array(line.ids) == T.MASK_IDS[line.lane])
    if line.lane == T.HARMONY:
        masked &= state.chords[state.geometry.token] != T.CHORD_MASK
    return np.flatnonzero(masked)


def weigh(state: State, logits: Logits, line: Line, slots: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Odds of an onset, probability of a hold over a rest where there is none, how sure the pitch is."""
    start = T.LANE_OFFSETS[line.lane]
    raw = logits.cells[state.geometry.grid[slots], start : start + T.ONSET + onset_count(state, line.lane)]
    highest = raw[:, T.ONSET :].max(1)
    total = np.exp(raw[:, T.ONSET :] - highest[:, None]).sum(1)
    pulls = pulls_at(state, line.lane, slots)
    metric = state.tunables["metricPull"][stem_of(line.lane)]
    beat = metric * (state.geometry.weight[slots] - 1)
    onset = highest + np.log(total) + pulls[NOTE] + beat
    hold = np.where([line.may_hold(slot) for slot in slots.tolist()], raw[:, T.HOLD] + pulls[HELD], -np.inf)
    calm = -state.excitement(state.geometry.bar[slots]) * state.tunables["intensityRests"]
    rest = np.where([line.may_rest(slot) for slot in slots.tolist()], raw[:, T.REST] + pulls[SILENT] + calm, -np.inf)
    other = np.logaddexp(hold, rest)
    stuck = np.isneginf(other)
    odds = np.where(stuck, CERTAIN, np.clip(onset - np.where(stuck, 0, other), -SURE, SURE))
    held = np.where(stuck, 0, np.exp(hold - np.where(stuck, 0, other)))
    return odds, held, -np.log(total)


def stem_of(lane: int) -> str:
    return T.STEMS[STEM_OF_LANE[lane]]


def pulls_at(state: State, lane: int, slots: np.ndarray) -> np.ndarray:
    """(3, n) what the plan of the window adds to each kind: the bar that is followed, and cadences."""
    grid = state.geometry.grid[slots]
    ids = source_ids(state.repetition, state.cells, lane, grid)
    tunables = state.tunables
    size = np.where(copies(state.repetition, lane, grid), tunables["copyPull"]["kind"], tunables["rhythmPull"]["kind"])
    pulls = np.stack([size * (ids >= T.ONSET), size * (ids == T.HOLD), size * (ids == T.REST)]).astype(float)
    if lane == T.MELODY:
        bars = grid // T.SLOTS
        strength = np.where(ids < 0, state.cadences[bars], 0)
        for i in np.flatnonzero(strength).tolist():
            side = side_of_landing(int(state.bars[bars[i], T.C_METER]), int(grid[i] % T.SLOTS))
            if side == 0:
                pulls[NOTE, i] = strength[i] * tunables["cadence"]["landing"]
            elif side > 0:
                pulls[HELD, i] = strength[i] * tunables["cadence"]["after"]
    return pulls


def draw_onsets(
    state: State, line: Line, slots: np.ndarray, odds: np.ndarray, index: int, step: int
) -> tuple[np.ndarray, np.ndarray]:
    """Chances and onsets, so that in each bar their number, with those decided already, meets the target."""
    bar_of_slot = state.geometry.bar
    ids = np.array(line.ids)
    onset = (ids >= T.ONSET) & (ids < T.LANE_SIZES[line.lane])
    decided = np.bincount(bar_of_slot[onset], minlength=T.BARS)
    candidates = Candidates.of(odds, bar_of_slot[slots])
    bias, lone = meet_targets(state, candidates, decided, index)
    chances = np.where(odds == CERTAIN, 1, sigmoid(odds + bias[candidates.bar_of_cell]))
    drawn = np.zeros(len(slots), bool)
    for i, bar in enumerate(candidates.bars.tolist()):
        cells = candidates.stretch(i)
        uniform = random_at(state.seed, DRAW_ONSETS, step, line.lane, bar)
        drawn[cells] = draw_systematic(chances[cells].tolist(), uniform)
        if lone[i]:
            draw_one_at_least(chances[cells], drawn[cells])
    return chances, drawn


def meet_targets(
    state: State, candidates: Candidates, decided: np.ndarray, index: int
) -> tuple[np.ndarray, np.ndarray]:
    """The bias of each bar with candidates, and whether an onset must come from them. None wanted: none can come."""
    bars = candidates.bars
    expected = expected_onsets(candidates, np.zeros(len(bars)))
    stem = T.STEMS[index]
    targets = [bar_target(state, stem, bar, float(decided[bar] + expected[i])) for i, bar in enumerate(bars.tolist())]
    wanted = np.maximum(0, np.array(targets) - decided[bars])
    bias = bisect(lambda bias: expected_onsets(candidates, bias), wanted, state.tunables["densityReach"])
    return np.where(wanted > 0, bias, -np.inf), (np.array(targets) >= 1) & (decided[bars] == 0)


def keep_rests(
    state: State, line: Line, here: np.ndarray, hold: np.ndarray, drawn: np.ndarray, depth: int
) -> np.ndarray:
    """Chances of a hold over a rest, so that rests keep the number that was expected at the start.

    Holds outnumber rests and, once settled, forbid rests before them.
    """
    decided = int((here & (np.array(line.ids) == T.REST)).sum())
    quiet, index = hold[~drawn], STEM_OF_LANE[line.lane]
    if np.isnan(state.rest_targets[index, depth]):
        state.rest_targets[index, depth] = decided + rest_chance(quiet, 0.0).sum()
    wanted = np.float64(state.rest_targets[index, depth] - decided)
    bias = bisect(lambda at: rest_chance(quiet, at).sum(), wanted, state.tunables["restReach"])
    return 1 - rest_chance(hold, bias)


def rest_chance(hold: np.ndarray, bias: float | np.ndarray) -> np.ndarray:
    """Probability of a rest over a hold when its log odds are raised by a bias."""
    raised = (1 - hold) * np.exp(bias)
    return raised / (raised + hold)


def sort_out(state: State, line: Line, slots: np.ndarray, hold: np.ndarray, drawn: np.ndarray, step: int) -> np.ndarray:
    """The kind of each slot.

    Between two onsets one random number serves all slots, so that a note ends once instead of being drawn to
    pieces.
    """
    ids = np.array(line.ids)
    onset = (ids >= T.ONSET) & (ids < T.LANE_SIZES[line.lane])
    onset[slots[drawn]] = True
    last = np.maximum.accumulate(np.where(onset, np.arange(len(ids)), -1))
    uniform = random_at(state.seed, DRAW_SILENCE, step, line.lane, last[slots])
    return np.where(drawn, NOTE, np.where(uniform < hold, HELD, SILENT))


def order_of(
    state: State, lane: int, slots: np.ndarray, kinds: np.ndarray, hold: np.ndarray, score: np.ndarray, step: int
) -> np.ndarray:
    """Confidence, strong beats first, and some noise."""
    noise = gumbel(random_at(state.seed, DRAW_ORDER, step, lane, slots)) * state.tunables["orderNoise"]
    beat = state.geometry.weight[slots] * state.tunables["strongBeatFirst"]
    quiet = np.log(np.maximum(1e-9, np.where(kinds == HELD, hold, 1 - hold)))
    return np.where(kinds == NOTE, score + beat, quiet) + noise


def settle(state: State, logits: Logits, line: Line, slot: int, wish: int, certainty: np.ndarray, step: int) -> None:
    """Writes one slot. Earlier slots of this pass are settled already, so the grammar is asked again."""
    lane, grid = line.lane, state.geometry.grid[slot]
    holds, rests = line.may_hold(slot), line.may_rest(slot)
    if wish == NOTE or not (holds or rests):
        state.certainty[grid, lane] = certainty[NOTE] + write_onset(state, logits, line, slot, step)
    else:
        line.ids[slot] = T.HOLD if (wish == HELD and holds) or not rests else T.REST
        if lane == T.HARMONY:
            state.cells[grid, T.OCTAVE] = T.ABSENT_IDS[T.OCTAVE]
        state.certainty[grid, lane] = certainty[wish]
        if line.ids[slot] == T.REST:
            silence_orphans(state, line, slot + 1)
    state.cells[grid, lane] = line.ids[slot]


def silence_orphans(state: State, line: Line, first: int) -> None:
    """Turns the holds from a slot on into rests, after a rest was written before them."""
    for slot in line.run_of_holds(first):
        line.ids[slot] = T.REST
        state.cells[state.geometry.grid[slot], line.lane] = T.REST


def write_lone_octaves(state: State, logits: Logits, line: Line, step: int) -> None:
    """Octaves that are open under a given chord. The engine never asks for one."""
    grid = state.geometry.grid
    alone = state.open[grid, T.OCTAVE] & (state.cells[grid, T.OCTAVE] == T.MASK_IDS[T.OCTAVE])
    for slot in np.flatnonzero(alone & ~state.open[grid, T.HARMONY]).tolist():
        if line.is_onset(slot) and state.chord_at(slot) != T.CHORD_MASK:
            write_octave(state, logits, line, slot, step)
