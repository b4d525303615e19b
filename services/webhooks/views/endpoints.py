"""Endpoints: subscribe, list, read, change, delete, renew the secret, try out."""

from __future__ import annotations

from secrets import token_bytes
from typing import Any

from services.webhooks import commands, queries, schemas
from services.webhooks.domain.secrets import SECRET_BYTES
from services.webhooks.views.shown import delivery_row, endpoint_out, endpoint_row
from shared.clock import now
from shared.http import Routes, answer, edge, if_match, page_out, store

routes = Routes("webhook-endpoints", "URLs that events are pushed to")


@routes.post(
    "/v1/webhook-endpoints",
    permission="webhook.manage",
    accepts=schemas.EndpointIn,
    returns=schemas.EndpointWithSecretOut,
    status=201,
)
def create_endpoint(body: dict[str, Any]) -> Any:
    """Subscribe a URL to events; the answer alone shows the signing secret."""
    endpoint, secret = commands.create_endpoint(
        store(),
        url=body["url"],
        types=body["types"],
        description=body.get("description", ""),
        allow_private=edge().settings.webhooks_allow_private,
        key=token_bytes(SECRET_BYTES),
    )
    shown = {**endpoint_out(endpoint), "secret": secret}
    return answer(shown, version=endpoint.version, location=f"/v1/webhook-endpoints/{endpoint.id}")


@routes.get(
    "/v1/webhook-endpoints",
    permission="webhook.read",
    returns=schemas.EndpointOut,
    listing=schemas.ENDPOINTS,
)
def list_endpoints(query: Any) -> Any:
    """List the tenant's endpoints."""
    return page_out(queries.endpoints(store(), query), endpoint_row)


@routes.get(
    "/v1/webhook-endpoints/<endpoint_id>",
    permission="webhook.read",
    returns=schemas.EndpointOut,
)
def read_endpoint(endpoint_id: str) -> Any:
    """Read an endpoint."""
    endpoint = queries.endpoint(store(), endpoint_id)
    return answer(endpoint_out(endpoint), version=endpoint.version)


@routes.patch(
    "/v1/webhook-endpoints/<endpoint_id>",
    permission="webhook.manage",
    accepts=schemas.EndpointPatch,
    returns=schemas.EndpointOut,
    if_match=True,
)
def change_endpoint(body: dict[str, Any], endpoint_id: str) -> Any:
    """Change an endpoint's URL, types or description, or disable or enable it."""
    allow_private = edge().settings.webhooks_allow_private
    endpoint = commands.change_endpoint(store(), endpoint_id, body, version=if_match(), allow_private=allow_private)
    return answer(endpoint_out(endpoint), version=endpoint.version)


@routes.delete(
    "/v1/webhook-endpoints/<endpoint_id>",
    permission="webhook.manage",
    returns=None,
    status=204,
    if_match=True,
)
def delete_endpoint(endpoint_id: str) -> Any:
    """Delete an endpoint; what was not delivered yet is canceled."""
    commands.delete_endpoint(store(), endpoint_id, version=if_match())
    return answer(None)


@routes.post(
    "/v1/webhook-endpoints/<endpoint_id>/rotate-secret",
    permission="webhook.manage",
    returns=schemas.EndpointWithSecretOut,
    if_match=True,
)
def rotate_secret(endpoint_id: str) -> Any:
    """Give an endpoint a new signing secret; for 24 hours the old one signs as well."""
    endpoint, secret = commands.rotate_secret(
        store(),
        endpoint_id,
        version=if_match(),
        key=token_bytes(SECRET_BYTES),
        at=now(),
    )
    return answer({**endpoint_out(endpoint), "secret": secret}, version=endpoint.version)


@routes.post(
    "/v1/webhook-endpoints/<endpoint_id>/test",
    permission="webhook.manage",
    returns=schemas.DeliveryOut,
    status=202,
)
def send_test(endpoint_id: str) -> Any:
    """Send a trial event, `crm.webhook_endpoint.tested`, to this endpoint alone."""
    delivery = commands.send_test(store(), endpoint_id, at=now())
    return answer(delivery_row(delivery), location=f"/v1/webhook-deliveries/{delivery['_id']}")
