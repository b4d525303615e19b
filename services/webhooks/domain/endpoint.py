"""An endpoint: a URL of the tenant's own systems, the event types it listens to, and whether it still does.

Every verb checks, changes the endpoint and returns the one event that tells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.webhooks.domain.errors import EndpointDisabledError
from services.webhooks.domain.patterns import matches
from shared.events import webhooks as events
from shared.events.changes import apply
from shared.record import Record

MAX_ENDPOINTS = 100
"""Per tenant: every event is matched against all of them."""


class EndpointState(StrEnum):
    """Whether deliveries go out; a deleted endpoint is kept for the delivery log only."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"


class DisabledReason(StrEnum):
    """Who or what stopped the deliveries."""

    MANUAL = "manual"
    GONE = "gone"
    FAILING = "failing"


@dataclass(kw_only=True)
class Endpoint(Record):
    """Where events go. Its signing secrets are deliberately not part of it (see `store.Secrets`)."""

    url: str
    types: list[str]
    description: str = ""
    state: EndpointState = EndpointState.ENABLED
    disabled_reason: DisabledReason | None = None
    secret_rotated_at: datetime | None = None

    def created(self) -> events.EndpointCreated:
        """Tell of a new endpoint."""
        return events.EndpointCreated(endpoint=self._snapshot())

    def change(self, fields: dict[str, Any]) -> events.EndpointUpdated | events.EndpointDisabled | None:
        """Take over new values of url, types, description or state; None when nothing differs."""
        changes = apply(self, fields)
        if not changes:
            return None
        if "state" in changes and self.state is EndpointState.DISABLED:
            self.disabled_reason = DisabledReason.MANUAL
            return events.EndpointDisabled(endpoint=self._snapshot(), changes=changes, reason="manual")
        if "state" in changes:
            self.disabled_reason = None
        return events.EndpointUpdated(endpoint=self._snapshot(), changes=changes)

    def disable(self, reason: DisabledReason) -> events.EndpointDisabled | None:
        """Stop deliveries; None when they have stopped already."""
        changes = apply(self, {"state": EndpointState.DISABLED})
        if not changes:
            return None
        self.disabled_reason = reason
        return events.EndpointDisabled(endpoint=self._snapshot(), changes=changes, reason=reason.value)

    def rotate_secret(self, *, at: datetime) -> events.EndpointUpdated:
        """Tell that there is a new signing secret (and never which)."""
        before = self.secret_rotated_at.isoformat() if self.secret_rotated_at else None
        self.secret_rotated_at = at
        changes = {"secret_rotated_at": {"from": before, "to": at.isoformat()}}
        return events.EndpointUpdated(endpoint=self._snapshot(), changes=changes)

    def delete(self) -> events.EndpointDeleted:
        """Stop listening for good."""
        changes = apply(self, {"state": EndpointState.DELETED})
        return events.EndpointDeleted(endpoint=self._snapshot(), changes=changes)

    def tested(self) -> events.EndpointTested:
        """The event of a trial delivery; a disabled endpoint takes none."""
        if self.state is not EndpointState.ENABLED:
            raise EndpointDisabledError(endpoint_id=self.id)
        snapshot = self._snapshot(version=self.version)
        return events.EndpointTested(endpoint=snapshot)

    def listens_to(self, event_type: str) -> bool:
        """Whether an event of this type goes to it."""
        return self.state is EndpointState.ENABLED and matches(self.types, event_type)

    def _snapshot(self, version: int | None = None) -> events.EndpointSnapshot:
        return events.EndpointSnapshot(
            id=self.id,
            version=self.version + 1 if version is None else version,
            url=self.url,
            types=list(self.types),
            state=self.state.value,
        )
