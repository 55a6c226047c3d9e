"""Honest augmentation of training windows for what the corpora lack; evaluation never sees it.

Accompaniment and bass patterns on a window's own chords, drums from Groove by meter and tempo or from patterns,
lines that change places or octaves. What is not as the composer wrote it is marked per stem (`synthetic`), gets its
density and register conditions anew, and has no expression labels unless the drums are Groove's.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

import textures as X
import tokens as T
from relabel import S_BASS, S_COUNTER, S_DRUMS, S_HARMONY, S_MELODY, Relabel, Take, onsets, stems_present

SHARES = {  # of the windows where it is possible; what was drawn is counted
    "absent stems filled": 0.25,  # harmony, bass and drums at once, so that lead sheets become full bands
    "groove instead of pattern": 0.65,  # of the drums filled, where a take of that meter and tempo exists
    "harmony replaced": 0.08,  # of windows in a game style
    "bass replaced": 0.08,
    "replaced under added drums": 0.3,  # harmony or bass, each, of scores that get drums: a band plays the tune
    "lines exchanged": 0.04,  # melody and counter, where both are there
    "theme inside": 0.03,  # the melody becomes the counter, an octave down
    "octave": 0.06,  # melody or counter, each
}
GAME_STYLES = [T.STYLES.index(s) for s in ("game-ambient", "game-driving", "role-playing")]
CHORDS_KNOWN = 0.75  # of the half bars, for patterns
SECOND_TEXTURE = 0.4  # windows whose texture changes with a phrase
DRIVE_WIDTH = 0.25  # how closely a texture follows the window's intensity
FILL = {7: 0.5, 3: 0.15}  # of the bars in these places of a phrase, where drums are added
TEMPO_REACH = 0.15
DRUMS = [T.LOW, T.HIGH, T.PERC]
FILL_ROLE = T.ROLES.index("fill")


class Material:
    """What augmentation draws on: voicings, quartile cuts, and the Groove windows by meter and tempo."""

    def __init__(self, data: Take, meta: dict) -> None:
        self.data = data
        self.voicings = X.Voicings(T.VoicingTable(meta["voicings"]))
        self.rule = Relabel(meta["quartiles"], self.voicings.lowest)
        meter, here = data["bars"][:, :, T.C_METER], np.arange(T.BARS) < data["count"][:, None]
        groove = data["style"] == T.STYLES.index("groove")
        fill = here & (data["bars"][:, :, T.C_ROLE] == FILL_ROLE)
        even = ((meter == meter[:, :1]) & ~fill) | ~here
        self.groove = np.flatnonzero(groove & (data["count"] >= 4) & even.all(1))
        self.groove_meter = meter[self.groove, 0]
        self.groove_tempo = tempos(data)[self.groove]
        fill &= groove[:, None] & np.isin(data["bars"][:, :, T.C_DENSITY + S_DRUMS], (2, 3, 4))  # not the lead-in
        self.fills = np.argwhere(fill)  # window, bar
        self.fill_meter = meter[fill]
        self.fill_tempo = tempos(data)[self.fills[:, 0]]


def tempos(data: Take) -> np.ndarray:
    """Quarters a minute of every window, 0 unknown."""
    return data["tempo"].astype(float) if "tempo" in data else np.zeros(len(data["cells"]))


def near(tempo: float, others: np.ndarray) -> np.ndarray:
    """True where a tempo is within reach, at single, half or double time; an unknown one fits all."""
    if tempo == 0:
        return np.ones(len(others), bool)
    ratio = others[:, None] / (tempo * np.array([0.5, 1.0, 2.0]))
    return (others == 0) | (np.abs(ratio - 1) <= TEMPO_REACH).any(1)


def augment(
    rng: np.random.Generator, take: Take, material: Material, shares: dict[str, float] = SHARES
) -> tuple[np.ndarray, Counter]:
    """Change some windows of a batch in place; returns (B, 5) what is synthetic, and how often what was done."""
    n = len(take["cells"])
    synthetic, counts = np.zeros((n, 5), bool), Counter()
    present = stems_present(take["cells"])
    game = np.isin(take["style"], GAME_STYLES)
    fill = rng.random(n) < shares["absent stems filled"]
    _move_lines(rng, take, shares, present, synthetic, counts)
    chords = take["chords"].reshape(n, T.BARS, 8)[:, :, (0, 4)]
    bars = take["bars"][:, :, T.C_METER] != T.METER_ABSENT
    harmonic = ((chords < T.NO_CHORD).mean(2) * bars).sum(1) >= CHORDS_KNOWN * np.maximum(bars.sum(1), 1)
    band = fill & ~present[:, S_DRUMS] & present[:, :4].any(1)
    for stem, name in ((S_BASS, "bass"), (S_HARMONY, "harmony")):
        absent = harmonic & fill & ~present[:, stem]
        chance = np.where(game, shares[f"{name} replaced"], np.where(band, shares["replaced under added drums"], 0))
        replaced = harmonic & present[:, stem] & (rng.random(n) < chance)
        rows = np.flatnonzero(absent | replaced)
        _play(rng, take, rows, stem, material)
        synthetic[rows, stem] = True
        counts += Counter({f"{name} added": int(absent.sum()), f"{name} replaced": int(replaced.sum())})
    rows = np.flatnonzero(band)
    tried = rows[rng.random(len(rows)) < shares["groove instead of pattern"]]
    played = [i for i in tried if _groove(rng, take, i, material)]
    beaten = np.setdiff1d(rows, played).astype(int)
    _beat(rng, take, beaten)
    synthetic[rows, S_DRUMS] = True
    counts += Counter({"drums from Groove": len(played), "drums from patterns": len(beaten)})
    take["bars"][rows, :, T.C_STYLE] = T.CONDITION_UNKNOWN[T.C_STYLE]  # nobody said what style this is now
    unheard = synthetic.copy()
    unheard[played, S_DRUMS] = False  # a drummer played these
    for i, stem in np.argwhere(unheard):
        take["velocity"][i, :, stem] = take["timing"][i, :, stem] = T.NO_LABEL
    for stem in range(5):
        material.rule.relabel(take, np.flatnonzero(synthetic[:, stem]), stem)
    counts["any"] = int(synthetic.any(1).sum())
    return synthetic, counts


# Lines that change places or octaves.


def _moved(line: np.ndarray, lane: int, to: int, by: int) -> np.ndarray:
    """The ids of one pitched lane as ids of another, `by` semitones higher; out of range folds by octaves."""
    count = T.LANE_RANGE[to][1]
    place = line.astype(int) - T.ONSET + T.LANE_RANGE[lane][0] - T.LANE_RANGE[to][0] + by
    place = np.where(place < 0, place % 12, np.where(place >= count, count - 12 + (place - count) % 12, place))
    special = np.where(line == T.ABSENT_IDS[lane], T.ABSENT_IDS[to], line)
    return np.where(onsets(line, lane), place + T.ONSET, special)


def _move_lines(
    rng: np.random.Generator, take: Take, shares: dict, present: np.ndarray, synthetic: np.ndarray, counts: Counter
) -> None:
    """Exchange melody and counter, put a melody inside, move lines by an octave; marks what it did."""
    n, cells = len(present), take["cells"]
    draw = rng.random(n)
    both = present[:, S_MELODY] & present[:, S_COUNTER]
    swap = both & (draw < shares["lines exchanged"])
    melody, counter = cells[swap, :, T.MELODY], cells[swap, :, T.COUNTER]
    cells[swap, :, T.MELODY] = _moved(counter, T.COUNTER, T.MELODY, 0)
    cells[swap, :, T.COUNTER] = _moved(melody, T.MELODY, T.COUNTER, 0)
    synthetic[swap, :2] = True
    alone = present[:, S_MELODY] & ~present[:, S_COUNTER] & present[:, S_HARMONY:S_DRUMS].any(1)
    inside = alone & (draw < shares["theme inside"])
    cells[inside, :, T.COUNTER] = _moved(cells[inside, :, T.MELODY], T.MELODY, T.COUNTER, -12)
    cells[inside, :, T.MELODY] = T.ABSENT_IDS[T.MELODY]
    present[inside, S_MELODY], present[inside, S_COUNTER] = False, True
    synthetic[inside, :2] = True
    counts += Counter({"lines exchanged": int(swap.sum()), "theme inside": int(inside.sum())})
    for stem, lane in ((S_MELODY, T.MELODY), (S_COUNTER, T.COUNTER)):
        way = np.where(rng.random(n) < 0.5, 12, -12)
        for i in np.flatnonzero((rng.random(n) < shares["octave"]) & present[:, stem] & ~synthetic[:, stem]):
            line = cells[i, :, lane].astype(int)
            onset = onsets(line, lane)
            moved = line[onset] + way[i]
            if ((moved >= T.ONSET) & (moved < T.MASK_IDS[lane])).all():  # a line that would have to fold stays
                cells[i, onset, lane] = moved
                synthetic[i, stem] = True
                counts[f"{T.STEMS[stem]} an octave away"] += 1


# Patterns.


def _textures(rng: np.random.Generator, take: Take, rows: np.ndarray, drives: np.ndarray) -> np.ndarray:
    """(rows, 16) a texture for each bar, near the window's intensity; some change with a phrase."""
    meter, intensity = take["bars"][rows, :, T.C_METER], take["bars"][rows, :, T.C_INTENSITY].astype(float)
    known = intensity < T.CONDITION_UNKNOWN[T.C_INTENSITY]
    level = np.where(known, intensity, 0).sum(1) / np.maximum(known.sum(1), 1) / 7  # rows
    here = np.stack([(meter == m).any(1) for m in range(4)], 1)  # rows 4
    missing = here.astype(int) @ np.isnan(drives).T.astype(int) > 0  # rows textures
    main = np.stack([(meter == m).sum(1) for m in range(4)], 1).argmax(1)
    away = np.nan_to_num(drives.T[main]) - level[:, None]  # rows textures
    weight = np.where(missing, 0, np.exp(-0.5 * (away / DRIVE_WIDTH) ** 2) + 0.02)
    bound = np.cumsum(weight / np.maximum(weight.sum(1, keepdims=True), 1e-9), 1)
    bound[:, -1] = np.inf
    first, second = ((bound > rng.random((len(rows), 1))).argmax(1) for _ in range(2))
    phrase = (take["bars"][rows, :, T.C_POSITION] == 0) & (np.arange(T.BARS) >= 4)
    change = np.where(phrase.any(1) & (rng.random(len(rows)) < SECOND_TEXTURE), phrase.argmax(1), T.BARS)
    return np.where(np.arange(T.BARS) < change[:, None], first[:, None], second[:, None])


def _signs(pattern: np.ndarray, chord: np.ndarray) -> np.ndarray:
    """(rows, 256) signs: notes that a change of chord meets are struck again, and there is rest without a chord."""
    sign = pattern.astype(int)
    slots = np.arange(T.CELLS)[None]
    last = np.maximum.accumulate(np.where(sign == T.HOLD, 0, slots), axis=1)
    sounding = np.take_along_axis(sign, last, 1)
    changed = np.concatenate([np.zeros((len(sign), 1), bool), chord[:, 1:] != chord[:, :-1]], 1)
    sign = np.where((sign == T.HOLD) & changed, sounding, sign)
    return np.where((chord >= T.NO_CHORD) & (sign != X.MISSING), T.REST, sign)


def _play(rng: np.random.Generator, take: Take, rows: np.ndarray, stem: int, material: Material) -> None:
    """Write a harmony or bass pattern on the chords of some windows."""
    if not len(rows):
        return
    table, drives = (X.HARMONY_TABLE, X.HARMONY_DRIVE) if stem == S_HARMONY else (X.BASS_TABLE, X.BASS_DRIVE)
    meter = take["bars"][rows, :, T.C_METER].astype(int)
    pattern = table[_textures(rng, take, rows, drives), np.minimum(meter, 3)]  # rows 16 16
    pattern = np.where((meter == T.METER_ABSENT)[..., None], X.MISSING, pattern).reshape(len(rows), T.CELLS)
    chord = np.repeat(take["chords"][rows], T.PATCH, 1).astype(int)
    sign = _signs(pattern, chord)
    chord = np.where(chord < T.NO_CHORD, chord, 0)
    quality, root = chord % 10, (chord // 10 + take["tonic"][rows].astype(int)[:, None]) % 12
    if stem == S_BASS:
        _write_bass(rng, take, rows, sign, chord, root)
    else:
        _write_harmony(take, rows, sign, quality, root, _lowest_harmony(rng, take, rows, material), material.voicings)


def _write_bass(rng, take: Take, rows: np.ndarray, sign: np.ndarray, chord: np.ndarray, root: np.ndarray) -> None:
    low = rng.integers(29, 35, (len(rows), 1))  # the lowest root, F1 to B flat 1
    steps = np.concatenate([X.BASS_STEPS[chord % 10], X.PEDAL_STEPS[chord][..., None]], 2)  # rows 256 6
    step = np.take_along_axis(steps, np.clip(sign - T.ONSET, 0, 5)[..., None], 2)[..., 0]
    tonic = take["tonic"][rows].astype(int)[:, None]
    start, count = T.LANE_RANGE[T.BASS]
    place = low + (root - low) % 12 + step - (36 + start + np.where(tonic <= 5, tonic, tonic - 12))
    place = np.where(place < 0, place + 12, np.where(place >= count, place - 12, place))
    cell = np.where(sign >= T.ONSET, T.ONSET + place, np.where(sign == X.MISSING, T.ABSENT_IDS[T.BASS], sign))
    take["cells"][rows, :, T.BASS] = cell


def _lowest_harmony(rng: np.random.Generator, take: Take, rows: np.ndarray, material: Material) -> np.ndarray:
    """(rows) lowest MIDI pitch of the harmony, C3 to C4: above the bass and below the melody where it can be."""
    means = []
    for stem, lane, default in ((S_BASS, T.BASS, 41.0), (S_MELODY, T.MELODY, 72.0)):
        onset = onsets(take["cells"][rows, :, lane], lane)
        pitch = material.rule.lowest_pitch(take, rows, stem)
        means.append(np.where(onset.any(1), np.where(onset, pitch, 0).sum(1) / np.maximum(onset.sum(1), 1), default))
    wish = np.minimum(means[0] + rng.integers(9, 18, len(rows)), means[1] - rng.integers(8, 13, len(rows)))
    return np.clip(np.maximum(wish, means[0] + 5), 48, 60).astype(int)


def _write_harmony(take: Take, rows, sign, quality, root, lowest: np.ndarray, voicings: X.Voicings) -> None:
    away = (lowest[:, None] - root) % 12  # of the lowest pitch above the chord's root
    below = (lowest[:, None] - away) // 12 - 1  # octave of the root at or below it
    step = voicings.ladder[quality, away, np.clip(sign - T.ONSET, 0, X.RUNGS - 1)].astype(int)
    whole, power = sign == X.CHORD, sign == X.POWER
    cell = np.where(sign >= T.ONSET, T.ONSET + step % 12, np.where(sign == X.MISSING, T.ABSENT_IDS[T.HARMONY], sign))
    cell = np.where(whole, voicings.chord[quality, away], np.where(power, voicings.power[quality], cell))
    octave = below + np.where(whole, voicings.root_up[quality, away], np.where(power, away > 0, step // 12))
    take["cells"][rows, :, T.HARMONY] = cell
    take["cells"][rows, :, T.OCTAVE] = np.where(sign >= T.ONSET, np.clip(octave - 2, 0, 4), T.ABSENT_IDS[T.OCTAVE])


# Drums.


def _fill_bars(rng: np.random.Generator, bars: np.ndarray) -> np.ndarray:
    """(16) True in the last bars of some phrases of a window."""
    chance = np.select([bars[:, T.C_POSITION] == place for place in FILL], list(FILL.values()), 0.0)
    return rng.random(T.BARS) < chance


def _beat(rng: np.random.Generator, take: Take, rows: np.ndarray) -> None:
    """Write drum patterns with fills at the ends of phrases."""
    if not len(rows):
        return
    meter = take["bars"][rows, :, T.C_METER].astype(int)
    pattern = X.DRUM_TABLE[_textures(rng, take, rows, X.DRUM_DRIVE), np.minimum(meter, 3)]  # rows 16 16 3
    fills = X.FILL_TABLE[_textures(rng, take, rows, X.FILL_DRIVE), np.minimum(meter, 3)]
    last = np.stack([_fill_bars(rng, take["bars"][i]) for i in rows])
    pattern = np.where(last[..., None, None], fills, pattern)
    pattern = np.where((meter == T.METER_ABSENT)[..., None, None], X.MISSING, pattern)
    after = np.concatenate([np.zeros((len(rows), 1), bool), last[:, :-1]], 1) & (meter != T.METER_ABSENT)
    pattern[after, 0, 1] = 6  # a crash where the next phrase begins
    cells = np.where(pattern == X.MISSING, T.ABSENT_IDS[DRUMS], pattern).reshape(len(rows), T.CELLS, 3)
    take["cells"][np.ix_(rows, range(T.CELLS), DRUMS)] = cells
    take["bars"][rows, :, T.C_ROLE] = np.where(last, FILL_ROLE, take["bars"][rows, :, T.C_ROLE])


def _groove(rng: np.random.Generator, take: Take, i: int, material: Material) -> bool:
    """Write a drummer's phrase of four or eight bars, repeated, with a played fill; False where none fits."""
    bars, data = take["bars"][i], material.data
    there = bars[:, T.C_METER] != T.METER_ABSENT
    meter, tempo = bars[there.argmax(), T.C_METER], float(take["tempo"][i])
    fit = np.flatnonzero((material.groove_meter == meter) & near(tempo, material.groove_tempo))
    if not len(fit) or (bars[there, T.C_METER] != meter).any():
        return False
    other = material.groove[fit[rng.integers(len(fit))]]
    count = int(data["count"][other])
    length = 8 if count >= 8 and rng.random() < 0.5 else 4
    first = 4 * int(rng.integers(0, (count - length) // 4 + 1))
    place = np.where(bars[:, T.C_POSITION] < 8, bars[:, T.C_POSITION], np.arange(T.BARS)).astype(int)
    window, bar = np.full(T.BARS, other), first + place % length
    fills = np.flatnonzero((material.fill_meter == meter) & near(tempo, material.fill_tempo))
    last = _fill_bars(rng, bars) & there
    if len(fills) and last.any():
        window[last], bar[last] = material.fills[fills[rng.integers(len(fills))]]
        bars[last, T.C_ROLE] = FILL_ROLE
    at = np.ix_(range(T.CELLS), DRUMS)
    cells = data["cells"].reshape(-1, T.BARS, T.SLOTS, 8)[window, bar][..., DRUMS]  # 16 16 3
    cells = np.where(there[:, None, None], cells, T.ABSENT_IDS[DRUMS])
    take["cells"][i][at] = cells.reshape(T.CELLS, 3)
    for name in ("velocity", "timing"):
        values = data[name].reshape(-1, T.BARS, T.SLOTS, 5)[window, bar][..., S_DRUMS]
        take[name][i][:, S_DRUMS] = np.where(there[:, None], values, T.NO_LABEL).reshape(T.CELLS)
    return True
