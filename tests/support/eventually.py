"""Waiting for what the platform does on its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(what: Callable[[], Found], is_so: Callable[[Found], bool], *, seconds: float = 30) -> Found:
    """The first answer of `what` for which `is_so` holds; fails with the last one when time is up."""
    until = time.monotonic() + seconds
    while True:
        found = what()
        if is_so(found):
            return found
        assert time.monotonic() < until, f"still {found!r} after {seconds} s"
        time.sleep(0.1)
