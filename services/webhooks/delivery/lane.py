"""One run along a lane: the due deliveries of one endpoint, one after the other, in feed order.

A delivery is pending until its outcome is stored. Killed before that, it is sent again once the lease has
expired: repeated, never lost.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from opentelemetry.trace import SpanKind

from services.webhooks import commands
from services.webhooks.delivery.client import TIMEOUT, Client
from services.webhooks.delivery.signing import signed_headers
from services.webhooks.domain.attempts import Attempt, DeliveryStatus, Verdict
from services.webhooks.domain.endpoint import DisabledReason, Endpoint, EndpointState
from services.webhooks.domain.schedule import is_hopeless, next_attempt, rest
from services.webhooks.domain.secrets import Secret, active
from services.webhooks.store import Lane, Outcome, WebhooksStore
from shared.clock import now
from shared.telemetry import current_traceparent, remote_parent, span
from shared.tenancy import Document

log = structlog.get_logger(__name__)

BATCH = 50
SETTLED_AT_ONCE = 10
"""Successes are stored in tens: a journalled write takes longer than a good receiver's answer."""
RUN_SECONDS = 1.0
"""After so long other lanes get their turn."""
SLOW_MS = 1_000
MARGIN = timedelta(seconds=TIMEOUT + 10)
UNSENT_PAUSE = timedelta(seconds=10)


class LaneRun:
    """The work of one sender thread on one leased lane."""

    def __init__(self, store: WebhooksStore, client: Client, lane: Lane, endpoint: Endpoint) -> None:
        self._store = store
        self._client = client
        self._lane = lane
        self._endpoint = endpoint
        self._secrets: list[Secret] = store.secrets.of(endpoint.id)
        self._unsettled: list[Outcome] = []
        self.slow = False

    def go(self, until: float) -> None:
        """Send what is due until nothing is, the time is up, or the endpoint needs a rest."""
        full = True
        while full and self._may_go_on(until):
            batch = self._store.deliveries.due(self._endpoint.id, at=now(), limit=BATCH)
            full = len(batch) == BATCH
            try:
                self._send(batch, until)
            finally:
                self._settle()

    def _send(self, batch: Sequence[Document], until: float) -> None:
        for delivery in batch:
            if not self._may_go_on(until):
                return
            self._deliver(delivery)
            if len(self._unsettled) >= SETTLED_AT_ONCE:
                self._settle()

    def _settle(self) -> None:
        outcomes, self._unsettled = self._unsettled, []
        if outcomes:
            self._store.deliveries.settle(outcomes)

    def _may_go_on(self, until: float) -> bool:
        at = now()
        rested = self._lane.resting_until is None or self._lane.resting_until <= at
        if self.slow or not rested or time.monotonic() >= until:
            return False
        if self._endpoint.state is not EndpointState.ENABLED:
            return False
        return self._lane.leased_until - at > MARGIN or self._store.lanes.renew(self._lane, at=at)

    def _deliver(self, delivery: Document) -> None:
        with remote_parent(delivery["traceparent"]):
            attributes = {
                "endpoint_id": self._endpoint.id,
                "delivery_id": delivery["_id"],
            }
            with span("webhook.deliver", kind=SpanKind.CLIENT, **attributes):
                attempt = self._attempt(delivery)
        self.slow = attempt.duration_ms >= SLOW_MS
        self._unsettled.append(Outcome(delivery, attempt, *_follow_up(delivery, attempt)))
        if attempt.verdict is not Verdict.DELIVERED:
            self._settle()
            log.info(
                "delivery_attempt_failed",
                endpoint_id=self._endpoint.id,
                delivery_id=delivery["_id"],
                attempt=delivery["attempt_count"] + 1,
                status=attempt.status,
                fault=attempt.fault,
            )
        self._note_health(attempt)

    def _attempt(self, delivery: Document) -> Attempt:
        at, payload = now(), bytes(delivery["payload"])
        headers = signed_headers(
            delivery["event_id"],
            payload,
            active(self._secrets, at=at),
            at=at,
            traceparent=current_traceparent() if delivery["traceparent"] else None,
        )
        return self._client.attempt(self._endpoint.url, headers, payload)

    def _note_health(self, attempt: Attempt) -> None:
        lane = self._lane
        if attempt.verdict is Verdict.DELIVERED:
            if lane.failures or lane.failing_since:
                lane.failures, lane.failing_since, lane.resting_until = 0, None, None
                self._store.lanes.remember(lane)
            return
        lane.failures += 1
        lane.failing_since = lane.failing_since or attempt.at
        pause = rest(lane.failures)
        lane.resting_until = now() + pause if pause else None
        self._store.lanes.remember(lane)
        if attempt.verdict is Verdict.GONE:
            self._disable(DisabledReason.GONE)
        elif is_hopeless(lane.failing_since, at=attempt.at):
            self._disable(DisabledReason.FAILING)

    def _disable(self, reason: DisabledReason) -> None:
        self._endpoint = commands.disable_endpoint(self._store, self._endpoint.id, reason)
        log.warning("endpoint_disabled", endpoint_id=self._endpoint.id, reason=reason)


def _follow_up(delivery: Document, attempt: Attempt) -> tuple[DeliveryStatus, datetime | None]:
    """What becomes of a delivery after an attempt, and when it is tried again."""
    if attempt.verdict is Verdict.DELIVERED:
        return DeliveryStatus.DELIVERED, None
    if attempt.verdict is Verdict.GONE:
        return DeliveryStatus.FAILED, None
    due_at = next_attempt(
        delivery["scheduled"] + 1,
        at=now(),
        under_pressure=attempt.under_pressure,
        chance=random.random(),
    )
    return (DeliveryStatus.PENDING, due_at) if due_at else (DeliveryStatus.FAILED, None)
