"""Pools: open, list, read, change."""

from __future__ import annotations

from typing import Any

from services.leads import queries, schemas
from services.leads.commands import pools
from services.leads.views.shown import pool_out, pool_row
from shared.http import Routes, answer, if_match, page_out, store

routes = Routes("pools", "Pools of leads without an owner")


@routes.post(
    "/v1/pools",
    permission="pool.manage",
    accepts=schemas.PoolIn,
    returns=schemas.PoolOut,
    status=201,
)
def create_pool(body: dict[str, Any]) -> Any:
    """Open a pool."""
    pool = pools.create_pool(store(), body)
    return answer(pool_out(pool), version=pool.version, location=f"/v1/pools/{pool.id}")


@routes.get("/v1/pools", permission="pool.read", returns=schemas.PoolOut, listing=schemas.POOLS)
def list_pools(query: Any) -> Any:
    """List the tenant's pools."""
    return page_out(queries.pools(store(), query), pool_row)


@routes.get("/v1/pools/<pool_id>", permission="pool.read", returns=schemas.PoolOut)
def read_pool(pool_id: str) -> Any:
    """Read a pool."""
    document = queries.pool(store(), pool_id)
    return answer(pool_row(document), version=document["version"])


@routes.patch(
    "/v1/pools/<pool_id>",
    permission="pool.manage",
    accepts=schemas.PoolPatch,
    returns=schemas.PoolOut,
    if_match=True,
)
def change_pool(body: dict[str, Any], pool_id: str) -> Any:
    """Change a pool's name, members, claim rule or time zone, or disable it."""
    pool = pools.change_pool(store(), pool_id, body, version=if_match())
    return answer(pool_out(pool), version=pool.version)
