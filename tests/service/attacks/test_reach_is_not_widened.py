"""Attacks from inside a company: nobody reads, learns of or writes what lies beyond their reach."""

from __future__ import annotations

from typing import Any

import pytest

from shared.ids import new_id
from tests.service.pipeline.words import batch, has_deal
from tests.support.company import Company, Person

pytestmark = pytest.mark.service


def manager_of(company: Company, unit_id: str) -> Person:
    """A sales manager whose reach is one unit of their own."""
    return Person(company, new_id("usr"), ("sales_manager",), unit_id, (unit_id,))


def kept(company: Company, service: str, collection: str) -> tuple[list[Any], list[str]]:
    """What is stored and published; that a batch was answered is remembered under its key, refused or not."""
    return company.stored(service, collection), company.published(service)


@pytest.fixture
def west(acme: Company) -> Person:
    return manager_of(acme, new_id("unit"))


@pytest.fixture
def east(acme: Company) -> Person:
    return manager_of(acme, new_id("unit"))


def test_an_import_puts_no_deal_into_the_books_of_a_unit_beyond_reach(acme, west, east):
    items = [
        {"name": "For a colleague elsewhere", "owner_id": east.id, "owner_unit_id": east.unit_id},
        {"name": "For a colleague without a unit", "owner_id": east.id},
        {"name": "Mine, but in their unit", "owner_id": west.id, "owner_unit_id": east.unit_id},
    ]
    before = kept(acme, "pipeline", "deals")

    answer = batch(west, items)

    assert kept(acme, "pipeline", "deals") == before
    assert answer.json["summary"] == {"created": 0, "unchanged": 0, "rejected": 3}
    faults = [(error["pointer"], error["code"]) for result in answer.json["results"] for error in result["errors"]]
    assert faults == [
        ("/owner_id", "unknown-reference"), ("/owner_id", "unknown-reference"), ("/owner_unit_id", "unknown-reference")
    ]  # fmt: skip


def test_an_import_may_name_an_owner_within_reach(acme, west):
    colleague = new_id("usr")
    items = [
        {"name": "For a colleague", "owner_id": colleague, "owner_unit_id": west.unit_id},
        {"name": "Mine"},
        {"name": "Mine by name", "owner_id": west.id, "owner_unit_id": west.unit_id},
    ]

    assert batch(west, items).json["summary"] == {"created": 3, "unchanged": 0, "rejected": 0}
    assert {deal["owner_id"] for deal in acme.stored("pipeline", "deals")} == {colleague, west.id}


def test_a_batch_cannot_hang_an_account_below_one_its_importer_cannot_see(acme, west):
    acme.admin.post("/v1/accounts", {"name": "Hidden", "external_id": "erp-1"})
    items = [
        {"name": "Pretender", "external_id": "erp-1"},
        {"name": "Child", "external_id": "erp-2", "parent_external_id": "erp-1"},
        {"name": "Grandchild", "parent_external_id": "erp-2"},
    ]
    before = kept(acme, "accounts", "accounts")

    answer = batch(west, items, "/v1/accounts/batch")

    assert kept(acme, "accounts", "accounts") == before
    assert answer.status == 200, answer.json
    assert [[error["code"] for error in result["errors"]] for result in answer.json["results"]] == [
        ["external-id-taken"], ["unknown-reference"], ["unknown-reference"]
    ]  # fmt: skip


def test_a_claim_does_not_tell_that_a_colleagues_lead_exists(acme):
    lead = acme.as_("sales_rep", "other").post("/v1/leads", {"company_name": "Secret"}).json
    with acme.unchanged():
        hidden = acme.rep.post(f"/v1/leads/{lead['id']}/claim")
        missing = acme.rep.post(f"/v1/leads/{new_id('lead')}/claim")

    assert (hidden.status, hidden.code) == (missing.status, missing.code) == (404, "not-found")


def test_what_is_beyond_reach_is_missing_from_every_way_to_a_deal(acme):
    deal = has_deal(acme.as_("sales_rep", "other"), external_id="A-1")
    at, rep = f"/v1/deals/{deal['id']}", acme.rep
    with acme.unchanged():
        answers = [
            rep.get(at),
            rep.get(f"{at}/stage"),
            rep.patch(at, {"name": "Mine"}, if_match=1),
            rep.post(f"{at}/advance", {}, if_match=1),
            rep.post(f"{at}/win", {}, if_match=1),
            rep.post(f"{at}/lose", {"reason": "x"}, if_match=1),
            rep.post(f"{at}/criteria/need_confirmed/meet", {"attested_by": "I"}, if_match=1),
            rep.post(f"{at}/criteria/need_confirmed/revoke", {"reason": "x"}, if_match=1),
            rep.post(f"{at}/transfer", {"owner_id": rep.id}, if_match=1),
        ]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "not-found")] * 9
    for query in ("", "?filter[external_id]=A-1", f"?filter[owner_id]={deal['owner_id']}", "?count=estimate"):
        page = rep.get(f"/v1/deals{query}").json
        assert (page["data"], page["page"].get("estimate", 0)) == ([], 0)


def test_a_report_asked_for_somebody_else_adds_nothing_to_ones_reach(acme):
    other = acme.as_("sales_rep", "other")
    has_deal(other, amount={"amount_minor": 500, "currency": "USD"})
    acme.pump()

    assert acme.admin.get("/v1/reports/outcomes").json["count"] == 1
    for query in ("", f"?owner={other.id}", f"?unit={acme.unit_id}", f"?unit={acme.unit_id}&owner={other.id}"):
        assert acme.rep.get(f"/v1/reports/outcomes{query}").json["count"] == 0


def test_a_contact_is_neither_made_nor_moved_to_an_account_beyond_reach(acme):
    hidden = acme.as_("sales_rep", "other").post("/v1/accounts", {"name": "Hidden", "external_id": "erp-1"}).json
    mine = acme.rep.post("/v1/accounts", {"name": "Mine"}).json
    contact = acme.rep.post("/v1/contacts", {"account_id": mine["id"], "name": "Chen Wei"}).json
    with acme.unchanged():
        made = acme.rep.post("/v1/contacts", {"account_id": hidden["id"], "name": "Spy"})
        moved = acme.rep.patch(f"/v1/contacts/{contact['id']}", {"account_id": hidden["id"]}, if_match=1)
        below = acme.rep.patch(f"/v1/accounts/{mine['id']}", {"parent_account_id": hidden["id"]}, if_match=1)

    assert [(answer.status, answer.json["errors"][0]["code"]) for answer in (made, moved, below)] == [
        (422, "unknown-reference")
    ] * 3


def test_nobody_but_an_administrator_gives_out_roles(acme):
    acme = Company.signed_up(acme.platform, "acme")
    user = {"name": "Eve", "email": "eve@acme.example", "roles": ["sales_rep"], "unit_id": acme.unit_id}
    eve = acme.admin.post("/v1/users", user).json
    powerless = [Person(acme, eve["id"], (role,), acme.unit_id) for role in ("sales_rep", "sales_manager", "executive")]
    with acme.unchanged():
        answers = [
            person.patch(f"/v1/users/{eve['id']}", {"roles": ["tenant_admin"]}, if_match=1) for person in powerless
        ]
        answers += [person.post("/v1/users", {**user, "email": "x@acme.example"}) for person in powerless]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "permission-missing")}


def test_fields_that_are_not_the_callers_to_set_are_refused(acme):
    stolen = {"owner_id": acme.rep.id, "tenant_id": "ten_x", "version": 9, "id": new_id("deal"), "_id": "x"}
    with acme.unchanged():
        for path, body in (
            ("/v1/deals", {"name": "x", "status": "won", "stage": "closing", "probability": 100}),
            ("/v1/leads", {"company_name": "x", "state": "held", "pooled_at": "2026-01-01T00:00:00Z"}),
            ("/v1/accounts", {"name": "x", "digest": "0", "created_from_lead": new_id("lead")}),
        ):
            answer = acme.rep.post(path, {**body, **stolen})
            unknown = {error["pointer"][1:] for error in answer.json["errors"] if error["code"] == "unknown-field"}
            assert answer.status == 422 and stolen.keys() <= unknown


def test_the_feed_keeps_events_of_other_units_from_a_manager(acme, west, east):
    secret = has_deal(east)
    acme.pump()

    page = west.get("/v1/events").json
    assert secret["id"] not in str(page) and page["page"]["caught_up"]
    assert east.get("/v1/events?types=crm.deal.*").json["data"][0]["subject"] == f"deal/{secret['id']}"
    assert acme.rep.get("/v1/events").status == 403
