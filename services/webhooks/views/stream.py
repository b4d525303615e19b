"""The feed as a stream of server-sent events; each carries the cursor to go on from as its id."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, request

from services.webhooks import queries, schemas
from services.webhooks.domain.errors import TooManyStreams
from services.webhooks.store import FeedRow, WebhooksStore
from services.webhooks.views.cursors import position_in, writer
from services.webhooks.views.seats import Seats, share
from shared.http import Routes, edge, store
from shared.mongo import PyMongoError

routes = Routes("event-stream", "The feed, pushed over one open connection")
streams = Seats()

LIFE_SECONDS = 300.0
"""Shorter than an access token's life; the client comes back with Last-Event-ID."""
HEARTBEAT_SECONDS = 10.0
POLL = 0.2
BATCH = 100


@routes.get(
    "/v1/events/stream",
    permission="event.read",
    query=schemas.StreamQuery,
    returns=schemas.StreamOut,
)
def stream_events(query: dict[str, Any]) -> Any:
    """Stream events as they come in (text/event-stream); `Last-Event-ID` or `after` says where to go on."""
    feed = store()
    narrowed = queries.narrowed_to(feed, query.get("types", ()))
    cursor = request.headers.get("Last-Event-ID") or query.get("after")
    after = position_in(cursor) if cursor else feed.feed.head()
    queries.read_feed(feed, after, narrowed=narrowed, limit=1)
    leave = streams.take(share(edge().settings.threads))
    if leave is None:
        raise TooManyStreams(retry_after=5)
    response = Response(_told(feed, after, narrowed, writer()), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(leave)
    return response


def _told(
    feed: WebhooksStore,
    after: int,
    narrowed: dict[str, Any],
    cursor: Callable[[int], str],
) -> Iterator[bytes]:
    """Everything after a position, and a sign of life now and then, until the stream's time is up."""
    ends, silent_since = time.monotonic() + LIFE_SECONDS, time.monotonic()
    yield b"retry: 2000\n" + _mark(after, cursor)
    while time.monotonic() < ends:
        try:
            page = queries.read_on(feed, after, narrowed=narrowed, limit=BATCH)
        except PyMongoError:
            return
        after = page.position
        if page.rows:
            yield b"".join(_event(row, cursor) for row in page.rows)
        elif time.monotonic() - silent_since >= HEARTBEAT_SECONDS:
            yield _mark(after, cursor)
        else:
            time.sleep(POLL if page.caught_up else 0)
            continue
        silent_since = time.monotonic()


def _event(row: FeedRow, cursor: Callable[[int], str]) -> bytes:
    head = f"id: {cursor(row.position)}\nevent: {row.type}\ndata: "
    return head.encode() + row.payload + b"\n\n"


def _mark(position: int, cursor: Callable[[int], str]) -> bytes:
    """No event, but a cursor: who only listens to rare types does not go back further than needed."""
    return f": still here\nid: {cursor(position)}\n\n".encode()
