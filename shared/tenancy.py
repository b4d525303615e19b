"""The wall between tenants: a collection opens only through a tenant, and every command carries it.

`TenantDatabase(database, tenant_id)` is the only way to a collection. It writes `tenant_id` into every
filter, pipeline and insert, and refuses what it cannot scope. Work across tenants has one door,
`across_tenants(database, reason=…)`, with the reasons listed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pymongo import DeleteMany, DeleteOne, InsertOne, UpdateMany, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

Document = dict[str, Any]
Filter = Mapping[str, Any]
DUPLICATE_KEY = 11000

Operation = InsertOne[Document] | UpdateOne | UpdateMany | DeleteOne | DeleteMany

REASONS = frozenset(
    {
        "relay",  # pending outbox rows of all tenants leave in one stream
        "parked events",  # the retry loop looks for what is due, whoever owns it
        "rebuild",  # an operator replays one service
        "dead letters",  # an operator looks at what could not be consumed
        "login directory",  # sign-in knows a slug before it knows a tenant
        "webhook delivery",  # the sender looks for what is due, whoever owns it
        "migration",  # indexes and validators belong to nobody
        "housekeeping",  # expired rows are removed, whoever owned them
    }
)
REFUSED_STAGES = frozenset(
    "$lookup $graphLookup $unionWith $out $merge $documents $collStats $indexStats $currentOp "
    "$listSessions $listLocalSessions $planCacheStats $changeStream $geoNear $search $searchMeta".split()
)
REFUSED_OPERATORS = frozenset({"$where", "$function", "$accumulator"})

_crossing: ContextVar[str | None] = ContextVar("crossing", default=None)


class TenancyError(Exception):
    """A command that cannot be walled to one tenant; always a fault in the code, never of the caller."""


def crossing_reason() -> str | None:
    """Why this code may look across tenants at the moment, or None when it may not."""
    return _crossing.get()


@contextmanager
def across_tenants(database: Database[Document], *, reason: str) -> Iterator[Database[Document]]:
    """The one door to documents of all tenants, for a listed reason."""
    if reason not in REASONS:
        raise TenancyError(f"{reason!r} is not a listed reason to look across tenants")
    token = _crossing.set(reason)
    try:
        yield database
    finally:
        _crossing.reset(token)


class TenantCollection:
    """One tenant's part of a collection; the same verbs as pymongo's, with the tenant in each."""

    def __init__(self, collection: Collection[Document], tenant_id: str, session: ClientSession | None) -> None:
        self._collection = collection
        self._tenant_id = tenant_id
        self._session = session

    def find_one(self, query: Filter, projection: Any = None, sort: Any = None) -> Document | None:
        """The first document that matches."""
        return self._collection.find_one(self._walled(query), projection, sort=sort, session=self._session)

    def find(
        self,
        query: Filter,
        projection: Any = None,
        *,
        sort: Any = None,
        limit: int = 0,
        hint: Any = None,
        batch_size: int = 0,
    ) -> Cursor[Document]:
        """Every document that matches."""
        return self._collection.find(
            self._walled(query),
            projection,
            sort=sort,
            limit=limit,
            hint=hint,
            batch_size=batch_size,
            session=self._session,
        )

    def count_documents(self, query: Filter, limit: int = 0) -> int:
        """How many match, counting no further than `limit` when given."""
        options = {"limit": limit} if limit else {}
        return self._collection.count_documents(self._walled(query), session=self._session, **options)

    def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Run `pipeline` over this tenant's documents; stages that could leave them are refused."""
        _refuse_unscopable(pipeline)
        walled: list[Mapping[str, Any]] = [{"$match": {"tenant_id": self._tenant_id}}, *pipeline]
        return list(self._collection.aggregate(walled, session=self._session))

    def insert_one(self, document: Document) -> None:
        """Insert one document as this tenant's."""
        self._collection.insert_one(self._owned(document), session=self._session)

    def insert_many(self, documents: Iterable[Document], ordered: bool = True) -> None:
        """Insert documents as this tenant's, in one command; DuplicateKeyError when a unique index refuses one."""
        owned = [self._owned(document) for document in documents]
        if owned:
            try:
                self._collection.insert_many(owned, ordered=ordered, session=self._session)
            except BulkWriteError as error:
                raise _duplicate(error) or error from error

    def update_one(self, query: Filter, update: Any, upsert: bool = False) -> int:
        """Change the first that matches; how many matched (0 or 1, 1 for an upsert)."""
        result = self._collection.update_one(self._walled(query), _kept(update), upsert=upsert, session=self._session)
        return 1 if result.upserted_id is not None else result.matched_count

    def update_many(self, query: Filter, update: Any) -> int:
        """Change all that match; how many matched."""
        result = self._collection.update_many(self._walled(query), _kept(update), session=self._session)
        return result.matched_count

    def replace_one(self, query: Filter, document: Document, upsert: bool = False) -> int:
        """Replace the first that matches; how many matched (0 or 1, 1 for an upsert)."""
        result = self._collection.replace_one(
            self._walled(query), self._owned(document), upsert=upsert, session=self._session
        )
        return 1 if result.upserted_id is not None else result.matched_count

    def find_one_and_update(
        self,
        query: Filter,
        update: Any,
        *,
        upsert: bool = False,
        sort: Any = None,
        after: bool = True,
    ) -> Document | None:
        """Change the first that matches and return it, as it is after (or before) the change."""
        found: Document | None = self._collection.find_one_and_update(
            self._walled(query),
            _kept(update),
            upsert=upsert,
            sort=sort,
            return_document=after,
            session=self._session,
        )
        return found

    def delete_one(self, query: Filter) -> int:
        """Remove the first that matches; how many were removed."""
        return self._collection.delete_one(self._walled(query), session=self._session).deleted_count

    def delete_many(self, query: Filter) -> int:
        """Remove all that match; how many were removed."""
        return self._collection.delete_many(self._walled(query), session=self._session).deleted_count

    def bulk_write(self, operations: Sequence[Operation], ordered: bool = False) -> None:
        """Run pymongo's insert, update and delete operations in one command, each walled."""
        walled = [self._walled_operation(operation) for operation in operations]
        if walled:
            self._collection.bulk_write(walled, ordered=ordered, session=self._session)

    def _walled(self, query: Filter) -> Document:
        if "tenant_id" in query:
            raise TenancyError("the tenant of a filter is not the caller's to say")
        _refuse_operators(query)
        return {"tenant_id": self._tenant_id, **query}

    def _owned(self, document: Document) -> Document:
        if document.get("tenant_id", self._tenant_id) != self._tenant_id:
            raise TenancyError("a document of another tenant")
        return {**document, "tenant_id": self._tenant_id}

    def _walled_operation(self, operation: Operation) -> Operation:
        if isinstance(operation, InsertOne):
            return InsertOne(self._owned(operation._doc))
        query = self._walled(operation._filter)
        if isinstance(operation, (DeleteOne, DeleteMany)):
            return type(operation)(query)
        if isinstance(operation, (UpdateOne, UpdateMany)):
            return type(operation)(query, _kept(operation._doc), upsert=bool(operation._upsert))
        raise TenancyError(f"{type(operation).__name__} cannot be walled")


class TenantDatabase:
    """A service's database as one tenant sees it, within a transaction when a session is given."""

    def __init__(self, database: Database[Document], tenant_id: str, session: ClientSession | None = None) -> None:
        if not tenant_id:
            raise TenancyError("a tenant database needs a tenant")
        self._database = database
        self._tenant_id = tenant_id
        self._session = session

    def collection(self, name: str) -> TenantCollection:
        """This tenant's part of the collection `name`."""
        return TenantCollection(self._database[name], self._tenant_id, self._session)


def _duplicate(error: BulkWriteError) -> DuplicateKeyError | None:
    """The bulk error in the form a single insert has it, when a unique index refused."""
    for fault in error.details.get("writeErrors", ()):
        if fault.get("code") == DUPLICATE_KEY:
            return DuplicateKeyError(fault.get("errmsg", ""), DUPLICATE_KEY, fault)
    return None


def _kept(update: Any) -> Any:
    """`update`, having made sure that it moves no document to another tenant."""
    changes = update if isinstance(update, (list, tuple)) else [update]
    for change in changes:
        for operator, fields in change.items():
            if not operator.startswith("$"):
                raise TenancyError("an update needs operators; use replace_one to replace")
            if operator in ("$replaceRoot", "$replaceWith"):
                raise TenancyError(f"{operator} could move a document to another tenant")
            names = fields if isinstance(fields, (Mapping, list, tuple)) else [fields]
            values = fields.values() if operator == "$rename" else ()
            if "tenant_id" in names or "tenant_id" in values:
                raise TenancyError("a document keeps its tenant")
    return update


def _refuse_unscopable(pipeline: Sequence[Mapping[str, Any]]) -> None:
    for stage in pipeline:
        for name, body in stage.items():
            if name in REFUSED_STAGES:
                raise TenancyError(f"{name} cannot be walled to one tenant")
            if name == "$facet":
                for branch in body.values():
                    _refuse_unscopable(branch)
        _refuse_operators(stage)


def _refuse_operators(part: Any) -> None:
    if isinstance(part, Mapping):
        for name, body in part.items():
            if name in REFUSED_OPERATORS:
                raise TenancyError(f"{name} cannot be walled to one tenant")
            _refuse_operators(body)
    elif isinstance(part, (list, tuple)):
        for item in part:
            _refuse_operators(item)


__all__ = [
    "REASONS",
    "DeleteMany",
    "DeleteOne",
    "Document",
    "Filter",
    "InsertOne",
    "Operation",
    "TenancyError",
    "TenantCollection",
    "TenantDatabase",
    "UpdateMany",
    "UpdateOne",
    "across_tenants",
    "crossing_reason",
]
