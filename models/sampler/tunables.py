"""The numbers a musician turns: `engine/generator/tunables.json`, explained in `tunables.ts` beside it."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TUNABLES: dict = json.loads((ROOT / "engine/generator/tunables.json").read_text())
# The voicing table is part of the vocabulary, so that of any shipped model will do.
_MANIFEST = json.loads((ROOT / "models/shipped/lite/model.json").read_text())
SHAPES: tuple[tuple[int, ...], ...] = tuple(tuple(shape) for shape in _MANIFEST["vocabulary"]["voicings"])
