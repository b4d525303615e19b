"""A lead's life: new, pooled, held, and then converted or disqualified for good.

An open lead is in exactly one pool or has exactly one owner, never both, never neither.
Every verb checks, changes the lead and returns the one event that tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.leads.domain.errors import (
    AlreadyClaimed,
    AlreadyInPool,
    LeadClosed,
    LeadHeld,
    LeadNotOwned,
    LeadNotPooled,
)
from services.leads.domain.follow_up import FollowUp
from services.leads.domain.pool import Pool
from shared.events import leads as events
from shared.events.changes import Changes, apply
from shared.money import Money
from shared.record import Record

PERSONAL = frozenset({"person", "notes", "need"})


class LeadState(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    POOLED = "pooled"
    HELD = "held"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"


@dataclass
class Person:
    """Who showed the interest."""

    name: str | None = None
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Owner:
    """A user and the unit they belong to at this moment."""

    id: str
    unit_id: str | None = None


@dataclass(kw_only=True)
class Lead(Record):
    """An unqualified interest, not yet a customer record.

    `new` is owned by whoever entered it and untouched since; the first follow-up makes it `held`.
    `pooled_at` stays when the lead leaves the pool. `digest` is the content it was created with.
    """

    company_name: str
    state: LeadState = LeadState.NEW
    person: Person = field(default_factory=Person)
    source: str | None = None
    need: str | None = None
    notes: str | None = None
    website: str | None = None
    industry: str | None = None
    country: str | None = None
    estimated_amount: Money | None = None
    product_ids: list[str] = field(default_factory=list)
    external_id: str | None = None
    digest: str | None = None
    pool_id: str | None = None
    pooled_at: datetime | None = None
    claimed_at: datetime | None = None
    last_follow_up_at: datetime | None = None
    next_step: str | None = None
    closed_at: datetime | None = None
    disqualified_reason: str | None = None
    account_id: str | None = None
    contact_id: str | None = None
    deal_id: str | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.state in (LeadState.CONVERTED, LeadState.DISQUALIFIED)

    def enter(self, owner: Owner | None, pool: Pool | None, *, at: datetime) -> events.LeadCreated:
        """Come in: straight into `pool` when one is given, otherwise owned by `owner`."""
        if pool is not None:
            pool.must_be_open()
            self._into(pool, at)
        elif owner is not None:
            self._owned_by(owner, LeadState.NEW)
        else:
            raise LeadNotOwned(lead_id=self.id)
        return events.LeadCreated(lead=self.snapshot())

    def change(self, fields: dict[str, Any]) -> events.LeadUpdated | None:
        """Correct or complete fields; nothing to tell when they are as they were."""
        self._must_be_open()
        changes = apply(self, fields, personal=PERSONAL)
        return events.LeadUpdated(lead=self.snapshot(), changes=changes) if changes else None

    def put_in(self, pool: Pool, *, at: datetime) -> events.LeadPooled:
        """Go from its enterer, or from another pool, into `pool`."""
        self._must_be_open()
        if self.state is LeadState.HELD:
            raise LeadHeld(lead_id=self.id)
        if self.pool_id == pool.id:
            raise AlreadyInPool(lead_id=self.id, pool_id=pool.id)
        pool.must_be_open()
        changes = self._into(pool, at)
        return events.LeadPooled(lead=self.snapshot(), changes=changes)

    def claim(self, pool: Pool, claimant: Owner, *, holding_id: str, at: datetime) -> events.LeadClaimed:
        """Leave `pool` for the rep who took it."""
        self.must_be_claimable()
        pool.admit(claimant.id)
        changes = self._owned_by(claimant, LeadState.HELD)
        self.claimed_at = at
        return events.LeadClaimed(lead=self.snapshot(), changes=changes, holding_id=holding_id)

    def must_be_claimable(self) -> None:
        """Refuse unless it is in a pool."""
        self._must_be_open()
        if self.pooled_at is None:
            raise LeadNotPooled(lead_id=self.id)
        if self.state is not LeadState.POOLED:
            raise AlreadyClaimed(lead_id=self.id)

    def assign(self, receiver: Owner, *, holding_id: str) -> events.LeadAssigned:
        """Be given to `receiver`, from a pool or by whoever entered it."""
        self._must_be_open()
        if self.state is LeadState.HELD:
            raise LeadHeld(lead_id=self.id)
        changes = self._owned_by(receiver, LeadState.HELD)
        return events.LeadAssigned(lead=self.snapshot(), changes=changes, holding_id=holding_id)

    def give_back(self, pool: Pool, *, reason: str, at: datetime) -> events.LeadReturned:
        """Go back from its owner to `pool`; the reason is told."""
        self._must_be_owned()
        pool.must_be_open()
        changes = self._into(pool, at)
        return events.LeadReturned(lead=self.snapshot(), changes=changes, reason=reason)

    def disqualify(self, *, reason: str, at: datetime) -> events.LeadDisqualified:
        """Be judged not worth following, for good."""
        self._must_be_open()
        self.disqualified_reason = reason
        changes = self._close(LeadState.DISQUALIFIED, at)
        return events.LeadDisqualified(lead=self.snapshot(), changes=changes, reason=reason)

    def follow_up(self, done: FollowUp) -> events.LeadFollowedUp:
        """Take note of what its owner did, and of the step agreed on."""
        self._must_be_owned()
        latest = max(done.happened_at, self.last_follow_up_at or done.happened_at)
        fields: dict[str, Any] = {"last_follow_up_at": latest, "state": LeadState.HELD}
        if done.next_step is not None:
            fields["next_step"] = done.next_step
        changes = apply(self, fields, personal={"next_step"})
        return events.LeadFollowedUp(lead=self.snapshot(), changes=changes, follow_up=done.snapshot())

    def convert(
        self,
        *,
        account_id: str,
        contact_id: str | None,
        deal_id: str | None,
        account: events.NewAccount | None,
        contact: events.NewContact | None,
        deal: events.NewDeal | None,
        at: datetime,
    ) -> events.LeadConverted:
        """Become an account, a contact and a deal under the given ids; what is to be created goes with the news."""
        self._must_be_owned()
        self.account_id, self.contact_id, self.deal_id = account_id, contact_id, deal_id
        changes = self._close(LeadState.CONVERTED, at)
        return events.LeadConverted(
            lead=self.snapshot(),
            changes=changes,
            account_id=account_id,
            contact_id=contact_id,
            deal_id=deal_id,
            account=account,
            contact=contact,
            deal=deal,
            owner_id=self.owner_id,
            owner_unit_id=self.owner_unit_id,
        )

    def snapshot(self) -> events.LeadSnapshot:
        """The lead as its next event tells it."""
        return events.LeadSnapshot(
            id=self.id,
            version=self.version + 1,
            state=self.state.value,
            company_name=self.company_name,
            source=self.source,
            pool_id=self.pool_id,
            owner_id=self.owner_id,
            owner_unit_id=self.owner_unit_id,
        )

    def _into(self, pool: Pool, at: datetime) -> Changes:
        self.pooled_at = at
        return self._stand(LeadState.POOLED, pool_id=pool.id, owner=None)

    def _owned_by(self, owner: Owner, state: LeadState) -> Changes:
        return self._stand(state, pool_id=None, owner=owner)

    def _stand(self, state: LeadState, *, pool_id: str | None, owner: Owner | None) -> Changes:
        fields = {
            "state": state,
            "pool_id": pool_id,
            "owner_id": owner.id if owner else None,
            "owner_unit_id": owner.unit_id if owner else None,
        }
        return apply(self, fields)

    def _close(self, state: LeadState, at: datetime) -> Changes:
        self.closed_at = at
        return apply(self, {"state": state, "pool_id": None})

    def _must_be_open(self) -> None:
        if self.closed:
            raise LeadClosed(lead_id=self.id, state=self.state.value)

    def _must_be_owned(self) -> None:
        self._must_be_open()
        if self.owner_id is None:
            raise LeadNotOwned(lead_id=self.id)
