"""How a service keeps its aggregates: `save(record, event)` stores the state and its news in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import msgspec
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared import outbox
from shared.clock import now
from shared.errors import NotFound, Stale
from shared.events.envelope import Event
from shared.outbox import Cause
from shared.record import Record
from shared.telemetry import current_traceparent
from shared.tenancy import Document, Filter, TenantCollection, TenantDatabase


class Scope(Protocol):
    """Which owned records a caller can reach (see `shared.auth.scopes`)."""

    def filter(self, includes_unowned: bool = False) -> Mapping[str, Any]:
        """The filter those records match; empty for all of the tenant's."""


class Everything:
    """The scope of code that works for the tenant as a whole: consumers, jobs."""

    def filter(self, includes_unowned: bool = False) -> Mapping[str, Any]:
        """No limit."""
        return {}


EVERYTHING: Scope = Everything()

SYSTEM = Cause()

_SNAPSHOT = ReadConcern("snapshot")
_JOURNALLED = WriteConcern("majority", j=True)

MOST_COUNTED = 10_000
"""An estimated total counts no further: what is beyond is "many"."""

Kept = TypeVar("Kept", bound=Record)
Result = TypeVar("Result")


class Query(Protocol):
    """A list request that knows its filter, order and page (see `shared.pagination`)."""

    @property
    def filter(self) -> dict[str, Any]:
        """What the whole list matches, whichever page of it is asked for."""

    @property
    def count(self) -> bool:
        """Whether an estimated total is asked for."""

    def compile(self, tenant_id: str) -> tuple[dict[str, Any], list[tuple[str, int]], int, Any]:
        """Filter, sort, how many to fetch, projection."""

    def page(self, documents: list[Document], estimate: int | None = None) -> Any:
        """The page made of what was fetched."""


class Store:
    """One tenant's view of a service's database, for one request or one batch of events.

    `scope` limits which owned records can be reached at all: what lies outside does not exist for the
    caller. A service's subclass names its repositories.
    """

    service: ClassVar[str]

    def __init__(
        self,
        database: Database[Document],
        tenant_id: str,
        *,
        cause: Cause = SYSTEM,
        scope: Scope = EVERYTHING,
    ) -> None:
        self.database = database
        self.tenant_id = tenant_id
        self.cause = cause
        self.scope = scope
        self._session: ClientSession | None = None
        self.db = TenantDatabase(database, tenant_id)

    @property
    def by(self) -> str:
        """The id of the principal this store works for."""
        return self.cause.by

    def repository(
        self, record: type[Kept], collection: str, *, owned: bool = False, includes_unowned: bool = False
    ) -> Repository[Kept]:
        """The aggregates of one kind; `owned` ones are limited to the caller's scope.

        `includes_unowned` adds to that scope the records nobody owns (leads in a pool).
        """
        scope: Mapping[str, Any] = self.scope.filter(includes_unowned) if owned else {}
        return Repository(self, record, collection, scope=scope)

    def transact(self, work: Callable[[], Result]) -> Result:
        """Run `work` in one transaction, again from its start when it collides with another.

        Within an open transaction `work` simply joins it. `work` must read what it decides on itself.
        """
        if self._session is not None:
            return work()
        with self.database.client.start_session() as session:
            try:
                return session.with_transaction(
                    lambda opened: self._within(opened, work),
                    read_concern=_SNAPSHOT,
                    write_concern=_JOURNALLED,
                )
            finally:
                self._bind(None)

    def _within(self, session: ClientSession, work: Callable[[], Result]) -> Result:
        self._bind(session)
        return work()

    def _bind(self, session: ClientSession | None) -> None:
        self._session = session
        self.db = TenantDatabase(self.database, self.tenant_id, session)

    def rows_for(self, record: Record, events: Sequence[Event], *, at: datetime) -> list[Document]:
        """Outbox rows for `events`, numbered on from the record's version."""
        traceparent = current_traceparent() or self.cause.traceparent
        cause = Cause(
            by=self.cause.by,
            correlation_id=self.cause.correlation_id,
            causation_id=self.cause.causation_id,
            traceparent=traceparent,
        )
        return [
            outbox.row(self.service, self.tenant_id, record.id, record.version + n, event, at=at, cause=cause)
            for n, event in enumerate(events, start=1)
        ]


class Repository(Generic[Kept]):
    """The aggregates of one kind, of one tenant, within the caller's scope."""

    def __init__(self, store: Store, record: type[Kept], collection: str, *, scope: Filter) -> None:
        self._store = store
        self._record = record
        self._name = collection
        self._scope = scope

    @property
    def collection(self) -> TenantCollection:
        """The tenant's part of the collection, in the open transaction if there is one."""
        return self._store.db.collection(self._name)

    def raw(self, record_id: str, projection: Any = None) -> Document:
        """The stored document; NotFound when there is none in the caller's scope."""
        document = self.collection.find_one(self._scoped({"_id": record_id}), projection)
        if document is None:
            raise NotFound(id=record_id)
        return document

    def get(self, record_id: str, *, version: int | None = None) -> Kept:
        """The aggregate; Stale when `version` is given and it is at another one."""
        record = self.read(self.raw(record_id))
        if version is not None and version != record.version:
            raise Stale(id=record_id, version=record.version)
        return record

    def find_one(self, query: Filter) -> Kept | None:
        """The first aggregate that matches, or None."""
        document = self.collection.find_one(self._scoped(query))
        return None if document is None else self.read(document)

    def find(self, query: Filter, *, sort: Any = None, limit: int = 0) -> list[Kept]:
        """The aggregates that match."""
        found = self.collection.find(self._scoped(query), sort=sort, limit=limit)
        return [self.read(document) for document in found]

    def page(self, query: Filter, request: Query) -> Any:
        """One page of documents for a list request."""
        asked, sort, limit, projection = request.compile(self._store.tenant_id)
        wanted = _both(self._scoped(query), asked)
        found = self.collection.find(wanted, projection, sort=sort, limit=limit, batch_size=limit)
        if not request.count:
            return request.page(list(found))
        whole = _both(self._scoped(query), request.filter)
        return request.page(list(found), self.collection.count_documents(whole, limit=MOST_COUNTED))

    def add(self, record: Kept, *events: Event) -> None:
        """Store a new aggregate and its news."""
        self.add_many([(record, events)])

    def add_many(self, news: Iterable[tuple[Kept, Sequence[Event]]]) -> None:
        """Store new aggregates and their news in one transaction, in two inserts whatever their number."""
        at = now()
        documents, rows = [], []
        for record, events in news:
            self._needs_news(events)
            rows += self._store.rows_for(record, events, at=at)
            record.version = len(events)
            record.created_at = record.updated_at = at
            record.created_by = record.updated_by = self._store.by
            documents.append(self.write(record))
        self._store.transact(lambda: self._insert(documents, rows))

    def save(self, record: Kept, *events: Event) -> None:
        """Store a changed aggregate and its news; Stale when somebody else was quicker."""
        self._needs_news(events)
        at = now()
        rows = self._store.rows_for(record, events, at=at)
        expected = record.version
        record.version += len(events)
        record.updated_at, record.updated_by = at, self._store.by
        document = self.write(record)
        identity = document.pop("_id")
        document.pop("tenant_id")

        def replace() -> None:
            # $set keeps fields that a newer release has added and this one does not know.
            query = {"_id": identity, "version": expected}
            if not self.collection.update_one(query, {"$set": document}):
                raise Stale(id=identity)
            self._store.db.collection(outbox.OUTBOX).insert_many(rows)

        self._store.transact(replace)

    def read(self, document: Mapping[str, Any]) -> Kept:
        """The aggregate a stored document describes."""
        plain = {**document, "id": document["_id"]}
        return msgspec.convert(plain, self._record)

    def write(self, record: Kept) -> Document:
        """The document that stores an aggregate."""
        document: Document = msgspec.to_builtins(record, builtin_types=(datetime,))
        document["_id"] = document.pop("id")
        return document

    def _insert(self, documents: list[Document], rows: list[Document]) -> None:
        self.collection.insert_many(documents)
        self._store.db.collection(outbox.OUTBOX).insert_many(rows)

    def _scoped(self, query: Filter) -> Filter:
        if not self._scope:
            return query
        return {"$and": [query, self._scope]} if query else self._scope

    @staticmethod
    def _needs_news(events: Sequence[Event]) -> None:
        if not events:
            raise ValueError("every write tells of itself: save needs an event")


def _both(one: Filter, other: Filter) -> Filter:
    return {"$and": [one, other]} if one and other else one or other


__all__ = ["EVERYTHING", "SYSTEM", "Cause", "Repository", "Scope", "Store"]
