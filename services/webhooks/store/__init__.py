"""What the webhooks service keeps: endpoints, their secrets, the feed, deliveries and the lanes they leave by."""

from __future__ import annotations

from typing import Any

from services.webhooks.domain.endpoint import Endpoint, EndpointState
from services.webhooks.store.collections import COLLECTIONS
from services.webhooks.store.deliveries import Deliveries, Outcome
from services.webhooks.store.feed import Feed, FeedRow
from services.webhooks.store.lanes import Lane, Lanes, waiting
from services.webhooks.store.secrets import Secrets
from shared.errors import NotFound
from shared.record import Record
from shared.store import Store


class WebhooksStore(Store):
    """One tenant's view of the webhooks database."""

    service = "webhooks"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.endpoints = self.repository(Endpoint, "endpoints")
        self.delivery_log = self.repository(Record, "deliveries")
        self.secrets = Secrets(self)
        self.feed = Feed(self)
        self.deliveries = Deliveries(self)
        self.lanes = Lanes(self)

    def endpoint(self, endpoint_id: str, *, version: int | None = None) -> Endpoint:
        """An endpoint that has not been deleted."""
        endpoint = self.endpoints.get(endpoint_id)
        if endpoint.state is EndpointState.DELETED:
            raise NotFound(id=endpoint_id)
        return endpoint if version is None else self.endpoints.get(endpoint_id, version=version)

    def count_endpoints(self, *, limit: int) -> int:
        """How many endpoints there are that have not been deleted, counting no further than `limit`."""
        alive = {"state": {"$in": [EndpointState.ENABLED.value, EndpointState.DISABLED.value]}}
        return self.db.collection("endpoints").count_documents(alive, limit=limit)

    def listening(self) -> list[Endpoint]:
        """The endpoints deliveries go out to."""
        return self.endpoints.find({"state": EndpointState.ENABLED.value})


__all__ = ["COLLECTIONS", "FeedRow", "Lane", "Outcome", "WebhooksStore", "waiting"]
