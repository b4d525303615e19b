"""Endpoints: subscribe, change, stop, renew the signing secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.webhooks.domain.catalogue import known_types
from services.webhooks.domain.endpoint import (
    MAX_ENDPOINTS,
    DisabledReason,
    Endpoint,
    EndpointState,
)
from services.webhooks.domain.errors import TooManyEndpoints
from services.webhooks.domain.patterns import check_patterns
from services.webhooks.domain.secrets import Secret, rotated, written
from services.webhooks.domain.urls import check_url
from services.webhooks.store import WebhooksStore
from shared.errors import FieldError, Invalid
from shared.ids import new_id


def create_endpoint(
    store: WebhooksStore,
    *,
    url: str,
    types: Sequence[str],
    description: str,
    allow_private: bool,
    key: bytes,
) -> tuple[Endpoint, str]:
    """Subscribe a URL; the endpoint and its signing secret, which is told this once."""
    _refuse(check_url(url, allow_private=allow_private) + check_patterns(types, known_types()))
    secret = Secret(written(key))
    endpoint = Endpoint(
        id=new_id("whe"),
        tenant_id=store.tenant_id,
        url=url,
        types=list(types),
        description=description,
    )

    def subscribe() -> None:
        if store.count_endpoints(limit=MAX_ENDPOINTS) >= MAX_ENDPOINTS:
            raise TooManyEndpoints(limit=MAX_ENDPOINTS)
        store.endpoints.add(endpoint, endpoint.created())
        store.secrets.keep(endpoint.id, [secret])

    store.transact(subscribe)
    return endpoint, secret.key


def change_endpoint(
    store: WebhooksStore,
    endpoint_id: str,
    fields: dict[str, Any],
    *,
    version: int,
    allow_private: bool,
) -> Endpoint:
    """Take over new fields; an endpoint that is changed or enabled by hand starts without its past failures."""
    faults = check_url(fields["url"], allow_private=allow_private) if "url" in fields else []
    _refuse(faults + check_patterns(fields.get("types", ()), known_types()))
    if "state" in fields:
        fields = {**fields, "state": EndpointState(fields["state"])}

    def change() -> Endpoint:
        endpoint = store.endpoint(endpoint_id, version=version)
        event = endpoint.change(fields)
        if event is not None:
            store.endpoints.save(endpoint, event)
            store.lanes.recover(endpoint_id)
        return endpoint

    return store.transact(change)


def disable_endpoint(store: WebhooksStore, endpoint_id: str, reason: DisabledReason) -> Endpoint:
    """Stop deliveries because of what the receiver does; nothing changes when they have stopped already."""

    def disable() -> Endpoint:
        endpoint = store.endpoints.get(endpoint_id)
        if endpoint.state is EndpointState.ENABLED and (event := endpoint.disable(reason)):
            store.endpoints.save(endpoint, event)
        return endpoint

    return store.transact(disable)


def rotate_secret(
    store: WebhooksStore, endpoint_id: str, *, version: int, key: bytes, at: datetime
) -> tuple[Endpoint, str]:
    """Give an endpoint a new signing secret, told this once; the old one signs beside it for a day."""

    def rotate() -> tuple[Endpoint, str]:
        endpoint = store.endpoint(endpoint_id, version=version)
        secrets = rotated(store.secrets.of(endpoint_id), written(key), at=at)
        store.endpoints.save(endpoint, endpoint.rotate_secret(at=at))
        store.secrets.keep(endpoint_id, secrets)
        return endpoint, secrets[0].key

    return store.transact(rotate)


def delete_endpoint(store: WebhooksStore, endpoint_id: str, *, version: int) -> None:
    """Stop listening for good, and forget the secrets; what is still pending is canceled by the sender."""

    def delete() -> None:
        endpoint = store.endpoint(endpoint_id, version=version)
        store.endpoints.save(endpoint, endpoint.delete())
        store.secrets.forget(endpoint_id)

    store.transact(delete)


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        raise Invalid(errors=faults)
