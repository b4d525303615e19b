"""Seats: how many callers a process lets wait at a time, so that the waiting never take all of its threads."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Seats:
    """A number of seats, fixed when the first caller comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, of: int) -> Callable[[], None] | None:
        """Take one of `of` seats; how to leave it (leaving twice is leaving once), or None when none is free."""
        with self._lock:
            if self._taken >= of:
                return None
            self._taken += 1
        left = threading.Event()

        def leave() -> None:
            with self._lock:
                if not left.is_set():
                    left.set()
                    self._taken -= 1

        return leave


def share(threads: int) -> int:
    """A quarter of a process's threads may wait in polls, and a quarter serve streams."""
    return max(1, threads // 4)
