"""What the webhooks service publishes on `crm.webhooks.v1`: who listens to what, never a signing secret."""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.changes import Changes
from shared.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class EndpointSnapshot:
    """An endpoint after the event."""

    id: str
    version: int
    url: str
    types: list[str]
    state: str


@dataclass(frozen=True, kw_only=True)
class EndpointEvent(Event):
    """What every endpoint event carries."""

    endpoint: EndpointSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EndpointCreated(EndpointEvent):
    """Somebody subscribed a URL to events."""

    type: ClassVar[str] = "crm.webhook_endpoint.created"


@dataclass(frozen=True, kw_only=True)
class EndpointUpdated(EndpointEvent):
    """An endpoint's URL, types, description, state or signing secret changed."""

    type: ClassVar[str] = "crm.webhook_endpoint.updated"


@dataclass(frozen=True, kw_only=True)
class EndpointDisabled(EndpointEvent):
    """Deliveries to an endpoint stopped; `reason` says who or what stopped them."""

    type: ClassVar[str] = "crm.webhook_endpoint.disabled"

    reason: str = "manual"


@dataclass(frozen=True, kw_only=True)
class EndpointDeleted(EndpointEvent):
    """An endpoint was removed."""

    type: ClassVar[str] = "crm.webhook_endpoint.deleted"


@dataclass(frozen=True, kw_only=True)
class EndpointTested(EndpointEvent):
    """A trial delivery was asked for; it goes to that endpoint alone, not to Kafka and not into the feed."""

    type: ClassVar[str] = "crm.webhook_endpoint.tested"
