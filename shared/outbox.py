"""The outbox: an event is stored beside the state it tells of, in one transaction, and leaves later.

Row fields carry Debezium's names (`aggregatetype`, `aggregateid`, `type`, `payload`). `payload` holds the
envelope's bytes as they will be on Kafka, in the feed and in webhooks. Published rows stay: they are the log
that projections are rebuilt from. After the retention time those that a later event of the same aggregate
supersedes are removed; the last one of each aggregate stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import DeleteOne
from pymongo.database import Database

from shared.errors import TooLarge
from shared.events.envelope import Envelope, Event, schema_of, sequence_of
from shared.ids import new_id
from shared.tenancy import Document, across_tenants

OUTBOX = "outbox"
RETENTION_DAYS = 30
MOST_BYTES = 256 * 1024
"""Of one event. Brokers refuse records beyond 1 MiB; a page of the feed holds 200."""


class EventTooLarge(TooLarge):
    """No broker, feed or webhook would take the event, and those behind it would wait for ever."""

    code = "event-too-large"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why something happens: who caused it, and the request, event and trace it belongs to."""

    by: str = "system"
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None


def topic_of(service: str) -> str:
    """The topic a service publishes to."""
    return f"crm.{service}.v1"


def row(
    service: str,
    tenant_id: str,
    aggregate_id: str,
    version: int,
    event: Event,
    *,
    at: datetime,
    cause: Cause,
) -> Document:
    """The outbox row for one event that made `version` of its aggregate."""
    event_id = new_id("evt", at)
    key = f"{tenant_id}:{aggregate_id}"
    envelope = Envelope(
        id=event_id,
        source=f"/crm/{service}",
        type=event.type,
        subject=f"{event.aggregate()}/{aggregate_id}",
        time=at,
        tenantid=tenant_id,
        partitionkey=key,
        sequence=sequence_of(version),
        correlationid=cause.correlation_id or event_id,
        causationid=cause.causation_id,
        principal=cause.by,
        traceparent=cause.traceparent,
        data=event.data(),
        dataschema=schema_of(event.type),
    )
    made = _row(envelope, topic_of(service), version)
    if len(made["payload"]) > MOST_BYTES:
        raise EventTooLarge(max=MOST_BYTES)
    return made


def copy_row(envelope: Envelope, topic: str) -> Document:
    """A row that sends the bytes of an existing event to another topic (a dead letter)."""
    return {**_row(envelope, topic, envelope.version), "_id": new_id("evt"), "aggregateid": new_id("op")}


def _row(envelope: Envelope, topic: str, version: int) -> Document:
    return {
        "_id": envelope.id,
        "tenant_id": envelope.tenantid,
        "aggregatetype": envelope.subject.partition("/")[0],
        "aggregateid": envelope.aggregate_id,
        "sequence": version,
        "type": envelope.type,
        "topic": topic,
        "key": envelope.partitionkey,
        "payload": envelope.encode(),
        "traceparent": envelope.traceparent,
        "audience": None,
        "pending": True,
        "published_at": None,
    }


def pending(database: Database[Document], limit: int) -> list[Document]:
    """The next rows to publish: of each aggregate found, all that is pending, in version order.

    The first look takes the oldest ids. When there are more, a second look fetches every pending row of the
    aggregates found: clocks of two processes may differ, and no row may be overtaken by a later version.
    """
    with across_tenants(database, reason="relay") as db:
        rows = list(db[OUTBOX].find({"pending": True}, limit=limit, batch_size=limit + 1).sort("_id", 1))
        if len(rows) == limit:
            aggregates = list({found["aggregateid"] for found in rows})
            rows = list(db[OUTBOX].find({"pending": True, "aggregateid": {"$in": aggregates}}))
    return sorted(rows, key=lambda found: (found["aggregateid"], found["sequence"]))


def mark_published(database: Database[Document], ids: Sequence[str], *, at: datetime) -> None:
    """Remember that Kafka has acknowledged these rows; what forgets it in a crash only repeats them.

    By a majority, because `pending` reads what a majority has: a row must not be found pending once more.
    """
    with across_tenants(database, reason="relay") as db:
        db[OUTBOX].update_many(
            {"_id": {"$in": list(ids)}}, {"$set": {"pending": False, "published_at": at, "audience": None}}
        )


def republish_topic(database: Database[Document], topics: Iterable[str], *, at: datetime) -> int:
    """Send again whatever of the retention time went to `topics`; how many rows that is.

    Consumers that have seen an event recognise it by its inbox row.
    """
    since = at - timedelta(days=RETENTION_DAYS)
    query = {"pending": False, "topic": {"$in": list(topics)}, "published_at": {"$gte": since}}
    with across_tenants(database, reason="relay") as db:
        return db[OUTBOX].update_many(query, {"$set": {"pending": True}}).modified_count


def republish_for(database: Database[Document], group: str, *, tenant_id: str | None, topic: str) -> int:
    """Send the whole log again to one consumer group alone; how many rows that is."""
    query: dict[str, Any] = {"pending": False, "topic": topic}
    if tenant_id is not None:
        query["tenant_id"] = tenant_id
    with across_tenants(database, reason="rebuild") as db:
        update = {"$set": {"pending": True, "audience": group}}
        return db[OUTBOX].update_many(query, update).modified_count


def forget_superseded(database: Database[Document], *, at: datetime, limit: int = 1_000) -> int:
    """Remove up to `limit` rows past the retention time that a later event supersedes; how many went."""
    old = {"published_at": {"$lt": at - timedelta(days=RETENTION_DAYS)}, "pending": False}
    with across_tenants(database, reason="housekeeping") as db:
        removed: list[DeleteOne] = []
        for found in db[OUTBOX].find(old, {"payload": 0}).sort("published_at", 1).limit(limit):
            later = {
                "tenant_id": found["tenant_id"],
                "aggregateid": found["aggregateid"],
                "sequence": {"$gt": found["sequence"]},
            }
            if db[OUTBOX].find_one(later, {"_id": 1}):
                removed.append(DeleteOne({"_id": found["_id"]}))
        if removed:
            db[OUTBOX].bulk_write(removed, ordered=False)
    return len(removed)
