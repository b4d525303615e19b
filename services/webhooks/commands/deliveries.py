"""Deliveries by hand: send one again, or try an endpoint out."""

from __future__ import annotations

from datetime import datetime

from services.webhooks.domain.attempts import RESENDS_ALLOWED
from services.webhooks.domain.endpoint import EndpointState
from services.webhooks.domain.errors import (
    DeliveryPending,
    EndpointDisabledError,
    EndpointGone,
    ResendLimit,
)
from services.webhooks.store import FeedRow, WebhooksStore
from shared.errors import NotFound
from shared.tenancy import Document

NOWHERE = 0
"""The position of a trial event: it is in no feed."""


def resend_delivery(store: WebhooksStore, delivery_id: str, *, at: datetime) -> Document:
    """Send a finished delivery again, from the start of the schedule and with the same bytes and id."""
    delivery = store.delivery_log.raw(delivery_id)
    _check_endpoint(store, delivery["endpoint_id"])
    if delivery["resends"] >= RESENDS_ALLOWED:
        raise ResendLimit(limit=RESENDS_ALLOWED)
    again = store.deliveries.resend(delivery_id, at=at)
    if again is None:
        raise DeliveryPending(delivery_id=delivery_id)
    return again


def send_test(store: WebhooksStore, endpoint_id: str, *, at: datetime) -> Document:
    """Put a trial delivery on its way to one endpoint; the event is in no feed and on no topic."""
    endpoint = store.endpoint(endpoint_id)
    [row] = store.rows_for(endpoint, [endpoint.tested()], at=at)
    event = FeedRow(NOWHERE, row["_id"], row["type"], row["payload"])
    return store.deliveries.add_test(endpoint_id, event, at=at, trace=row["traceparent"])


def _check_endpoint(store: WebhooksStore, endpoint_id: str) -> None:
    try:
        endpoint = store.endpoint(endpoint_id)
    except NotFound:
        raise EndpointGone(endpoint_id=endpoint_id) from None
    if endpoint.state is not EndpointState.ENABLED:
        raise EndpointDisabledError(endpoint_id=endpoint_id)
