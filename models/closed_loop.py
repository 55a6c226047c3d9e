"""Figures of written music: passages of held-out windows written anew, beside the originals and two rivals.

Each function returns rows of the evaluation table (`row`). Windows are full (16 bars) and come from works that
training never saw; what is asked of the network (labels, chords where they are given) is what the original has, except
where a row is about asking for something else. The sampler is the engine's (`sampler`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

import baselines
import masks
import metrics as M
import sampler
import tokens as T
from progress import shown

MIDDLE, END = slice(4, 12), slice(8, 16)  # bars that are written: between two contexts, and after one
BATCH = 16  # windows that go through the passes together
ROUNDS = 400  # bootstrap samples
LEAST_OVERLAPS = 10  # areas below which their variance says nothing
HALVINGS = 40  # ways to set half of the originals against the other half


@dataclass
class Bench:
    """What all rows share."""

    run: Callable
    data: dict[str, np.ndarray]  # held-out windows
    voicings: list
    train: dict[str, np.ndarray] | None  # for plagiarism and styles
    seed: int = 6
    passes: int = sampler.PASSES
    guidance: float = 0.0
    tunables: dict | None = None

    def window(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return tuple(self.data[k][index].astype(int) for k in ("cells", "chords", "bars"))

    def untaught(self) -> Bench:
        """The same with a network that finds everything equally likely: what the sampler does by itself."""
        return replace(self, run=evenly)

    def write(self, tasks: list[sampler.Task], what: str = "") -> list[sampler.Written]:
        """All tasks, with progress where `what` names them."""
        blocks = [tasks[i : i + BATCH] for i in range(0, len(tasks), BATCH)]
        turns = shown(blocks, len(blocks), f"blocks of {what}") if what else blocks
        options = {"guidance": self.guidance, "tunables": self.tunables, "shapes": self.voicings}
        return [w for block in turns for w in sampler.write(self.run, block, self.passes, **options)]


def evenly(cells: np.ndarray, _chords: np.ndarray, _bars: np.ndarray) -> list[np.ndarray]:
    """Logits of a network that knows nothing."""
    return [np.zeros((len(cells), T.CELLS, T.LOGITS)), np.zeros((len(cells), T.TOKENS, T.CHORDS))]


def row(metric: str, stem: str, value: float, **more) -> dict:
    """One row; `more` may hold low, high, heldout, baseline, goal, met."""
    filled = {"low": None, "high": None, "heldout": None, "baseline": None, "goal": None, "met": None} | more
    rounded = {k: round(float(v), 4) if isinstance(v, float | np.floating) else v for k, v in filled.items()}
    return {"metric": metric, "stem": stem, "value": round(float(value), 4)} | rounded


def spread(values: list[float], groups: list[int], of: Callable = np.mean, seed: int = 3) -> tuple[float, float]:
    """95 % bootstrap interval of a statistic, drawing whole pieces."""
    values, groups = np.asarray(values), np.asarray(groups)
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(ROUNDS):
        chosen = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        found.append(of(values[chosen]))
    return float(np.nanquantile(found, 0.025)), float(np.nanquantile(found, 0.975))


def task(
    cells, chords, bars, span: slice, seed: int, *, stems=T.STEMS, free_chords: bool = False, cut: bool = False,
    share: float = 1.0, tonic: int = 0,
) -> sampler.Task:  # fmt: skip
    """A window with the stems of `span` open (whole beats, if only a share); `cut` leaves nothing after it."""
    cells, chords, bars = cells.copy(), chords.copy(), bars.copy()
    if cut:
        cells[span.stop * T.SLOTS :] = T.ABSENT_IDS
        chords[span.stop * 8 :] = T.CHORD_ABSENT
        bars[span.stop :] = T.CONDITION_UNKNOWN
    inside = np.zeros(T.BARS, bool)
    inside[span] = True
    opened = np.repeat(inside, T.SLOTS)[:, None] & (cells != T.ABSENT_IDS)
    wanted = np.isin(np.arange(8), [i for s in stems for i in T.STEM_LANES[s]])
    opened &= wanted
    opened[:, T.OCTAVE] = opened[:, T.HARMONY]
    if share < 1:
        rng = np.random.default_rng(seed)
        opened &= np.repeat(rng.random(T.CELLS // 4) < share, 4)[:, None]
    halves = np.zeros((T.BARS, 2), bool)
    if free_chords:
        halves = np.repeat(inside[:, None] & (chords.reshape(T.BARS, 8)[:, :1] != T.CHORD_ABSENT), 2, 1)
        chords = np.where(np.repeat(inside, 8) & (chords != T.CHORD_ABSENT), T.CHORD_MASK, chords)
    mode = np.where(bars[:, T.C_METER] == T.METER_ABSENT, 7, bars[:, T.C_MODE])
    return sampler.Task(masks.apply(cells[None], opened[None])[0], chords, bars, opened, halves, seed, mode, tonic)


def full_windows(bench: Bench, names: list[str], members: tuple[str, ...], count: int) -> np.ndarray:
    """Indices of full windows of some corpora, spread over the pieces."""
    data = bench.data
    which = np.isin(data["corpus"], [names.index(m) for m in members if m in names]) & (data["count"] == T.BARS)
    which &= (data["bars"][:, :, T.C_METER] == data["bars"][:, :1, T.C_METER]).all(1)
    found = np.flatnonzero(which)
    order = np.random.default_rng(bench.seed).permutation(found)
    turn = defaultdict(int)  # one window of every piece before the second of any
    rank = []
    for i in order:
        piece = int(data["piece"][i])
        rank.append(turn[piece])
        turn[piece] += 1
    return order[np.argsort(rank, kind="stable")][:count]


def statistics(cells, chords, bars, span: slice, voicings: list) -> dict[tuple[str, str], float | None]:
    """All one-window statistics of a passage."""
    tones = M.classes(cells, chords, span, voicings)
    slots = T.METER_SLOTS[int(bars[span.start, T.C_METER])]
    found = {
        ("pitch-class entropy, bits", "pitched"): M.entropy(tones),
        ("scale consistency", "pitched"): M.scale_consistency(tones),
        ("groove, slots of the bar", "all"): M.groove(cells, span, slots),
        ("chord-tone ratio", "melody"): M.chord_tone_ratio(cells, chords, span),
        ("self-similarity, lag 4 bars", "melody"): M.self_similarity(cells, span, 4),
        ("self-similarity, lag 8 bars", "melody"): M.self_similarity(cells, span, 8),
    }
    for stem in ("melody", "bass", "drums"):
        found["bar equal to the one before", stem] = M.equal_to(cells, stem, span, 1)
        found["bar seen before in the window", stem] = M.seen_before(cells, stem, span)
    for stem in T.STEMS:
        if M.present(cells, stem)[span].any():
            found["onsets a bar", stem] = float(M.onsets(cells, stem)[span].sum(1).mean())
    tune = M.notes(cells, T.MELODY, span)
    if len(tune) > 1:
        found["leaps over 9 semitones", "melody"] = float((abs(np.diff(tune[:, 1])) > 9).mean())
    return found


GOALS: dict[str, Callable[[float, float], bool]] = {  # written and held-out value -> met
    "pitch-class entropy, bits": lambda v, h: abs(v - h) <= 0.05,
    "scale consistency": lambda v, h: abs(v - h) <= 0.01,
    "groove, slots of the bar": lambda v, h: abs(v - h) <= 0.02,
    "chord-tone ratio": lambda v, h: 0.75 <= v <= 0.88,
    "self-similarity, lag 4 bars": lambda v, h: abs(v - h) <= 0.1 * h,
    "self-similarity, lag 8 bars": lambda v, h: abs(v - h) <= 0.1 * h,
    "bar equal to the one before": lambda v, h: 0.8 * h <= v <= 1.3 * h,
    "bar seen before in the window": lambda v, h: 0.8 * h <= v <= 1.3 * h,
}
GOAL_TEXT = {
    "pitch-class entropy, bits": "± .05", "scale consistency": "± .01", "groove, slots of the bar": "± .02",
    "chord-tone ratio": ".75–.88", "self-similarity, lag 4 bars": "± 10 %", "self-similarity, lag 8 bars": "± 10 %",
    "bar equal to the one before": ".8–1.3 ×", "bar seen before in the window": ".8–1.3 ×",
}  # fmt: skip


def phrases(bench: Bench, group: str, which: np.ndarray) -> tuple[list[dict], list[sampler.Written]]:
    """Bars 5-12 written between two contexts: all statistics, overlaps, seams, plagiarism; and the music itself."""
    rng = np.random.default_rng(bench.seed)
    tasks = [task(*bench.window(i), MIDDLE, 1000 + k, tonic=int(bench.data["tonic"][i])) for k, i in enumerate(which)]
    written = bench.write(tasks, f"phrases, {group}")
    pieces = [int(bench.data["piece"][i]) for i in which]
    sides: dict[str, list] = {"written": [], "real": [], "rules": []}
    for i, w in zip(which, written, strict=True):
        cells, chords, bars = bench.window(i)
        rules = baselines.arrange(cells, chords, bars, MIDDLE, int(rng.integers(1 << 30)))
        for name, music in (("written", w.cells), ("real", cells), ("rules", rules)):
            sides[name].append(statistics(music, chords, bars, MIDDLE, bench.voicings))
    rows = []
    for key in dict.fromkeys(k for s in sides["real"] for k in s):
        kept = [
            (w[key], r[key], b[key], p)
            for w, r, b, p in zip(sides["written"], sides["real"], sides["rules"], pieces, strict=True)
            if all(x.get(key) is not None for x in (w, r, b))
        ]
        if not kept:
            continue
        value, real, rules = (float(np.mean([k[j] for k in kept])) for j in range(3))
        low, high = spread([k[0] for k in kept], [k[3] for k in kept])
        goal = GOALS.get(key[0])
        rows.append(row(
            f"{key[0]}, {group}", key[1], value, low=low, high=high, heldout=real, baseline=rules,
            goal=GOAL_TEXT.get(key[0]), met=None if goal is None else bool(goal(value, real)), windows=len(kept),
        ))  # fmt: skip
    rows += _overlaps(bench, group, which, written)
    rows += _seams(bench, f"bridge, {group}", which, written, MIDDLE)
    rows += _plagiarism(bench, group, which, written)
    return rows, written


def _overlaps(bench: Bench, group: str, which, written) -> list[dict]:
    """Written bars against the originals; `heldout` sets one half of the original pieces against the other."""
    rows, pieces = [], bench.data["piece"][which].astype(int)
    for stem, lane in (("melody", T.MELODY), ("bass", T.BASS), ("counter", T.COUNTER)):
        for name, column in (("pitch", 1), ("duration", 2)):
            ours = [M.overlaps(w.cells, lane, column, MIDDLE) for w in written]
            real = [M.overlaps(bench.data["cells"][i].astype(int), lane, column, MIDDLE) for i in which]
            if min(sum(map(len, ours)), sum(map(len, real))) < LEAST_OVERLAPS:
                continue
            halves = _halves(real, pieces, bench.seed)
            for part, (kind, bound) in enumerate((("consistency", 0.98), ("variance", 0.87))):
                value = M.consistency(_flat(ours), _flat(real))[part]
                low, high = spread(range(len(which)), pieces, partial(_agreement, ours, real, part))
                rows.append(row(
                    f"overlapping area, {name}, {kind}, {group}", stem, value, low=low, high=high,
                    heldout=float(np.mean([h[part] for h in halves])) if halves else None,
                    goal=f"≥ {bound:.2f}", met=bool(value >= bound), windows=len(which),
                ))  # fmt: skip
    return rows


def _flat(parts) -> list[float]:
    return [value for part in parts for value in part]


def _agreement(ours: list, real: list, part: int, which: np.ndarray) -> float:
    drawn = _flat(ours[i] for i in which), _flat(real[i] for i in which)
    return M.consistency(*drawn)[part] if all(drawn) else np.nan


def _halves(real: list, pieces: np.ndarray, seed: int) -> list[tuple[float, float]]:
    """Consistency and variance of half of the pieces against the other half, for several ways to halve them."""
    names, rng, found = np.unique(pieces), np.random.default_rng(seed), []
    for _ in range(HALVINGS):
        half = np.isin(pieces, rng.permutation(names)[: len(names) // 2])
        a, b = (_flat(real[i] for i in np.flatnonzero(side)) for side in (half, ~half))
        if len(a) > 1 and len(b) > 1:
            found.append(M.consistency(a, b))
    return found


def _seams(bench: Bench, name: str, which, written, span: slice) -> list[dict]:
    """Both ends of a passage: written, real and a splice of another piece in the same key and meter (hard cut)."""
    rng = np.random.default_rng(bench.seed + 1)
    ends = [("entry", span.start)] + ([("exit", span.stop)] if span.stop < T.BARS else [])
    sides = {end: ([], [], [], []) for end, _ in ends}
    for i, w in zip(which, written, strict=True):
        other = baselines.splice(bench.data, int(i), span, rng)
        if other is None:
            continue
        cells, chords, _ = bench.window(i)
        cut, cut_chords = cells.copy(), chords.copy()
        inside, halves = slice(span.start * T.SLOTS, span.stop * T.SLOTS), slice(span.start * 8, span.stop * 8)
        cut[inside], cut_chords[halves] = bench.data["cells"][other][inside], bench.data["chords"][other][halves]
        for end, bar in ends:
            for part, music, harmony in zip(
                sides[end], (cut, w.cells, cells), (cut_chords, w.chords, chords), strict=False
            ):
                part.append(M.seam(music, harmony, bar, bench.voicings))
            sides[end][3].append(int(bench.data["piece"][i]))
    rows = []
    for end, (cut, ours, real, pieces) in sides.items():
        if len(cut) < 8:
            continue
        value = M.seam_score(cut, ours, real)
        triples = list(zip(cut, ours, real, strict=True))
        low, high = spread(range(len(cut)), pieces, partial(_score_of, triples))
        bound = 0.95 if span.stop == T.BARS else 0.90
        rows.append(row(f"seam, {end} of a {name}", "all", value, low=low, high=high, heldout=1.0, baseline=0.0,
                        goal=f"≥ {bound:.2f}", met=bool(value >= bound), windows=len(cut)))  # fmt: skip
    return rows


def _score_of(triples: list[tuple[dict, dict, dict]], which: np.ndarray) -> float:
    return M.seam_score(*zip(*(triples[i] for i in which), strict=True))


def training_codes(train: dict[str, np.ndarray]) -> dict[int, np.ndarray]:
    """Sorted codes of every 1-, 2- and 4-bar melody of the training windows, those at the end of a piece too."""
    melody = train["cells"][:, :, T.MELODY]
    return {n: np.unique(M.melody_codes(melody, n)) for n in (1, 2, 4)}


def _plagiarism(bench: Bench, group: str, which, written) -> list[dict]:
    if bench.train is None:
        return []
    known = bench.train.setdefault("codes", None) or training_codes(bench.train)
    bench.train["codes"] = known
    rows = []
    for bars in (1, 2, 4):
        starts = range(MIDDLE.start, MIDDLE.stop - bars + 1)
        found = []
        for melodies in (
            np.stack([w.cells[:, T.MELODY] for w in written]), bench.data["cells"][which][:, :, T.MELODY]
        ):  # fmt: skip
            codes = M.melody_codes(melodies, bars, starts)
            counts = codes > 0
            found.append((np.isin(codes, known[bars])[counts], bench.data["piece"][which][np.nonzero(counts)[0]]))
        (hits, pieces), (real, _) = found
        if not len(hits) or not len(real):
            continue
        low, high = spread(hits, pieces)
        rows.append(row(f"plagiarism: {bars}-bar melody in training, any key, {group}", "melody", hits.mean(),
                        low=low, high=high, heldout=float(real.mean()), goal="≤ held-out",
                        met=bool(hits.mean() <= real.mean()), melodies=len(hits)))  # fmt: skip
    return rows


def continuations(bench: Bench, group: str, which: np.ndarray) -> list[dict]:
    """Bars 9-16 written after eight bars and nothing behind: the seam where the written part begins."""
    tasks = [task(*bench.window(i), END, 2000 + k, tonic=int(bench.data["tonic"][i])) for k, i in enumerate(which)]
    return _seams(bench, f"continuation, {group}", which, bench.write(tasks, f"continuations, {group}"), END)


SETTINGS = {  # name -> what differs from 8 passes, no guidance, revisions on, temperature .95
    "8 passes": {}, "12 passes": {"passes": 12}, "4 passes": {"passes": 4},
    "8 passes, guidance .5": {"guidance": 0.5}, "8 passes, guidance 1": {"guidance": 1.0},
    "8 passes, no rewriting": {"tunables": {"revisions": []}},
    "8 passes, temperature .85": {"tunables": {"temperature": 0.85}},
    "8 passes, temperature 1.05": {"tunables": {"temperature": 1.05}},
}  # fmt: skip
SHOWN = (
    ("chord-tone ratio", "melody"), ("bar equal to the one before", "melody"), ("leaps over 9 semitones", "melody"),
    ("onsets a bar", "melody"), ("pitch-class entropy, bits", "pitched"), ("groove, slots of the bar", "all"),
)  # fmt: skip


def ablation(bench: Bench, which: np.ndarray) -> list[dict]:
    """The same phrases in each setting: a few statistics and the seams; `heldout` is the original."""
    rows = []
    for name, change in SETTINGS.items():
        setting = Bench(bench.run, bench.data, bench.voicings, None, bench.seed, **({"passes": 8} | change))
        found, _ = phrases(setting, "ablation", which)
        names = {f"{metric}, ablation": stem for metric, stem in SHOWN}
        for r in found:
            if names.get(r["metric"]) == r["stem"] or r["metric"].startswith("seam"):
                metric = r["metric"].removesuffix(", ablation")
                rows.append(r | {"metric": f"{metric}, {name}", "goal": None, "met": None})
    return rows
