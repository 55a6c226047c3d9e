"""Whether what is asked for is what is written: conditions, chords and keys, themes over moods, seeds.

Rows of the evaluation table, as in `closed_loop`; passages are bars 5-12 of held-out windows.
"""

from __future__ import annotations

import numpy as np

import metrics as M
import sampler
import tokens as T
from closed_loop import MIDDLE, Bench, row, spread, task
from harmony import SCALES
from labels import TENSE

SEEDS, THEMES = 8, 20
MOODS = (  # valence, arousal, intensity and mode of five moods
    (4, 3, 5, 0), (4, 1, 2, 3), (1, 1, 2, 5), (0, 4, 7, 2), (2, 3, 4, 1),
)  # fmt: skip
THEME_SHARE = 0.35  # of the theme's beats that a mood may rewrite


def realised(cells, chords, bars, voicings: list) -> dict[str, float]:
    """What a written passage has of what can be asked for."""
    found = {f"density.{s}": float(M.onsets(cells, s)[MIDDLE].sum()) for s in T.STEMS}
    found["rhythm"] = sum(found.values())
    line = cells[MIDDLE.start * T.SLOTS : MIDDLE.stop * T.SLOTS, T.HARMONY]
    hits = line[(line >= T.ONSET) & (line < T.LANE_SIZES[T.HARMONY])] - T.ONSET
    found["polyphony"] = float(np.mean([len(voicings[v]) for v in hits])) if len(hits) else 0.0
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
    """Rank correlation of what is asked with what is written, per condition; and the leak onto another measure."""
    rows = []
    for name, (column, levels, target, other) in ASKED.items():
        stem = name.split(".")[1] if "." in name else "all"
        usable = [i for i in which if stem == "all" or M.present(bench.data["cells"][i], stem)[MIDDLE].all()]
        tasks, asked, owners = [], [], []
        for k, i in enumerate(usable):
            cells, chords, bars = bench.window(i)
            for level in levels:
                wish = bars.copy()
                for free in RELATED.get(name, []):
                    wish[MIDDLE, free] = T.CONDITION_UNKNOWN[free]
                wish[MIDDLE, column] = level
                tonic = int(bench.data["tonic"][i])
                tasks.append(task(cells, chords, wish, MIDDLE, 3000 + k, free_chords=name == "valence", tonic=tonic))
                asked.append(level)
                owners.append(k)
        if len(usable) < 4:
            continue
        found = [
            realised(w.cells, w.chords, t.bars, bench.voicings)
            for t, w in zip(tasks, bench.write(tasks, f"control of {name}"), strict=True)
        ]
        asked, owners = np.array(asked), np.array(owners)

        def by_window(measure: str, found=found, asked=asked, owners=owners) -> list[float]:
            values = np.array([f[measure] for f in found])
            pairs = [(asked[owners == k], values[owners == k]) for k in np.unique(owners)]
            return [M.spearman(a, v) for a, v in pairs if not np.isnan(v).any()]

        scores = by_window(target)
        bound = STRICT.get(name, LOOSE)
        low, high = spread(scores, range(len(scores)))
        value = float(np.mean(scores))
        rows.append(row(f"control of {name}: Spearman of asked and written", stem, value, low=low, high=high,
                        goal=f"≥ {bound:.2f}", met=bool(value >= bound), windows=len(scores)))  # fmt: skip
        others = [other] if other else [f"density.{s}" for s in T.STEMS if s != stem]
        leaks = [abs(float(np.mean(s))) for o in others if (s := by_window(o))]
        if leaks:
            leak = float(np.mean(leaks))
            rows.append(row(f"leak of {name} onto {other or 'the other stems'}", stem, leak, goal="≤ .05",
                            met=bool(leak <= LEAK)))  # fmt: skip
    return rows


def obedience(bench: Bench, which: np.ndarray, written: list[sampler.Written]) -> list[dict]:
    """Chords and key of phrases written over given chords; notes outside a range; bars that came out empty."""
    chord, key, bass, empty, silent = ([] for _ in range(5))
    for i, w in zip(which, written, strict=True):
        original, _, bars = bench.window(i)
        tones = M.chord_tone_ratio(w.cells, w.chords, MIDDLE, T.BASS)
        bass += [tones] if tones is not None else []
        mode = int(bars[MIDDLE.start, T.C_MODE])
        found = M.classes(w.cells, w.chords, MIDDLE, bench.voicings)
        if mode in SCALES and len(found):
            key.append(float(np.isin(found, SCALES[mode]).mean()))
        inside = []
        for slot in range(MIDDLE.start * T.SLOTS, MIDDLE.stop * T.SLOTS):
            c, v = int(w.chords[slot // T.PATCH]), int(w.cells[slot, T.HARMONY]) - T.ONSET
            if c < T.NO_CHORD and 0 <= v < T.VOICINGS:
                inside += [(c // 10 + step) % 12 in T.chord_tones(c) for step in bench.voicings[v]]
        chord += [float(np.mean(inside))] if inside else []
        for stem in T.STEMS:
            asked = bars[MIDDLE, T.C_DENSITY + T.STEMS.index(stem)]
            hits = M.onsets(w.cells, stem)[MIDDLE].any(1)
            here = M.present(original, stem)[MIDDLE]
            empty += (~hits[here & (asked > 0) & (asked < 5)]).tolist()
            silent += hits[here & (asked == 0)].tolist()
    rows = [
        row("asked chord: share of harmony tones in it", "harmony", np.mean(chord), windows=len(chord)),
        row("asked chord: share of bass notes in it", "bass", np.mean(bass), windows=len(bass)),
        row("asked key: share of notes in its scale", "pitched", np.mean(key), windows=len(key)),
    ]
    if empty:
        rows.append(row("bars empty though a density was asked", "all", np.mean(empty), goal="0", met=not any(empty)))
    if silent:
        rows.append(row("bars with onsets though silence was asked", "all", np.mean(silent), goal="0",
                        met=not any(silent)))  # fmt: skip
    return rows


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
    """Asked style against the nearest style by features: how often the asked one is recognised (chance 1 in 5)."""
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
    deviation = np.concatenate(list(samples.values())).std(0) + 1e-6
    centres = {s: v.mean(0) for s, v in samples.items()}
    tasks, asked = [], []
    for k, i in enumerate(which):
        cells, chords, bars = bench.window(i)
        for style in centres:
            wish = bars.copy()
            wish[:, T.C_STYLE] = style
            wish[MIDDLE, T.C_DENSITY : T.C_DENSITY + 5] = 5
            wish[MIDDLE, T.C_INTENSITY] = T.CONDITION_UNKNOWN[T.C_INTENSITY]
            tasks.append(task(cells, chords, wish, MIDDLE, 5000 + k))
            asked.append(style)
    written = bench.write(tasks, "styles")
    order = list(centres)
    gaps = np.array([[np.abs((features(w.cells, bench.voicings) - centres[s]) / deviation).mean() for s in order]
                     for w in written])  # fmt: skip
    relative = gaps - gaps.reshape(len(which), len(order), -1).mean(1).repeat(len(order), 0)  # beside its own siblings
    hits = [order[int(g.argmin())] == a for g, a in zip(relative, asked, strict=True)]
    low, high = spread(hits, np.repeat(range(len(which)), len(order)))
    return [row("control of style: asked one recognised by features", "all", np.mean(hits), low=low, high=high,
                baseline=1 / len(order), windows=len(hits))]  # fmt: skip


def themes(bench: Bench, which: np.ndarray) -> list[dict]:
    """Twenty melodies, each varied for five moods: what is kept, and whether each is still found among the twenty."""
    chosen = [i for i in which if M.onsets(bench.data["cells"][i], "melody")[MIDDLE].sum() >= 12][:THEMES]
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
            tasks.append(task(cells, chords, wish, MIDDLE, 6000 + 10 * k + m, stems=("melody",), share=THEME_SHARE))
    written = bench.write(tasks, "themes")
    kept, contours, found = [], [], []
    for n, w in enumerate(written):
        own = n // len(MOODS)
        scores = [M.theme_likeness(bench.data["cells"][i].astype(int), w.cells, MIDDLE) for i in chosen]
        kept.append(scores[own][0])
        contours.append(scores[own][1])
        found.append(int(np.argmax([a + b for a, b in scores])) == own)
    owners = np.repeat(range(len(chosen)), len(MOODS))
    rows = []
    for name, values, bound in (
        ("onsets kept", kept, 0.6), ("contour correlation", contours, 0.7),
        (f"retrieved among {len(chosen)}", found, 0.9),
    ):  # fmt: skip
        low, high = spread(values, owners)
        value = float(np.mean(values))
        rows.append(row(f"theme over five moods: {name}", "melody", value, low=low, high=high, goal=f"≥ {bound}",
                        met=bool(value >= bound), windows=len(values)))  # fmt: skip
    return rows


def diversity(bench: Bench, which: np.ndarray) -> list[dict]:
    """Eight seeds of the same request: mean likeness of their bars, pair by pair."""
    tasks = [
        task(*bench.window(i), MIDDLE, 7000 + s, tonic=int(bench.data["tonic"][i])) for i in which for s in range(SEEDS)
    ]
    written = bench.write(tasks, "seeds")
    values = []
    for k in range(len(which)):
        block = written[k * SEEDS : (k + 1) * SEEDS]
        pairs = [
            M.bar_likeness(a.cells, b.cells, T.MELODY, bar, bar)
            for n, a in enumerate(block) for b in block[n + 1 :] for bar in range(MIDDLE.start, MIDDLE.stop)
        ]  # fmt: skip
        values.append(float(np.mean([p for p in pairs if p is not None])))
    low, high = spread(values, range(len(values)))
    value = float(np.mean(values))
    return [row("likeness of the same bar in eight seeds (Jaccard)", "melody", value, low=low, high=high, goal="< .5",
                met=bool(value < 0.5), windows=len(values))]  # fmt: skip
