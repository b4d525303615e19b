"""Deliveries: one row per event and endpoint, with its payload, its state and what every attempt met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.webhooks.domain.attempts import ATTEMPTS_KEPT, Attempt, DeliveryStatus
from services.webhooks.store.collections import DUE_ORDER
from services.webhooks.store.feed import FeedRow
from shared.ids import new_id
from shared.store import Store
from shared.tenancy import Document, UpdateOne

PENDING = DeliveryStatus.PENDING.value


@dataclass(frozen=True)
class Outcome:
    """An attempt at a delivery, and what follows from it."""

    delivery: Document
    attempt: Attempt
    status: DeliveryStatus
    due_at: datetime | None


class Deliveries:
    """One tenant's deliveries."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        pairs: Sequence[tuple[str, FeedRow]],
        *,
        at: datetime,
        traces: dict[str, str | None],
    ) -> None:
        """One pending delivery per endpoint and event, due at once."""
        self._rows.insert_many([_new(endpoint_id, row, at, traces) for endpoint_id, row in pairs])

    def add_test(self, endpoint_id: str, row: FeedRow, *, at: datetime, trace: str | None) -> Document:
        """A trial delivery, due at once."""
        document = _new(endpoint_id, row, at, {row.event_id: trace})
        self._rows.insert_one(document)
        return document

    def due(self, endpoint_id: str, *, at: datetime, limit: int) -> list[Document]:
        """What is due for an endpoint: longest due first, and what was never tried in feed order."""
        query = {"status": PENDING, "endpoint_id": endpoint_id, "due_at": {"$lte": at}}
        found = self._rows.find(
            query,
            {"attempts": 0},
            sort=[("due_at", 1), ("position", 1)],
            limit=limit,
            hint=DUE_ORDER,
        )
        retried: list[Document] = []
        fresh: list[Document] = []
        for document in found:
            (retried if document["attempt_count"] else fresh).append(document)
        return sorted(fresh, key=lambda document: document["position"]) + retried

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Record attempts and what follows, in one command; what another sender has settled meanwhile stays."""
        self._rows.bulk_write([_settling(outcome) for outcome in outcomes])

    def resend(self, delivery_id: str, *, at: datetime) -> Document | None:
        """Start the schedule of a finished delivery again; None when it is not finished."""
        query = {"_id": delivery_id, "status": {"$ne": PENDING}}
        again = {"status": PENDING, "due_at": at, "updated_at": at, "scheduled": 0}
        found: Document | None = self._rows.find_one_and_update(query, {"$set": again, "$inc": {"resends": 1}})
        return found

    def cancel_all(self, endpoint_id: str, *, at: datetime) -> int:
        """Give up what is pending for a deleted endpoint; how many that was."""
        query = {"status": PENDING, "endpoint_id": endpoint_id}
        gone = {
            "status": DeliveryStatus.CANCELED.value,
            "due_at": None,
            "updated_at": at,
        }
        return int(self._rows.update_many(query, {"$set": gone}))

    @property
    def _rows(self) -> Any:
        return self._store.db.collection("deliveries")


def _settling(outcome: Outcome) -> UpdateOne:
    delivery, attempt = outcome.delivery, outcome.attempt
    same_turn = {"_id": delivery["_id"], "status": PENDING, "attempt_count": delivery["attempt_count"]}
    entry = {**msgspec.to_builtins(attempt, builtin_types=(datetime,)), "verdict": attempt.verdict.value}
    update = {
        "$set": {"status": outcome.status.value, "due_at": outcome.due_at, "updated_at": attempt.at},
        "$inc": {"attempt_count": 1, "scheduled": 1},
        "$push": {"attempts": {"$each": [entry], "$slice": -ATTEMPTS_KEPT}},
    }
    return UpdateOne(same_turn, update)


def _new(endpoint_id: str, row: FeedRow, at: datetime, traces: dict[str, str | None]) -> Document:
    return {
        "_id": new_id("dlv", at),
        "endpoint_id": endpoint_id,
        "event_id": row.event_id,
        "event_type": row.type,
        "position": row.position,
        "payload": row.payload,
        "traceparent": traces.get(row.event_id),
        "status": PENDING,
        "due_at": at,
        "attempt_count": 0,
        "scheduled": 0,
        "resends": 0,
        "attempts": [],
        "created_at": at,
        "updated_at": at,
    }
