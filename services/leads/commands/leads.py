"""What can be done to one lead: each verb is read, ask the domain, save, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.leads.commands.pools import pool_for
from services.leads.domain.follow_up import FollowUp, FollowUpKind
from services.leads.domain.holding import Via
from services.leads.domain.lead import Lead, Owner, Person
from services.leads.store import LeadsStore
from shared.batch import ExternalIdTaken, digest, external_id_unique
from shared.errors import FieldError, Invalid, NotFound
from shared.ids import new_id
from shared.store import Scope


def create_lead(store: LeadsStore, fields: dict[str, Any], *, owner: Owner, at: datetime) -> Lead:
    """Take a lead in: owned by whoever enters it, or straight into the pool named."""

    def work() -> Lead:
        _must_be_free(store, fields.get("external_id"))
        pool = pool_for(store, fields["pool_id"]) if fields.get("pool_id") else None
        lead = lead_from(store.tenant_id, new_id("lead"), fields, mark=digest(fields))
        event = lead.enter(owner, pool, at=at)
        store.leads.add(lead, event)
        if pool is None:
            store.open_holding(store.holding(lead.id, owner.id, Via.CREATE, at=at))
        return lead

    with external_id_unique():
        return store.transact(work)


def change_lead(store: LeadsStore, lead_id: str, fields: dict[str, Any], *, version: int) -> Lead:
    """Correct or complete a lead's fields."""

    def work() -> Lead:
        lead = store.own_leads.get(lead_id, version=version)
        event = lead.change(_typed(fields, lead.person))
        if event is not None:
            store.leads.save(lead, event)
        return lead

    return store.transact(work)


def pool_lead(store: LeadsStore, lead_id: str, pool_id: str | None, *, version: int, at: datetime) -> Lead:
    """Put a lead into a pool, or from one pool into another."""

    def work() -> Lead:
        lead = store.own_leads.get(lead_id, version=version)
        event = lead.put_in(pool_for(store, pool_id), at=at)
        store.leads.save(lead, event)
        store.close_holding(lead.id, reason="pooled", at=at, pool_to=lead.pool_id)
        return lead

    return store.transact(work)


def claim_lead(store: LeadsStore, lead_id: str, *, claimant: Owner, within: Scope, at: datetime) -> Lead:
    """Take a lead from its pool; of many who try at once exactly one gets it. `within` is what they may read.

    The first look is outside the transaction, so that most of those who come too late never open one.
    """
    _claimable(store, lead_id, within)
    return store.transact(lambda: _claim(store, lead_id, claimant, within, at))


def assign_lead(store: LeadsStore, lead_id: str, owner_id: str, *, version: int, at: datetime) -> Lead:
    """Give a lead to a rep; one who is not known, or not active, is refused."""

    def work() -> Lead:
        lead = store.leads.get(lead_id, version=version)
        receiver = store.owner(owner_id)
        if receiver is None:
            raise Invalid(errors=[FieldError("/owner_id", "unknown-reference", {"id": owner_id})])
        holding = store.holding(lead.id, receiver.id, Via.ASSIGN, at=at, pool_from=lead.pool_id)
        event = lead.assign(receiver, holding_id=holding.id)
        store.leads.save(lead, event)
        store.close_holding(lead.id, reason="assigned", at=at)
        store.open_holding(holding)
        return lead

    return store.transact(work)


def return_lead(
    store: LeadsStore,
    lead_id: str,
    pool_id: str | None,
    *,
    reason: str,
    version: int,
    at: datetime,
) -> Lead:
    """Give a lead back to a pool, saying why."""

    def work() -> Lead:
        lead = store.leads.get(lead_id, version=version)
        event = lead.give_back(pool_for(store, pool_id), reason=reason, at=at)
        store.leads.save(lead, event)
        store.close_holding(lead.id, reason="returned", at=at, pool_to=lead.pool_id)
        return lead

    return store.transact(work)


def disqualify_lead(store: LeadsStore, lead_id: str, *, reason: str, version: int, at: datetime) -> Lead:
    """Judge a lead not worth following, for good."""

    def work() -> Lead:
        lead = store.own_leads.get(lead_id, version=version)
        event = lead.disqualify(reason=reason, at=at)
        store.leads.save(lead, event)
        store.close_holding(lead.id, reason="disqualified", at=at)
        return lead

    return store.transact(work)


def follow_up(store: LeadsStore, lead_id: str, fields: dict[str, Any], *, at: datetime) -> FollowUp:
    """Log what was done about a lead; entries are never rewritten."""
    if fields["happened_at"] > at:
        raise Invalid(errors=[FieldError("/happened_at", "in-the-future")])
    kind = FollowUpKind(fields["kind"])
    done = FollowUp(
        id=new_id("fup", at),
        tenant_id=store.tenant_id,
        lead_id=lead_id,
        created_at=at,
        created_by=store.by,
        **{**fields, "kind": kind},
    )

    def work() -> FollowUp:
        lead = store.leads.get(lead_id)
        event = lead.follow_up(done)
        store.leads.save(lead, event)
        store.add_follow_up(done)
        return done

    return store.transact(work)


def lead_from(tenant_id: str, lead_id: str, fields: dict[str, Any], *, mark: str) -> Lead:
    """A lead of what was entered, `mark` being its digest; it has neither owner nor pool yet."""
    plain = {name: value for name, value in fields.items() if name != "pool_id"}
    return Lead(id=lead_id, tenant_id=tenant_id, digest=mark, **_typed(plain))


def _claimable(store: LeadsStore, lead_id: str, within: Scope) -> Lead:
    lead = store.any_leads.get(lead_id)
    # One that was never in a pool: only who can see it may know that it exists.
    if lead.pooled_at is None and not store.can_read(lead_id, within):
        raise NotFound(id=lead_id)
    lead.must_be_claimable()
    return lead


def _claim(store: LeadsStore, lead_id: str, claimant: Owner, within: Scope, at: datetime) -> Lead:
    lead = _claimable(store, lead_id, within)
    pool = store.pools.get(str(lead.pool_id))
    holding = store.holding(lead.id, claimant.id, Via.CLAIM, at=at, pool_from=pool.id)
    event = lead.claim(pool, claimant, holding_id=holding.id, at=at)
    store.any_leads.save(lead, event)
    pool.must_allow(store.count_claim(claimant.id, pool.id, pool.local_day(at)))
    store.open_holding(holding)
    return lead


def _must_be_free(store: LeadsStore, external_id: str | None) -> None:
    if external_id and store.any_leads.find_one({"external_id": external_id}):
        raise ExternalIdTaken(external_id=external_id)


def _typed(fields: dict[str, Any], known: Person | None = None) -> dict[str, Any]:
    if "person" not in fields:
        return fields
    return {**fields, "person": replace(known or Person(), **fields["person"])}
