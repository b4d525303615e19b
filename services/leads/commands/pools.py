"""Opening and changing pools."""

from __future__ import annotations

from typing import Any

from services.leads.domain.pool import ClaimRule, Pool, default_pool, default_pool_id
from services.leads.store import LeadsStore
from shared.errors import FieldError, Invalid
from shared.ids import new_id


def create_pool(store: LeadsStore, fields: dict[str, Any]) -> Pool:
    """Open a pool; it keeps the default pool's time zone unless it is given one."""
    if "timezone" not in fields:
        default = store.pools.find_one({"_id": default_pool_id(store.tenant_id)})
        fields = {**fields, "timezone": default.timezone if default else "UTC"}
    pool = Pool(id=new_id("pool"), tenant_id=store.tenant_id, **_ruled(fields))
    store.pools.add(pool, pool.created())
    return pool


def change_pool(store: LeadsStore, pool_id: str, fields: dict[str, Any], *, version: int) -> Pool:
    """Change a pool's name, members, rule or time zone, or disable it."""

    def work() -> Pool:
        pool = store.pools.get(pool_id, version=version)
        event = pool.change(_ruled(fields))
        if event is not None:
            store.pools.save(pool, event)
        return pool

    return store.transact(work)


def seed_default_pool(store: LeadsStore, timezone: str) -> None:
    """Give a new tenant its first pool; seeding again changes nothing."""
    pool = default_pool(store.tenant_id, timezone)
    if store.pools.find_one({"_id": pool.id}) is None:
        store.pools.add(pool, pool.created())


def pool_for(store: LeadsStore, pool_id: str | None) -> Pool:
    """The pool meant by `pool_id`, the default pool when it is left out."""
    pool = store.pools.find_one({"_id": pool_id or default_pool_id(store.tenant_id)})
    if pool is None:
        raise Invalid(errors=[FieldError("/pool_id", "unknown-reference", {"id": pool_id})])
    return pool


def _ruled(fields: dict[str, Any]) -> dict[str, Any]:
    if "claim_rule" not in fields:
        return fields
    return {**fields, "claim_rule": ClaimRule(**fields["claim_rule"])}
