"""Converting: the lead hands out all ids at once and tells the other services in one event."""

import pytest

from shared.ids import new_id
from tests.service.leads.story import a_lead, a_pooled_lead, act, convert, lead_events, told

pytestmark = pytest.mark.service

PERSON = {"name": "Liu Yang", "title": "CTO", "email": "liu.yang@example.com", "phone": "+86 10 5555 0101"}
DEAL = {"name": "Wind park controls"}


def test_a_converted_lead_hands_out_all_ids_and_is_closed(acme):
    lead = a_lead(acme.rep, person=PERSON)
    answer = convert(acme.rep, lead, {"deal": DEAL})

    assert (answer.status, answer.etag) == (200, '"2"')
    converted = answer.json
    assert converted["state"] == "converted"
    assert [converted[name][:4] for name in ("account_id", "contact_id", "deal_id")] == ["acc_", "con_", "deal"]
    [holding] = acme.stored("leads", "holdings")
    assert (holding["end_reason"], holding["to"] is None) == ("converted", False)


def test_one_event_carries_what_the_other_services_need(acme):
    amount = {"amount_minor": 1_250_000, "currency": "USD"}
    product = new_id("prod")
    lead = a_lead(
        acme.rep,
        person=PERSON,
        industry="energy",
        website="https://nordic.example",
        country="NO",
        estimated_amount=amount,
        product_ids=[product],
    )
    converted = convert(acme.rep, lead, {"deal": {**DEAL, "expected_close_on": "2026-12-01"}}).json

    assert told(acme) == ["created", "converted"]
    data = lead_events(acme)[-1]["data"]
    assert {name: data[name] for name in ("account_id", "contact_id", "deal_id")} == {
        name: converted[name] for name in ("account_id", "contact_id", "deal_id")
    }
    assert data["account"] == {
        "name": "Nordic Wind Power",
        "industry": "energy",
        "website": "https://nordic.example",
        "country": "NO",
    }
    assert data["contact"] == PERSON
    assert data["deal"] == {
        "name": "Wind park controls",
        "amount": amount,
        "expected_close_on": "2026-12-01",
        "product_ids": [product],
    }
    assert (data["owner_id"], data["owner_unit_id"]) == (acme.rep.id, acme.unit_id)


def test_account_contact_and_deal_appear_under_those_ids_with_the_same_owner(acme):
    converted = convert(acme.rep, a_lead(acme.rep, person=PERSON), {"deal": DEAL}).json
    acme.pump()

    account = acme.rep.get(f"/v1/accounts/{converted['account_id']}").json
    contact = acme.rep.get(f"/v1/contacts/{converted['contact_id']}").json
    deal = acme.rep.get(f"/v1/deals/{converted['deal_id']}").json
    assert (account["name"], account["owner_id"]) == ("Nordic Wind Power", acme.rep.id)
    assert (account["created_from_lead"], contact["created_from_lead"]) == (converted["id"], converted["id"])
    assert (contact["name"], contact["account_id"]) == ("Liu Yang", account["id"])
    assert (deal["name"], deal["account_id"], deal["owner_id"]) == ("Wind park controls", account["id"], acme.rep.id)


def test_existing_records_are_kept_and_nothing_is_made_in_their_place(acme):
    account = acme.rep.post("/v1/accounts", {"name": "Nordic Holding"}).json
    converted = convert(acme.rep, a_lead(acme.rep, person=PERSON), {"account_id": account["id"]}).json
    acme.pump()

    assert converted["account_id"] == account["id"]
    assert converted["deal_id"] is None
    assert lead_events(acme)[-1]["data"]["account"] is None
    assert [stored["_id"] for stored in acme.stored("accounts", "accounts")] == [account["id"]]
    assert acme.rep.get(f"/v1/contacts/{converted['contact_id']}").json["account_id"] == account["id"]
    assert acme.stored("pipeline", "deals") == []


def test_a_lead_that_knows_nobody_yields_no_contact(acme):
    converted = convert(acme.rep, a_lead(acme.rep)).json
    acme.pump()

    assert converted["contact_id"] is None
    assert acme.stored("accounts", "contacts") == []


def test_a_conversion_needs_an_idempotency_key(acme):
    lead = a_lead(acme.rep)
    with acme.unchanged():
        refusal = act(acme.rep, lead, "convert", {})

    assert (refusal.status, refusal.code) == (400, "idempotency-key-required")


def test_repeated_with_its_key_it_answers_the_same_ids_and_tells_once(acme):
    lead = a_lead(acme.rep, person=PERSON)
    first = act(acme.rep, lead, "convert", {"deal": DEAL}, key="convert-1")
    again = act(acme.rep, lead, "convert", {"deal": DEAL}, key="convert-1")

    assert (again.status, again.json, again.headers["Idempotency-Replayed"]) == (200, first.json, "true")
    assert told(acme) == ["created", "converted"]


def test_it_is_converted_once(acme):
    lead = a_lead(acme.rep)
    converted = convert(acme.rep, lead).json
    with acme.unchanged():
        refusal = convert(acme.rep, converted)

    assert (refusal.status, refusal.code) == (409, "lead-closed")


def test_a_pooled_lead_is_claimed_before_it_is_converted(acme):
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        refusal = convert(acme.rep, lead)

    assert (refusal.status, refusal.code) == (409, "lead-not-owned")


def test_another_companys_account_is_neither_touched_nor_revealed(acme, globex):
    foreign = globex.rep.post("/v1/accounts", {"name": "Globex customer"}).json
    globex.pump()
    with globex.unchanged():
        converted = convert(acme.rep, a_lead(acme.rep, person=PERSON), {"account_id": foreign["id"]}).json
        acme.pump()

    assert acme.stored("accounts", "accounts") == []
    assert acme.rep.get(f"/v1/accounts/{converted['account_id']}").status == 404
