"""A hard end for connections: a receiver that drips a byte now and then cannot hold a thread for longer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

GRAIN = 0.25


class Deadlines:
    """Shuts down the socket of whatever takes too long; one thread for all, idle while nothing is guarded."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._guarded: dict[object, tuple[float, Callable[[], socket.socket | None]]] = {}
        threading.Thread(target=self._watch, name="webhook-deadlines", daemon=True).start()

    @contextmanager
    def guard(self, seconds: float, current: Callable[[], socket.socket | None]) -> Iterator[None]:
        """Within the block, shut down the socket `current` names once `seconds` have passed."""
        token = object()
        with self._changed:
            self._guarded[token] = (time.monotonic() + seconds, current)
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._guarded[token]

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._guarded:
                    self._changed.wait()
                at = time.monotonic()
                for until, current in self._guarded.values():
                    if until <= at:
                        _shut(current())
            time.sleep(GRAIN)


def _shut(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
