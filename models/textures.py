"""Patterns of this project's own: what accompaniments, basses and drums play in one bar, a sign for each slot.

Harmony: `1`-`7` the n-th chord tone upwards from the lowest, `C` the whole chord in close position, `P` root and
fifth. Bass: `1` root, `3` third, `5` fifth above, `v` fifth below, `8` octave, `T` pedal (the tonic where it is a
chord tone, else the dominant, else the root). Both: `-` hold, `.` rest. A pattern never starts with a hold.
Drums, three lines: `k` kick, `s` snare, `b` both, `x` clap, `y` kick and clap; `c` closed hat, `o` open hat,
`p` pedal hat, `r` ride, `e` bell, `z` crash; `l` `m` `h` toms, `q` percussion.

A meter that a texture does not know is left out. In 6/8 a beat is six slots, in triplet bars three.
"""

from __future__ import annotations

import numpy as np

import tokens as T

Pattern = dict[str, str]  # meter -> a sign for each slot

HARMONY: dict[str, Pattern] = {
    "pad": {"4/4": "C---------------", "3/4": "C-----------", "6/8": "C-----------", "4/4 triplet": "C-----------"},
    "half-bar pad": {"4/4": "C-------C-------", "6/8": "C-----C-----", "4/4 triplet": "C-----C-----"},
    "arpeggio up": {
        "4/4": "1-2-3-4-1-2-3-4-", "3/4": "1-2-3-4-5-6-", "6/8": "1-2-3-1-2-3-", "4/4 triplet": "123123123123",
    },
    "arpeggio down": {
        "4/4": "4-3-2-1-4-3-2-1-", "3/4": "6-5-4-3-2-1-", "6/8": "3-2-1-3-2-1-", "4/4 triplet": "321321321321",
    },
    "arpeggio up and down": {
        "4/4": "1-2-3-4-5-4-3-2-", "3/4": "1-2-3-4-3-2-", "6/8": "1-2-3-4-3-2-", "4/4 triplet": "123432123432",
    },
    "slow arpeggio": {
        "4/4": "1---2---3---2---", "3/4": "1---2---3---", "6/8": "1---2-3---2-", "4/4 triplet": "1--2--3--2--",
    },
    "broken chord": {"4/4": "1-3-2-3-1-3-2-3-", "3/4": "1-3-2-3-2-3-", "6/8": "1-3-2-1-3-2-"},
    "ostinato": {
        "4/4": "1--4--3-1--4--3-", "3/4": "1--4--3-4-3-", "6/8": "1-343-1-343-", "4/4 triplet": "1-41-31-41-3",
    },
    "ostinato in sixteenths": {"4/4": "1.141.131.141.13", "3/4": "1.141.131.14", "6/8": "1.1141.1.131"},
    "pulse in quarters": {
        "4/4": "C---C---C---C---", "3/4": "C---C---C---", "6/8": "C---C-C---C-", "4/4 triplet": "C--C--C--C--",
    },
    "pulse in eighths": {"4/4": "C-C-C-C-C-C-C-C-", "3/4": "C-C-C-C-C-C-", "6/8": "C-C-C-C-C-C-"},
    "comping on the off-beat": {
        "4/4": "..C-..C-..C-..C-", "3/4": "....C-..C-..", "6/8": "..C-C-..C-C-", "4/4 triplet": "..C..C..C..C",
    },
    "comping on two and four": {"4/4": "....C-......C-..", "3/4": "....C---C---", "4/4 triplet": "...C-....C-."},
    "syncopated comping": {"4/4": "C--C--C---C--C--", "4/4 triplet": "C--..C-..C--"},
    "gallop": {
        "4/4": "P-PPP-PPP-PPP-PP", "3/4": "P-PPP-PPP-PP", "6/8": "P--PP-P--PP-", "4/4 triplet": "P-PP-PP-PP-P",
    },
    "chiptune": {"4/4": "1234123412341234", "3/4": "123412341234", "6/8": "123123123123"},
    "chiptune down": {"4/4": "4321432143214321", "3/4": "432143214321", "6/8": "321321321321"},
}  # fmt: skip

BASS: dict[str, Pattern] = {
    "whole notes": {
        "4/4": "1---------------", "3/4": "1-----------", "6/8": "1-----------", "4/4 triplet": "1-----------",
    },
    "half notes": {
        "4/4": "1-------1-------", "3/4": "1-------1---", "6/8": "1-----1-----", "4/4 triplet": "1-----1-----",
    },
    "root and fifth": {
        "4/4": "1-------v-------", "3/4": "1-------5---", "6/8": "1-----v-----", "4/4 triplet": "1-----v-----",
    },
    "on the beat": {
        "4/4": "1---1---1---1---", "3/4": "1---1---1---", "6/8": "1---1-1---1-", "4/4 triplet": "1--1--1--1--",
    },
    "downbeat": {
        "4/4": "1---............", "3/4": "1---........", "6/8": "1---........", "4/4 triplet": "1--.........",
    },
    "walking": {"4/4": "1---3---5---3---", "3/4": "1---3---5---", "6/8": "1---3-5---3-", "4/4 triplet": "1--3--5--8--"},
    "dotted": {"4/4": "1-----111-----51", "6/8": "1---1-5---1-"},
    "three three two": {"4/4": "1--1--1-1--1--5-", "3/4": "1--1--1-----"},
    "eighths": {
        "4/4": "1-1-1-1-1-1-1-1-", "3/4": "1-1-1-1-1-1-", "6/8": "1-1-1-1-1-1-", "4/4 triplet": "1.11.11.11.1",
    },
    "octave eighths": {
        "4/4": "1-8-1-8-1-8-1-8-", "3/4": "1-8-1-8-1-8-", "6/8": "1-8-8-1-8-8-", "4/4 triplet": "1-81-81-81-8",
    },
    "off-beat": {"4/4": "..1-..1-..1-..1-", "3/4": "..1-..1-..1-"},
    "gallop": {"4/4": "1-111-111-111-11", "3/4": "1-111-111-11", "6/8": "1--11-1--11-", "4/4 triplet": "1-11-11-11-1"},
    "pedal": {
        "4/4": "T---------------", "3/4": "T-----------", "6/8": "T-----------", "4/4 triplet": "T-----------",
    },
    "pedal in eighths": {"4/4": "T-T-T-T-T-T-T-T-", "3/4": "T-T-T-T-T-T-", "6/8": "T-T-T-T-T-T-"},
}  # fmt: skip

DRUMS: dict[str, dict[str, tuple[str, str, str]]] = {
    "rock": {
        "4/4": ("k...s...k...s...", "c.c.c.c.c.c.c.c.", "................"),
        "3/4": ("k...s...s...", "c.c.c.c.c.c.", "............"),
        "6/8": ("k.....s.....", "c.c.c.c.c.c.", "............"),
        "4/4 triplet": ("k..s..k..s..", "c.cc.cc.cc.c", "............"),
    },
    "rock, moving kick": {
        "4/4": ("k...s..k..k.s...", "c.c.c.c.c.c.c.o.", "................"),
        "3/4": ("k..ks.....k.", "c.c.c.c.c.c.", "............"),
        "6/8": ("k...k.s...k.", "c.c.c.c.c.c.", "............"),
        "4/4 triplet": ("k..s.kk..s..", "r.rr.rr.rr.r", "............"),
    },
    "ride": {"4/4": ("k...s...k.k.s...", "r.r.r.r.r.r.r.r.", "................")},
    "sixteenth hats": {"4/4": ("k...s..k..k.s..k", "cccccccccccccccc", "................")},
    "half-time": {
        "4/4": ("k.......s.......", "c.c.c.c.c.c.c.c.", "................"),
        "4/4 triplet": ("k....ks.....", "c.cc.cc.cc.c", "............"),
    },
    "half-time, moving kick": {"4/4": ("k..k....s.k.....", "c...c...c...c...", "................")},
    "four on the floor": {
        "4/4": ("k...y...k...y...", "..o...o...o...o.", "................"),
        "3/4": ("k...k...k...", "..o...o...o.", "............"),
        "4/4 triplet": ("k..y..k..y..", "..o..o..o..o", "............"),
    },
    "gallop": {
        "4/4": ("k.kkb.kkk.kkb.kk", "c...c...c...c...", "................"),
        "6/8": ("k..kk.b..kk.", "c.....c.....", "............"),
        "4/4 triplet": ("k.kb.kk.kb.k", "c..c..c..c..", "............"),
    },
    "march": {
        "4/4": ("k...s...k...s.ss", "................", "................"),
        "3/4": ("k...s.sss...", "............", "............"),
        "6/8": ("k...s.k...ss", "............", "............"),
    },
    "waltz": {"3/4": ("k...........", "....c...c...", "............")},
    "toms": {
        "4/4": ("k..k..k.k..k..k.", "................", "..l..l....l..lml"),
        "3/4": ("k.....k.....", "............", "..l.l...l.ml"),
        "6/8": ("k.....k.....", "............", "..l.lm..l.lm"),
    },
    "shaker": {
        "4/4": ("k.......k.......", "................", "q.q.q.q.q.q.q.q."),
        "3/4": ("k...........", "............", "q.q.q.q.q.q."),
        "6/8": ("k.....k.....", "............", "q.q.q.q.q.q."),
        "4/4 triplet": ("k.....k.....", "............", "q.qq.qq.qq.q"),
    },
    "sparse": {
        "4/4": ("k...............", "....r.......r...", "................"),
        "3/4": ("k...........", "........r...", "............"),
        "6/8": ("k...........", "......r.....", "............"),
        "4/4 triplet": ("k...........", "...r.....r..", "............"),
    },
}  # fmt: skip

FILLS: dict[str, dict[str, tuple[str, str, str]]] = {
    "snare": {
        "4/4": ("k...s...k.s.ssss", "c.c.c.c.c.......", "................"),
        "3/4": ("k...s.s.ssss", "c.c.........", "............"),
        "6/8": ("k.....s.ssss", "c.c.c.......", "............"),
        "4/4 triplet": ("k..s..k..sss", "c.cc.c......", "............"),
    },
    "toms": {
        "4/4": ("k...s...........", "c.c.c.c.........", "........hhmmllll"),
        "3/4": ("k...........", "c.c.........", "....h.h.mmll"),
        "6/8": ("k...........", "c.c.c.......", "......h.m.ll"),
        "4/4 triplet": ("k..s........", "c.cc.c......", "......hhmmll"),
    },
    "last beat": {
        "4/4": ("k...s...k...s.sb", "c.c.c.c.c.c.....", "............h.l."),
        "3/4": ("k...s...s.sb", "c.c.c.c.....", "........h.l."),
        "6/8": ("k.....s...sb", "c.c.c.c.....", "........h.l."),
        "4/4 triplet": ("k..s..k..s.b", "c.cc.cc.....", ".........hml"),
    },
    "break": {
        "4/4": ("k...k...........", "z...............", "................"),
        "3/4": ("k...........", "z...........", "............"),
        "6/8": ("k...........", "z...........", "............"),
        "4/4 triplet": ("k...........", "z...........", "............"),
    },
}  # fmt: skip

MISSING = -1
RUNGS = 7
CHORD, POWER = T.ONSET + RUNGS, T.ONSET + RUNGS + 1  # signs after the seven rungs
HARMONY_SIGNS = {"-": T.HOLD, ".": T.REST, **{str(k + 1): T.ONSET + k for k in range(RUNGS)}, "C": CHORD, "P": POWER}
BASS_SIGNS = {"-": T.HOLD, ".": T.REST, **{sign: T.ONSET + k for k, sign in enumerate("135v8T")}}
DRUM_SIGNS = ({s: i for i, s in enumerate(".ksbxy")}, {s: i for i, s in enumerate(".coprez")},
              {s: i for i, s in enumerate(".lmhq")})  # fmt: skip


def _compile(patterns: dict[str, Pattern], signs: dict[str, int]) -> np.ndarray:
    """(textures, 4 meters, 16) signs as numbers, MISSING where there is no pattern and after a short bar."""
    result = np.full((len(patterns), 4, T.SLOTS), MISSING, np.int16)
    for i, by_meter in enumerate(patterns.values()):
        for meter, text in by_meter.items():
            result[i, T.METERS.index(meter), : len(text)] = [signs[c] for c in text]
    return result


def _compile_drums(patterns: dict[str, dict[str, tuple[str, str, str]]]) -> np.ndarray:
    lines = [{n: {m: t[i] for m, t in p.items()} for n, p in patterns.items()} for i in range(3)]
    return np.stack([_compile(line, signs) for line, signs in zip(lines, DRUM_SIGNS, strict=True)], -1)


HARMONY_TABLE = _compile(HARMONY, HARMONY_SIGNS)  # textures 4 16
BASS_TABLE = _compile(BASS, BASS_SIGNS)
DRUM_TABLE, FILL_TABLE = _compile_drums(DRUMS), _compile_drums(FILLS)  # textures 4 16 3


def drive(table: np.ndarray, first_onset: int) -> np.ndarray:
    """(textures, 4) how busy each texture is among those that know the meter, 0 calm to 1, NaN where it is missing."""
    signs = table.reshape(*table.shape[:2], -1)
    known = (signs != MISSING).any(2)
    count = (signs >= first_onset).sum(2)
    result = np.full(known.shape, np.nan)
    for meter in range(4):
        values = count[known[:, meter], meter]
        below = (values[:, None] > values[None]).mean(1) + 0.5 * (values[:, None] == values[None]).mean(1)
        result[known[:, meter], meter] = below
    return result


HARMONY_DRIVE, BASS_DRIVE = drive(HARMONY_TABLE, T.ONSET), drive(BASS_TABLE, T.ONSET)
DRUM_DRIVE, FILL_DRIVE = drive(DRUM_TABLE, 1), drive(FILL_TABLE, 1)


class Voicings:
    """For a chord quality and the distance of a lowest pitch above the chord root: where its tones lie.

    `root_up`: the root is the one above the lowest pitch, else the one at or below it.
    """

    def __init__(self, table: T.VoicingTable) -> None:
        n = len(T.QUALITIES)
        self.chord = np.zeros((n, 12), np.int16)  # id of the whole chord in close position
        self.root_up = np.zeros((n, 12), np.int16)  # of that chord, in octaves
        self.power = np.zeros(n, np.int16)  # id of root and fifth, which stand on the root itself
        self.ladder = np.zeros((n, 12, RUNGS), np.int16)  # semitones above the root at or below the lowest pitch
        self.lowest = np.array([v[0] for v in table.table], np.int16)  # offset of a voicing's lowest note
        for q, (_, tones) in enumerate(T.QUALITIES):
            fifth = (0, tones[2])
            self.power[q] = T.ONSET + table.nearest(fifth if fifth in table.table else tones)
            for low in range(12):
                offsets = sorted(t + 12 * (t < low) for t in tones)
                self.ladder[q, low] = [offsets[k % len(offsets)] + 12 * (k // len(offsets)) for k in range(RUNGS)]
                close = tuple(o - 12 * (offsets[0] >= 12) for o in offsets)
                found = close in table.table  # else in root position on the root above: below, it would be mud
                self.root_up[q, low] = offsets[0] >= 12 if found else low > 0
                self.chord[q, low] = T.ONSET + table.nearest(close if found else tones)


# Semitones of the bass signs 1 3 5 v 8 above the root, per quality; the pedal depends on the key.
BASS_STEPS = np.array([(0, t[1], t[2], t[2] - 12, 12) for _, t in T.QUALITIES], np.int16)  # 10 5
PEDAL = T.ONSET + 5


def _pedal_steps() -> np.ndarray:
    """(120) semitones from a chord's root down or up to its pedal note, by chord id above the tonic."""
    result = np.zeros(T.NO_CHORD, np.int16)
    for chord in range(T.NO_CHORD):
        tones = T.chord_tones(chord)
        pitch = 0 if 0 in tones else 7 if 7 in tones else chord // 10
        result[chord] = (pitch - chord // 10) % 12
    return result


PEDAL_STEPS = _pedal_steps()
