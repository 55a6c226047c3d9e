"""Whether what is asked for is what is written: conditions, chords and keys, themes over moods, seeds.

Rows of the evaluation table, as in `closed_loop`; passages are bars 5-12 of held-out windows.
"""

from __future__ import annotations

import math

import numpy as np

import metrics as M
import sampler
import tasks
import tokens as T
from closed_loop import MIDDLE, Bench, row, spread, task
from harmony import SCALES
from labels import TENSE

SEEDS, THEMES = 8, 20
FEWEST = 4  # windows below which a correlation says nothing
MOODS = (  # valence, arousal, intensity and mode of five moods
    (4, 3, 5, 0), (4, 1, 2, 3), (1, 1, 2, 5), (0, 4, 7, 2), (2, 3, 4, 1),
)  # fmt: skip
THEME_SHARE = 0.35  # of the theme's beats that a mood may rewrite


def realised(cells, chords, bars, voicings: list) -> dict[str, float]:
    """What a written passage has of what can be asked for."""
    found = {f"density.{s}": float(M.onsets(cells, s)[MIDDLE].sum()) for s in T.STEMS}
    found["rhythm"] = sum(found.values())
    found["polyphony"] = M.polyphony(cells, MIDDLE, voicings) or 0.0
    for stem, lane in (("melody", T.MELODY), ("counter", T.COUNTER), ("bass", T.BASS)):
        tune = M.notes(cells, lane, MIDDLE)
        found[f"register.{stem}"] = float(tune[:, 1].mean()) if len(tune) else np.nan
    found["scale consistency"] = M.scale_consistency(M.classes(cells, chords, MIDDLE, voicings)) or np.nan
    known = chords[MIDDLE.start * 8 : MIDDLE.stop * 8]
    known = known[known < T.NO_CHORD]
    found["brightness"] = float(TENSE[known % 10].mean()) if len(known) else np.nan
    return found


ASKED = {  # condition -> column, levels, what it should move, what it should leave alone
    "intensity": (T.C_INTENSITY, range(8), "rhythm", "scale consistency"),  # register is a part of intensity
    "arousal": (T.C_AROUSAL, range(5), "rhythm", "scale consistency"),
    "valence": (T.C_VALENCE, range(5), "brightness", "rhythm"),
    **{f"density.{s}": (T.C_DENSITY + i, range(1, 5), f"density.{s}", None) for i, s in enumerate(T.STEMS)},
    "register.melody": (T.C_REGISTER, range(4), "register.melody", "rhythm"),
    "register.counter": (T.C_REGISTER + 1, range(4), "register.counter", "rhythm"),
    "register.bass": (T.C_REGISTER + 3, range(4), "register.bass", "rhythm"),
}
RELATED = {  # labels that say the same in other words and are left open while one of them is asked for
    "intensity": [T.C_AROUSAL, *range(T.C_DENSITY, T.C_DENSITY + 5)],
    "arousal": [T.C_INTENSITY, *range(T.C_DENSITY, T.C_DENSITY + 5)],
    "valence": [T.C_MODE],
}
STRICT = {"intensity": 0.95}
LOOSE, LEAK = 0.90, 0.05


def control(bench: Bench, which: np.ndarray) -> list[dict]:
    """Rank correlation of what is asked with what is written, per condition; and the leak onto another measure.

    `baseline` is what the sampler does by itself, with a network that knows nothing.
    """
    rows = []
    for name, (column, levels, target, other) in ASKED.items():
        stem = name.split(".")[1] if "." in name else "all"
        usable = [i for i in which if stem == "all" or M.present(bench.data["cells"][i], stem)[MIDDLE].all()]
        if len(usable) < FEWEST:
            continue
        tasks = [t for k, i in enumerate(usable) for t in _asked(bench, i, k, name, column, levels)]
        found = [_realised_all(bench, tasks, f"control of {name}"), _realised_all(bench.untaught(), tasks, "")]
        pieces = bench.data["piece"][usable].astype(int)
        for measure in (target, "polyphony") if name == "intensity" else (target,):
            (scores, kept), (alone, _) = (_correlations(f, measure, levels) for f in found)
            if len(scores) < FEWEST:
                continue
            bound = STRICT.get(name, LOOSE) if measure == target else LOOSE
            value, of = float(np.mean(scores)), "polyphony" if measure == "polyphony" else "written"
            low, high = spread(scores, pieces[kept])
            rows.append(row(
                f"control of {name}: Spearman of asked and {of}", stem, value, low=low, high=high,
                baseline=float(np.mean(alone)) if len(alone) else None,
                goal=f"≥ {bound:.2f}", met=bool(value >= bound), windows=len(scores),
            ))  # fmt: skip
        others = [other] if other else [f"density.{s}" for s in T.STEMS if s != stem]
        ours, alone = (np.stack([_by_window(f, o, levels) for o in others], 1) for f in found)  # windows, others
        if not np.isnan(ours).all():
            leak, own = leakage(ours), leakage(alone)
            low, high = spread(ours, pieces, leakage)
            count = int((~np.isnan(ours)).any(1).sum())
            rows.append(row(
                f"leak of {name} onto {other or 'the other stems'}", stem, leak, low=low, high=high,
                baseline=None if np.isnan(own) else own, goal="≤ .05", met=bool(leak <= LEAK),
                windows=count, chance=chance_leak(len(levels), count),
            ))  # fmt: skip
    return rows


def leakage(correlations: np.ndarray) -> float:
    """(windows, other measures) Spearman -> mean size over the measures of what their windows have in common."""
    means = [abs(column[~np.isnan(column)].mean()) for column in correlations.T if not np.isnan(column).all()]
    return float(np.mean(means)) if means else float("nan")


def chance_leak(levels: int, windows: int) -> float:
    """What a control that leaks nothing shows on average: the mean size of a normal of the variance of Spearman's."""
    return math.sqrt(2 / math.pi) / math.sqrt((levels - 1) * windows)


def _by_window(found: list[dict], measure: str, levels: range) -> np.ndarray:
    """Spearman of every window, nan where the measure is missing at a level."""
    scores, kept = _correlations(found, measure, levels)
    result = np.full(len(found) // len(levels), np.nan)
    result[kept] = scores
    return result


def _asked(bench: Bench, index: int, number: int, name: str, column: int, levels: range) -> list[sampler.Task]:
    """One window with a condition at each of its levels, all from the same seed."""
    cells, chords, bars = bench.window(index)
    tasks = []
    for level in levels:
        wish = bars.copy()
        for free in RELATED.get(name, []):
            wish[MIDDLE, free] = T.CONDITION_UNKNOWN[free]
        wish[MIDDLE, column] = level
        options = {"free_chords": name == "valence", "tonic": int(bench.data["tonic"][index])}
        tasks.append(task(cells, chords, wish, MIDDLE, 3000 + number, **options))
    return tasks


def _realised_all(bench: Bench, tasks: list[sampler.Task], what: str) -> list[dict[str, float]]:
    written = bench.write(tasks, what)
    return [realised(w.cells, w.chords, t.bars, bench.voicings) for t, w in zip(tasks, written, strict=True)]


def _correlations(found: list[dict], measure: str, levels: range) -> tuple[list[float], list[int]]:
    """Spearman per window, and the windows in which the measure is there at every level."""
    values = np.array([f[measure] for f in found]).reshape(-1, len(levels))
    kept = [k for k, v in enumerate(values) if not np.isnan(v).any()]
    return [M.spearman(np.array(levels), values[k]) for k in kept], kept


def obedience(bench: Bench, which: np.ndarray, written: list[sampler.Written]) -> list[dict]:
    """Chords and key of phrases written over given chords, notes out of range, bars that came out empty.

    `heldout` is the same share of the originals.
    """
    pieces = bench.data["piece"][which].astype(int)
    reach = reaches(bench.data)
    ours, real = [], []
    for i, w in zip(which, written, strict=True):
        cells, chords, bars = bench.window(i)
        tonic = int(bench.data["tonic"][i])
        ours.append(obeyed(w.cells, w.chords, bars, cells, tonic, reach, bench.voicings))
        real.append(obeyed(cells, chords, bars, cells, tonic, reach, bench.voicings))
    rows = []
    for (name, stem), zero in SHARES.items():
        kept = [k for k, o in enumerate(ours) if o.get(name) and real[k].get(name)]
        if not kept:
            continue
        values = [v for k in kept for v in ours[k][name]]
        owners = [int(pieces[k]) for k in kept for _ in ours[k][name]]
        low, high = spread(values, owners)
        rows.append(row(
            name, stem, np.mean(values), low=low, high=high,
            heldout=float(np.mean([v for k in kept for v in real[k][name]])),
            goal="0" if zero else None, met=not any(values) if zero else None, windows=len(kept),
        ))  # fmt: skip
    return rows


SHARES = {  # what is counted, of which stem, and whether there may be none
    ("asked chord: share of harmony tones in it", "harmony"): False,
    ("asked chord: share of bass notes in it", "bass"): False,
    ("asked key: share of notes in its scale", "pitched"): False,
    ("notes beyond all but 1 in 1,000 of held-out ones", "pitched"): False,
    ("bars empty though a density was asked", "all"): True,
    ("bars with onsets though silence was asked", "all"): True,
}


def obeyed(cells, chords, bars, original, tonic: int, reach: dict, voicings: list) -> dict[str, list[float]]:
    """Per note, chord tone or bar of one passage: whether it counts for each of `SHARES`."""
    found: dict[str, list[float]] = {name: [] for name, _ in SHARES}
    harmony, bass, key, outside, empty, silent = found.values()
    for slot in range(MIDDLE.start * T.SLOTS, MIDDLE.stop * T.SLOTS):
        chord, voicing = int(chords[slot // T.PATCH]), int(cells[slot, T.HARMONY]) - T.ONSET
        if chord < T.NO_CHORD and 0 <= voicing < T.VOICINGS:
            harmony += [(chord // 10 + step) % 12 in T.chord_tones(chord) for step in voicings[voicing]]
    for slot, pitch, _ in M.notes(cells, T.BASS, MIDDLE):
        chord = int(chords[slot // T.PATCH])
        bass += [pitch % 12 in T.chord_tones(chord)] if chord < T.NO_CHORD else []
    mode = int(bars[MIDDLE.start, T.C_MODE])
    if mode in SCALES:
        key += np.isin(M.classes(cells, chords, MIDDLE, voicings), SCALES[mode]).tolist()
    for lane in M.LINES:
        low, high = reach[lane]
        outside += [not low <= p <= high for p in M.pitches(cells, lane, MIDDLE, tonic)]
    for number, stem in enumerate(T.STEMS):
        asked = bars[MIDDLE, T.C_DENSITY + number]
        hits = M.onsets(cells, stem)[MIDDLE].any(1)
        here = M.present(original, stem)[MIDDLE]
        empty += (~hits[here & (asked > 0) & (asked < 5)]).tolist()
        silent += hits[here & (asked == 0)].tolist()
    return found


def reaches(data: dict[str, np.ndarray]) -> dict[int, tuple[float, float]]:
    """Lowest and highest MIDI pitch of each line in held-out windows, one note in a thousand left out."""
    anchors = {lane: np.array([T.anchor(lane, tonic) for tonic in range(12)]) for lane in M.LINES}
    result = {}
    for lane in M.LINES:
        line = data["cells"][:, :, lane].astype(int)
        onset = (line >= T.ONSET) & (line < T.LANE_SIZES[lane])
        base = anchors[lane][data["tonic"].astype(int) % 12] + T.LANE_RANGE[lane][0] - T.ONSET
        found = (line + base[:, None])[onset]
        result[lane] = tuple(np.quantile(found, (0.0005, 0.9995))) if len(found) else (0, 127)
    return result


def features(cells: np.ndarray, voicings: list) -> np.ndarray:
    """A few measures by which styles differ: onsets and chord size per bar."""
    facts = [M.onsets(cells, s)[MIDDLE].sum() / 8 for s in T.STEMS]
    line = cells[MIDDLE.start * T.SLOTS : MIDDLE.stop * T.SLOTS, T.HARMONY].astype(int)
    hits = line[(line >= T.ONSET) & (line < T.LANE_SIZES[T.HARMONY])] - T.ONSET
    facts.append(np.mean([len(voicings[v]) for v in hits]) if len(hits) else 0)
    for lane in (T.MELODY, T.BASS):
        tune = M.notes(cells, lane, MIDDLE)
        facts += [abs(np.diff(tune[:, 1])).mean() if len(tune) > 1 else 0, tune[:, 2].mean() if len(tune) else 0]
    return np.array(facts, float)


def styles(bench: Bench, which: np.ndarray, per_style: int = 120) -> list[dict]:
    """Asked style against the nearest style by features: how often the asked one is recognised (chance 1 in 5).

    It is asked for as the engine does, by its token and its habits (`style-habits.json`). `heldout` is how often the features recognise the style of works that people wrote: no model could do better.
    """
    if bench.train is None:
        return []
    rng = np.random.default_rng(bench.seed)
    train, wanted = bench.train, range(5)
    full = {s: np.flatnonzero((train["style"] == s) & (train["count"] == T.BARS)) for s in wanted}
    samples = {
        s: np.stack(
            [features(train["cells"][i], bench.voicings) for i in rng.choice(ids, min(per_style, len(ids)), False)]
        )
        for s, ids in full.items()
        if len(ids) >= 20
    }
    if len(samples) < 2 or not len(which):
        return []
    deviation = np.concatenate(list(samples.values())).std(0) + 1e-6
    centres = {s: v.mean(0) for s, v in samples.items()}

    def gaps_of(cells: np.ndarray) -> list[float]:
        found = features(cells, bench.voicings)
        return [float(np.abs((found - centre) / deviation).mean()) for centre in centres.values()]

    jobs, asked = [], []
    for k, i in enumerate(which):
        cells, chords, bars = bench.window(i)
        for style in centres:
            wish = in_style(bars, style)
            jobs.append(task(cells, chords, wish, MIDDLE, 5000 + k, tonic=int(bench.data["tonic"][i])))
            asked.append(style)
    written = bench.write(jobs, "styles")
    order = list(centres)
    gaps = np.array([gaps_of(w.cells) for w in written])
    relative = gaps - gaps.reshape(len(which), len(order), -1).mean(1).repeat(len(order), 0)  # beside its own siblings
    hits = [order[int(g.argmin())] == a for g, a in zip(relative, asked, strict=True)]
    low, high = spread(hits, np.repeat(bench.data["piece"][which].astype(int), len(order)))
    works = [i for s in order for i in _of_style(bench, s, per_style, rng)]
    real = [order[int(np.argmin(gaps_of(bench.data["cells"][i])))] == bench.data["style"][i] for i in works]
    return [row("control of style: asked one recognised by features", "all", np.mean(hits), low=low, high=high,
                heldout=float(np.mean(real)) if real else None, baseline=1 / len(order),
                windows=len(hits))]  # fmt: skip


def in_style(bars: np.ndarray, style: int) -> np.ndarray:
    """The labels of a window whose bars 5-12 are asked for in a style: what sounds there is as busy, and its bass lies
    where, the style has it at that intensity."""
    wish = bars.copy()
    wish[:, T.C_STYLE] = style
    for bar in range(MIDDLE.start, MIDDLE.stop):
        intensity = min(int(bars[bar, T.C_INTENSITY]), 7)
        for column, stem in enumerate(T.STEMS):
            if 0 < bars[bar, T.C_DENSITY + column] < T.CONDITION_UNKNOWN[T.C_DENSITY + column]:
                wish[bar, T.C_DENSITY + column] = tasks.usual_density(stem, style, intensity)
        wish[bar, T.C_REGISTER + 3] = tasks.habit("register", "bass", style)
    return wish


def _of_style(bench: Bench, style: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Some full held-out windows of a style."""
    found = np.flatnonzero((bench.data["style"] == style) & (bench.data["count"] == T.BARS))
    return rng.choice(found, min(most, len(found)), False)


def themes(bench: Bench, which: np.ndarray) -> list[dict]:
    """Melodies of which a share of the beats is written anew for five moods: what is kept, and whether each is found
    again among all.

    Most of the melody is given, so `baseline`, the sampler with a network that knows nothing, scores high too: a
    goal that it meets says nothing for the network.
    """
    chosen = [i for i in which if M.onsets(bench.data["cells"][i], "melody")[MIDDLE].sum() >= 12][:THEMES]
    if len(chosen) < 2:
        return []
    tasks = []
    for k, i in enumerate(chosen):
        cells, chords, bars = bench.window(i)
        for m, (valence, arousal, intensity, mode) in enumerate(MOODS):
            wish = bars.copy()
            for column, value in (
                (T.C_VALENCE, valence), (T.C_AROUSAL, arousal), (T.C_INTENSITY, intensity), (T.C_MODE, mode)
            ):  # fmt: skip
                wish[MIDDLE, column] = value
            wish[MIDDLE, T.C_DENSITY : T.C_DENSITY + 5] = 5
            options = {"stems": ("melody",), "share": THEME_SHARE, "tonic": int(bench.data["tonic"][i])}
            tasks.append(task(cells, chords, wish, MIDDLE, 6000 + 10 * k + m, **options))
    ours = _identity(bench, chosen, bench.write(tasks, "themes"))
    alone = _identity(bench, chosen, bench.untaught().write(tasks))
    owners = np.repeat(bench.data["piece"][chosen].astype(int), len(MOODS))
    rows = []
    for name, bound in (("onsets kept", 0.6), ("contour correlation", 0.7), (f"retrieved among {len(chosen)}", 0.9)):
        key = name.split(" among")[0]
        low, high = spread(ours[key], owners)
        value = float(np.mean(ours[key]))
        rows.append(row(f"theme over five moods, {THEME_SHARE:.0%} of beats free: {name}", "melody", value,
                        low=low, high=high, baseline=float(np.mean(alone[key])), goal=f"≥ {bound}",
                        met=bool(value >= bound), windows=len(ours[key])))  # fmt: skip
    return rows


def _identity(bench: Bench, chosen: list[int], written: list[sampler.Written]) -> dict[str, list[float]]:
    """For every mood of every theme: onsets kept, likeness of contour, and whether no other theme is more like it."""
    found: dict[str, list[float]] = {"onsets kept": [], "contour correlation": [], "retrieved": []}
    originals = [bench.data["cells"][i].astype(int) for i in chosen]
    for n, w in enumerate(written):
        own = n // len(MOODS)
        scores = [M.theme_likeness(original, w.cells, MIDDLE) for original in originals]
        found["onsets kept"].append(scores[own][0])
        found["contour correlation"].append(scores[own][1])
        found["retrieved"].append(int(np.argmax([a + b for a, b in scores])) == own)
    return found


def diversity(bench: Bench, which: np.ndarray) -> list[dict]:
    """Eight seeds of the same request: mean likeness of their bars, pair by pair."""
    tasks = [
        task(*bench.window(i), MIDDLE, 7000 + s, tonic=int(bench.data["tonic"][i])) for i in which for s in range(SEEDS)
    ]
    written = bench.write(tasks, "seeds")
    values, pieces = [], []
    for k, i in enumerate(which):
        block = written[k * SEEDS : (k + 1) * SEEDS]
        pairs = [
            M.bar_likeness(a.cells, b.cells, T.MELODY, bar, bar)
            for n, a in enumerate(block) for b in block[n + 1 :] for bar in range(MIDDLE.start, MIDDLE.stop)
        ]  # fmt: skip
        pairs = [p for p in pairs if p is not None]
        if pairs:
            values.append(float(np.mean(pairs)))
            pieces.append(int(bench.data["piece"][i]))
    if not values:
        return []
    low, high = spread(values, pieces)
    value = float(np.mean(values))
    return [row("likeness of the same bar in eight seeds (Jaccard)", "melody", value, low=low, high=high, goal="< .5",
                met=bool(value < 0.5), windows=len(values))]  # fmt: skip
