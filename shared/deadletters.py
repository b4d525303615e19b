"""What an operator does about events that could not be consumed: list, show, redrive."""

from __future__ import annotations

from typing import Any

import msgspec
from pymongo.database import Database

from shared.clock import now
from shared.events.envelope import Envelope
from shared.mongo import Mongo
from shared.parking import PARKED
from shared.tenancy import Document, across_tenants

SERVICES = ("tenants", "leads", "accounts", "pipeline", "reporting", "webhooks")


def list_dead(mongo: Mongo, service: str | None = None) -> list[dict[str, Any]]:
    """Every parked or dead event, oldest first: id, service, tenant, type, key, state, attempts, reason."""
    found = []
    for name in [service] if service else SERVICES:
        with across_tenants(mongo.database(name), reason="dead letters") as db:
            for row in db[PARKED].find({}, {"payload": 0}).sort("parked_at", 1).limit(1_000):
                found.append({**row, "id": row["_id"], "service": name})
    return found


def show(mongo: Mongo, identity: str) -> dict[str, Any] | None:
    """One of them with its envelope, or None."""
    database = _database(mongo, identity)
    with across_tenants(database, reason="dead letters") as db:
        row = db[PARKED].find_one({"_id": identity})
    if row is None:
        return None
    payload = row.pop("payload")
    try:
        envelope = Envelope.decode(payload)
    except msgspec.MsgspecError:
        return {**row, "id": row["_id"], "unreadable": payload.decode(errors="replace")[:2_000]}
    return {**row, "id": row["_id"], "envelope": {name: getattr(envelope, name) for name in _ATTRIBUTES}}


def redrive(mongo: Mongo, ids: list[str] | None = None, service: str | None = None) -> int:
    """Have dead events tried again from their first attempt; all of them when neither is given. How many."""
    change = {"$set": {"state": "parked", "attempts": 0, "due_at": now()}}
    query: Document = {"state": "dead", "type": {"$ne": "unreadable"}}
    if ids is not None:
        query["_id"] = {"$in": ids}
    redriven = 0
    for name in [service] if service else SERVICES:
        with across_tenants(mongo.database(name), reason="dead letters") as db:
            redriven += db[PARKED].update_many(query, change).modified_count
    return redriven


def _database(mongo: Mongo, identity: str) -> Database[Document]:
    return mongo.database(identity.partition(":")[0])


_ATTRIBUTES = tuple(Envelope.__dataclass_fields__)
