"""Which event types an endpoint listens to: `*`, `crm.deal.*` or `crm.deal.won`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from shared.errors import FieldError

EVERYTHING = "*"
MAX_PATTERNS = 50
_GRAMMAR = re.compile(r"^(\*|crm\.[a-z_]+\.(\*|[a-z_]+))$")


def matches(patterns: Iterable[str], event_type: str) -> bool:
    """Whether any of `patterns` means `event_type`."""
    return any(_means(pattern, event_type) for pattern in patterns)


def check_patterns(patterns: Iterable[str], known: Collection[str], pointer: str = "/types") -> list[FieldError]:
    """What is wrong with `patterns`: each must mean at least one event type that exists."""
    return [
        FieldError(f"{pointer}/{position}", "unknown-event-type", {"value": pattern})
        for position, pattern in enumerate(patterns)
        if not (_GRAMMAR.match(pattern) and any(_means(pattern, event_type) for event_type in known))
    ]


def _means(pattern: str, event_type: str) -> bool:
    if pattern == EVERYTHING:
        return True
    if pattern.endswith(".*"):
        return event_type.startswith(pattern[:-1])
    return pattern == event_type
