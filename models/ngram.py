"""The baseline: an interpolated, bidirectional n-gram with bar copy and a cache of the window.

    python models/ngram.py --data runs/data --out runs/ngram.pkl

For every lane it mixes experts that each see only visible cells, as the network does: counts in
a dozen contexts (place in the bar; one to three cells on either side; the same slot one bar
before and after, and two before; the chord; the other stems), each smoothed towards the lane's
unigram by its place, plus experts that copy from the same window: the slot 1, 2, 4 or 8 bars
away, and the frequencies of the visible cells of the lane. The mixture weights come from EM on
a tenth of the training windows that is not counted, apart for each bucket of how often a context
was seen. Contexts are counted under the same rate of masking that is tested, a model per rate.

Every bar is counted once, in windows that do not overlap; of more than 24,000 windows as many are drawn by their
weight in training, so that a corpus with many does not fill the tables. With that many, one core takes two minutes
and 3 GB, and the file has 1.1 GB.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path

import numpy as np

import corpora
import tokens as T
from windows import weights as training_weights

NAMES = (*(n for n, _ in T.LANES), "chords")
MOST = 24_000  # windows counted; more are drawn by their weight in training
DRAWS = 2  # maskings of every training window
EM_ROUNDS = 12
BUCKETS = np.array([0.5, 2, 8, 32, 128, 1024])  # visits of a context: edges of the weight classes
SMOOTH = 4.0  # prior visits given to the unigram by place
FAR = (-1, 1, -2, 2, -4, 4, -8, 8)  # bars from which a cell may be copied
OTHERS = {  # the stems whose cell in the same slot helps most
    "melody": (T.BASS, T.COUNTER), "counter": (T.MELODY, T.BASS), "harmony": (T.BASS, T.MELODY),
    "harmonyOctave": (T.HARMONY, T.MELODY), "bass": (T.HARMONY, T.MELODY), "drumsLow": (T.HIGH, T.BASS),
    "drumsHigh": (T.LOW, T.PERC), "drumsPerc": (T.LOW, T.HIGH),
}  # fmt: skip


def random_mask(cells: np.ndarray, chords: np.ndarray, rate: float, rng: np.random.Generator) -> dict:
    """`cells` (n, 256, 8) and `chords` (n, 16, 2 half bars): True where hidden; the octave goes with the harmony."""
    hidden = (rng.random(cells.shape) < rate) & (cells != T.ABSENT_IDS)
    hidden[..., T.OCTAVE] = hidden[..., T.HARMONY] & (cells[..., T.OCTAVE] != T.ABSENT_IDS[T.OCTAVE])
    half = (rng.random((len(cells), T.BARS, 2)) < rate) & (chords.reshape(-1, T.BARS, 8)[:, :, :1] != T.CHORD_ABSENT)
    return {"cells": hidden, "chords": half}


def sizes(name: str) -> int:
    return T.CHORDS if name == "chords" else dict(T.LANES)[name]


def views(name: str, cells: np.ndarray, chords: np.ndarray, hidden: dict) -> tuple[np.ndarray, np.ndarray, int]:
    """True and visible ids of a lane as (windows, 16, slots), and the slots a bar; chords count in half bars."""
    n = len(cells)
    if name == "chords":
        half = np.where(chords.reshape(n, T.BARS, 8)[:, :, 6] == T.CHORD_ABSENT, 3, 4)[..., None]
        grid = chords.reshape(n, T.BARS, 8)
        first, second = grid[:, :, 0], np.take_along_axis(grid, half, 2)[:, :, 0]
        true = np.stack([first, second], 2).astype(np.int64)
        return true, np.where(hidden["chords"], T.CHORD_MASK, true), 2
    lane = NAMES.index(name)
    true = cells[:, :, lane].astype(np.int64)
    shown = np.where(hidden["cells"][:, :, lane], T.MASK_IDS[lane], true)
    if lane == T.OCTAVE:
        shown = np.where(hidden["cells"][:, :, T.HARMONY], T.MASK_IDS[lane], shown)
    return true.reshape(n, T.BARS, T.SLOTS), shown.reshape(n, T.BARS, T.SLOTS), T.SLOTS


def near(line: np.ndarray, step: int, fill: int) -> np.ndarray:
    """The value `step` places along the flattened window."""
    flat = line.reshape(len(line), -1)
    moved = np.full_like(flat, fill)
    if step > 0:
        moved[:, :-step] = flat[:, step:]
    else:
        moved[:, -step:] = flat[:, :step]
    return moved.reshape(line.shape)


def onsets(line: np.ndarray) -> np.ndarray:
    return np.minimum(line, T.ONSET)  # hold, rest, or an onset (or nothing known)


def contexts(name: str, cells: np.ndarray, chords: np.ndarray, hidden: dict, where: np.ndarray) -> list[np.ndarray]:
    """Context keys (one int64 an event) from the most general to the richest."""
    _, line, slots = views(name, cells, chords, hidden)
    big = sizes(name) + 3
    left = [near(line, -k, big - 1)[where] for k in (1, 2, 3)]
    right = [near(line, k, big - 1)[where] for k in (1, 2, 3)]
    before, after = (near(line, k * slots, big - 1)[where] for k in (-1, 1))
    before2 = near(line, -2 * slots, big - 1)[where]
    place = np.broadcast_to(np.arange(slots), line.shape)[where]
    three = (cells[:, 12, :].astype(int) == T.ABSENT_IDS).all(1)[:, None, None] | np.zeros(line.shape, bool)
    place = place + slots * three[where]
    if name == "chords":
        bass = views("bass", cells, chords, hidden)[1].reshape(len(cells), T.BARS, T.SLOTS)[:, :, (0, 6)]
        tune = views("melody", cells, chords, hidden)[1].reshape(len(cells), T.BARS, T.SLOTS)[:, :, (0, 6)]
        others = [bass[where], tune[where]]
        chord = others[0] * 0
    else:
        others = [views(T.LANES[o][0], cells, chords, hidden)[1][where] for o in OTHERS[name]]
        shown = np.where(expand(hidden["chords"], chords), T.CHORD_MASK, chords)
        chord = np.repeat(shown, 2, axis=1).reshape(line.shape)[where].astype(np.int64)
    rows = [
        (place,), (place, left[0]), (place, left[0], right[0]), (left[1], left[0], right[0], right[1]),
        (place, left[1], left[0], right[0], right[1]), (left[2], left[1], left[0], right[0], right[1], right[2]),
        (before, left[0], right[0]), (before, after, left[0], right[0]), (before, before2, after, place),
        (chord, place, left[0], right[0]), (chord, left[0], before), (others[0], left[0], right[0]),
        (others[0], others[1], place), (others[0], chord, onsets(left[0]), onsets(right[0])),
    ]  # fmt: skip
    keys = []
    for row in rows:
        key = np.zeros(len(place), np.int64)
        for value in row:
            key = key * 131 + value
        keys.append(key)
    return keys


def expand(half_hidden: np.ndarray, chords: np.ndarray) -> np.ndarray:
    """Hidden half bars (windows, 16, 2) as hidden tokens (windows, 128)."""
    n = len(chords)
    three = (chords.reshape(n, T.BARS, 8)[:, :, 6] == T.CHORD_ABSENT)[..., None]
    second = np.arange(8) >= np.where(three, 3, 4)
    return np.where(second, half_hidden[:, :, 1:], half_hidden[:, :, :1]).reshape(n, T.TOKENS)


def events(name: str, cells, chords, hidden, only_hidden: bool) -> np.ndarray:
    """(windows, 16, slots) True where a cell is to be predicted."""
    true, shown, _ = views(name, cells, chords, hidden)
    present = true < sizes(name)
    return present & (shown == sizes(name)) if only_hidden else present


def tables(name: str, cells, chords, hidden_draws: list[dict]) -> list[tuple]:
    """Per context: sorted keys, their visits, and sorted (key, symbol) pairs with counts."""
    size = sizes(name)
    collected: list[list] = []
    symbols = []
    for hidden in hidden_draws:
        where = events(name, cells, chords, hidden, False)
        symbols.append(views(name, cells, chords, hidden)[0][where])
        for i, key in enumerate(contexts(name, cells, chords, hidden, where)):
            if i == len(collected):
                collected.append([])
            collected[i].append(key)
    symbol = np.concatenate(symbols)
    result = []
    for keys in collected:
        key = np.concatenate(keys)
        pair, count = np.unique(key * size + symbol, return_counts=True)
        owner = pair // size
        edges = np.flatnonzero(np.append(True, np.diff(owner) != 0))
        visits = np.add.reduceat(count, edges)
        result.append((owner[edges], visits.astype(np.int32), pair, count.astype(np.int32)))
    return result


def experts(model: dict, name: str, cells, chords, hidden, where) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (events, experts, classes) and the weight class of every expert (events, experts)."""
    size = sizes(name)
    n = int(where.sum())
    rows, classes = [], []
    keys = contexts(name, cells, chords, hidden, where)
    base = np.full((n, size), 1.0 / size)
    for i, (key, (owners, visits, pairs, counts)) in enumerate(zip(keys, model[name]["tables"], strict=True)):
        at = np.searchsorted(owners, key).clip(0, len(owners) - 1)
        seen = np.where(owners[at] == key, visits[at], 0).astype(float)
        count = looked_up(key, pairs, counts, size)
        p = (count + SMOOTH * base) / (seen + SMOOTH)[:, None]
        if i == 0:
            base = p
        rows.append(p)
        classes.append(np.searchsorted(BUCKETS, seen))
    _, line, slots = views(name, cells, chords, hidden)
    window = np.broadcast_to(np.arange(len(line))[:, None, None], line.shape)[where]
    for far in FAR:
        value = near(line, far * slots, size + 1)[where]
        known = value < size
        copy = 0.01 * base
        copy[np.arange(n)[known], value[known]] += 0.99
        rows.append(np.where(known[:, None], copy, base))
        classes.append(known.astype(int))
    flat = line.reshape(len(line), -1)
    cache = np.stack([(flat == s).sum(1) for s in range(size)], 1).astype(float)[window]
    rows.append((cache + base) / (cache.sum(1, keepdims=True) + 1))
    classes.append(np.searchsorted(BUCKETS, cache.sum(1)))
    return np.stack(rows, 1), np.stack(classes, 1)


def looked_up(key: np.ndarray, pairs: np.ndarray, counts: np.ndarray, size: int) -> np.ndarray:
    """(events, classes): how often each symbol stood in each event's context; a context's pairs lie side by side."""
    first = np.searchsorted(pairs, key * size)
    found = np.searchsorted(pairs, key * size + size) - first
    event = np.repeat(np.arange(len(key)), found)
    spot = np.arange(len(event)) + np.repeat(first - np.cumsum(found) + found, found)
    result = np.zeros((len(key), size))
    result[event, pairs[spot] - key[event] * size] = counts[spot]
    return result


def mix(model: dict, name: str, p: np.ndarray, classes: np.ndarray) -> np.ndarray:
    weight = model[name]["weights"][np.arange(p.shape[1]), classes]  # events experts
    weight = weight / weight.sum(1, keepdims=True)
    return (weight[..., None] * p).sum(1)


def distribution(model: dict, name: str, cells, chords, hidden) -> np.ndarray:
    """(events, classes) for the hidden cells of a lane."""
    where = events(name, cells, chords, hidden, True)
    return mix(model, name, *experts(model, name, cells, chords, hidden, where))


def counted_events(name: str, cells, chords, hidden: dict, counted: dict | None) -> np.ndarray:
    """The hidden cells of a lane; with `counted` (a mask of the same form) only those that are in it too."""
    where = events(name, cells, chords, hidden, True)
    if counted is None:
        return where
    inside = counted["chords"] if name == "chords" else counted["cells"][:, :, NAMES.index(name)]
    return where & inside.reshape(where.shape)


def nats(
    model: dict, name: str, cells, chords, hidden, counted: dict | None = None, chunk: int = 32
) -> dict[str, np.ndarray]:
    """Nats of every hidden cell of a lane (with `counted`: of those in it), and the window each lies in."""
    result, owners = [], []
    for first in range(0, len(cells), chunk):
        piece = slice(first, first + chunk)
        part = {k: v[piece] for k, v in hidden.items()}
        c, h = cells[piece], chords[piece]
        where = counted_events(name, c, h, part, counted and {k: v[piece] for k, v in counted.items()})
        if where.any():
            true = views(name, c, h, part)[0][where]
            p = mix(model, name, *experts(model, name, c, h, part, where))
            result.append(-np.log(np.maximum(p[np.arange(len(true)), true], 1e-12)))
            owners.append(np.nonzero(where)[0] + first)
    if not result:
        return {"nats": np.zeros(0), "window": np.zeros(0, int)}
    return {"nats": np.concatenate(result), "window": np.concatenate(owners)}


def fit(cells, chords, rate: float, rng: np.random.Generator, names=NAMES) -> dict:
    """Count on nine tenths of the windows, weigh the experts by EM on the last tenth."""
    order = rng.permutation(len(cells))
    dev, count = order[: max(len(order) // 10, 1)], order[max(len(order) // 10, 1) :]
    draws = [random_mask(cells[count], chords[count], rate, rng) for _ in range(DRAWS)]
    model: dict = {"rate": rate}
    for name in names:
        if not events(name, cells[count], chords[count], draws[0], False).any():
            continue
        model[name] = {"tables": tables(name, cells[count], chords[count], draws)}
        model[name]["weights"] = _weigh(model, name, cells[dev], chords[dev], rate, rng)
    return model


def _weigh(model: dict, name: str, cells, chords, rate: float, rng, most: int = 30_000) -> np.ndarray:
    """EM for the weights: each expert has one per class of visits."""
    taken, classes = [], []
    have = 0
    for first in range(0, len(cells), 32):
        c, h = cells[first : first + 32], chords[first : first + 32]
        hidden = random_mask(c, h, rate, rng)
        where = events(name, c, h, hidden, True)
        if have > most or not where.any():
            continue
        p, k = experts(model, name, c, h, hidden, where)
        true = views(name, c, h, hidden)[0][where]
        taken.append(p[np.arange(len(true)), :, true])
        classes.append(k)
        have += len(true)
    count = len(model[name]["tables"]) + len(FAR) + 1
    weights = np.ones((count, len(BUCKETS) + 1))
    if not taken:
        return weights
    p, k = np.concatenate(taken), np.concatenate(classes)  # events experts
    column = np.arange(count)
    for _ in range(EM_ROUNDS):
        w = weights[column, k]
        share = w * p
        share /= share.sum(1, keepdims=True)  # responsibility of each expert
        expected = w / w.sum(1, keepdims=True)
        for c in range(weights.shape[1]):
            here = k == c
            gain = (share * here).sum(0) / np.maximum((expected * here).sum(0), 1e-9)
            weights[:, c] = np.where(here.any(0), np.maximum(weights[:, c] * gain, 1e-6), weights[:, c])
    return weights


def chosen(data: dict[str, np.ndarray], names: list[str], group: str, rng: np.random.Generator) -> np.ndarray:
    """Training windows of an n-gram: every bar once, as it stands in the pieces, and at most `MOST` windows."""
    members = [names.index(n) for n in groups(group) if n in names]
    which = np.flatnonzero((data["start"] % T.BARS == 0) & np.isin(data["corpus"], members))
    if len(which) <= MOST:
        return which
    weight = training_weights(data, names)[which]
    return np.sort(rng.choice(which, MOST, replace=False, p=weight / weight.sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, default=Path("runs/ngram.pkl"))
    parser.add_argument("--rates", nargs="*", type=float, default=[0.15, 0.5])
    args = parser.parse_args()
    meta = json.loads((args.data / "meta.json").read_text())
    with np.load(args.data / "train.npz") as file:
        data = {name: file[name] for name in ("cells", "chords", "corpus", "style", "count", "start")}
    models = {}
    for group in ("all", "game", "groove"):  # a group of its own may suit it better: both are tried
        use = chosen(data, meta["corpora"], group, np.random.default_rng(5))
        for rate in args.rates if len(use) else ():
            models[group, rate] = fit(data["cells"][use], data["chords"][use], rate, np.random.default_rng(5))
            print(group, rate, len(use), "windows", flush=True)
    with open(args.out, "wb") as file:
        pickle.dump(models, file, pickle.HIGHEST_PROTOCOL)


def groups(name: str) -> tuple[str, ...]:
    """Corpora of an n-gram."""
    return {"game": corpora.GAME, "groove": ("groove",)}.get(name, corpora.ALL)


if __name__ == "__main__":
    main()
