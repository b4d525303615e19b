"""The time: aware, UTC, whole milliseconds (what MongoDB keeps), and holdable in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The current instant."""
    held = _held.get()
    return held if held is not None else truncate(datetime.now(UTC))


def truncate(at: datetime) -> datetime:
    """`at` in UTC, cut to whole milliseconds."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold the clock at `at` within the block (this thread only)."""
    token = _held.set(truncate(at))
    try:
        yield truncate(at)
    finally:
        _held.reset(token)
