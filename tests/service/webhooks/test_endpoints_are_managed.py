"""Subscribing, changing and deleting endpoints through the API, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.webhooks.domain.endpoint import MAX_ENDPOINTS
from tests.service.webhooks.conftest import Post, a_lead, deliveries
from tests.support.company import Company

pytestmark = pytest.mark.service

PATH = "/v1/webhook-endpoints"
GOOD = {"url": "https://hooks.example.com/pelagic", "types": ["crm.deal.*"], "description": "ERP"}


def an_endpoint(company: Company, **fields: Any) -> dict[str, Any]:
    answer = company.admin.post(PATH, {**GOOD, **fields})
    assert answer.status == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def test_created_endpoint_shows_its_secret_once(acme: Company) -> None:
    answer = acme.admin.post(PATH, GOOD)
    assert answer.status == 201
    assert answer.json["secret"].startswith("whsec_")
    assert answer.etag == '"1"'
    shown = acme.admin.get(f"{PATH}/{answer.json['id']}")
    assert shown.json == {name: value for name, value in answer.json.items() if name != "secret"}
    assert (shown.json["state"], shown.json["types"]) == ("enabled", ["crm.deal.*"])
    assert acme.published("webhooks") == ["crm.webhook_endpoint.created"]


def test_secret_is_in_no_list_event_or_log(acme: Company, capfd: pytest.CaptureFixture[str]) -> None:
    endpoint = an_endpoint(acme)
    path = f"{PATH}/{endpoint['id']}"
    rotated = acme.admin.post(f"{path}/rotate-secret", if_match=1).json
    acme.pump()
    seen = [acme.admin.get(PATH).json, acme.admin.get(path).json, acme.events("webhooks")]
    seen += [acme.stored("webhooks", name) for name in ("endpoints", "feed", "deliveries", "inbox")]
    told = json.dumps(seen, default=repr) + "".join(capfd.readouterr())
    for secret in (endpoint["secret"], rotated["secret"]):
        assert secret not in told
        assert secret.removeprefix("whsec_") not in told


def test_change_needs_the_current_version(acme: Company) -> None:
    path = f"{PATH}/{an_endpoint(acme)['id']}"
    with acme.unchanged():
        assert acme.admin.patch(path, {"description": "x"}).status == 428
        assert acme.admin.patch(path, {"description": "x"}, if_match=7).status == 412
        assert acme.admin.post(f"{path}/rotate-secret").status == 428
        assert acme.admin.post(f"{path}/rotate-secret", if_match=7).status == 412
        assert acme.admin.delete(path).status == 428
        assert acme.admin.delete(path, if_match=7).status == 412
    changed = acme.admin.patch(path, {"types": ["*"], "state": "disabled"}, if_match=1)
    assert (changed.status, changed.etag, changed.json["disabled_reason"]) == (200, '"2"', "manual")
    event = acme.events("webhooks")[-1]
    assert event["type"] == "crm.webhook_endpoint.disabled"
    assert event["data"]["changes"]["types"] == {"from": ["crm.deal.*"], "to": ["*"]}


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"url": "http://hooks.example.com/"}, "/url", "not-https"),
        ({"url": "https://169.254.169.254/latest"}, "/url", "address-not-allowed"),
        ({"url": "https://2130706433/"}, "/url", "address-not-allowed"),
        ({"url": "https://a:b@example.com/"}, "/url", "url-has-credentials-or-fragment"),
        ({"url": "nowhere"}, "/url", "not-a-url"),
        ({"types": []}, "/types", "too-few-items"),
        ({"types": ["crm.deal.*", "crm.deal.exploded"]}, "/types/1", "unknown-event-type"),
        ({"secret": "whsec_mine"}, "/secret", "unknown-field"),
        ({"description": 7}, "/description", "not-text"),
    ],
)
def test_unusable_endpoint_is_refused(acme: Company, fields: dict[str, Any], pointer: str, code: str) -> None:
    path = f"{PATH}/{an_endpoint(acme)['id']}"
    with acme.unchanged():
        for answer in (
            acme.admin.post(PATH, {**GOOD, **fields}),
            acme.admin.patch(path, fields, if_match=1),
        ):
            assert answer.status == 422
            assert [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]] == [(pointer, code)]
            assert all(fault["message"] for fault in answer.json["errors"])


def test_number_of_endpoints_is_limited(acme: Company) -> None:
    for _ in range(MAX_ENDPOINTS):
        an_endpoint(acme)
    with acme.unchanged():
        refusal = acme.admin.post(PATH, GOOD)
        assert (refusal.status, refusal.code) == (409, "too-many-endpoints")


def test_who_may_not_manage_may_not(acme: Company) -> None:
    path = f"{PATH}/{an_endpoint(acme)['id']}"
    with acme.unchanged():
        for person in (acme.rep, acme.manager, acme.as_("executive")):
            assert person.post(PATH, GOOD).status == 403
            assert person.patch(path, {"description": "x"}, if_match=1).status == 403
            assert person.post(f"{path}/rotate-secret", if_match=1).status == 403
            assert person.post(f"{path}/test").status == 403
            assert person.delete(path, if_match=1).status == 403
        assert acme.rep.get(PATH).status == 403
    assert acme.as_("executive").get(path).status == 200


def test_foreign_endpoint_does_not_exist(acme: Company, globex: Company) -> None:
    path = f"{PATH}/{an_endpoint(acme)['id']}"
    with acme.unchanged(), globex.unchanged():
        assert globex.admin.get(path).status == 404
        assert globex.admin.patch(path, {"description": "x"}, if_match=1).status == 404
        assert globex.admin.post(f"{path}/rotate-secret", if_match=1).status == 404
        assert globex.admin.post(f"{path}/test").status == 404
        assert globex.admin.delete(path, if_match=1).status == 404
    assert globex.admin.get(PATH).json["data"] == []


def test_lists_are_filtered_and_newest_first(acme: Company) -> None:
    first, second = an_endpoint(acme), an_endpoint(acme)
    acme.admin.patch(f"{PATH}/{first['id']}", {"state": "disabled"}, if_match=1)
    assert [row["id"] for row in acme.admin.get(PATH).json["data"]] == [second["id"], first["id"]]
    disabled = acme.admin.get(f"{PATH}?filter[state]=disabled").json["data"]
    assert [row["id"] for row in disabled] == [first["id"]]


def test_deliveries_are_found_by_endpoint_and_status(acme: Company, globex: Company) -> None:
    mine = an_endpoint(acme, types=["crm.lead.*"])
    an_endpoint(acme, types=["*"])
    acme.pump()
    a_lead(acme)
    [delivery] = deliveries(acme.admin, f"?filter[endpoint_id]={mine['id']}&filter[status]=pending")
    assert (delivery["event_type"], delivery["attempt_count"]) == ("crm.lead.created", 0)
    path = f"/v1/webhook-deliveries/{delivery['id']}"
    assert acme.admin.get(path).json["event"]["type"] == "crm.lead.created"
    assert deliveries(acme.admin, "?filter[status]=failed") == []
    with acme.unchanged():
        assert globex.admin.get(path).status == 404
        assert globex.admin.post(f"{path}/resend").status == 404
        assert acme.rep.get(path).status == 403
        assert acme.admin.post(f"{path}/resend").code == "delivery-pending"


def test_nothing_is_sent_again_to_an_endpoint_that_does_not_listen(acme: Company, post: Post) -> None:
    endpoint = an_endpoint(acme, types=["crm.lead.*"])
    acme.pump()
    a_lead(acme)
    [delivery] = deliveries(acme.admin)
    path, again = f"{PATH}/{endpoint['id']}", f"/v1/webhook-deliveries/{delivery['id']}/resend"
    acme.admin.patch(path, {"state": "disabled"}, if_match=1)
    with acme.unchanged():
        assert acme.admin.post(again).code == "endpoint-disabled"
        assert acme.admin.post(f"{path}/test").code == "endpoint-disabled"
    acme.admin.delete(path, if_match=2)
    post.send()
    with acme.unchanged():
        assert acme.admin.post(again).code == "endpoint-gone"
        assert acme.admin.post(f"{path}/test").status == 404
