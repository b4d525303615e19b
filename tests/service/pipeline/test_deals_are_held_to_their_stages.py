"""Deals over the API: stages are attained, refusals change nothing and publish nothing."""

from __future__ import annotations

import pytest

from tests.service.pipeline.words import USD_50K, act, has_deal, joins, ready, takes

pytestmark = pytest.mark.service
CONFIRMED = {"attested_by": "Li Wei", "note": "In the steering meeting", "happened_on": "2026-11-10"}


def test_a_deal_walks_from_prospecting_to_won(acme):
    deal = has_deal(acme.rep, **ready())

    deal = takes(acme.rep, deal, "advance")
    deal = takes(acme.rep, deal, "criteria/need_confirmed/meet", CONFIRMED)
    deal = takes(acme.rep, deal, "advance", {"to_stage": "proposal"})
    deal = takes(acme.rep, deal, "advance")
    deal = takes(acme.rep, deal, "win", {"closed_on": "2026-11-20"})

    assert (deal["status"], deal["stage"], deal["closed_on"]) == ("won", "negotiation", "2026-11-20")
    assert [visit["stage"] for visit in deal["history"]] == ["prospecting", "engaging", "proposal", "negotiation"]
    assert _deal_events(acme) == [
        "crm.deal.created",
        "crm.deal.stage_advanced",
        "crm.deal.criterion_met",
        "crm.deal.stage_advanced",
        "crm.deal.stage_advanced",
        "crm.deal.won",
    ]
    assert [event["sequence"] for event in acme.events("pipeline")[-6:]] == [f"{n:012d}" for n in range(1, 7)]
    won = acme.events("pipeline")[-1]["data"]
    assert won["deal"]["version"] == deal["version"] == 6
    assert won["changes"]["status"] == {"from": "open", "to": "won"}


def test_an_advance_names_everything_that_is_missing(acme):
    deal = takes(acme.rep, has_deal(acme.rep, engaged_on="2026-11-01"), "advance")

    with acme.unchanged():
        refusal = act(acme.rep, deal, "advance")

    assert (refusal.status, refusal.code) == (409, "exit-criteria-unmet")
    assert [error["params"]["criterion"] for error in refusal.json["errors"]] == [
        "account",
        "amount",
        "need_confirmed",
    ]
    last = refusal.json["errors"][-1]
    assert (last["pointer"], last["params"]["kind"]) == ("/criteria/need_confirmed", "attestation")
    assert last["params"]["label"] == {"en": "The customer confirmed the need", "zh-CN": "客户已确认需求"}
    assert last["message"].startswith("Record who at the customer confirmed it")


def test_the_refusal_speaks_chinese(acme):
    deal = has_deal(acme.rep)

    refusal = acme.rep.call(
        "POST",
        f"/v1/deals/{deal['id']}/advance",
        json={},
        if_match=deal["version"],
        headers={"Accept-Language": "zh-CN"},
    )

    assert refusal.json["title"] == "尚未达到该阶段"
    assert refusal.json["errors"][0]["message"] == "请填写商机的 engaged_on。"


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("advance", {"to_stage": "negotiation"}, 409, "stage-skipped"),
        ("advance", {"to_stage": "daydreaming"}, 422, "stage-unknown"),
        ("win", {}, 409, "exit-criteria-unmet"),
        ("lose", {}, 422, "validation-failed"),
        ("criteria/account/meet", CONFIRMED, 409, "criterion-not-attested"),
        ("criteria/luck/meet", CONFIRMED, 404, "criterion-not-found"),
        ("criteria/need_confirmed/meet", {}, 422, "validation-failed"),
        ("criteria/need_confirmed/revoke", {"reason": "?"}, 409, "criterion-not-met"),
        ("transfer", {"owner_id": "usr_00000000000000000000000000"}, 422, "invalid"),
    ],
)
def test_refusals_store_and_publish_nothing(acme, action, body, status, code):
    deal = has_deal(acme.rep)

    with acme.unchanged():
        refusal = act(acme.rep, deal, action, body)

    assert (refusal.status, refusal.code) == (status, code)


def test_revoked_evidence_throws_the_deal_back(acme):
    deal = takes(acme.rep, has_deal(acme.rep, **ready()), "advance")
    deal = takes(acme.rep, deal, "criteria/need_confirmed/meet", CONFIRMED)
    deal = takes(acme.rep, deal, "advance")

    deal = takes(acme.rep, deal, "criteria/need_confirmed/revoke", {"reason": "The project was re-scoped"})

    assert (deal["stage"], deal["probability"], deal["evidence"]) == ("engaging", 30, {})
    told = acme.events("pipeline")[-1]
    assert told["type"] == "crm.deal.criterion_revoked"
    assert (told["data"]["stage"]["from"], told["data"]["stage"]["to"]) == ("proposal", "engaging")
    assert told["data"]["deal"]["stage"] == "engaging"


def test_nobody_overtakes_another(acme):
    deal = has_deal(acme.rep, **ready())
    takes(acme.rep, deal, "advance")

    with acme.unchanged():
        refusal = act(acme.rep, deal, "advance")

    assert (refusal.status, refusal.code) == (412, "stale")


def test_a_closed_deal_does_not_change(acme):
    deal = takes(acme.rep, has_deal(acme.rep), "lose", {"reason": "Budget was cut"})
    assert (deal["lost_reason"], deal["probability"], deal["forecast_category"]) == ("Budget was cut", 0, "omitted")

    with acme.unchanged():
        refusal = acme.rep.patch(f"/v1/deals/{deal['id']}", {"name": "Again"}, if_match=deal["version"])

    assert (refusal.status, refusal.code) == (409, "deal-closed")


def test_changing_fields_tells_what_changed_and_the_amount_apart(acme):
    deal = has_deal(acme.rep)

    changed = acme.rep.patch(f"/v1/deals/{deal['id']}", {"name": "Bigger", "amount": USD_50K}, if_match=deal["version"])

    assert (changed.status, changed.json["version"], changed.etag) == (200, 3, '"3"')
    updated, amount = acme.events("pipeline")[-2:]
    assert (updated["type"], updated["data"]["changes"]) == (
        "crm.deal.updated",
        {"name": {"from": "Rollout", "to": "Bigger"}},
    )
    assert (amount["type"], amount["data"]["changes"]) == (
        "crm.deal.amount_changed",
        {"amount": {"from": None, "to": USD_50K}},
    )


def test_a_change_that_changes_nothing_is_no_news(acme):
    deal = has_deal(acme.rep)

    with acme.unchanged():
        answer = acme.rep.patch(f"/v1/deals/{deal['id']}", {"name": "Rollout"}, if_match=deal["version"])

    assert (answer.status, answer.json["version"]) == (200, 1)


def test_a_deal_is_handed_to_a_colleague(acme):
    colleague = acme.as_("sales_rep", "colleague")
    joins(acme, colleague)
    deal = has_deal(acme.rep)

    deal = takes(acme.rep, deal, "transfer", {"owner_id": colleague.id})

    assert (deal["owner_id"], deal["owner_unit_id"]) == (colleague.id, acme.unit_id)
    assert acme.published("pipeline")[-1] == "crm.deal.owner_changed"
    assert acme.rep.get(f"/v1/deals/{deal['id']}").status == 404
    assert colleague.get(f"/v1/deals/{deal['id']}").status == 200


def test_where_a_deal_stands_is_readable(acme):
    deal = takes(acme.rep, has_deal(acme.rep, **ready()), "criteria/need_confirmed/meet", CONFIRMED)

    state = acme.rep.get(f"/v1/deals/{deal['id']}/stage")

    assert state.etag == '"2"'
    assert (state.json["current"]["code"], state.json["next"]["code"]) == ("prospecting", "engaging")
    [criterion] = state.json["next"]["criteria"]
    assert (criterion["code"], criterion["met"], criterion["attested"]) == ("engaged_on", True, False)
    assert [criterion["met"] for criterion in state.json["win_criteria"]] == [True, True]


def test_a_product_it_does_not_know_is_refused(acme):
    with acme.unchanged():
        refusal = acme.rep.post("/v1/deals", {"name": "X", "product_ids": ["prod_00000000000000000000000000"]})

    assert refusal.status == 422
    assert [(error["pointer"], error["code"]) for error in refusal.json["errors"]] == [
        ("/product_ids/0", "unknown-reference")
    ]


def test_another_company_sees_none_of_it(acme, globex):
    deal = has_deal(acme.admin, **ready(external_id="A-1"))

    with acme.unchanged():
        for action in ("advance", "win", "lose"):
            assert act(globex.admin, deal, action, {"reason": "?"} if action == "lose" else {}).status == 404

    assert globex.admin.get(f"/v1/deals/{deal['id']}").status == 404
    assert globex.admin.get("/v1/deals?filter[external_id]=A-1").json["data"] == []
    assert has_deal(globex.admin, external_id="A-1")["stage"] == "prospecting"


def test_deals_are_filtered_and_sorted(acme):
    for minor, close in ((300, "2026-12-03"), (100, "2026-12-01"), (200, "2026-12-02")):
        amount = {"amount_minor": minor, "currency": "USD"}
        has_deal(acme.rep, name=str(minor), amount=amount, expected_close_on=close)
    takes(acme.rep, has_deal(acme.rep, name="lost"), "lose", {"reason": "Budget"})

    assert _names(acme, "filter[status]=open&sort=amount") == ["100", "200", "300"]
    assert _names(acme, "filter[status]=open&sort=-amount&filter[amount][gte]=200") == ["300", "200"]
    assert _names(acme, "filter[status]=open&sort=-expected_close_on&limit=2") == ["300", "200"]
    assert _names(acme, "filter[status]=lost") == ["lost"]
    assert _names(acme, f"filter[owner_id]={acme.rep.id}&filter[stage]=engaging") == []
    assert acme.rep.get("/v1/deals?sort=name").status == 422


def _names(company, query):
    answer = company.rep.get(f"/v1/deals?{query}")
    assert answer.status == 200, answer.json
    return [deal["name"] for deal in answer.json["data"]]


def _deal_events(company):
    return [kind for kind in company.published("pipeline") if kind.startswith("crm.deal.")]
