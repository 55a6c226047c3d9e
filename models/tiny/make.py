"""A data set of our own for `train.py --tiny` and the tests: songs made by rule, no corpus piece.

`tiny_scores` writes chord progressions with a melody, a counter line, block chords, a bass and a
drum pattern from a seeded random generator; `tiny_windows` runs them through the real preparation.
"""

from __future__ import annotations

import numpy as np

import labels
import prepare
import tokens as T
from piece import Piece, build
from score import Part, Score, measures_from_signatures

PROGRESSIONS = ((0, 5, 7, 0), (0, 9, 5, 7), (9, 5, 0, 7), (0, 7, 9, 5))  # roots above the tonic
MINOR_ROOTS = (2, 4, 9)
BARS = 24


def tiny_scores(count: int = 8, seed: int = 3) -> list[Score]:
    """Songs of 24 bars in 4/4 and 3/4; every tenth of a beat is on the grid."""
    rng = np.random.default_rng(seed)
    result = []
    for index in range(count):
        beats = 3 if index % 4 == 3 else 4
        tonic = int(rng.integers(0, 12))
        roots = PROGRESSIONS[index % len(PROGRESSIONS)]
        rows: dict[str, list] = {name: [] for name in T.STEMS}
        tune = rng.integers(0, 3, size=(4, 8))
        for bar in range(BARS):
            root, at = roots[bar % 4], bar * beats
            steps = (0, 3, 7) if root in MINOR_ROOTS else (0, 4, 7)
            chord = [48 + (tonic + root) % 12 + s for s in steps]
            for beat in range(beats):
                pitch = 60 + (tonic + root + steps[tune[bar % 4, beat]]) % 12
                rows["melody"].append((at + beat, 0.5 if beat % 2 else 1.0, pitch + 12, 70 + 10 * (beat == 0)))
                if beat % 2:  # its own line a third away: a doubling would be dropped as an echo
                    own = 55 + (tonic + root + steps[(bar + beat) % 3]) % 12
                    rows["counter"].append((at + beat + 0.5, 0.5, own, 60))
                rows["drums"] += [(at + beat, 0.2, 38 if beat % 2 else 36, 100), (at + beat + 0.5, 0.2, 42, 60)]
            rows["harmony"] += [(at, beats, p, 64) for p in chord]
            low = 36 + (tonic + root) % 12
            rows["bass"] += [(at, 2.0, low, 90), (at + 2, beats - 2.0, low, 80)]
        programs = {"melody": 73, "counter": 71, "harmony": 0, "bass": 33, "drums": 0}
        parts = [Part(n, np.array(sorted(r), float), programs[n], n == "drums") for n, r in rows.items()]
        measures = measures_from_signatures([(0.0, beats, 4)], BARS * beats)
        result.append(Score(parts, measures, [], 100.0 + 5 * index, [], f"tiny {index}"))
    return result


def tiny_pieces(count: int = 8) -> list[Piece]:
    pieces = []
    for i, score in enumerate(tiny_scores(count)):
        facts = {"name": f"tiny/{i}", "corpus": "freedoom", "work": f"tiny/{i}", "style": i % 2 * 3, "timed": True}
        pieces.append(build(score, "any", **facts))
    return pieces


def tiny_windows(count: int = 8) -> tuple[dict[str, np.ndarray], dict]:
    """Arrays and meta as `prepare.py` saves them."""
    pieces = tiny_pieces(count)
    quartiles = labels.label(pieces, [True] * count)
    voicings = T.fit_voicings(prepare.count_voicings(pieces))
    data = prepare.windows(pieces, list(range(count)), T.VoicingTable(voicings))
    meta = {"voicings": [list(v) for v in voicings], "corpora": list(prepare.corpora.ALL), "quartiles": quartiles}
    return data, meta
