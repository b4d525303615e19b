"""The pipeline report: open deals by definition and stage, at full and weighted value, as far as the caller sees."""

from __future__ import annotations

import pytest

from shared.ids import derived_id
from shared.money import Money

pytestmark = pytest.mark.service

EMPTY = {"definitions": [], "count": 0, "values": []}


def usd(minor):
    return {"amount_minor": minor, "currency": "USD"}


def test_a_company_without_deals_has_an_empty_pipeline(acme):
    assert acme.admin.get("/v1/reports/pipeline").json == EMPTY


def test_every_stage_of_the_definition_is_shown_in_order_with_its_names(acme, news):
    standard = derived_id("sdf", acme.tenant_id, "default")
    engaging = {"stage": "engaging", "probability": 30, "definition_id": standard}
    news.deal("deal_1", amount=Money(100_05, "USD"), **engaging)
    news.deal("deal_2", amount=Money(50_00, "EUR"), **engaging)
    news.deal("deal_3", **engaging)
    acme.pump()

    [definition] = acme.admin.get("/v1/reports/pipeline").json["definitions"]

    assert (definition["id"], definition["code"], definition["number"]) == (standard, "standard", 1)
    assert definition["name"] == {"en": "Standard", "zh-CN": "标准流程"}
    stages = definition["stages"]
    assert [(stage["stage"], stage["count"]) for stage in stages] == [
        ("prospecting", 0),
        ("engaging", 3),
        ("proposal", 0),
        ("negotiation", 0),
    ]
    assert stages[1] == {
        "stage": "engaging",
        "name": {"en": "Engaging", "zh-CN": "接触"},
        "order": 2,
        "probability": 30,
        "forecast_category": "pipeline",
        "count": 3,
        "values": [
            {
                "amount": {"amount_minor": 50_00, "currency": "EUR"},
                "weighted": {"amount_minor": 15_00, "currency": "EUR"},
            },
            {"amount": usd(100_05), "weighted": usd(30_02)},
        ],
    }


def test_a_deal_leaves_its_old_stage_when_it_moves_and_the_pipeline_when_it_closes(acme, news):
    news.deal("deal_1", amount=Money(100, "USD"), probability=10)
    news.deal("deal_2", amount=Money(1000, "USD"), probability=10)
    acme.pump()
    news.deal("deal_1", amount=Money(300, "USD"), stage="engaging", probability=50)
    news.deal("deal_2", amount=Money(1000, "USD"), status="lost", lost_reason="price")
    acme.pump()

    report = acme.admin.get("/v1/reports/pipeline").json

    assert (report["count"], report["values"]) == (1, [{"amount": usd(300), "weighted": usd(150)}])
    assert [stage["stage"] for stage in report["definitions"][0]["stages"]] == ["engaging"]
    assert acme.stored("reporting", "cells") != []


def test_the_cells_of_emptied_stages_are_gone(acme, news):
    news.deal("deal_1", amount=Money(100, "USD"))
    acme.pump()
    news.deal("deal_1", amount=Money(100, "USD"), stage="engaging")
    acme.pump()

    assert {cell["stage"] for cell in acme.stored("reporting", "cells")} == {"engaging"}


def test_a_manager_sees_the_units_below_and_what_they_own_elsewhere(acme, news):
    manager = acme.manager
    news.deal("deal_below", owner_id="usr_1", owner_unit_id=acme.unit_id, amount=Money(1, "USD"))
    news.deal("deal_mine_elsewhere", owner_id=manager.id, owner_unit_id="unit_other", amount=Money(20, "USD"))
    news.deal("deal_mine_here", owner_id=manager.id, owner_unit_id=acme.unit_id, amount=Money(300, "USD"))
    news.deal("deal_foreign", owner_id="usr_2", owner_unit_id="unit_other", amount=Money(4000, "USD"))
    acme.pump()

    assert acme.admin.get("/v1/reports/pipeline").json["count"] == 4
    seen = manager.get("/v1/reports/pipeline").json
    assert (seen["count"], seen["values"][0]["amount"]) == (3, usd(321))


def test_a_rep_sees_their_own_deals_and_nobody_elses_whatever_they_ask_for(acme, news):
    rep = acme.rep
    news.deal("deal_1", owner_id=rep.id, owner_unit_id=acme.unit_id)
    news.deal("deal_2", owner_id="usr_other", owner_unit_id=acme.unit_id)
    acme.pump()

    assert rep.get("/v1/reports/pipeline").json["count"] == 1
    assert rep.get("/v1/reports/pipeline?owner=usr_other").json == EMPTY
    assert acme.admin.get("/v1/reports/pipeline?owner=usr_other").json["count"] == 1


def test_a_unit_stands_for_itself_and_all_below_it(acme, news):
    news.unit("unit_root", "Acme", "department")
    news.unit("unit_west", "West", "region", "unit_root")
    news.unit("unit_w1", "West one", "team", "unit_root", "unit_west")
    news.deal("deal_1", owner_id="usr_1", owner_unit_id="unit_w1")
    news.deal("deal_2", owner_id="usr_2", owner_unit_id="unit_west")
    news.deal("deal_3", owner_id="usr_1", owner_unit_id="unit_root")
    acme.pump()

    def count(query):
        return acme.admin.get(f"/v1/reports/pipeline?{query}").json["count"]

    assert [count(f"unit={unit}") for unit in ("unit_root", "unit_west", "unit_w1")] == [3, 2, 1]
    assert count("unit=unit_west&owner=usr_1") == 1
    assert acme.admin.get("/v1/reports/pipeline?unit=unit_nowhere").json == EMPTY
    assert acme.manager.get("/v1/reports/pipeline?unit=unit_west").json == EMPTY


def test_another_company_sees_nothing_of_it(acme, globex, news):
    news.deal("deal_1", owner_id=globex.admin.id)
    acme.pump()

    assert globex.admin.get("/v1/reports/pipeline").json == EMPTY
    assert globex.stored("reporting", "deal_facts") == []


def test_a_role_without_reports_is_refused(acme):
    refusal = acme.as_("customer_service").get("/v1/reports/pipeline")

    assert (refusal.status, refusal.code) == (403, "permission-missing")


def test_an_unknown_parameter_is_refused(acme):
    refusal = acme.admin.get("/v1/reports/pipeline?colour=green")

    assert (refusal.status, refusal.json["errors"][0]["code"]) == (422, "unknown-parameter")
