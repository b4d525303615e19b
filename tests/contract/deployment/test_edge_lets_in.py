"""Whom the edge lets in: a good access token, and nobody on the strength of anything else."""

import base64
import json
import time

import pytest

from tests.support.edge import Edge, Signer, running_edge

pytestmark = pytest.mark.contract


def test_a_good_token_reaches_the_service_and_goes_on_with_the_request(
    edge: Edge,
) -> None:
    token = edge.signer.token()
    answer = edge.get("/v1/deals/good", token=token)
    assert (answer.status, answer.json) == (200, {"service": "pipeline"})
    [seen] = edge.upstreams["pipeline"].requests("/v1/deals/good")
    assert seen.headers["authorization"] == f"Bearer {token}"


def _unsigned(signer: Signer) -> str:
    def part(data: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    claims = {
        "iss": "pelagic",
        "aud": "pelagic-api",
        "sub": "usr_1",
        "exp": int(time.time()) + 600,
    }
    return f"{part({'alg': 'none', 'kid': signer.kid})}.{part(claims)}."


def _tampered(signer: Signer) -> str:
    head, _, signature = signer.token().split(".")
    claims = base64.urlsafe_b64encode(
        json.dumps(
            {
                "iss": "pelagic",
                "aud": "pelagic-api",
                "tid": "ten_globex",
                "exp": int(time.time()) + 600,
            }
        ).encode()
    )
    return f"{head}.{claims.rstrip(b'=').decode()}.{signature}"


REFUSED = {
    "absent": lambda signer: None,
    "expired": lambda signer: signer.token(exp=int(time.time()) - 60),
    "without expiry": lambda signer: signer.token(exp=None),
    "not yet valid": lambda signer: signer.token(nbf=int(time.time()) + 120),
    "foreign key": lambda signer: Signer().token(),
    "foreign key and name": lambda signer: Signer("k2").token(),
    "unsigned": _unsigned,
    "tampered": _tampered,
    "other issuer": lambda signer: signer.token(iss="somebody"),
    "other audience": lambda signer: signer.token(aud="another-api"),
    "rubbish": lambda signer: "rubbish",
}

CODES = {"absent": "token-missing", "expired": "token-expired"}


@pytest.mark.parametrize("kind", REFUSED)
def test_is_refused_in_our_shape_and_never_reaches_the_service(edge: Edge, kind: str) -> None:
    path = f"/v1/deals/{kind.replace(' ', '-')}"
    answer = edge.get(path, token=REFUSED[kind](edge.signer), X_Request_Id=f"refused-{len(kind)}")
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: answer.json[name] for name in ("status", "code", "instance", "request_id")} == {
        "status": 401,
        "code": CODES.get(kind, "token-invalid"),
        "instance": path,
        "request_id": f"refused-{len(kind)}",
    }
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert edge.upstreams["pipeline"].requests(path) == []


def test_a_token_in_the_query_is_no_token(edge: Edge) -> None:
    answer = edge.raw("GET", f"/v1/deals?access_token={edge.signer.token()}", {})
    assert answer.status == 401


@pytest.mark.parametrize(
    ("method", "path", "service"),
    [
        ("POST", "/v1/tenants", "tenants"),
        ("POST", "/v1/auth/login", "tenants"),
        ("POST", "/v1/auth/refresh", "tenants"),
        ("GET", "/.well-known/jwks.json", "tenants"),
        ("GET", "/openapi.json", "gateway"),
        ("GET", "/docs/", "gateway"),
        ("GET", "/", "gateway"),
        ("GET", "/readyz", "gateway"),
    ],
)
def test_public_addresses_need_no_token(edge: Edge, method: str, path: str, service: str) -> None:
    before = len(edge.upstreams[service].requests(path))
    assert edge.raw(method, path, {}, b"{}" if method == "POST" else None).status == 200
    assert len(edge.upstreams[service].requests(path)) == before + 1


def test_what_lies_beneath_a_public_address_needs_one(edge: Edge) -> None:
    assert edge.raw("GET", "/v1/tenants/current", {}).status == 401


def test_missing_keys_are_our_fault_and_not_the_callers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_edge(tmp_path_factory.mktemp("keyless"), absent=frozenset({"tenants"})) as keyless:
        answer = keyless.get("/v1/deals")
        assert (answer.status, answer.json["code"]) == (503, "keys-unavailable")
        assert keyless.upstreams["pipeline"].seen == []
