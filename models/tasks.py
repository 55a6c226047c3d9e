"""Every task as a mask over one passage: which cells and half-bar chords the network writes anew.

A task opens whole stems, bars or beats; what it does not open comes back as it was. A stem that the passage
lacks is added to the ensemble where the task writes it. A stem that is written as a whole loses the labels that
would tell what was there; a stem that goes on beside given bars keeps them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

import tokens as T
from harmony import SCALES
from passage import Passage, above, blank, cut, folded, half_of_slot, set_chord, tonic_chord, used_slots
from sampler.tunables import ROOT

VARIED = 0.4  # share of the beats of each stem that a variation frees: a theme keeps 60 %, as A' does
GIVEN_BEFORE = 8  # bars before a continuation
ENDING_AFTER = 10  # bars kept before an ending
BRIDGE_SIDE = 6  # bars kept on either side of a bridge
LAST_OF_PHRASE = 7  # position of the bar in which the melody breathes: one density less
# Density and register of a stem about which nothing else is known: `engine/music/style-habits.ts` says what they mean.
HABITS: dict = json.loads((ROOT / "engine/music/style-habits.json").read_text())


class TaskError(ValueError):
    """A passage that a task cannot be done on; the message is one sentence."""


@dataclass(frozen=True, eq=False)
class Job:
    """A passage and what of it is to be written."""

    name: str
    passage: Passage
    open: np.ndarray  # (256, 8) bool
    open_halves: np.ndarray  # (16, 2) bool

    def cells(self) -> np.ndarray:
        """Network input: open cells are MASK."""
        return np.where(self.open, T.MASK_IDS, self.passage.cells).astype(np.int32)

    def chords(self) -> np.ndarray:
        """Network input: open half bars are CHORD_MASK."""
        chords = self.passage.chords.copy()
        for bar, half in np.argwhere(self.open_halves):
            set_chord(chords, self.passage.bars, int(bar), int(half), T.CHORD_MASK)
        return chords

    def scales(self) -> dict[str, np.ndarray]:
        """(16) the mode whose scale is favoured in each bar, and how far its tonic lies above that of the window."""
        above = (self.passage.keys[:, 0] - self.passage.tonic) % 12
        known = (above > 0) | (self.passage.bars[:, T.C_MODE] < T.CONDITION_UNKNOWN[T.C_MODE])
        return {"mode": np.where(known, self.passage.keys[:, 1], T.CONDITION_UNKNOWN[T.C_MODE]), "above": above}


def open_up(name: str, passage: Passage, where: dict[str, np.ndarray], halves: np.ndarray | None = None) -> Job:
    """A job that writes each stem of `where` in the slots that its (256) mask names."""
    used = used_slots(passage.bars)
    open_cells = np.zeros((T.CELLS, len(T.LANES)), bool)
    cells = passage.cells.copy()
    bars = passage.bars.copy()
    for stem, mask in where.items():
        mask = mask & used
        lanes = T.STEM_LANES[stem]
        new = mask & (cells[:, lanes[0]] == T.ABSENT_IDS[lanes[0]])
        for lane in lanes:
            open_cells[mask, lane] = True
            if lane != T.OCTAVE:
                cells[new, lane] = 0 if stem == "drums" else T.REST
        _ask(bars, stem, mask)
    halves = np.zeros((T.BARS, 2), bool) if halves is None else halves
    halves = halves & (bars[:, T.C_METER] != T.METER_ABSENT)[:, None]
    return Job(name, replace(passage, cells=cells, bars=bars), open_cells, halves)


def habit(kind: str, stem: str, style: int):
    """What a style asks of a stem: `density` (at the lowest and highest intensity) or `register`, else the usual."""
    usual = HABITS["usual"][kind][stem]
    return HABITS.get(T.STYLES[style], {}).get(kind, {}).get(stem, usual)


def usual_density(stem: str, style: int, intensity: int) -> int:
    """Density label, 1-4, that a style asks of a stem at an intensity of 0-7."""
    low, high = habit("density", stem, style)
    return math.floor(low + (high - low) * intensity / 7 + 0.5)


def _ask(bars: np.ndarray, stem: str, mask: np.ndarray) -> None:
    """Density by the intensity, and the register, that the style has, in written bars about whose stem nothing is known."""
    column = T.STEMS.index(stem)
    for bar in np.flatnonzero(mask.reshape(T.BARS, T.SLOTS).any(1)):
        density, register, intensity = T.C_DENSITY + column, T.C_REGISTER + column, int(bars[bar, T.C_INTENSITY])
        if bars[bar, density] == T.CONDITION_UNKNOWN[density] and intensity <= 7:
            busy = usual_density(stem, int(bars[bar, T.C_STYLE]), intensity)
            breath = stem == "melody" and bars[bar, T.C_POSITION] == LAST_OF_PHRASE
            bars[bar, density] = max(1, busy - breath)
        if stem != "drums" and bars[bar, register] == T.CONDITION_UNKNOWN[register]:
            bars[bar, register] = habit("register", stem, int(bars[bar, T.C_STYLE]))


def in_bars(which: Iterable[int]) -> np.ndarray:
    """(256) True in whole bars."""
    mask = np.zeros((T.BARS, T.SLOTS), bool)
    mask[list(which)] = True
    return mask.reshape(-1)


def halves_of(which: Iterable[int]) -> np.ndarray:
    mask = np.zeros((T.BARS, 2), bool)
    mask[list(which)] = True
    return mask


def present(passage: Passage) -> tuple[str, ...]:
    return tuple(stem for stem in T.STEMS if passage.has(stem))


def only(passage: Passage, stems: tuple[str, ...]) -> Passage:
    """The passage with all other stems taken out of the ensemble."""
    cells, bars = passage.cells.copy(), passage.bars.copy()
    for column, stem in enumerate(T.STEMS):
        if stem in stems:
            continue
        for lane in T.STEM_LANES[stem]:
            cells[:, lane] = T.ABSENT_IDS[lane]
        bars[:, T.C_DENSITY + column] = T.CONDITION_UNKNOWN[T.C_DENSITY + column]
        if stem != "drums":
            bars[:, T.C_REGISTER + column] = T.CONDITION_UNKNOWN[T.C_REGISTER + column]
    return replace(passage, cells=cells, bars=bars)


def _role(passage: Passage, which: Iterable[int], role: str) -> Passage:
    bars = passage.bars.copy()
    bars[list(which), T.C_ROLE] = T.ROLES.index(role)
    return replace(passage, bars=bars)


def _need(passage: Passage, stems: tuple[str, ...], task: str) -> None:
    missing = [s for s in stems if not passage.sounds(s)]
    if missing:
        raise TaskError(f"{task} needs a {' and a '.join(missing)}, and {passage.title} has none.")


def melody(passage: Passage) -> Job:
    """A melody over the given accompaniment and chords."""
    if not any(passage.sounds(s) for s in ("harmony", "bass", "drums")):
        raise TaskError(f"melody needs an accompaniment, and {passage.title} has none.")
    rest = tuple(s for s in present(passage) if s not in ("melody", "counter"))
    return open_up("melody", only(passage, rest), {"melody": in_bars(range(passage.count))})


def harmonise(passage: Passage) -> Job:
    """Chords, harmony and bass under a melody alone."""
    _need(passage, ("melody",), "harmonise")
    everywhere = in_bars(range(passage.count))
    return open_up(
        "harmonise", only(passage, ("melody",)), {"harmony": everywhere, "bass": everywhere},
        halves_of(range(passage.count)),
    )  # fmt: skip


def drums(passage: Passage) -> Job:
    """Drums for given music."""
    if not any(passage.sounds(s) for s in ("melody", "harmony", "bass")):
        raise TaskError(f"drums needs other stems, and {passage.title} has none.")
    rest = tuple(s for s in present(passage) if s != "drums")
    return open_up("drums", only(passage, rest), {"drums": in_bars(range(passage.count))})


def arrange(passage: Passage) -> Job:
    """All but the melody, chords included."""
    _need(passage, ("melody",), "arrange")
    everywhere = in_bars(range(passage.count))
    rest = {stem: everywhere for stem in T.STEMS if stem != "melody"}
    return open_up("arrange", only(passage, ("melody",)), rest, halves_of(range(passage.count)))


def compose(passage: Passage) -> Job:
    """Every stem, from chords and labels alone."""
    everywhere = in_bars(range(passage.count))
    return open_up("compose", only(passage, ()), {stem: everywhere for stem in T.STEMS})


def vary(passage: Passage, rng: np.random.Generator, share: float = VARIED) -> Job:
    """A share of the whole beats of every stem anew, over the same chords."""
    meters = passage.bars[:, T.C_METER]
    where = {}
    for stem in present(passage):
        mask = np.zeros((T.BARS, T.SLOTS), bool)
        for bar in range(passage.count):
            slots, beat = T.METER_SLOTS[meters[bar]], T.METER_SLOTS_PER_BEAT[meters[bar]]
            freed = rng.random(slots // beat) < share
            mask[bar, :slots] = np.repeat(freed, beat)
        where[stem] = mask.reshape(-1)
    return open_up("vary", _role(passage, range(passage.count), "A'"), where)


def carry_on(passage: Passage, given: int = GIVEN_BEFORE, count: int = T.BARS) -> Job:
    """Everything after the given bars, under the labels of the bars before, as often as needed."""
    given = min(given, passage.count)
    start = cut(passage, 0, given)
    new = range(given, count)
    bars, keys, tempo = start.bars.copy(), start.keys.copy(), start.tempo.copy()
    for bar in new:
        source = given - 1 - (given - 1 - bar) % given if given < 8 else bar - 8
        bars[bar], keys[bar], tempo[bar] = bars[source], keys[source], tempo[source]
        bars[bar, T.C_POSITION] = bar % 8
    longer = _extend(start, bars, keys, tempo)
    return open_up("continue", _role(longer, new, "A'"), {s: in_bars(new) for s in present(passage)}, halves_of(new))


def _extend(passage: Passage, bars: np.ndarray, keys: np.ndarray, tempo: np.ndarray) -> Passage:
    """The passage with more bars after it: silent, without chords, in the ensemble that it has."""
    silence = blank(passage.title, bars, passage.tonic, tempo, present(passage))
    cells, chords = passage.cells.copy(), passage.chords.copy()
    new = slice(passage.count * T.SLOTS, None)
    cells[new] = silence.cells[new]
    chords[passage.count * 8 :] = silence.chords[passage.count * 8 :]
    return replace(passage, cells=cells, chords=chords, bars=bars, keys=keys, tempo=tempo)


def bridge(left: Passage, right: Passage, table: T.VoicingTable, length: int = 4, side: int = BRIDGE_SIDE) -> Job:
    """The bars between two passages, which may differ in key, tempo and (of equal slots) meter.

    The window counts from the left tonic, unless only the right one keeps all octaves. Meter, style, the scale that
    is favoured and the like change in the middle of the bridge; tempo and intensity go from one side to the other in
    steps. Where the tonic changes, the last chords are given.
    """
    slots = [T.METER_SLOTS[int(p.bars[0, T.C_METER])] for p in (left, right)]
    if slots[0] != slots[1]:
        raise TaskError(f"A bridge needs bars of equal length, got {slots[0]} and {slots[1]} slots.")
    if not 1 <= length <= T.BARS - 2:
        raise TaskError(f"A bridge has 1 to {T.BARS - 2} bars, got {length}.")
    side = min(side, (T.BARS - length) // 2)
    before = cut(left, max(min(8, left.count) - side, 0), side)
    after = cut(right, 0, side)
    tonic = min((left.tonic, right.tonic), key=lambda t: folded(before, t) + folded(after, t))
    before, after = above(before, tonic, table), above(after, tonic, table)
    first = before.count
    new = range(first, first + length)
    bars, keys, tempo = _labels_across(before, after, length)
    stems = tuple(s for s in T.STEMS if before.has(s) or after.has(s))
    whole = replace(blank(f"{left.title} to {right.title}", bars, tonic, tempo, stems), keys=keys)
    for part, start in ((before, 0), (after, first + length)):
        to, of = slice(start * T.SLOTS, (start + part.count) * T.SLOTS), slice(0, part.count * T.SLOTS)
        whole.cells[to], whole.velocity[to], whole.timing[to] = part.cells[of], part.velocity[of], part.timing[of]
        whole.chords[start * 8 : (start + part.count) * 8] = part.chords[: part.count * 8]
    halves = halves_of(new)
    for bar, half, chord in _way_in(whole, new):
        set_chord(whole.chords, whole.bars, bar, half, chord)
        halves[bar, half] = False
    return open_up("bridge", _role(whole, new, "bridge"), {s: in_bars(new) for s in stems}, halves)


def _way_in(whole: Passage, new: range) -> list[tuple[int, int, int]]:
    """Bar, half and chord with which a bridge leads into another key, as the engine's bridges do; else none.

    The last bar is the dominant seventh of the key that comes, the half or whole bar before it the triad on its fourth
    degree: left to itself the network stays where it came from until the seam.
    """
    (tonic, mode), (old, _) = whole.keys[new.stop], whole.keys[new.start - 1]
    if tonic == old or mode not in SCALES:
        return []
    home, scale = int(tonic - whole.tonic), SCALES[int(mode)]
    steps = sorted((scale[k] - scale[3]) % 12 for k in (5, 0))
    quality = next(name for name, tones in T.QUALITIES if tones == (0, *steps))
    dominant, predominant = T.chord_id(home + 7, "dom7"), T.chord_id(home + scale[3], quality)
    way = [(bar, half) for bar in new for half in range(2)]
    last = 1 if len(new) == 1 else 2  # half bars of the dominant
    before = 1 if len(new) <= 2 else 2
    ids = [predominant] * before + [dominant] * last
    return [(bar, half, chord) for (bar, half), chord in zip(way[-len(ids) :], ids, strict=True)]


def _labels_across(before: Passage, after: Passage, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Conditions, keys and tempi of both sides with the bars between them."""
    bars = np.tile(T.CONDITION_UNKNOWN, (T.BARS, 1)).astype(np.int32)
    keys, tempo = np.zeros((T.BARS, 2), int), np.zeros(T.BARS)
    first = before.count
    for part, start in ((before, 0), (after, first + length)):
        to, of = slice(start, start + part.count), slice(0, part.count)
        bars[to], keys[to], tempo[to] = part.bars[of], part.keys[of], part.tempo[of]
    count = first + length + after.count
    keys[count:], tempo[count:] = keys[count - 1], tempo[count - 1]
    for k in range(length):
        near, place = (before, first - 1) if k < length / 2 else (after, 0)
        part = (k + 1) / (length + 1)
        row = near.bars[place].copy()
        row[T.C_POSITION] = k % 8
        row[T.C_INTENSITY] = _between(before.bars[first - 1], after.bars[0], T.C_INTENSITY, part)
        bars[first + k], keys[first + k] = row, near.keys[place]
        tempo[first + k] = before.tempo[first - 1] ** (1 - part) * after.tempo[0] ** part
    return bars, keys, tempo


def _between(a: np.ndarray, b: np.ndarray, column: int, part: float) -> int:
    unknown = T.CONDITION_UNKNOWN[column]
    if a[column] == unknown or b[column] == unknown:
        return int(unknown)
    return int(round(a[column] * (1 - part) + b[column] * part))


def fill(passage: Passage, bar: int | None = None) -> Job:
    """The last bar of the first phrase: all of the drums, and the second half of the other stems."""
    bar = min(7, passage.count - 1) if bar is None else bar
    second = half_of_slot(passage.bars) == 1
    where = {s: in_bars([bar]) & (second if s != "drums" else True) for s in present(passage)}
    where["drums"] = in_bars([bar])
    bars = passage.bars.copy()
    bars[bar, T.C_DENSITY + T.STEMS.index("drums")] = 4
    return open_up("fill", _role(replace(passage, bars=bars), [bar], "fill"), where)


def ending(passage: Passage) -> Job:
    """The last two bars of every stem: a free one, and one whose downbeat is struck over the tonic and held.

    The chord of the last bar is the tonic's triad and its bass note the tonic: they are given, as is the silence
    of the drums after the downbeat. The network writes how the music gets there and what is struck.
    """
    length = min(passage.count, ENDING_AFTER + 2)
    if length < 4:
        raise TaskError(f"ending needs two bars before it, and {passage.title} has {passage.count} bars.")
    short = _role(cut(passage, 0, length), (length - 2, length - 1), "ending")
    free, last = length - 2, length - 1
    cells, chords, bars = short.cells.copy(), short.chords.copy(), short.bars.copy()
    tonic, mode = (int(x) for x in short.keys[last])
    root = (tonic - short.tonic) % 12
    for half in range(2):
        set_chord(chords, bars, last, half, root * 10 + tonic_chord(mode) % 10)
    downbeat = np.zeros((T.BARS, T.SLOTS), bool)
    downbeat[last, 0] = True
    held = in_bars([last]) & used_slots(bars) & ~downbeat.reshape(-1)
    stems = present(short)
    for stem in stems:
        for lane in T.STEM_LANES[stem]:
            cells[held, lane] = 0 if stem == "drums" else T.ABSENT_IDS[lane] if lane == T.OCTAVE else T.HOLD
    where = {stem: in_bars([free]) | downbeat.reshape(-1) for stem in stems}
    if "bass" in stems:
        cells[last * T.SLOTS, T.BASS] = _tonic_bass(short, root, free)
        where["bass"] = in_bars([free])
    bars[last, T.C_DENSITY : T.C_DENSITY + len(T.STEMS)] = 1
    return open_up("ending", replace(short, cells=cells, chords=chords, bars=bars), where, halves_of([free]))


def _tonic_bass(passage: Passage, root: int, before: int) -> int:
    """Bass id of the tonic in the octave nearest to the bass so far."""
    ids = passage.cells[: before * T.SLOTS, T.BASS]
    ids = ids[(ids >= T.ONSET) & (ids < T.MASK_IDS[T.BASS])]
    usual = float(ids.mean()) if len(ids) else T.ONSET + 12
    low, pitches = T.LANE_RANGE[T.BASS]
    tonics = [T.ONSET + k for k in range(pitches) if (low + k - root) % 12 == 0]
    return min(tonics, key=lambda cell: abs(cell - usual))


def stinger(passage: Passage, length: int = 2) -> Job:
    """One or two bars by themselves, over the passage's first chord."""
    if not 1 <= length <= 2:
        raise TaskError(f"A stinger has one or two bars, got {length}.")
    short = _role(cut(passage, 0, length), range(length), "stinger")
    chords = short.chords.copy()
    for bar, half in np.ndindex(length, 2):
        set_chord(chords, short.bars, bar, half, int(short.chords[0]))
    return replace(compose(replace(short, chords=chords)), name="stinger")


TASKS: dict[str, Callable] = {
    "melody": melody, "harmonise": harmonise, "drums": drums, "arrange": arrange, "compose": compose, "vary": vary,
    "continue": carry_on, "bridge": bridge, "fill": fill, "ending": ending, "stinger": stinger,
}  # fmt: skip
