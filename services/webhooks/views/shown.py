"""Records as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from services.webhooks.domain.endpoint import Endpoint
from services.webhooks.schemas import AttemptOut, EndpointOut
from shared.http import record_out, row_out

_ENDPOINT = tuple(name for name in EndpointOut().fields if not name.startswith("owner_"))
_ATTEMPT = tuple(AttemptOut().fields)
_DELIVERY = (
    "endpoint_id",
    "event_id",
    "event_type",
    "status",
    "attempt_count",
    "created_at",
    "updated_at",
)


def endpoint_out(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint."""
    return record_out(endpoint, _ENDPOINT)


def endpoint_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored endpoint."""
    return row_out(document, _ENDPOINT)


def delivery_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored delivery, without what it carries."""
    attempts = document["attempts"]
    return {
        "id": document["_id"],
        **{name: document[name] for name in _DELIVERY},
        "next_attempt_at": document["due_at"],
        "last_attempt": _attempt(attempts[-1]) if attempts else None,
    }


def delivery_detail(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored delivery with its attempts and its event."""
    attempts = [_attempt(attempt) for attempt in document["attempts"]]
    return {
        **delivery_row(document),
        "attempts": attempts,
        "event": orjson.loads(document["payload"]),
    }


def _attempt(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in _ATTEMPT}
