"""What can be asked: leads and pools, one by one or in pages, and what was done about a lead."""

from __future__ import annotations

from typing import Any

from services.leads.store import LeadsStore
from shared.tenancy import Document


def leads(store: LeadsStore, query: Any) -> Any:
    """A page of the leads within the caller's reach, pooled ones included."""
    return store.leads.page({}, query)


def lead(store: LeadsStore, lead_id: str) -> Document:
    """A lead as it is stored."""
    return store.leads.raw(lead_id)


def pools(store: LeadsStore, query: Any) -> Any:
    """A page of the tenant's pools."""
    return store.pools.page({}, query)


def pool(store: LeadsStore, pool_id: str) -> Document:
    """A pool as it is stored."""
    return store.pools.raw(pool_id)


def follow_ups(store: LeadsStore, lead_id: str, query: Any) -> Any:
    """A page of what was done about a lead, if the lead is within the caller's reach."""
    store.leads.raw(lead_id, {"_id": 1})
    asked, sort, limit, projection = query.compile(store.tenant_id)
    ours = {"lead_id": lead_id}
    combined = {"$and": [ours, asked]} if asked else ours
    return query.page(list(store.follow_ups.find(combined, projection, sort=sort, limit=limit)))
