"""Taking events in: each gets its place in the feed, and a delivery to every endpoint that listens to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.webhooks.store import WebhooksStore
from shared.events.envelope import Envelope


def take_in(store: WebhooksStore, envelopes: Sequence[Envelope], *, at: datetime) -> None:
    """Write feed rows and deliveries for one tenant's events; a constant number of commands per batch."""
    listening = store.listening()
    rows = store.feed.append(envelopes, at=at)
    pairs = [(endpoint.id, row) for row in rows for endpoint in listening if endpoint.listens_to(row.type)]
    traces = {envelope.id: envelope.traceparent for envelope in envelopes}
    store.deliveries.add(pairs, at=at, traces=traces)
