"""Pools: who may claim from one, how many a day, and whose day it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.leads.domain.errors import DailyLimitReached, NotAPoolMember, PoolDisabled
from shared.events.changes import apply
from shared.events.leads import PoolCreated, PoolSnapshot, PoolUpdated
from shared.ids import derived_id
from shared.record import Record

DAILY_LIMIT = 20


@dataclass
class ClaimRule:
    """How many leads one user may claim from the pool per local day."""

    daily_limit: int = DAILY_LIMIT


@dataclass(kw_only=True)
class Pool(Record):
    """A set of leads without an owner. No members means that everyone who may claim at all may claim here."""

    name: str
    members: list[str] = field(default_factory=list)
    enabled: bool = True
    claim_rule: ClaimRule = field(default_factory=ClaimRule)
    is_default: bool = False
    timezone: str = "UTC"

    def created(self) -> PoolCreated:
        """The news of a pool just opened."""
        return PoolCreated(pool=self.snapshot())

    def change(self, fields: dict[str, Any]) -> PoolUpdated | None:
        """Change the given fields; nothing to tell when they are as they were."""
        changes = apply(self, fields)
        return PoolUpdated(pool=self.snapshot(), changes=changes) if changes else None

    def admit(self, claimant: str) -> None:
        """Refuse whoever may not claim here."""
        self.must_be_open()
        if self.members and claimant not in self.members:
            raise NotAPoolMember(pool_id=self.id)

    def must_be_open(self) -> None:
        """Refuse when the pool is disabled."""
        if not self.enabled:
            raise PoolDisabled(pool_id=self.id)

    def must_allow(self, claims_today: int) -> None:
        """Refuse the claim that would be the day's `claims_today`-th, when that is above the limit."""
        if claims_today > self.claim_rule.daily_limit:
            raise DailyLimitReached(pool_id=self.id, limit=self.claim_rule.daily_limit)

    def local_day(self, at: datetime) -> str:
        """The calendar day it is at `at` where the pool's people work."""
        return at.astimezone(ZoneInfo(self.timezone)).date().isoformat()

    def snapshot(self) -> PoolSnapshot:
        """The pool as its next event tells it."""
        return PoolSnapshot(
            id=self.id,
            version=self.version + 1,
            name=self.name,
            enabled=self.enabled,
            is_default=self.is_default,
            daily_limit=self.claim_rule.daily_limit,
            timezone=self.timezone,
            members=list(self.members),
        )


def default_pool_id(tenant_id: str) -> str:
    """The id of the pool every tenant starts with."""
    return derived_id("pool", tenant_id, "default")


def default_pool(tenant_id: str, timezone: str) -> Pool:
    """The pool every tenant starts with: open to everyone who may claim."""
    return Pool(
        id=default_pool_id(tenant_id),
        tenant_id=tenant_id,
        name="Default pool",
        is_default=True,
        timezone=timezone,
    )
