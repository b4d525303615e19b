"""What can be asked: lists of leads, pools and follow-ups."""

from __future__ import annotations

from typing import Any

from services.leads.store import LeadsStore


def leads(store: LeadsStore, query: Any) -> Any:
    """A page of the leads within the caller's reach, pooled ones included."""
    return store.leads.page({}, query)


def pools(store: LeadsStore, query: Any) -> Any:
    """A page of the tenant's pools."""
    return store.pools.page({}, query)


def follow_ups(store: LeadsStore, lead_id: str, query: Any) -> Any:
    """A page of what was done about a lead, if the lead is within the caller's reach."""
    store.leads.raw(lead_id, {"_id": 1})
    asked, sort, limit, projection = query.compile(store.tenant_id)
    ours = {"lead_id": lead_id}
    combined = {"$and": [ours, asked]} if asked else ours
    return query.page(list(store.follow_ups.find(combined, projection, sort=sort, limit=limit)))
