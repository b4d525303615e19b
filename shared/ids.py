"""Ids that carry their kind and sort by time, such as `deal_01kq3v…` (a lower-case ULID)."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from ulid import ULID

KINDS = frozenset("ten usr unit key lead pool acc con deal sdf evt whe dlv op req prod fup hold ses att".split())
_ID = re.compile(r"([a-z]{2,4})_([0-9a-hjkmnp-tv-z]{26})")


def new_id(kind: str, at: datetime | None = None) -> str:
    """A fresh id of `kind`; ids made later sort later."""
    if kind not in KINDS:
        raise ValueError(f"unknown id kind {kind!r}")
    ulid = ULID.from_datetime(at) if at else ULID()
    return f"{kind}_{str(ulid).lower()}"


def derived_id(kind: str, *parts: str) -> str:
    """The same id for the same parts, so that creating from an event twice creates once."""
    if kind not in KINDS:
        raise ValueError(f"unknown id kind {kind!r}")
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{kind}_{str(ULID(digest[:16])).lower()}"


def is_id(value: str, kind: str | None = None) -> bool:
    """Whether `value` is written as an id, of `kind` when given."""
    match = _ID.fullmatch(value)
    return match is not None and match[1] in KINDS and kind in (None, match[1])
