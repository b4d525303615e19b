"""The Standard Webhooks headers of one attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

from services.webhooks.domain.secrets import Secret

USER_AGENT = "Pelagic-Webhooks/1"


def signed_headers(
    message_id: str,
    payload: bytes,
    secrets: Sequence[Secret],
    *,
    at: datetime,
    traceparent: str | None,
) -> dict[str, str]:
    """What goes with `payload`; one signature per secret, so that a receiver may hold either while rotating."""
    text = payload.decode()
    signatures = (Webhook(secret.key).sign(message_id, at, text) for secret in secrets)
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "accept-encoding": "identity",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return {**headers, "traceparent": traceparent} if traceparent else headers
