"""Lanes: the right to send to one endpoint, leased to one worker at a time, and the endpoint's recent health.

The lease is on the endpoint, not on the single delivery: that keeps its deliveries in order across workers
and costs one command per run instead of one per delivery. A killed worker's lease expires, and another
worker sends what is still pending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.webhooks.domain.fairness import Due
from services.webhooks.store.collections import DELIVERIES, DUE_ORDER
from services.webhooks.store.deliveries import PENDING
from shared.mongo import DuplicateKeyError
from shared.store import Store
from shared.tenancy import across_tenants

LEASE = timedelta(seconds=45)


@dataclass
class Lane:
    """A leased lane and the health it was found in."""

    endpoint_id: str
    holder: str
    leased_until: datetime
    failures: int = 0
    failing_since: datetime | None = None
    resting_until: datetime | None = None


def waiting(database: Any, *, at: datetime) -> list[Due]:
    """Every endpoint, of whichever tenant, that has a delivery due: one index step per endpoint."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"status": PENDING}},
        {"$sort": dict(DUE_ORDER)},
        {
            "$group": {
                "_id": "$endpoint_id",
                "due_at": {"$first": "$due_at"},
                "tenant_id": {"$first": "$tenant_id"},
            }
        },
        {"$match": {"due_at": {"$lte": at}}},
    ]
    with across_tenants(database, reason="webhook delivery") as db:
        found = list(db[DELIVERIES.name].aggregate(pipeline))
    return [Due(row["_id"], row["tenant_id"], row["due_at"]) for row in found]


class Lanes:
    """One tenant's lanes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lease(self, endpoint_id: str, holder: str, *, at: datetime) -> Lane | None:
        """Take an endpoint's lane; None while somebody else holds it."""
        free = {
            "_id": endpoint_id,
            "$or": [{"leased_until": {"$lte": at}}, {"holder": holder}],
        }
        taken = {"$set": {"holder": holder, "leased_until": at + LEASE}}
        try:
            found = self._rows.find_one_and_update(free, taken, upsert=True)
        except DuplicateKeyError:
            return None
        return Lane(
            endpoint_id,
            holder,
            found["leased_until"],
            found.get("failures", 0),
            found.get("failing_since"),
            found.get("resting_until"),
        )

    def renew(self, lane: Lane, *, at: datetime) -> bool:
        """Hold on to a lane; False when it has gone to somebody else."""
        held = self._rows.update_one(self._mine(lane), {"$set": {"leased_until": at + LEASE}})
        if held:
            lane.leased_until = at + LEASE
        return bool(held)

    def remember(self, lane: Lane) -> None:
        """Keep the lane's health."""
        self._rows.update_one(self._mine(lane), {"$set": _health(lane)})

    def release(self, lane: Lane, *, at: datetime) -> None:
        """Give a lane back, with its health."""
        self._rows.update_one(
            self._mine(lane),
            {"$set": {"leased_until": at, "holder": "", **_health(lane)}},
        )

    def recover(self, endpoint_id: str) -> None:
        """Forget what an endpoint failed at: it was enabled or changed by hand."""
        well = {"failures": 0, "failing_since": None, "resting_until": None}
        self._rows.update_one({"_id": endpoint_id}, {"$set": well})

    @property
    def _rows(self) -> Any:
        return self._store.db.collection("lanes")

    @staticmethod
    def _mine(lane: Lane) -> dict[str, Any]:
        return {"_id": lane.endpoint_id, "holder": lane.holder}


def _health(lane: Lane) -> dict[str, Any]:
    return {
        "failures": lane.failures,
        "failing_since": lane.failing_since,
        "resting_until": lane.resting_until,
    }
