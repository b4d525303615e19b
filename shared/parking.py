"""Events that could not be consumed wait here, and whatever follows them on the same key waits behind them.

A failing key is parked, the others flow. The head of a parked key is tried again after each of `RETRIES`;
then it is dead: a copy goes to the dead-letter topic, and an operator lists, shows and redrives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from shared import outbox
from shared.clock import now
from shared.events.envelope import Envelope
from shared.store import Store
from shared.tenancy import Document, TenantDatabase, across_tenants

PARKED = "parked"
RETRIES = tuple(timedelta(seconds=s) for s in (1, 5, 30, 300, 1_800))
NOBODY = "unknown"
"""The tenant of bytes that name none."""
HELD_BEHIND = "held behind an earlier event"


def keys_among(store: Store, group: str, envelopes: Sequence[Envelope]) -> set[str]:
    """Which of these events' keys are parked."""
    keys = list({envelope.partitionkey for envelope in envelopes})
    query = {"group": group, "key": {"$in": keys}}
    return {row["key"] for row in store.db.collection(PARKED).find(query, {"key": 1, "_id": 0})}


def park(store: Store, group: str, topic: str, envelope: Envelope, reason: str) -> None:
    """Put an event aside; again for the same event changes nothing."""
    row = {
        "group": group,
        "topic": topic,
        "key": envelope.partitionkey,
        "sequence": envelope.version,
        "type": envelope.type,
        "payload": envelope.encode(),
        "state": "parked",
        "attempts": 0,
        "reason": reason,
        "parked_at": now(),
        "due_at": now() + RETRIES[0],
    }
    identity = {"_id": f"{group}:{envelope.id}"}
    store.db.collection(PARKED).update_one(identity, {"$setOnInsert": row}, upsert=True)


def bury_unreadable(database: Database[Document], group: str, topic: str, place: str, raw: bytes, reason: str) -> None:
    """Keep bytes that are no event, dead from the start; `place` is where in the topic they lie."""
    row = {
        "group": group,
        "topic": topic,
        "key": place,
        "sequence": 0,
        "type": "unreadable",
        "payload": raw,
        "state": "dead",
        "attempts": 0,
        "reason": reason,
        "parked_at": now(),
        "due_at": now(),
    }
    rows = TenantDatabase(database, NOBODY).collection(PARKED)
    rows.update_one({"_id": f"{group}:{topic}:{place}"}, {"$setOnInsert": row}, upsert=True)


def due(database: Database[Document], group: str, *, at: datetime) -> list[Document]:
    """Parked rows whose time has come, of all tenants."""
    query = {"state": "parked", "group": group, "due_at": {"$lte": at}}
    with across_tenants(database, reason="parked events") as db:
        return list(db[PARKED].find(query).sort([("key", 1), ("sequence", 1)]).limit(200))


def is_head(store: Store, row: Document) -> bool:
    """Whether no earlier event of the key waits before this one."""
    query = {"group": row["group"], "key": row["key"], "sequence": {"$lt": row["sequence"]}}
    return store.db.collection(PARKED).find_one(query, {"_id": 1}) is None


def release(store: Store, row: Document) -> None:
    """Forget a parked row: it has been consumed. What waited behind it is due now."""
    parked = store.db.collection(PARKED)
    parked.delete_one({"_id": row["_id"]})
    behind = {"group": row["group"], "key": row["key"], "state": "parked", "reason": HELD_BEHIND}
    parked.update_many(behind, {"$set": {"due_at": now()}})


def postpone(store: Store, row: Document, reason: str) -> None:
    """Count a failed attempt; after the last one the event is dead, and leaves for the dead-letter topic."""
    attempts = row["attempts"] + 1
    change: dict[str, Any] = {"attempts": attempts, "reason": reason}
    if attempts < len(RETRIES):
        change["due_at"] = now() + RETRIES[attempts]
        store.db.collection(PARKED).update_one({"_id": row["_id"]}, {"$set": change})
        return
    change["state"] = "dead"
    envelope = Envelope.decode(row["payload"])
    copy = outbox.copy_row(envelope, f"{row['topic']}.{row['group']}.dlq")

    def bury() -> None:
        store.db.collection(PARKED).update_one({"_id": row["_id"]}, {"$set": change})
        store.db.collection(outbox.OUTBOX).insert_one(copy)

    store.transact(bury)
