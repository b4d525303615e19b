"""What pipeline makes of others' news: once, under the promised id, however often it is told."""

from __future__ import annotations

import pytest

from shared.events.leads import LeadConverted, LeadSnapshot, NewAccount, NewDeal
from shared.ids import new_id
from shared.money import Money
from tests.service.pipeline.words import tells

pytestmark = pytest.mark.service


def a_conversion(**parts):
    lead_id = new_id("lead")
    told = {
        "lead": LeadSnapshot(id=lead_id, version=3, state="converted", company_name="Cancity"),
        "account_id": new_id("acc"),
        "contact_id": new_id("con"),
        "deal_id": new_id("deal"),
        "account": NewAccount(name="Cancity"),
        "deal": NewDeal(name="Rollout", amount=Money(500, "USD"), expected_close_on="2026-12-31"),
        "owner_id": new_id("usr"),
        "owner_unit_id": new_id("unit"),
        **parts,
    }
    return LeadConverted(**told)


def test_the_deal_appears_under_the_promised_id(acme):
    event = a_conversion()

    tells(acme, "leads", event.lead.id, event)

    deal = acme.admin.get(f"/v1/deals/{event.deal_id}").json
    assert (deal["name"], deal["stage"], deal["account_id"]) == ("Rollout", "prospecting", event.account_id)
    assert deal["contacts"] == [{"contact_id": event.contact_id, "role": None}]
    assert (deal["owner_id"], deal["created_from_lead"]) == (event.owner_id, event.lead.id)
    assert acme.events("pipeline")[-1]["type"] == "crm.deal.created"


def test_told_twice_it_appears_once(acme):
    event = a_conversion()
    tells(acme, "leads", event.lead.id, event)

    before = acme.stored("pipeline", "deals"), acme.published("pipeline")

    tells(acme, "leads", new_id("lead"), event)

    assert (acme.stored("pipeline", "deals"), acme.published("pipeline")) == before


def test_a_conversion_without_a_deal_makes_none(acme):
    event = a_conversion(deal=None, deal_id=None)

    tells(acme, "leads", event.lead.id, event)

    assert acme.stored("pipeline", "deals") == []
