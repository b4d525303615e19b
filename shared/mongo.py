"""MongoDB: one client per process, collections with validators and indexes, and the tripwire between tenants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import ASCENDING, IndexModel, MongoClient, ReadPreference, monitoring
from pymongo import timeout as deadline
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure, PyMongoError

from shared.tenancy import Document, across_tenants
from shared.tripwire import Tripwire

DAY = 86_400
INBOX_RETENTION_DAYS = 35
"""Longer than the outbox's 30 days: whatever can be republished is still known to have been consumed."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index a query of the service needs; `tenant_id` leads it unless the reason says why not."""

    keys: Sequence[tuple[str, int]]
    unique: bool = False
    partial: dict[str, Any] | None = None
    ttl_seconds: int | None = None
    untenanted: str = ""

    def __post_init__(self) -> None:
        if self.keys[0][0] != "tenant_id" and not self.untenanted:
            raise ValueError(f"index {self.keys} must start with tenant_id, or say why not")

    def model(self) -> IndexModel:
        """The driver's form of it."""
        options: dict[str, Any] = {"unique": True} if self.unique else {}
        if self.partial:
            options["partialFilterExpression"] = self.partial
        if self.ttl_seconds is not None:
            options["expireAfterSeconds"] = self.ttl_seconds
        return IndexModel(list(self.keys), **options)


def listed_by(*fields: str, order: tuple[str, int] = ("created_at", -1)) -> Index:
    """The index of a list that is filtered by `fields` and sorted in `order`, ids breaking ties."""
    return Index(keys=[("tenant_id", 1), *((name, 1) for name in fields), order, ("_id", order[1])])


ONE_EXTERNAL_ID = Index(keys=[("tenant_id", 1), ("external_id", 1)], unique=True, partial={"external_id": {"$gt": ""}})
"""An external id names one record of a collection, where it names any.

`$gt: ""` is every string that says something, in a form from which the planner sees that a look-up may use the index;
from `$type` it does not.
"""


@dataclass(frozen=True)
class Collection:
    """A collection a service keeps: its name, its indexes, and the aggregate stored in it, if one is."""

    name: str
    indexes: Sequence[Index] = ()
    record: type | None = None
    required: Sequence[str] = field(default=("tenant_id",))

    def validator(self) -> dict[str, Any]:
        """What MongoDB itself refuses to store."""
        if not self.required:
            return {}
        properties: dict[str, Any] = {"tenant_id": {"bsonType": "string", "minLength": 1}}
        required = list(self.required)
        if self.record is not None:
            properties["version"] = {"bsonType": ["int", "long"], "minimum": 1}
            required += ["version", "created_at", "updated_at"]
        return {"$jsonSchema": {"bsonType": "object", "required": required, "properties": properties}}


PLATFORM_COLLECTIONS = (
    Collection(
        "outbox",
        [
            Index(
                keys=[("pending", ASCENDING), ("_id", ASCENDING)],
                partial={"pending": True},
                untenanted="the relay carries what is pending for all tenants in one stream",
            ),
            Index(keys=[("tenant_id", 1), ("aggregateid", 1), ("sequence", 1)], unique=True),
            Index(
                keys=[("published_at", 1)],
                untenanted="republishing and retention go by time, over all tenants",
            ),
        ],
    ),
    Collection(
        "inbox",
        [
            Index(keys=[("tenant_id", 1), ("group", 1), ("event_id", 1)], unique=True),
            Index(
                keys=[("consumed_at", 1)],
                ttl_seconds=INBOX_RETENTION_DAYS * DAY,
                untenanted="expiry goes by time, over all tenants",
            ),
        ],
    ),
    Collection(
        "parked",
        [
            Index(keys=[("tenant_id", 1), ("group", 1), ("key", 1), ("sequence", 1)]),
            Index(
                keys=[("state", 1), ("due_at", 1)],
                untenanted="the retry loop looks for what is due, whoever owns it",
            ),
        ],
    ),
    Collection(
        "idempotency",
        [
            Index(
                keys=[("expires_at", 1)],
                ttl_seconds=0,
                untenanted="expiry goes by time, over all tenants",
            )
        ],
    ),
    Collection("gates"),
    Collection("leases", required=()),
    Collection("relay_positions", required=()),
)


@dataclass(frozen=True)
class Mongo:
    """A connected client and the databases the services keep on it."""

    client: MongoClient[Document]
    tripwire: Tripwire

    def database(self, service: str) -> Database[Document]:
        """The pooled database of a service."""
        return self.client[f"crm_{service}"]

    def ping(self) -> None:
        """Return when the primary answers; raises PyMongoError when it does not."""
        self.client.admin.command("ping")

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()


def connect(url: str, *, name: str = "pelagic", timeout_ms: int = 20_000) -> Mongo:
    """Open the process's client; call it after a fork, never before.

    Writes wait for a journalled majority, reads see only what a majority has, every call has a deadline.
    """
    tripwire = Tripwire()
    listeners: list[monitoring.CommandListener] = [tripwire]
    client: MongoClient[Document] = MongoClient(
        url,
        appname=name,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        read_preference=ReadPreference.PRIMARY,
        timeoutMS=timeout_ms,
        serverSelectionTimeoutMS=5_000,
        maxPoolSize=64,
        event_listeners=listeners,
    )
    return Mongo(client, tripwire)


def migrate(database: Database[Document], collections: Sequence[Collection]) -> None:
    """Bring validators and indexes to what the code needs; running it again changes nothing."""
    with across_tenants(database, reason="migration") as db:
        present = set(db.list_collection_names())
        for collection in [*PLATFORM_COLLECTIONS, *collections]:
            _migrate_collection(db, collection, exists=collection.name in present)


def _migrate_collection(database: Database[Document], collection: Collection, *, exists: bool) -> None:
    if not exists:
        try:
            database.create_collection(collection.name, validator=collection.validator())
        except CollectionInvalid:  # another migration was quicker
            exists = True
    if exists:
        database.command("collMod", collection.name, validator=collection.validator())
    if collection.indexes:
        database[collection.name].create_indexes([index.model() for index in collection.indexes])


__all__ = [
    "ONE_EXTERNAL_ID",
    "PLATFORM_COLLECTIONS",
    "Collection",
    "DuplicateKeyError",
    "Index",
    "Mongo",
    "OperationFailure",
    "PyMongoError",
    "connect",
    "deadline",
    "listed_by",
    "migrate",
]
