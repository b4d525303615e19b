"""A session: one log-in on one device, carried on by refresh tokens that each work once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.tenants.domain.tenant import Tenant
from services.tenants.domain.user import User
from shared.errors import Unauthenticated

SESSION_LIFETIME = timedelta(days=30)
"""After this long people log in again, however busy the session was."""

FAILURES_BEFORE_PAUSE = 10
PAUSE = timedelta(minutes=5)
"""What a row of wrong passwords costs: long enough to end guessing, short enough not to lock a person out of work."""


class LoginRefused(Unauthenticated):
    """Company, address and password do not belong together; which of them is wrong is nobody's business."""

    code = "login-refused"


class SessionEnded(Unauthenticated):
    """The refresh token is unknown, expired, spent or revoked: log in again."""

    code = "session-ended"


@dataclass(frozen=True, kw_only=True)
class Who:
    """A signed-in person with everything that decides what they may do; `unit_ids` is as in the access token."""

    user: User
    tenant: Tenant
    unit_ids: Sequence[str]
    session_id: str | None


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A password as it is stored, and how often it was missed lately."""

    password_hash: str
    failures: int = 0
    paused_until: datetime | None = None

    def paused(self, at: datetime) -> bool:
        """Whether even the right password is refused for the moment."""
        return self.paused_until is not None and at < self.paused_until


def pause_after(failures: int, at: datetime) -> datetime | None:
    """Until when log-in rests after so many misses in a row, if it does."""
    return at + PAUSE if failures >= FAILURES_BEFORE_PAUSE else None
