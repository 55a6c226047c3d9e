"""Promises of the sampler; `sampler/parity.json` is written by `test/unit/generator/parity.test.ts`."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import sampler
import tokens as T
from sampler.decide_pitched import silence_orphans
from sampler.grammar import line_of
from sampler.random import random_at
from sampler.state import State

FIXTURE = Path(sampler.__file__).parent / "parity.json"
WINDOWS = json.loads(FIXTURE.read_text())["windows"]
LOGITS = 70


@lru_cache(maxsize=12)
def formula_logits(step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The logits of `parity.test.ts`: the same for every window."""
    likely = np.zeros(T.LOGITS)
    for lane, start in enumerate(T.LANE_OFFSETS):
        if lane != T.OCTAVE:
            likely[start + T.HOLD] = 3 if lane > T.BASS else 4.5
        if lane in (T.MELODY, T.COUNTER, T.HARMONY, T.BASS):
            likely[start + T.REST] = 4
    likely[T.LANE_OFFSETS[T.BASS] + T.ONSET + 12] = 4
    cells = 6 * random_at(step, LOGITS, 0, np.arange(T.CELLS * T.LOGITS)) - 3
    chords = 6 * random_at(step, LOGITS, 1, np.arange(T.TOKENS * T.CHORDS)) - 3
    cells = (cells.reshape(T.CELLS, T.LOGITS) + likely).astype(np.float32)
    return cells, chords.reshape(T.TOKENS, T.CHORDS).astype(np.float32), np.zeros((T.CELLS, T.EXPRESSION), np.float32)


class Formula:
    """A network of formulas that counts its runs and keeps the inputs."""

    def __init__(self) -> None:
        self.seen = []

    def __call__(self, cells, chords, bars):
        answer = formula_logits(len(self.seen))
        self.seen.append((cells.copy(), chords.copy(), bars.copy()))
        return [np.repeat(part[None], len(cells), 0) for part in answer]


def ids(text: str) -> np.ndarray:
    """`5x3 1` is 5 5 5 1."""
    words = [(word + "x1").split("x")[:2] for word in text.split()]
    return np.concatenate([np.full(int(count), int(value)) for value, count in words])


def lanes(texts: list[str]) -> np.ndarray:
    return np.stack([ids(text) for text in texts], 1)  # 256 8


def padded(text: str, rows: int, columns: int) -> np.ndarray:
    values = ids(text).reshape(-1, columns)
    return np.pad(values, ((0, rows - len(values)), (0, 0))).astype(bool)


def task_of(window: dict) -> sampler.Task:
    return sampler.Task(
        cells=lanes(window["cells"]),
        chords=ids(window["chords"]),
        bars=ids(window["bars"]).reshape(T.BARS, -1),
        open=lanes(window["open"]).astype(bool),
        open_halves=padded(window["openHalves"], T.BARS, 2),
        seed=window["seed"],
        mode=ids(window["modes"]),
        above=ids(window["above"]),
        tonic=window["tonic"],
        whole=padded(window["whole"], T.BARS, 5),
    )


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window["name"])
def test_the_tokens_are_those_of_the_engine(window):
    (written,) = sampler.write(Formula(), [task_of(window)], window["passes"])
    assert (written.cells == lanes(window["written"]["cells"])).all()
    assert (written.chords == ids(window["written"]["chords"])).all()


def fresh_task(meters: list[int], seed: int = 1, density: int = 2) -> sampler.Task:
    """All five stems and all chords of a window whose bars have these meters, 4 being an absent bar."""
    cells, chords, bars = T.absent_window()
    for bar, meter in enumerate(meters):
        used = T.METER_SLOTS[meter]
        cells[bar * T.SLOTS : bar * T.SLOTS + used] = T.MASK_IDS
        chords[bar * 8 : bar * 8 + used // T.PATCH] = T.CHORD_MASK
        if used:
            bars[bar, T.C_METER] = meter
            bars[bar, T.C_DENSITY : T.C_DENSITY + 5] = density
    half = np.repeat(bars[:, T.C_METER : T.C_METER + 1] != T.METER_ABSENT, 2, axis=1)
    return sampler.Task(cells, chords, bars, cells == T.MASK_IDS, half, seed, mode=0)


def onsets(written: sampler.Written, bar: int, lane: int) -> int:
    ids = written.cells[bar * T.SLOTS : (bar + 1) * T.SLOTS, lane]
    return int(((ids >= T.ONSET) & (ids < T.LANE_SIZES[lane])).sum())


MIXED = [4, 4, 0, 1, 0, 2, 3, 0, 0, 1, 1, 0, 4, 4, 4, 4]


def test_every_cell_is_decided_in_bars_of_any_meter_and_absent_bars_stay_absent():
    task = fresh_task(MIXED)
    (written,) = sampler.write(Formula(), [task])
    octave = np.arange(8) == T.OCTAVE
    assert ((written.cells < T.MASK_IDS) | octave)[task.open].all()
    assert (written.cells == T.ABSENT_IDS)[~task.open].all()
    assert (written.chords[task.chords == T.CHORD_MASK] < T.CHORDS).all()
    assert (written.chords[task.chords != T.CHORD_MASK] == T.CHORD_ABSENT).all()


def test_a_hold_never_follows_a_rest_and_an_octave_goes_with_every_chord():
    for seed in range(4):
        (written,) = sampler.write(Formula(), [fresh_task(MIXED, seed)])
        played = (written.cells != T.ABSENT_IDS)[:, T.MELODY]
        for lane in (T.MELODY, T.COUNTER, T.HARMONY, T.BASS):
            line = written.cells[played, lane]
            assert line[0] != T.HOLD
            assert not ((line[1:] == T.HOLD) & (line[:-1] == T.REST)).any()
        chord, octave = written.cells[:, T.HARMONY], written.cells[:, T.OCTAVE]
        onset = (chord >= T.ONSET) & (chord < T.LANE_SIZES[T.HARMONY])
        assert (onset == (octave < T.LANE_SIZES[T.OCTAVE])).all()


def test_a_window_is_the_same_alone_and_among_others():
    tasks = [fresh_task([0] * 4 + [4] * 12, seed=5), fresh_task(MIXED, seed=6), fresh_task([1] * 8 + [4] * 8, seed=7)]
    together = sampler.write(Formula(), tasks, 8)
    for task, written in zip(tasks, together, strict=True):
        (alone,) = sampler.write(Formula(), [task], 8)
        assert (alone.cells == written.cells).all() and (alone.chords == written.chords).all()


def test_onsets_follow_the_density_that_is_asked_for():
    counts = []
    for level in range(5):
        (written,) = sampler.write(Formula(), [fresh_task([0] * 8 + [4] * 8, density=level)])
        counts.append(sum(onsets(written, bar, T.BASS) for bar in range(8)))
    assert counts == sorted(set(counts)), counts


@pytest.mark.parametrize(("level", "shift"), [(0, 60), (1, -60)])
def test_silence_stays_silent_under_a_noisy_network_and_no_bar_is_empty_under_a_silent_one(level, shift):
    def run(cells, chords, bars):
        answer = formula_logits(0)[0].copy()
        for lane, start in enumerate(T.LANE_OFFSETS):
            answer[:, start + (T.ONSET if lane <= T.BASS else 1) : start + T.LANE_SIZES[lane]] += shift
        return [np.repeat(part[None], len(cells), 0) for part in (answer, *formula_logits(0)[1:])]

    (written,) = sampler.write(run, [fresh_task([0] * 8 + [4] * 8, density=level)])
    for lane in (T.MELODY, T.COUNTER, T.HARMONY, T.BASS):
        heard = [onsets(written, bar, lane) for bar in range(8)]
        assert max(heard) == 0 if level == 0 else min(heard) > 0
    hits = (written.cells[: 8 * T.SLOTS, list(T.STEM_LANES["drums"])] > 0).reshape(8, -1).any(1)
    assert hits.all() if level else not hits.any()


def test_given_cells_are_kept_and_a_kept_note_is_never_made_longer():
    task = fresh_task([0] * 4 + [4] * 12)
    task.cells[: T.SLOTS] = np.where(np.arange(8) > T.BASS, 0, T.HOLD)
    task.cells[: T.SLOTS, T.OCTAVE] = T.ABSENT_IDS[T.OCTAVE]
    task.cells[0, T.MELODY] = T.ONSET + 20
    task.open[: T.SLOTS] = False
    (written,) = sampler.write(Formula(), [task])
    assert (written.cells[: T.SLOTS] == task.cells[: T.SLOTS]).all()
    assert written.cells[T.SLOTS, T.MELODY] != T.HOLD


def state_of(task: sampler.Task) -> State:
    return State(task, sampler.SHAPES, sampler.TUNABLES["densityCuts"], sampler.TUNABLES)


def test_no_bar_follows_one_in_another_meter_or_an_absent_one():
    for seed in range(40):
        plan = state_of(fresh_task(MIXED, seed)).repetition
        for _, bar in np.argwhere(plan.lag):
            assert plan.lag[:, bar].max() <= bar
        for stem, bar in np.argwhere(plan.lag):
            assert MIXED[bar - plan.lag[stem, bar]] == MIXED[bar] != 4


def test_a_plan_depends_on_the_seed_alone():
    plans = [state_of(fresh_task([0] * 16, seed)).repetition.lag for seed in (1, 1, 2)]
    assert (plans[0] == plans[1]).all() and (plans[0] != plans[2]).any()


def test_bars_that_copy_others_repeat_them_where_the_network_has_no_opinion():
    def flat(cells, chords, bars):
        return [np.zeros((len(cells), T.CELLS, T.LOGITS)), np.zeros((len(cells), T.TOKENS, T.CHORDS))]

    alike = []
    for seed in range(4):
        task = fresh_task([0] * 8 + [4] * 8, seed)
        task.chords[task.chords == T.CHORD_MASK], task.open_halves[:] = 0, False
        plan = state_of(task).repetition
        (written,) = sampler.write(flat, [task])
        bass = written.cells[:, T.BASS].reshape(T.BARS, T.SLOTS)
        for bar in np.flatnonzero(plan.same[T.STEMS.index("bass")]):
            alike.append((bass[bar] == bass[bar - plan.lag[T.STEMS.index("bass"), bar]]).mean())
    assert len(alike) > 5 and np.mean(alike) > 0.85


def test_a_bass_repeats_a_pitch_the_less_the_more_often_its_bar_has_it():
    def fond(cells, chords, bars):  # of onsets, and of one pitch of the bass among all that the chord has
        logits = np.zeros((len(cells), T.CELLS, T.LOGITS))
        logits[:, :, T.LANE_OFFSETS[T.BASS] + T.ONSET + 12] = 4
        return [logits, np.zeros((len(cells), T.TOKENS, T.CHORDS))]

    def repeats(penalty: float) -> float:
        tasks = [fresh_task([0] * 8 + [4] * 8, seed) for seed in range(4)]
        for task in tasks:
            task.bars[:8, T.C_DENSITY + T.STEMS.index("bass")] = 4
        written = sampler.write(fond, tasks, tunables={"bassRepeat": penalty})
        rows = np.concatenate([w.cells[:, T.BASS].reshape(T.BARS, T.SLOTS)[:8] for w in written])
        return np.mean([(row == T.ONSET + 12).sum() for row in rows])

    assert repeats(0.0) > 1.2 * repeats(1.0) > 0


def test_holds_fall_silent_when_a_rest_is_written_before_them_unless_they_were_given():
    task = fresh_task([0] * 2 + [4] * 14)
    state = state_of(task)
    state.cells[[0, 2, 3], T.MELODY] = [T.REST, T.HOLD, T.HOLD]
    line = line_of(state, "melody")
    assert line.may_rest(1)
    silence_orphans(state, line, 2)
    assert line.ids[2:5] == [T.REST, T.REST, T.MASK_IDS[T.MELODY]]
    assert state.cells[2:5, T.MELODY].tolist() == line.ids[2:5]
    line.ids[2], line.open[2] = T.HOLD, False
    assert not line.may_rest(1)


def test_nothing_open_needs_no_network():
    task = fresh_task([4] * 16)
    network = Formula()
    (written,) = sampler.write(network, [task])
    assert (written.passes, written.expression, network.seen) == (0, None, [])


def test_guidance_asks_twice_a_pass_and_hides_the_mood_once():
    network, task = Formula(), fresh_task([0] * 2 + [4] * 14)
    task.bars[:2, T.C_INTENSITY] = 7
    sampler.write(network, [task], 2, guidance=0.5)
    asked = [bars[0, 0, T.C_INTENSITY] for _, _, bars in network.seen]
    assert asked == [7, T.CONDITION_UNKNOWN[T.C_INTENSITY]] * 2


def test_a_number_can_be_replaced_for_one_call():
    task = fresh_task([0] * 4 + [4] * 12)
    network = Formula()
    sampler.write(network, [task], 8, tunables={"revisions": []})
    assert not (network.seen[7][0][0, :64, T.HARMONY] == T.MASK_IDS[T.HARMONY]).any()
    network = Formula()
    sampler.write(network, [task], 8)
    assert (network.seen[7][0][0, :64, T.HARMONY] == T.MASK_IDS[T.HARMONY]).any()


def test_an_octave_that_is_open_alone_is_decided():
    task = fresh_task([0] + [4] * 15)
    task.cells[:16, T.HARMONY], task.open[:16, T.HARMONY] = T.HOLD, False
    task.cells[0, T.HARMONY], task.open[1:16, T.OCTAVE] = T.ONSET + 12, False
    task.cells[1:16, T.OCTAVE] = T.ABSENT_IDS[T.OCTAVE]
    (written,) = sampler.write(Formula(), [task])
    assert written.cells[0, T.OCTAVE] < T.LANE_SIZES[T.OCTAVE]


def test_logits_that_are_no_numbers_are_refused():
    def broken(cells, chords, bars):
        cell_logits, *others = Formula()(cells, chords, bars)
        cell_logits[0, 3, 3] = np.nan
        return [cell_logits, *others]

    with pytest.raises(ValueError, match="no numbers"):
        sampler.write(broken, [fresh_task([0] + [4] * 15)])


def test_chance_is_that_of_the_engine():
    assert random_at(1, 2, 3) == random_at(1, 2, np.array([3]))[0]
    assert (random_at(-7, 10, np.array([-1, 5])) == [random_at(-7, 10, -1), random_at(-7, 10, 5)]).all()
