"""What is measured on written and on real music: pure functions of one window's tokens.

A window is `cells` (256, 8), `chords` (128) and `bars` (16, 18) as in `docs/representation.md`; `span` is a slice of
its bars. None means that there was nothing to measure. Pitches are semitones above the lane's anchor: intervals and
classes above the tonic come out the same as in MIDI numbers.
"""

from __future__ import annotations

import numpy as np

import tokens as T

LINES = (T.MELODY, T.COUNTER, T.BASS)
SCALE_MASKS = [sum(1 << (step + root) % 12 for step in (0, 2, 4, 5, 7, 9, 11)) for root in range(12)]
SCALE_MASKS += [sum(1 << (step + root) % 12 for step in (0, 2, 3, 5, 7, 8, 11)) for root in range(12)]  # harmonic minor
FRAME, HOP = 4, 2  # bars of a frame of the overlapping area, and from one frame to the next
AROUND = 4  # bars on either side of a seam
MIN_ONSETS = {1: 3, 2: 5, 4: 8}  # below that a melody of so many bars matches by chance


def grid(cells: np.ndarray, lane: int) -> np.ndarray:
    """(16, 16) ids of one lane."""
    return cells[:, lane].reshape(T.BARS, T.SLOTS).astype(int)


def onsets(cells: np.ndarray, stem: str) -> np.ndarray:
    """(16, 16) True where the stem has an onset or a hit."""
    first = 1 if stem == "drums" else T.ONSET
    lanes = [i for i in T.STEM_LANES[stem] if i != T.OCTAVE]
    return np.any([(grid(cells, i) >= first) & (grid(cells, i) < T.LANE_SIZES[i]) for i in lanes], 0)


def present(cells: np.ndarray, stem: str) -> np.ndarray:
    """(16) True in the bars where the stem is in the ensemble."""
    lane = T.STEM_LANES[stem][0]
    return (grid(cells, lane) <= T.MASK_IDS[lane]).any(1)


def notes(cells: np.ndarray, lane: int, span: slice) -> np.ndarray:
    """(n, 3) first slot in the window, pitch, slots that it lasts, of the onsets in `span` of a one-voice lane."""
    line = cells[:, lane].astype(int)
    begin, end = span.start * T.SLOTS, span.stop * T.SLOTS
    at = np.flatnonzero((line[begin:end] >= T.ONSET) & (line[begin:end] < T.LANE_SIZES[lane])) + begin
    lasting = np.flatnonzero(line != T.HOLD)  # a note ends at whatever is no hold
    ends = np.append(lasting, T.CELLS)[np.searchsorted(lasting, at, "right")]
    return np.stack([at, T.LANE_RANGE[lane][0] + line[at] - T.ONSET, ends - at], 1)


def harmony_classes(cells: np.ndarray, chords: np.ndarray, span: slice, voicings: list) -> np.ndarray:
    """Pitch classes above the tonic of all tones of the harmony's onsets."""
    line = cells[:, T.HARMONY].astype(int)
    found = []
    for slot in range(span.start * T.SLOTS, span.stop * T.SLOTS):
        if T.ONSET <= line[slot] < T.LANE_SIZES[T.HARMONY]:
            root = int(chords[slot // T.PATCH])
            root = 0 if root >= T.NO_CHORD else root // 10
            found += [(root + step) % 12 for step in voicings[line[slot] - T.ONSET]]
    return np.array(found, int)


def classes(cells: np.ndarray, chords: np.ndarray, span: slice, voicings: list) -> np.ndarray:
    """Pitch classes above the tonic of everything pitched."""
    lines = [notes(cells, lane, span)[:, 1] % 12 for lane in LINES]
    return np.concatenate([*lines, harmony_classes(cells, chords, span, voicings)])


def entropy(found: np.ndarray) -> float | None:
    """Bits of the pitch-class histogram (0 to 3.58)."""
    if not len(found):
        return None
    share = np.bincount(found, minlength=12) / len(found)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


def scale_consistency(found: np.ndarray) -> float | None:
    """Largest share of the notes in one major or harmonic minor scale (MusPy, Dong et al. 2020)."""
    if not len(found):
        return None
    counts = np.bincount(found, minlength=12)
    return max(float(sum(counts[c] for c in range(12) if mask >> c & 1) / len(found)) for mask in SCALE_MASKS)


def groove(cells: np.ndarray, span: slice, slots: int) -> float | None:
    """Mean likeness of the onset patterns of neighbouring bars, of 16 slots or those of the meter (Wu & Yang 2020)."""
    hit = np.any([onsets(cells, s) for s in T.STEMS], 0)[span, :slots]
    return float(1 - (hit[1:] != hit[:-1]).mean()) if len(hit) > 1 and hit.any() else None


def chord_tone_ratio(cells: np.ndarray, chords: np.ndarray, span: slice, lane: int = T.MELODY) -> float | None:
    """Share of a line's onsets that belong to the chord of their half bar."""
    inside = []
    for slot, pitch, _ in notes(cells, lane, span):
        chord = int(chords[slot // T.PATCH])
        if chord < T.NO_CHORD:
            inside.append(pitch % 12 in T.chord_tones(chord))
    return float(np.mean(inside)) if inside else None


def equal_to(cells: np.ndarray, stem: str, span: slice, lag: int) -> float | None:
    """Share of the sounding bars of `span` that equal the bar `lag` before."""
    lanes = [i for i in T.STEM_LANES[stem] if i != T.OCTAVE]
    block = np.stack([grid(cells, i) for i in lanes], -1)
    sounding = onsets(cells, stem).any(1)
    found = [bool((block[i] == block[i - lag]).all()) for i in range(span.start, span.stop) if i >= lag and sounding[i]]
    return float(np.mean(found)) if found else None


def seen_before(cells: np.ndarray, stem: str, span: slice) -> float | None:
    """Share of the sounding bars of `span` that equal any earlier bar of the window."""
    lanes = [i for i in T.STEM_LANES[stem] if i != T.OCTAVE]
    block = np.stack([grid(cells, i) for i in lanes], -1)
    sounding = onsets(cells, stem).any(1)
    found = [
        any((block[i] == block[j]).all() for j in range(i)) for i in range(max(span.start, 1), span.stop) if sounding[i]
    ]
    return float(np.mean(found)) if found else None


def self_similarity(cells: np.ndarray, span: slice, lag: int, lane: int = T.MELODY) -> float | None:
    """Mean Jaccard likeness of a line's (slot, pitch) onsets with those `lag` bars before."""
    found = [bar_likeness(cells, cells, lane, i, i - lag) for i in range(span.start, span.stop) if i >= lag]
    found = [f for f in found if f is not None]
    return float(np.mean(found)) if found else None


def bar_likeness(a: np.ndarray, b: np.ndarray, lane: int, bar: int, other: int) -> float | None:
    """Jaccard likeness of a bar of one window with a bar of another; None where both are silent."""
    sets = []
    for cells, index in ((a, bar), (b, other)):
        line = grid(cells, lane)[index]
        sets.append({(s, int(v)) for s, v in enumerate(line) if T.ONSET <= v < T.LANE_SIZES[lane]})
    union = sets[0] | sets[1]
    return len(sets[0] & sets[1]) / len(union) if union else None


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Area under both of two normal densities with the means and deviations of two samples (0 to 1)."""
    x = np.linspace(-60, 120, 3601)
    curves = []
    for sample in (a, b):
        deviation = max(float(sample.std()), 0.01 * 12)
        curves.append(np.exp(-(((x - sample.mean()) / deviation) ** 2) / 2) / (deviation * np.sqrt(2 * np.pi)))
    return float(np.trapezoid(np.minimum(*curves), x))


def overlaps(cells: np.ndarray, lane: int, column: int, span: slice = slice(0, T.BARS)) -> list[float]:
    """Overlapping areas of neighbouring frames: pitch (column 1) or duration (2); Choi et al., Mittal et al. 2021.

    Frames lie inside `span`, so that bars that were given say nothing about those that were written.
    """
    starts = range(span.start, span.stop - FRAME + 1, HOP)
    frames = [notes(cells, lane, slice(s, s + FRAME))[:, column] for s in starts]
    return [overlap(a, b) for a, b in zip(frames, frames[1:], strict=False) if len(a) > 1 and len(b) > 1]


def consistency(values: list[float], real: list[float]) -> tuple[float, float]:
    """Consistency and variance of overlapping areas against real ones: 1 - |difference| / real, not below 0."""
    pairs = ((np.mean(values), np.mean(real)), (np.var(values), np.var(real)))
    mean, variance = (float(max(1 - abs(a - b) / max(b, 1e-9), 0)) for a, b in pairs)
    return mean, variance


def polyphony(cells: np.ndarray, span: slice, voicings: list) -> float | None:
    """Mean number of pitched notes that sound in a slot of `span`; None where no pitched stem is in the ensemble."""
    total, there = 0.0, False
    for lane in (*LINES, T.HARMONY):
        line = cells[:, lane].astype(int)
        last = np.maximum.accumulate(np.where(line != T.HOLD, np.arange(T.CELLS), 0))  # the event in force
        event = line[last][span.start * T.SLOTS : span.stop * T.SLOTS]
        there |= bool((event <= T.MASK_IDS[lane]).any())
        onset = event[(event >= T.ONSET) & (event < T.LANE_SIZES[lane])] - T.ONSET
        total += sum(len(voicings[v]) for v in onset) if lane == T.HARMONY else len(onset)
    return total / ((span.stop - span.start) * T.SLOTS) if there else None


def pitches(cells: np.ndarray, lane: int, span: slice, tonic: int) -> np.ndarray:
    """MIDI pitches of a line's onsets in `span`."""
    return notes(cells, lane, span)[:, 1] + T.anchor(lane, tonic)


def seam(cells: np.ndarray, chords: np.ndarray, bar: int, voicings: list) -> dict[str, float]:
    """How rough the line before `bar` is, from `AROUND` bars on either side: every entry grows with roughness."""
    before, after = slice(max(bar - AROUND, 0), bar), slice(bar, min(bar + AROUND, T.BARS))
    found = {}
    left, right = notes(cells, T.MELODY, before), notes(cells, T.MELODY, after)
    if len(left) and len(right):
        found["melodic interval"] = float(abs(right[0, 1] - left[-1, 1]))
        found["register jump"] = float(abs(right[:, 1].mean() - left[:, 1].mean()))
    tones = [classes(cells, chords, s, voicings) for s in (before, after)]
    if all(len(t) for t in tones):
        a, b = (np.bincount(t, minlength=12).astype(float) for t in tones)
        found["chroma"] = float(1 - a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    rates = [sum(onsets(cells, s)[span].sum() for s in T.STEMS) / (span.stop - span.start) for span in (before, after)]
    if min(rates) > 0:
        found["density"] = float(abs(np.log(rates[1] / rates[0])))
    drums = [onsets(cells, "drums")[span] for span in (before, after)]
    if all(d.any() for d in drums):
        a, b = drums[0].any(0), drums[1].any(0)
        found["drums"] = float(1 - (a & b).sum() / (a | b).sum())
    return found


def seam_score(cut: list[dict], written: list[dict], real: list[dict]) -> float:
    """Mean over the entries of (hard cut - written) / (hard cut - real): 1 as smooth as real, 0 a hard cut.

    Entries in which hard cuts are hardly rougher than real seams say nothing and are left out.
    """
    scores = []
    for name in ("melodic interval", "register jump", "chroma", "density", "drums"):
        means = [np.mean(v) if (v := [s[name] for s in part if name in s]) else np.nan for part in (cut, written, real)]
        gap = means[0] - means[2]
        if gap > 0.15 * means[2]:
            scores.append((means[0] - means[1]) / gap)
    return float(np.mean(scores)) if scores else float("nan")


def melody_codes(melody: np.ndarray, bars: int, starts: range = range(T.BARS)) -> np.ndarray:
    """(n, m) uint64 codes of the melody of `bars` bars from each start, the same in every transposition.

    `melody` is (n, 256) ids; 0 where too few onsets lie in the bars for a match to mean anything.
    """
    coefficients = np.random.default_rng(7).integers(1, 2**63, bars * T.SLOTS, np.uint64) | np.uint64(1)
    result = np.zeros((len(melody), len(starts)), np.uint64)
    for column, start in enumerate(starts):
        if start + bars > T.BARS:
            continue
        part = melody[:, start * T.SLOTS : (start + bars) * T.SLOTS].astype(np.int64)
        onset = (part >= T.ONSET) & (part < T.LANE_SIZES[T.MELODY])
        first = np.take_along_axis(part, onset.argmax(1)[:, None], 1)
        value = np.where(onset, 100 + part - first, np.minimum(part, 60))
        code = (value.astype(np.uint64) * coefficients).sum(1, dtype=np.uint64)
        whole = (part != T.ABSENT_IDS[T.MELODY]).any(1) & (onset.sum(1) >= MIN_ONSETS[bars])
        result[:, column] = np.where(whole, code, 0)
    return result


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation with ties at their mean rank; 0 where one side is constant."""
    ranks = []
    for x in (np.asarray(a, float), np.asarray(b, float)):
        _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        ranks.append((ends - (counts - 1) / 2)[inverse])
    if ranks[0].std() == 0 or ranks[1].std() == 0:
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])


def contour(cells: np.ndarray, span: slice, lane: int = T.MELODY) -> np.ndarray:
    """The pitch in force in every slot of `span`, nan before the first note."""
    line = np.full((span.stop - span.start) * T.SLOTS, np.nan)
    for slot, pitch, _ in notes(cells, lane, span):
        line[slot - span.start * T.SLOTS :] = pitch
    return line


def theme_likeness(theme: np.ndarray, cells: np.ndarray, span: slice) -> tuple[float, float]:
    """Share of the theme's onsets that are kept, and the correlation of the pitch contours (0 where one is flat)."""
    a, b = onsets(theme, "melody")[span], onsets(cells, "melody")[span]
    kept = float((a & b).sum() / max(a.sum(), 1))
    x, y = contour(theme, span), contour(cells, span)
    both = ~np.isnan(x) & ~np.isnan(y)
    if both.sum() < 2 or x[both].std() == 0 or y[both].std() == 0:
        return kept, 0.0
    return kept, float(np.corrcoef(x[both], y[both])[0, 1])
