"""Signing secrets of an endpoint: which of them sign at a given time."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
ROTATION = timedelta(hours=24)
"""How long the previous secret keeps signing beside the new one."""
MOST_AT_ONCE = 5


@dataclass(frozen=True)
class Secret:
    """One signing secret, and until when it signs (None: until the next rotation)."""

    key: str
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return "Secret(…)"


def written(key: bytes) -> str:
    """A secret in the form Standard Webhooks gives it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(key).decode()


def rotated(secrets: Iterable[Secret], key: str, *, at: datetime) -> list[Secret]:
    """The new secret first; those before it sign for another day at most."""
    kept = [
        Secret(secret.key, min(secret.expires_at or at + ROTATION, at + ROTATION)) for secret in active(secrets, at=at)
    ]
    return [Secret(key), *kept][:MOST_AT_ONCE]


def active(secrets: Iterable[Secret], *, at: datetime) -> list[Secret]:
    """The secrets that sign at `at`, newest first."""
    return [secret for secret in secrets if secret.expires_at is None or secret.expires_at > at]
