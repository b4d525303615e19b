"""What the webhooks service consumes: every event of the platform, its own included."""

from __future__ import annotations

from collections.abc import Sequence

from services.webhooks import commands, wake
from services.webhooks.store import WebhooksStore
from shared.clock import now
from shared.events.envelope import Envelope

TOPICS = [
    "crm.tenants.v1",
    "crm.leads.v1",
    "crm.accounts.v1",
    "crm.pipeline.v1",
    "crm.webhooks.v1",
]
TYPES = ("crm.",)


def handle_batch(store: WebhooksStore, envelopes: Sequence[Envelope]) -> None:
    """Take one tenant's events in, and wake the sender."""
    commands.take_in(store, envelopes, at=now())
    wake.ring()
