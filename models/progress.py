"""Progress of what takes longer than a second, on one line."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
SECONDS = 2.0  # between two lines


def shown(items: Iterable[Item], count: int, what: str) -> Iterator[Item]:
    """The items, with `n of count what, time left` on standard error now and then."""
    start = last = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - last > SECONDS or (number == count and now - start > SECONDS):
            last = now
            left = (now - start) / number * (count - number)
            print(f"{number} of {count} {what}, {left:.0f} s left", file=sys.stderr, flush=True)
