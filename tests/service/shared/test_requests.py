"""One request at the edge: who may, what is read, what is answered, and that a refusal leaves nothing behind."""

import json

import orjson
import pytest

from tests.service.shared.conftest import Clerk

pytestmark = pytest.mark.service


def problem(response):
    assert response.content_type == "application/problem+json"
    body = response.json
    assert set(body) == {
        "type", "title", "status", "detail", "instance", "code", "params", "request_id", "errors",
    }  # fmt: skip
    assert (body["status"], body["type"]) == (response.status_code, f"/problems/{body['code']}")
    assert body["request_id"] == response.headers["X-Request-Id"]
    return response.status_code, body["code"]


def faults(response):
    return {(error["pointer"], error["code"]) for error in response.json["errors"]}


def test_a_created_thing_comes_with_its_version_and_place(clerk, stored):
    response = clerk.post("/v1/things", {"name": " lamp ", "price": {"amount_minor": 1999, "currency": "EUR"}})

    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert response.headers["Location"] == f"/v1/things/{response.json['id']}"
    assert response.json["name"] == "lamp"
    assert response.json["price"] == {"amount_minor": 1999, "currency": "EUR"}
    assert response.json["created_at"][-5:-4] == "." and response.json["created_at"].endswith("Z")
    assert (stored("things"), stored("outbox")) == (1, 1)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token-missing"),
        ("Basic eHh4", "token-missing"),
        ("Bearer ", "token-missing"),
        ("Bearer nonsense", "token-invalid"),
        ("Bearer \u00e9.\u00e9.\u00e9", "token-invalid"),
    ],
)
def test_without_a_token_of_ours_nobody_gets_in(shelf_app, header, code):
    response = shelf_app.test_client().get("/v1/things", headers={"Authorization": header} if header else {})

    assert problem(response) == (401, code)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_missing_permission_is_named(shelf_app, tenant_id):
    analyst = Clerk(shelf_app, tenant_id, "finance")

    assert analyst.get("/v1/things").status_code == 200
    response = analyst.post("/v1/things", {"name": "lamp"})
    assert problem(response) == (403, "permission-missing")
    assert response.json["params"] == {"permission": "deal.create"}
    assert "deal.create" in response.json["detail"]


def test_another_tenants_thing_and_a_colleagues_look_as_if_they_were_not_there(clerk, shelf_app, tenant_id):
    thing = clerk.post("/v1/things", {"name": "lamp"}).json["id"]
    stranger = Clerk(shelf_app, "ten_other", "tenant_admin")
    colleague = Clerk(shelf_app, tenant_id, "sales_rep", user="usr_2")

    seen = [caller.get(f"/v1/things/{thing}") for caller in (stranger, colleague)]
    nothing = clerk.get("/v1/things/deal_nothing")
    assert [problem(response) for response in seen] == [(404, "not-found")] * 2
    assert {tuple(sorted(response.headers.keys())) for response in [*seen, nothing]} == {
        tuple(sorted(nothing.headers.keys()))
    }
    assert colleague.get("/v1/things").json["data"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("{", "application/json", (400, "malformed-json")),
        (b"\xff\xfe", "application/json", (400, "malformed-json")),
        ('{"name":"\\ud800"}', "application/json", (400, "malformed-json")),
        ("[" * 5000, "application/json", (400, "malformed-json")),
        ("name=x", "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
        ("[]", "application/json", (422, "validation-failed")),
        ("null", "application/json", (422, "validation-failed")),
        ("", "application/json", (422, "validation-failed")),
        ('{"name": 3}', "application/json", (422, "validation-failed")),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(clerk, stored, body, content_type, expected):
    response = clerk.call("POST", "/v1/things", data=body, content_type=content_type)

    assert problem(response) == expected
    assert (stored("things"), stored("outbox")) == (0, 0)


def test_every_fault_is_pointed_at_in_the_callers_language(clerk):
    body = {"name": "x" * 51, "price": {"amount_minor": -1.5, "currency": "EUX", "tip": 1}, "colour/tone": 1}
    response = clerk.post("/v1/things", body, Accept_Language="zh;q=0.9, en;q=0.2")

    assert problem(response) == (422, "validation-failed")
    assert faults(response) == {
        ("/name", "too-long"),
        ("/price/amount_minor", "not-an-integer"),
        ("/price/currency", "not-a-currency"),
        ("/price/tip", "unknown-field"),
        ("/colour~1tone", "unknown-field"),
    }
    messages = {error["code"]: error["message"] for error in response.json["errors"]}
    assert messages["too-long"] == "最多 50 个字符。"
    assert response.headers["Content-Language"] == "zh-CN"


def test_a_named_refusal_carries_its_data_and_text(clerk, stored):
    response = clerk.post("/v1/things", {"name": "taken"})

    assert problem(response) == (409, "name-taken")
    assert (response.json["params"], response.json["detail"]) == ({"name": "taken"}, "taken is on the shelf.")
    assert (stored("things"), stored("outbox")) == (0, 0)


def test_our_own_mistakes_say_nothing_of_the_inside(clerk):
    response = clerk.post("/v1/things", {"name": "broken"})

    assert problem(response) == (500, "internal")
    assert "recipe" not in response.get_data(as_text=True)


def test_no_route_and_no_method_answer_in_the_same_form(clerk):
    assert problem(clerk.get("/v1/nothing")) == (404, "route-not-found")
    response = clerk.call("DELETE", "/v1/things")
    assert problem(response) == (405, "method-not-allowed")
    assert "POST" in response.headers["Allow"]


def test_a_body_beyond_all_measure_is_refused(clerk):
    response = clerk.call("POST", "/v1/things", data=b" " * (8 * 1024 * 1024 + 1), content_type="application/json")
    assert problem(response) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (428, "if-match-required")),
        ("1", (400, "if-match-malformed")),
        ('W/"1"', (400, "if-match-malformed")),
        ('"1", "2"', (400, "if-match-malformed")),
        ("*", (400, "if-match-malformed")),
        ('"2"', (412, "stale")),
    ],
)
def test_a_change_names_the_version_it_is_based_on(clerk, stored, header, expected):
    thing = clerk.post("/v1/things", {"name": "lamp"}).json["id"]
    response = clerk.patch(f"/v1/things/{thing}", {"name": "lantern"}, **({"If_Match": header} if header else {}))

    assert problem(response) == expected
    assert clerk.get(f"/v1/things/{thing}").json["name"] == "lamp"
    assert stored("outbox") == 1

    changed = clerk.patch(f"/v1/things/{thing}", {"name": "lantern"}, If_Match='"1"')
    assert (changed.status_code, changed.headers["ETag"], changed.json["name"]) == (200, '"2"', "lantern")


def test_a_usable_request_id_comes_back_and_any_other_is_replaced(clerk):
    assert clerk.get("/v1/things", X_Request_Id="abc-1.2:3").headers["X-Request-Id"] == "abc-1.2:3"
    for bad in ("x" * 65, "a b", "<script>", "\u00e9"):
        assert clerk.get("/v1/things", X_Request_Id=bad).headers["X-Request-Id"].startswith("req_")


def test_a_caller_without_patience_is_told_that_time_ran_out(clerk):
    response = clerk.get("/v1/things", X_Request_Timeout_Ms="0")

    assert problem(response) == (503, "timed-out")
    assert response.headers["Retry-After"] == "1"


def test_a_batch_rejects_items_one_by_one(clerk):
    items = [{"name": "a"}, {"name": "taken"}, {"nmae": "b"}, "c"]
    response = clerk.post("/v1/things/batch", {"items": items}, Idempotency_Key="k")

    assert response.status_code == 200
    results = response.json["results"]
    assert [(result["index"], result["status"]) for result in results] == [
        (0, "created"), (1, "rejected"), (2, "rejected"), (3, "rejected"),
    ]  # fmt: skip
    assert results[1]["errors"] == [
        {"pointer": "", "code": "name-taken", "params": {"name": "taken"}, "message": "taken is on the shelf."}
    ]
    assert {(error["pointer"], error["code"]) for error in results[2]["errors"]} == {
        ("/name", "required"), ("/nmae", "unknown-field"),
    }  # fmt: skip
    assert response.json["summary"] == {"created": 1, "unchanged": 0, "rejected": 3}


@pytest.mark.parametrize(
    ("items", "code"), [([], "too-few-items"), ([{}] * 501, "too-many-items"), ({}, "not-a-list"), (None, "null")]
)
def test_a_batch_of_the_wrong_size_or_kind_is_refused_whole(clerk, items, code):
    response = clerk.post("/v1/things/batch", {"items": items}, Idempotency_Key="k")

    assert problem(response) == (422, "validation-failed")
    assert faults(response) == {("/items", code)}


def test_an_answer_other_than_declared_fails_in_tests(clerk):
    assert clerk.get("/v1/lies/none").status_code == 200
    assert [clerk.get(f"/v1/lies/{kind}").status_code for kind in ("extra", "type", "null")] == [500, 500, 500]


def test_health_and_version_need_no_token(shelf_app):
    client = shelf_app.test_client()
    assert client.get("/livez").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "mongodb": "up"}
    assert client.get("/version").json["service"] == "shelf"
    assert client.get("/v1/open").status_code == 200


def test_the_document_describes_every_route(shelf_app):
    document = json.loads(shelf_app.test_client().get("/openapi.json").data)

    assert document["openapi"] == "3.1.0"
    change = document["paths"]["/v1/things/{thing_id}"]["patch"]
    assert (change["x-permission"], change["x-if-match"], change["x-idempotency"]) == ("deal.update", True, "none")
    assert change["summary"] == "Give a thing another name."
    assert "example" in change["requestBody"]["content"]["application/json"]
    assert {"400", "401", "403", "404", "409", "412", "422", "428", "429"} <= set(change["responses"])
    assert "application/problem+json" in change["responses"]["412"]["content"]
    assert document["paths"]["/v1/open"]["get"]["security"] == []
    assert document["paths"]["/v1/things/batch"]["post"]["x-idempotency"] == "required"
    assert set(document["components"]["schemas"]["Thing" + "Out"]["required"]) >= {"id", "version", "name", "price"}
    assert orjson.dumps(document)
