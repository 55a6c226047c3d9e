"""What one **kern token or instrument name means: lengths, pitches, ties; General MIDI programs."""

from __future__ import annotations

import re

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
LONGEST = 512.0  # quarters; a longer single note or rest is a typing error
DURATION = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
PITCH = re.compile(r"(([a-gA-G])\2*)([#n-]*)")
VOICE, UNPITCHED = 52, 119
CODES = {  # *I codes
    "violn": 40, "violi": 40, "viola": 41, "cello": 42, "violb": 42, "cbass": 43, "viole": 43, "arpa": 46, "timpa": 47,
    "flt": 73, "picco": 72, "oboe": 68, "cangl": 69, "clars": 71, "clarb": 71, "clara": 71, "fagot": 70, "fag_c": 70,
    "cor": 60, "corno": 60, "clrno": 56, "tromp": 56, "cornt": 56, "tromt": 57, "tromb": 57, "troma": 57, "tuba": 58,
    "serp": 58, "ophic": 58, "piano": 0, "forte": 0, "cemba": 6, "clavi": 6, "organ": 19, "physh": 20, "liuto": 24,
    "guitr": 24, "soprn": VOICE, "mezzo": VOICE, "alto": VOICE, "calto": VOICE, "tenor": VOICE, "barit": VOICE,
    "bass": VOICE, "canto": VOICE, "vox": VOICE, "male": VOICE, "feme": VOICE, "drum": UNPITCHED, "drumP": UNPITCHED,
    "bdrum": UNPITCHED, "trngl": UNPITCHED, "tambn": UNPITCHED, "piatt": UNPITCHED, "gong": UNPITCHED,
}  # fmt: skip
NAMES = [  # the first that fits
    (re.compile(pattern, re.I), program)
    for pattern, program in (
        (r"tri[aą]ng|tambur|piatt|cassa|cinell|drum|batteri", UNPITCHED), (r"timp|tymp", 47),
        (r"violonc|cello", 42), (r"violone|contra.?b|kontrab", 43), (r"violin|violons?\b|skrzypc", 40),
        (r"viol[ae]", 41), (r"pic+ol", 72), (r"fla?u?t", 73), (r"ob+o[eiy]|hautb", 68), (r"clari?n?et|klarn", 71),
        (r"fagot|basson", 70), (r"corn[oiu]|\bcors?\b|waltorn", 60), (r"clarin|tromb[aei]\b|tromp|trąb", 56),
        (r"trombon|puzon", 57), (r"tuba|serpen|ophicl", 58), (r"organ|orgue|orgel", 19),
        (r"fortepian|piano|klavier|\bpf\b", 0), (r"cembal|clave|clavi", 6), (r"arpa|harf", 46),
        (r"sopran|dessus|alto|tenor|bariton|canto|[śs]piew|voice|singst|g[łl]os|ch[oó]r|coro", VOICE),
    )
]  # fmt: skip
LABELS = {"soprn": "Soprano", "alto": "Alto", "tenor": "Tenore", "bass": "Basso", "vox": "Voice", "canto": "Canto"}
LABELS |= {"violn": "Violin", "viola": "Viola", "cello": "Cello", "cbass": "Contrabass", "viole": "Violone"}
LABELS |= {"piano": "Piano", "forte": "Piano", "organ": "Organ", "cemba": "Harpsichord"}


def program_of(code: str, name: str) -> int:
    """General MIDI program from an *I code (`cello&cbass`: the first) or else from the printed name; -1 unknown."""
    for part in re.findall(r"\w+", code):
        if part in CODES:
            return CODES[part]
    return next((program for pattern, program in NAMES if pattern.search(name)), -1)


def parse(token: str) -> tuple[float, tuple[tuple[int, float, bool, bool], ...]] | None:
    """A token -> length and notes (MIDI pitch, length, tie ends, tie goes on); None where no time passes."""
    whole, notes = 0.0, []
    for part in token.split(" "):
        match = DURATION.search(part)
        if "q" in part or part[:1] == "=" or (match is None and not whole):
            continue
        length = _quarters(match) if match else whole
        whole = whole or length
        pitch = PITCH.search(part)
        if pitch is None or "r" in part:
            continue
        letters = pitch[1]
        octave = 4 + len(letters) if letters.islower() else 5 - len(letters)  # 5 begins at middle C
        value = 12 * octave + STEPS[letters[0].upper()] + pitch[3].count("#") - pitch[3].count("-")
        if 0 <= value <= 127:
            notes.append((value, length, "]" in part or "_" in part, "[" in part or "_" in part))
    return (whole, tuple(notes)) if whole else None


def _quarters(match: re.Match) -> float:
    """`8.` -> 0.75, `12` -> a third, `3%2` -> 8/3, `0` -> 8, `00` -> 16."""
    digits, divisor, dots = match.groups()
    if int(digits):
        length = 4.0 * int(divisor or 1) / int(digits)
    else:
        length = 4.0 * 2 ** min(len(digits), 9) * int(divisor or 1)
    length *= 2.0 - 0.5 ** len(dots)
    if not 0.0 < length <= LONGEST:
        raise ValueError(f"a duration of {length:g} quarters")
    return length
