"""When a delivery is tried, and tried again: the schedule as data."""

from __future__ import annotations

from datetime import datetime, timedelta

SECOND, MINUTE, HOUR = 1, 60, 3_600

DELAYS = (
    0,
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""Seconds from one attempt to the next; the first goes at once. After the last, the delivery has failed."""

JITTER = 0.2
FLOOR_AFTER_PRESSURE = 60 * SECOND
"""The least pause after a timeout or a 429: both say that the receiver has too much to do."""

DISABLE_AFTER = timedelta(hours=120)
"""An endpoint that has failed without a single success for so long is disabled."""

REST_AFTER_FAILURES = 5
REST_LONGEST = 60 * SECOND


def next_attempt(made: int, *, at: datetime, under_pressure: bool, chance: float) -> datetime | None:
    """When to try again after `made` attempts, or None when the schedule is used up.

    `chance` in [0, 1) spreads the pause by ±20 %, so that what failed together does not return together.
    """
    if made >= len(DELAYS):
        return None
    seconds = DELAYS[made] * (1 - JITTER + 2 * JITTER * chance)
    if under_pressure:
        seconds = max(seconds, FLOOR_AFTER_PRESSURE)
    return at + timedelta(seconds=seconds)


def rest(failures: int) -> timedelta:
    """How long an endpoint is left alone after `failures` attempts in a row, whichever delivery they were for.

    Without it a dead receiver would be asked again for every new event.
    """
    beyond = failures - REST_AFTER_FAILURES
    if beyond < 0:
        return timedelta(0)
    return timedelta(seconds=min(5 * 2 ** min(beyond, 10), REST_LONGEST))


def is_hopeless(failing_since: datetime | None, *, at: datetime) -> bool:
    """Whether an endpoint has failed continuously for so long that it is disabled."""
    return failing_since is not None and at - failing_since >= DISABLE_AFTER
