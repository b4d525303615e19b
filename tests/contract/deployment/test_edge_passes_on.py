"""What the edge passes on and what it keeps to itself: headers, paths, bodies, repetitions, the log."""

import socket

import pytest

from tests.support.edge import Edge, running_edge

pytestmark = pytest.mark.contract

SPOOFED = [
    "X-Pelagic-Tenant",
    "x-PELAGIC-principal",
    "X-Tenant-Id",
    "x-tenant",
    "X-TENANT-ID",
    "X-Principal",
    "x-principal-roles",
    "X-User-Id",
    "X-Roles",
    "X-Auth-Request-User",
    "X-Envoy-Upstream-Rq-Timeout-Ms",
    "x-envoy-max-retries",
    "X-Envoy-Original-Path",
    "X-Original-URL",
    "X-Rewrite-Url",
    "X-Forwarded-Host",
    "X-Forwarded-User",
    "Forwarded",
    "X-Real-IP",
    "True-Client-IP",
    "X-HTTP-Method-Override",
    "X_Tenant_Id",
    "X_Pelagic_Tenant",
]


@pytest.mark.parametrize("name", SPOOFED)
def test_a_header_that_would_pass_for_ours_does_not_arrive(edge: Edge, name: str) -> None:
    path = f"/v1/leads/spoofed-{SPOOFED.index(name)}"
    answer = edge.raw(
        "GET",
        path,
        {name: "ten_globex", "Authorization": f"Bearer {edge.signer.token()}"},
    )
    assert answer.status == 200
    [seen] = edge.upstreams["leads"].requests(path)
    assert "ten_globex" not in seen.headers.values()


def test_where_a_request_comes_from_is_what_the_connection_says(edge: Edge) -> None:
    edge.get("/v1/leads/origin", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")
    [seen] = edge.upstreams["leads"].requests("/v1/leads/origin")
    assert seen.headers["x-forwarded-proto"] == "http"
    assert "203.0.113.7" not in seen.headers["x-forwarded-for"]


def test_an_id_and_a_trace_are_kept_or_given(edge: Edge) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = edge.get("/v1/leads/kept", X_Request_Id="req_mine", traceparent=trace)
    [seen] = edge.upstreams["leads"].requests("/v1/leads/kept")
    assert (seen.headers["x-request-id"], seen.headers["traceparent"]) == (
        "req_mine",
        trace,
    )
    assert answer.headers["x-request-id"] == "req_mine"
    given = edge.get("/v1/leads/given")
    [seen] = edge.upstreams["leads"].requests("/v1/leads/given")
    assert len(seen.headers["x-request-id"]) == 36
    assert given.headers["x-request-id"] == seen.headers["x-request-id"]


def test_an_address_that_is_not_in_the_table_is_not_found(edge: Edge) -> None:
    answer = edge.get("/v1/nothing")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: answer.json[name] for name in ("status", "code", "title", "errors")} == {
        "status": 404,
        "code": "route-not-found",
        "title": "No such address",
        "errors": [],
    }


@pytest.mark.parametrize(
    "path",
    ["/v1/dealsandmore", "/v1/report", "/internal", "/metrics", "/stats", "/v2/deals"],
)
def test_a_similar_address_is_not_the_same(edge: Edge, path: str) -> None:
    assert edge.get(path).status == 404


def test_an_address_has_one_spelling(edge: Edge) -> None:
    assert edge.get("//v1///deals//spelled").status == 200
    assert edge.get("/v1/leads/../deals/spelled").status == 200
    assert len(edge.upstreams["pipeline"].requests("/v1/deals/spelled")) == 2


@pytest.mark.parametrize("path", ["/v1/leads/..%2fdeals", "/v1/leads%2Fx", "/v1/leads/%5c..%5cdeals"])
def test_an_escaped_slash_is_refused(edge: Edge, path: str) -> None:
    answer = edge.get(path)
    assert (answer.status, answer.json["code"]) == (400, "malformed")


def test_a_public_address_is_no_way_into_a_private_one(edge: Edge) -> None:
    assert edge.raw("GET", "/v1/auth/../deals/around", {}).status == 401
    assert edge.upstreams["pipeline"].requests("/v1/deals/around") == []


def test_a_body_over_the_limit_is_refused_before_the_service(edge: Edge) -> None:
    fits = edge.post("/v1/leads", body=b"x" * 1_000_000)
    assert fits.status == 200
    answer = edge.post("/v1/accounts", body=b"x" * 1_100_000)
    assert (answer.status, answer.json["code"]) == (413, "body-too-large")
    assert edge.upstreams["accounts"].requests("/v1/accounts") == []


def test_a_batch_may_be_larger(edge: Edge) -> None:
    answer = edge.post("/v1/leads/batch", body=b"x" * 4_000_000)
    assert answer.status == 200
    assert len(edge.upstreams["leads"].requests("/v1/leads/batch")[-1].body) == 4_000_000
    assert edge.post("/v1/leads/batch", body=b"x" * 8_500_000).status == 413


@pytest.mark.parametrize(
    ("method", "attempts"),
    [("GET", 3), ("HEAD", 3), ("POST", 1), ("PATCH", 1), ("DELETE", 1)],
)
def test_only_what_changes_nothing_is_tried_again(edge: Edge, method: str, attempts: int) -> None:
    path = f"/v1/pools/{method.lower()}/breaks"
    answer = edge.request(
        method,
        path,
        token=edge.signer.token(),
        body=b"{}" if method in ("POST", "PATCH") else None,
    )
    assert answer.status == 503
    assert len(edge.upstreams["leads"].requests(path)) == attempts
    if method != "HEAD":
        assert answer.json["code"] == "unavailable"


def test_a_service_that_is_away_is_a_503_that_says_when_to_come_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_edge(tmp_path_factory.mktemp("away"), absent=frozenset({"reporting"})) as edge:
        answer = edge.get("/v1/reports/pipeline")
        assert (answer.status, answer.json["code"], answer.headers["retry-after"]) == (
            503,
            "unavailable",
            "1",
        )
        assert edge.get("/v1/deals").status == 200


def test_the_log_knows_the_tenant_of_a_verified_token_and_no_secret(edge: Edge) -> None:
    token = edge.signer.token()
    edge.get(
        "/v1/deals/logged?filter[name]=secret-query",
        token=token,
        X_Request_Id="logged-good",
    )
    line = edge.access_log("logged-good")
    assert {name: line[name] for name in ("tenant_id", "path", "route", "status", "upstream")} == {
        "tenant_id": "ten_acme",
        "path": "/v1/deals/logged",
        "route": "/v1/deals",
        "status": 200,
        "upstream": "pipeline",
    }
    edge.get("/v1/deals/logged", token=edge.signer.token(exp=1), X_Request_Id="logged-bad")
    assert edge.access_log("logged-bad")["tenant_id"] is None
    text = edge.log.read_text()
    assert token not in text
    assert "secret-query" not in text


def test_nothing_says_what_it_is_made_of(edge: Edge) -> None:
    answer = edge.get("/v1/deals/plain")
    assert "server" not in answer.headers
    assert [name for name in answer.headers if name.startswith("x-envoy")] == []


def test_two_ways_to_end_a_body_are_refused(edge: Edge) -> None:
    head = (
        "POST /v1/deals/smuggled HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n"
        f"Authorization: Bearer {edge.signer.token()}\r\n\r\n0\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", edge.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")
    assert edge.upstreams["pipeline"].requests("/v1/deals/smuggled") == []
