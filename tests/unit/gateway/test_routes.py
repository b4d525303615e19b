"""The routes table: every address of the API is in it, once, with the right service and the right limits."""

import pytest
import yaml

from gateway.envoy import jwt, routing
from gateway.envoy.replies import REPLIES
from gateway.render import render
from gateway.routes import BATCH_BODY_LIMIT, BODY_LIMIT, ROUTES, route_of
from infra.catalogue import SERVICES
from shared.http.texts import TEXTS

pytestmark = pytest.mark.unit

ADDRESSES = {name: ("127.0.0.1", service.port) for name, service in SERVICES.items()}


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/tenants", "tenants"),
        ("/v1/tenants/current", "tenants"),
        ("/v1/auth/login", "tenants"),
        ("/v1/me", "tenants"),
        ("/v1/users/usr_1", "tenants"),
        ("/v1/units/batch", "tenants"),
        ("/.well-known/jwks.json", "tenants"),
        ("/v1/leads/lead_1/claim", "leads"),
        ("/v1/pools", "leads"),
        ("/v1/accounts/batch", "accounts"),
        ("/v1/contacts/con_1", "accounts"),
        ("/v1/deals/deal_1/criteria/need/meet", "pipeline"),
        ("/v1/stage-definitions/sdf_1/publish", "pipeline"),
        ("/v1/products", "pipeline"),
        ("/v1/reports/won", "reporting"),
        ("/v1/webhook-endpoints/whe_1/test", "webhooks"),
        ("/v1/webhook-deliveries", "webhooks"),
        ("/v1/events", "webhooks"),
        ("/v1/events/stream", "webhooks"),
        ("/", "gateway"),
        ("/docs/assets/docs.js", "gateway"),
        ("/console/leads", "gateway"),
    ],
)
def test_leads_to_the_service_that_owns_it(path: str, service: str) -> None:
    route = route_of(path)
    assert route is not None
    assert route.service == service


@pytest.mark.parametrize("path", ["/v1", "/v1/leadsmore", "/v1/eventsx", "/internal", "/openapi.json/x"])
def test_leads_nowhere_else(path: str) -> None:
    assert route_of(path) is None


def test_only_signing_up_signing_in_and_documents_are_public() -> None:
    public = "/ /.well-known/jwks.json /console /docs /openapi.json /readyz /schemas /v1/auth /v1/tenants /version"
    assert sorted(route.path for route in ROUTES if route.public) == public.split()


def test_only_batches_are_large_and_only_the_stream_is_endless() -> None:
    large = [route.path for route in ROUTES if route.body_limit != BODY_LIMIT]
    assert [path for path in large if not path.endswith("/batch")] == []
    assert {route.body_limit for route in ROUTES} == {BODY_LIMIT, BATCH_BODY_LIMIT}
    assert [route.path for route in ROUTES if route.streams] == ["/v1/events/stream"]


def test_every_route_names_a_service_of_the_catalogue_and_every_service_has_one() -> None:
    assert {route.service for route in ROUTES} == set(SERVICES)


def test_every_code_of_the_edge_is_one_the_services_use() -> None:
    assert [reply.code for reply in REPLIES if reply.code not in TEXTS] == []


def test_the_rendered_text_is_plain_and_always_the_same() -> None:
    texts = {render(8080, 9901, ADDRESSES, ADDRESSES["tenants"]) for _ in range(2)}
    assert len(texts) == 1
    config = yaml.safe_load(texts.pop())
    assert config["admin"]["address"]["socket_address"] == {"address": "127.0.0.1", "port_value": 9901}
    assert [cluster["name"] for cluster in config["static_resources"]["clusters"]] == sorted([*SERVICES, "jwks"])


def test_a_route_without_a_word_about_it_needs_a_token() -> None:
    private = [r for r in routing.route_configuration()["virtual_hosts"][0]["routes"] if r["name"] == "/v1/deals"]
    assert jwt.FILTER not in private[0].get("typed_per_filter_config", {})
    assert jwt.filter_config("jwks")["typed_config"]["rules"] == [
        {"match": {"prefix": "/"}, "requires": {"provider_name": "pelagic"}}
    ]


def test_only_get_and_head_are_ever_tried_again() -> None:
    routes = routing.route_configuration()["virtual_hosts"][0]["routes"]
    policies = [route["route"]["retry_policy"] for route in routes if "route" in route]
    methods = [header["string_match"]["exact"] for each in policies for header in each["retriable_request_headers"]]
    assert set(methods) == {"GET", "HEAD"}
    assert len(methods) == 2 * len(ROUTES)
