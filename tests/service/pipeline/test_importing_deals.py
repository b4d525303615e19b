"""Deals with a past: proven item by item, taken in once, and never round the gate."""

from __future__ import annotations

import pytest

from shared.ids import new_id
from tests.service.pipeline.words import batch, has_deal, ready, takes

pytestmark = pytest.mark.service


def test_a_won_deal_comes_in_with_its_history_as_one_event(acme):
    item = ready(
        external_id="A-1",
        stage="engaging",
        status="won",
        engaged_on="2016-10-20",
        closed_on="2017-03-01",
        owner_id=new_id("usr"),
        owner_unit_id=new_id("unit"),
    )

    answer = batch(acme.admin, [item])

    assert answer.json["summary"] == {"created": 1, "unchanged": 0, "rejected": 0}
    deal = acme.admin.get(f"/v1/deals/{answer.json['results'][0]['id']}").json
    assert (deal["status"], deal["stage"], deal["probability"]) == ("won", "engaging", 100)
    assert (deal["owner_id"], deal["closed_on"]) == (item["owner_id"], "2017-03-01")
    assert deal["history"] == [
        {
            "stage": "engaging",
            "entered_at": "2016-10-20T00:00:00.000Z",
            "left_at": "2017-03-01T00:00:00.000Z",
        }
    ]
    told = acme.events("pipeline")[-1]
    assert (told["type"], told["data"]["deal"]["status"]) == ("crm.deal.created", "won")
    assert told["data"]["deal"]["external_id"] == "A-1"


def test_taking_in_twice_changes_nothing_even_after_work_on_the_deal(acme):
    items = [{"name": "One", "external_id": "A-1"}, {"name": "Two", "external_id": "A-2"}]
    first = batch(acme.admin, items).json
    deal = acme.admin.get(f"/v1/deals/{first['results'][0]['id']}").json
    takes(acme.admin, deal, "lose", {"reason": "Budget"})

    before = acme.stored("pipeline", "deals"), acme.published("pipeline")

    again = batch(acme.admin, items).json

    assert (acme.stored("pipeline", "deals"), acme.published("pipeline")) == before
    assert again["summary"] == {"created": 0, "unchanged": 2, "rejected": 0}
    assert [result["id"] for result in again["results"]] == [result["id"] for result in first["results"]]


def test_each_item_is_judged_on_its_own(acme):
    batch(acme.admin, [{"name": "Here", "external_id": "A-1"}])
    items = [
        {"name": "Good", "external_id": "A-2"},
        {"name": "Changed", "external_id": "A-1"},
        {"name": "Unproven", "external_id": "A-3", "stage": "proposal"},
        {"name": "Unwon", "external_id": "A-4", "status": "won", "closed_on": "2017-03-01"},
        {"nom": "Malformed"},
        {"name": "No such stage", "stage": "daydreaming"},
        {"name": "No reason", "status": "lost", "closed_on": "2017-03-01"},
        {"name": "No such definition", "definition_id": "sdf_00000000000000000000000000"},
        {"name": "Unproven", "external_id": "A-3", "stage": "proposal"},
    ]

    answer = batch(acme.admin, items)

    assert answer.json["summary"] == {"created": 1, "unchanged": 0, "rejected": 8}
    assert [
        [(error["pointer"], error["code"]) for error in result.get("errors", [])] for result in answer.json["results"]
    ] == [
        [],
        [("", "external-id-taken")],
        [
            ("/criteria/engaged_on", "unmet-field-present"),
            ("/criteria/account", "unmet-field-present"),
            ("/criteria/amount", "unmet-amount-at-least"),
            ("/criteria/need_confirmed", "unmet-attestation"),
        ],
        [("/criteria/win_account", "unmet-field-present"), ("/criteria/win_amount", "unmet-field-present")],
        [("/name", "required"), ("/nom", "unknown-field")],
        [("/stage", "not-one-of")],
        [("/lost_reason", "required")],
        [("/definition_id", "unknown-reference")],
        [
            ("/criteria/engaged_on", "unmet-field-present"),
            ("/criteria/account", "unmet-field-present"),
            ("/criteria/amount", "unmet-amount-at-least"),
            ("/criteria/need_confirmed", "unmet-attestation"),
        ],
    ]
    assert [deal["name"] for deal in acme.stored("pipeline", "deals")] == ["Here", "Good"]


def test_five_hundred_at_once_and_no_more(acme):
    items = [{"name": f"Deal {n}", "external_id": f"A-{n}"} for n in range(500)]

    assert batch(acme.admin, items).json["summary"]["created"] == 500
    with acme.unchanged():
        refusal = batch(acme.admin, [*items, {"name": "One too many"}])

    assert (refusal.status, refusal.code) == (422, "validation-failed")


def test_a_batch_needs_an_idempotency_key(acme):
    with acme.unchanged():
        refusal = acme.admin.post("/v1/deals/batch", {"items": [{"name": "One"}]})

    assert refusal.status == 400 or refusal.code == "idempotency-key-required"


def test_a_rep_may_not_import(acme):
    with acme.unchanged():
        assert batch(acme.rep, [{"name": "One"}]).status == 403


def test_a_single_deal_respects_external_ids_too(acme):
    has_deal(acme.rep, external_id="A-1")

    with acme.unchanged():
        refusal = acme.rep.post("/v1/deals", {"name": "Other", "external_id": "A-1"})

    assert (refusal.status, refusal.code) == (409, "external-id-taken")


def _faults(result):
    return [(error["pointer"], error["code"]) for error in result.get("errors", [])]
