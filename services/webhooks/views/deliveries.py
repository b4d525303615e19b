"""Deliveries: what was sent, what came back, and sending it again."""

from __future__ import annotations

from typing import Any

from services.webhooks import commands, queries, schemas
from services.webhooks.views.shown import delivery_detail, delivery_row
from shared.clock import now
from shared.http import Routes, page_out, store

routes = Routes("webhook-deliveries", "The log of what was pushed to endpoints")


@routes.get(
    "/v1/webhook-deliveries",
    permission="webhook.read",
    returns=schemas.DeliveryOut,
    listing=schemas.DELIVERIES,
)
def list_deliveries(query: Any) -> Any:
    """List deliveries, newest first."""
    return page_out(queries.deliveries(store(), query), delivery_row)


@routes.get(
    "/v1/webhook-deliveries/<delivery_id>",
    permission="webhook.read",
    returns=schemas.DeliveryDetailOut,
)
def read_delivery(delivery_id: str) -> Any:
    """Read a delivery with its attempts and its event."""
    return delivery_detail(queries.delivery(store(), delivery_id))


@routes.post(
    "/v1/webhook-deliveries/<delivery_id>/resend",
    permission="webhook.manage",
    returns=schemas.DeliveryOut,
    status=202,
)
def resend_delivery(delivery_id: str) -> Any:
    """Send a finished delivery again, with the same id and the same bytes."""
    return delivery_row(commands.resend_delivery(store(), delivery_id, at=now()))
