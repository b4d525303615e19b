"""What the webhooks service can be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.webhooks.domain.catalogue import known_types
from services.webhooks.domain.endpoint import Endpoint, EndpointState
from services.webhooks.domain.errors import CursorExpired
from services.webhooks.domain.patterns import EVERYTHING, check_patterns
from services.webhooks.store import FeedRow, WebhooksStore
from services.webhooks.store.collections import FEED_DAYS
from shared.errors import Invalid
from shared.tenancy import Document

SCANNED_AT_ONCE = 5_000
"""How far one question looks: a reader of rare types gets an empty page and a cursor that has moved on."""


@dataclass(frozen=True)
class FeedPage:
    """A stretch of the feed: what was found, the position read to, and whether that was the end."""

    rows: list[FeedRow]
    position: int
    caught_up: bool


def endpoints(store: WebhooksStore, query: Any) -> Any:
    """A page of the endpoints that have not been deleted."""
    return store.endpoints.page({"state": {"$ne": EndpointState.DELETED.value}}, query)


def deliveries(store: WebhooksStore, query: Any) -> Any:
    """A page of deliveries."""
    return store.delivery_log.page({}, query)


def endpoint(store: WebhooksStore, endpoint_id: str) -> Endpoint:
    """An endpoint that has not been deleted."""
    return store.endpoint(endpoint_id)


def delivery(store: WebhooksStore, delivery_id: str) -> Document:
    """A delivery as it is stored."""
    return store.delivery_log.raw(delivery_id)


def first_position(store: WebhooksStore) -> int:
    """Where a reader without a cursor begins: before the oldest event kept."""
    return store.feed.oldest() - 1


def narrowed_to(store: WebhooksStore, types: Sequence[str]) -> dict[str, Any]:
    """The filter of the event types asked for and of the records the caller may see."""
    faults = check_patterns(types, known_types(), pointer="?types")
    if faults:
        raise Invalid(errors=faults)
    parts = [part for part in (_of_types(types), dict(store.scope.filter())) if part]
    return {"$and": parts} if parts else {}


def read_feed(store: WebhooksStore, after: int, *, narrowed: dict[str, Any], limit: int) -> FeedPage:
    """The next stretch after a position; CursorExpired when events after it are no longer kept."""
    if after + 1 < store.feed.oldest():
        raise CursorExpired(days=FEED_DAYS)
    return read_on(store, after, narrowed=narrowed, limit=limit)


def read_on(store: WebhooksStore, after: int, *, narrowed: dict[str, Any], limit: int) -> FeedPage:
    """The next stretch for a reader who is up to date enough not to have missed anything."""
    head = store.feed.head()
    if head <= after:
        return FeedPage([], after, caught_up=True)
    until = min(head, after + SCANNED_AT_ONCE)
    rows = store.feed.between(after, until, narrowed=narrowed, limit=limit)
    position = rows[-1].position if len(rows) == limit else until
    return FeedPage(rows, position, caught_up=position >= head)


def _of_types(patterns: Sequence[str]) -> dict[str, Any]:
    """Exact types, and beginnings: a type that this release does not know yet is found by its beginning."""
    if not patterns or EVERYTHING in patterns:
        return {}
    exact = [pattern for pattern in patterns if not pattern.endswith("*")]
    wanted: list[dict[str, Any]] = [{"type": {"$in": exact}}] if exact else []
    beginnings = [pattern[:-1] for pattern in patterns if pattern.endswith("*")]
    wanted += [{"type": {"$regex": f"^{re.escape(beginning)}"}} for beginning in beginnings]
    return {"$or": wanted}
