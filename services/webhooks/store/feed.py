"""The feed: every event of a tenant once, numbered without a gap in the order it was taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.webhooks.store.collections import FEED_ORDER
from shared.events.envelope import Envelope
from shared.store import Store


@dataclass(frozen=True)
class FeedRow:
    """One event at its place in the feed; `payload` is the envelope, byte for byte as on Kafka."""

    position: int
    event_id: str
    type: str
    payload: bytes


class Feed:
    """One tenant's feed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, envelopes: Sequence[Envelope], *, at: datetime) -> list[FeedRow]:
        """Put events at the end, in this order; only within a transaction, so that no number is lost.

        The head is one document: writers of one tenant wait for each other until they commit, so
        a reader who sees a position also sees every lower one.
        """
        head = self._heads.find_one_and_update(
            {"_id": self._store.tenant_id},
            {"$inc": {"position": len(envelopes)}},
            upsert=True,
        )
        first = (head or {})["position"] - len(envelopes) + 1
        rows = [
            FeedRow(position, envelope.id, envelope.type, envelope.encode())
            for position, envelope in enumerate(envelopes, start=first)
        ]
        self._rows.insert_many(
            [self._document(row, envelope, at) for row, envelope in zip(rows, envelopes, strict=True)]
        )
        return rows

    def head(self) -> int:
        """The last position given out; 0 before the first."""
        found = self._heads.find_one({"_id": self._store.tenant_id})
        return int(found["position"]) if found else 0

    def oldest(self) -> int:
        """The lowest position still kept; the one after the head when nothing is."""
        found = self._rows.find_one({}, {"position": 1}, sort=[("position", 1)])
        return int(found["position"]) if found else self.head() + 1

    def between(self, after: int, until: int, *, narrowed: Mapping[str, Any], limit: int) -> list[FeedRow]:
        """Up to `limit` rows with after < position ≤ until that match `narrowed`, in order."""
        query = {"position": {"$gt": after, "$lte": until}, **narrowed}
        found = self._rows.find(query, sort=[("position", 1)], limit=limit, hint=FEED_ORDER)
        return [FeedRow(row["position"], row["event_id"], row["type"], bytes(row["payload"])) for row in found]

    def _document(self, row: FeedRow, envelope: Envelope, at: datetime) -> dict[str, Any]:
        about = envelope.data.get(envelope.type.split(".")[1])
        snapshot = about if isinstance(about, dict) else {}
        return {
            "_id": f"{self._store.tenant_id}:{row.position}",
            "position": row.position,
            "event_id": row.event_id,
            "type": row.type,
            "owner_id": snapshot.get("owner_id"),
            "owner_unit_id": snapshot.get("owner_unit_id"),
            "at": at,
            "payload": row.payload,
        }

    @property
    def _rows(self) -> Any:
        return self._store.db.collection("feed")

    @property
    def _heads(self) -> Any:
        return self._store.db.collection("feed_heads")
