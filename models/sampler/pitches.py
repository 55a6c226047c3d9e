"""The pitch, or the voicing and octave, of an onset."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

import tokens as T
from sampler.cadence import side_of_landing
from sampler.distribution import draw_nucleus, softmax
from sampler.grammar import Line
from sampler.random import random_at
from sampler.repetition import copies, source_grid, source_ids
from sampler.state import BIT_COUNTS, CHORD_BITS, FULL, Logits, State, chord_root

DRAW_PITCH, DRAW_OCTAVE = 1, 2
BASS_RANGE = (28, 60)  # MIDI pitches, E1-C4, as in engine/music/register.ts
STRONG = 3  # metric weight from which a beat counts as strong
WIDEST = 127  # semitones


def write_onset(state: State, logits: Logits, line: Line, slot: int, step: int) -> float:
    """Chooses and writes an onset of pass `step`; the log probability of what was chosen."""
    lane, count = line.lane, onset_count(state, line.lane)
    start = T.LANE_OFFSETS[lane] + T.ONSET
    weights = logits.cells[state.geometry.grid[slot], start : start + count]
    if lane == T.BASS:
        weights = fold_bass(state, weights)
    judged = weights + (shape_bonus(state, slot) if lane == T.HARMONY else pitch_bonus(state, line, slot))
    judged = judged + source_bonus(state, lane, slot, count)
    if lane == T.BASS:
        judged = judged - repeat_penalty(state, line, slot, count)
    if lane == T.MELODY:
        judged = judged + cadence_bonus(state, slot) + climax_bonus(state, line, slot, count)
    chances = softmax(judged, state.tunables["temperature"])
    uniform = random_at(state.seed, DRAW_PITCH, step, lane, slot)
    index = draw_nucleus(chances, state.tunables["topP"], uniform)
    line.ids[slot] = T.ONSET + index
    if lane == T.HARMONY:
        write_octave(state, logits, line, slot, step)
    return math.log(chances[index])


def bass_index(state: State, index: int | np.ndarray) -> int | np.ndarray:
    """The index of a bass pitch, moved by octaves into the range of a bass: another octave, never another note."""
    lowest, highest = (pitch - T.id_to_pitch(T.BASS, T.ONSET, state.tonic) for pitch in BASS_RANGE)
    raised = index + 12 * np.maximum(0, -((index - lowest) // 12))
    return raised - 12 * np.maximum(0, -((highest - raised) // 12))


def fold_bass(state: State, weights: np.ndarray) -> np.ndarray:
    """Gives what the network would put beyond the range of a bass to the same note within it."""
    index = np.arange(len(weights))
    within = bass_index(state, index)
    folded = np.where(within == index, weights, -np.inf)
    for i in np.flatnonzero(within != index).tolist():
        folded[within[i]] = np.logaddexp(folded[within[i]], weights[i])
    return folded


def onset_count(state: State, lane: int) -> int:
    """Onset ids that a lane may take: the voicing table may be shorter than the lane."""
    count = T.LANE_SIZES[lane] - T.ONSET
    return min(count, len(state.shape_sizes)) if lane == T.HARMONY else count


def write_octave(state: State, logits: Logits, line: Line, slot: int, step: int) -> None:
    """The octave of a chord, led from its neighbours."""
    grid, start = state.geometry.grid[slot], T.LANE_OFFSETS[T.OCTAVE]
    weights = logits.cells[grid, start : start + T.LANE_SIZES[T.OCTAVE]].copy()
    for direction in (-1, 1):
        weights -= octave_penalty(state, line, slot, direction)
    weights += source_bonus(state, T.OCTAVE, slot, T.LANE_SIZES[T.OCTAVE])
    chances = softmax(weights, state.tunables["structureTemperature"])
    uniform = random_at(state.seed, DRAW_OCTAVE, step, T.OCTAVE, slot)
    state.cells[grid, T.OCTAVE] = draw_nucleus(chances, state.tunables["structureTopP"], uniform)


def octave_penalty(state: State, line: Line, slot: int, direction: int) -> np.ndarray | float:
    """For octaves that move the chord far from the nearest decided one on one side."""
    other = neighbour_slot(state, line, slot, direction)
    count = T.LANE_SIZES[T.OCTAVE]
    octave = count if other < 0 else int(state.cells[state.geometry.grid[other], T.OCTAVE])
    if octave >= count:
        return 0.0
    target = chord_middle(state, line, other) + 12 * octave
    move = np.abs(chord_middle(state, line, slot) + 12 * np.arange(count) - target) - state.tunables["freeChordMove"]
    return state.tunables["chordMove"] * np.maximum(0, move)


def chord_middle(state: State, line: Line, slot: int) -> float:
    """Mean of a decided chord's notes, without its octave."""
    root_class = (state.tonic + chord_root(state.chord_at(slot))) % 12
    return root_class + state.shape_middles[line.ids[slot] - T.ONSET]


def pitch_bonus(state: State, line: Line, slot: int) -> np.ndarray:
    """Lowers pitches that are foreign to scale and chord, and weighs intervals from the neighbours."""
    lane, tunables = line.lane, state.tunables
    chord = int(CHORD_BITS[state.chord_at(slot)])
    known = int(state.scale[state.geometry.bar[slot]]) | chord
    bonus = -tunables["outOfScale"] * foreign(lane, known)
    if lane == T.BASS and chord != 0 and state.geometry.weight[slot] >= STRONG:
        bonus = bonus - tunables["bassOffChord"] * foreign(lane, chord)
    name = "bass" if lane == T.BASS else "counter" if lane == T.COUNTER else "melody"
    intervals = interval_bonus(tuple(tunables["intervals"][name]), tunables["leap"])
    for direction in (-1, 1):
        other = neighbour_slot(state, line, slot, direction)
        if other >= 0:
            first = WIDEST - (line.ids[other] - T.ONSET)
            bonus = bonus + intervals[first : first + len(bonus)]
    return bonus


def source_bonus(state: State, lane: int, slot: int, count: int) -> np.ndarray:
    """Raises what the bar that is followed has in this place.

    The very id where it is copied over the same chord, else the same voicing, or the pitches around it, moved with
    the root of the chord.
    """
    tunables, grid = state.tunables, state.geometry.grid[slot : slot + 1]
    first = 0 if lane == T.OCTAVE else T.ONSET
    bonus = np.zeros(count)
    index = int(source_ids(state.repetition, state.cells, lane, grid)[0]) - first
    copy = bool(copies(state.repetition, lane, grid)[0])
    if index < 0:
        return bonus
    source = np.searchsorted(state.geometry.grid, source_grid(state.repetition, lane, grid)[0])
    here, there = state.chord_at(slot), state.chord_at(int(source))
    exact = copy and here == there
    if lane == T.BASS:
        index = int(bass_index(state, index))
    if exact or lane == T.HARMONY:
        bonus[index] = tunables["copyPull" if exact else "rhythmPull"]["pitch"]
    elif lane != T.OCTAVE:
        move = (chord_root(here) - chord_root(there) + 17) % 12 - 5  # at most a tritone either way
        target = index + move
        target += 12 if target < 0 else -12 if target >= count else 0
        target = int(bass_index(state, target)) if lane == T.BASS else target
        near = 1 - np.abs(np.arange(count) - target) / tunables["outlineReach"]
        bonus = tunables["rhythmPull"]["pitch"] * np.maximum(0, near)
    return bonus


def repeat_penalty(state: State, line: Line, slot: int, count: int) -> np.ndarray:
    """For each pitch, by how often the bass has struck it in this bar after the first time."""
    ids = np.array(line.ids)[state.geometry.bar == state.geometry.bar[slot]]
    struck = ids[(ids >= T.ONSET) & (ids < T.LANE_SIZES[T.BASS])] - T.ONSET
    return state.tunables["bassRepeat"] * np.maximum(0, np.bincount(struck, minlength=count) - 1)


def cadence_bonus(state: State, slot: int) -> np.ndarray | float:
    """At a cadence the last strong beat takes a tone of its chord, best of all the tonic."""
    bar, chord = state.geometry.bar[slot], int(CHORD_BITS[state.chord_at(slot)])
    meter, place = int(state.bars[bar, T.C_METER]), int(state.geometry.grid[slot] % T.SLOTS)
    strength = float(state.cadences[bar])
    if strength == 0 or chord == 0 or side_of_landing(meter, place) < 0:
        return 0.0
    kind = state.tunables["cadence"]
    tonic = kind["tonic"] * (1 - foreign(T.MELODY, chord & 1))
    return strength * (kind["chordTone"] * (1 - foreign(T.MELODY, chord)) + tonic)


def climax_bonus(state: State, line: Line, slot: int, count: int) -> np.ndarray | float:
    """In a climax raises chord tones a little above the rest of the phrase; elsewhere lowers what would reach it."""
    bar, kind = int(state.geometry.bar[slot]), state.tunables["climax"]
    peak = int(state.climaxes[bar])
    if peak < 0:
        return 0.0
    inside, at_peak = state.phrases[state.geometry.bar] == state.phrases[bar], state.geometry.bar == peak
    ids = np.array(line.ids)
    onset = (ids >= T.ONSET) & (ids < T.LANE_SIZES[T.MELODY])
    own, others = ((ids[onset & part] - T.ONSET).max(initial=-1) for part in (at_peak, inside & ~at_peak))
    index = np.arange(count)
    if bar != peak:
        return np.where((own > others) & (index >= own), -kind["shade"], 0.0)
    if others < 0 or own > others:
        return 0.0
    chord = int(CHORD_BITS[state.chord_at(slot)])
    tones = 1 - foreign(T.MELODY, chord or FULL)
    return np.where((index > others) & (index <= others + kind["reach"]), kind["rise"] * tones, 0.0)


@lru_cache(maxsize=1024)
def foreign(lane: int, allowed: int) -> np.ndarray:
    """1 for each pitch of a one-voice lane whose class is not among the allowed ones."""
    low, count = T.LANE_RANGE[lane]
    return 1.0 - (allowed >> ((low + np.arange(count)) % 12) & 1)


@lru_cache(maxsize=64)
def interval_bonus(bonus: tuple[float, ...], leap: float) -> np.ndarray:
    """Of the intervals from -127 to 127 semitones."""
    semitones = np.abs(np.arange(-WIDEST, WIDEST + 1))
    last = len(bonus) - 1
    return np.array(bonus)[np.minimum(semitones, last)] - leap * np.maximum(0, semitones - last)


def neighbour_slot(state: State, line: Line, slot: int, direction: int) -> int:
    """Slot of the nearest decided onset on one side within reach, or -1."""
    for distance in range(1, state.tunables["intervalReach"] + 1):
        at = slot + direction * distance
        if at < 0 or at >= len(line.ids):
            return -1
        if line.is_onset(at):
            return at
    return -1


def shape_bonus(state: State, slot: int) -> np.ndarray:
    """Favours full chords, and lowers shapes for each pitch class that is foreign to scale and chord."""
    chord = state.chord_at(slot)
    root = chord_root(chord)
    known = int(state.scale[state.geometry.bar[slot]]) | int(CHORD_BITS[chord])
    allowed = ((known >> root) | (known << (12 - root))) & FULL  # the same set, counted from the chord's root
    strange = BIT_COUNTS[state.shape_classes & ~allowed & FULL]
    bar, tunables = state.geometry.bar[slot], state.tunables
    pad = state.density[bar, T.STEMS.index("harmony")] in (1, 2)
    fullness = tunables["fullness"] + (tunables["padFullness"] if pad else 0)
    fullness += tunables["intensityFullness"] * float(state.excitement(bar))
    bonus = fullness * (state.shape_sizes - 1) - tunables["outOfScale"] * strange
    return bonus[: onset_count(state, T.HARMONY)]
