"""The pull feed: every event the caller may see, once, in order, from a cursor on."""

from __future__ import annotations

import time
from contextvars import Context
from typing import Any

from flask import Response

from services.webhooks import queries, schemas
from services.webhooks.queries import FeedPage
from services.webhooks.store import WebhooksStore
from services.webhooks.views.cursors import position_in, writer
from services.webhooks.views.seats import Seats, share
from shared.http import Routes, edge, store

routes = Routes("events", "The feed of everything that happened")
waiters = Seats()

POLL = 0.2


@routes.get(
    "/v1/events",
    permission="event.read",
    query=schemas.FeedQuery,
    returns=schemas.FeedOut,
)
def read_events(query: dict[str, Any]) -> Any:
    """Read events in order after a cursor; with `wait`, hold the answer until there is one or the time is up."""
    feed = store()
    narrowed = queries.narrowed_to(feed, query.get("types", ()))
    after = position_in(query["after"]) if "after" in query else queries.first_position(feed)
    page = queries.read_feed(feed, after, narrowed=narrowed, limit=query["limit"])
    if query["wait"] and not page.rows and page.caught_up:
        page = _wait(feed, page, narrowed=narrowed, limit=query["limit"], seconds=query["wait"])
    return _answer(page, limit=query["limit"])


def _wait(
    feed: WebhooksStore,
    page: FeedPage,
    *,
    narrowed: dict[str, Any],
    limit: int,
    seconds: int,
) -> FeedPage:
    """Look until something is there; at once what was found when too many are waiting already."""
    leave = waiters.take(share(edge().settings.threads))
    if leave is None:
        return page
    until = time.monotonic() + seconds
    try:
        while not page.rows and time.monotonic() < until:
            time.sleep(POLL)
            # A fresh context: the request's own deadline, made for answers without waiting, does not apply.
            page = Context().run(queries.read_on, feed, page.position, narrowed=narrowed, limit=limit)
    finally:
        leave()
    return page


def _answer(page: FeedPage, *, limit: int) -> Response:
    """The events' own bytes, joined: they are not read and written again."""
    caught_up = b"true" if page.caught_up else b"false"
    cursor = writer()(page.position).encode()
    links = b'"page":{"next":"%s","limit":%d,"caught_up":%s}' % (
        cursor,
        limit,
        caught_up,
    )
    events = b",".join(row.payload for row in page.rows)
    return Response(b'{"data":[' + events + b"]," + links + b"}", content_type="application/json")
