"""How a tenant writes down its way of selling, and what publishing it does."""

from __future__ import annotations

import pytest

from tests.service.pipeline.words import batch, has_deal, takes

pytestmark = pytest.mark.service
PATH = "/v1/stage-definitions"


def stage(code, order, *criteria, probability=10):
    return {
        "code": code,
        "name": {"en": code.title()},
        "order": order,
        "probability": probability,
        "forecast_category": "pipeline",
        "criteria": list(criteria),
    }


def definition(*stages, code="simple"):
    return {"code": code, "name": {"en": "Simple", "zh-CN": "简单"}, "stages": list(stages)}


NEEDS_ACCOUNT = {"code": "account", "kind": "field_present", "params": {"field": "account_id"}}
SIMPLE = definition(stage("open", 1), stage("serious", 2, NEEDS_ACCOUNT))


def drafted(person, body=SIMPLE):
    answer = person.post(PATH, body)
    assert answer.status == 201, answer.json
    return answer.json


def published(person, draft, **body):
    answer = person.post(f"{PATH}/{draft['id']}/publish", body, if_match=draft["version"])
    assert answer.status == 200, answer.json
    return answer.json


def test_a_new_tenant_has_the_standard_one_in_force(acme):
    [standard] = acme.rep.get(f"{PATH}?filter[is_default]=true").json["data"]

    assert (standard["code"], standard["number"], standard["state"]) == ("standard", 1, "published")
    assert [s["code"] for s in standard["stages"]] == ["prospecting", "engaging", "proposal", "negotiation"]


def test_a_draft_is_published_and_takes_deals_that_name_it(acme):
    draft = drafted(acme.admin)
    with acme.unchanged():
        assert acme.rep.post("/v1/deals", {"name": "X", "definition_id": draft["id"]}).code == (
            "stage-definition-not-published"
        )

    live = published(acme.admin, draft)

    assert (live["state"], live["is_default"], live["version"]) == ("published", False, 2)
    assert has_deal(acme.rep, definition_id=live["id"])["stage"] == "open"
    assert has_deal(acme.rep)["stage"] == "prospecting"
    assert acme.published("pipeline")[-4:-2] == ["crm.stage_definition.drafted", "crm.stage_definition.published"]


def test_a_new_edition_retires_the_old_and_leaves_its_deals_in_peace(acme):
    first = published(acme.admin, drafted(acme.admin), make_default=True)
    deal = has_deal(acme.rep, account_id="acc_00000000000000000000000000")
    assert deal["definition_id"] == first["id"]
    second = published(acme.admin, drafted(acme.admin, definition(stage("new", 1))))

    assert (second["number"], second["is_default"]) == (2, True)
    former = acme.admin.get(f"{PATH}/{first['id']}").json
    assert (former["state"], former["is_default"]) == ("retired", False)
    assert takes(acme.rep, deal, "advance")["stage"] == "serious"
    assert has_deal(acme.rep)["definition_id"] == second["id"]
    [result] = batch(acme.admin, [{"name": "Late", "definition_id": first["id"]}]).json["results"]
    assert result["errors"][0]["code"] == "stage-definition-not-published"


def test_the_default_moves_only_when_asked(acme):
    live = published(acme.admin, drafted(acme.admin), make_default=True)

    [default] = acme.rep.get(f"{PATH}?filter[is_default]=true").json["data"]
    assert default["id"] == live["id"]
    assert acme.published("pipeline")[-2:] == [
        "crm.stage_definition.default_changed",
        "crm.stage_definition.published",
    ]


def test_what_is_published_is_not_published_again(acme):
    live = published(acme.admin, drafted(acme.admin))

    with acme.unchanged():
        refusal = acme.admin.post(f"{PATH}/{live['id']}/publish", {}, if_match=live["version"])

    assert (refusal.status, refusal.code) == (409, "stage-definition-not-draft")


def test_an_unsound_definition_is_refused_with_pointers(acme):
    unsound = definition(
        stage("a", 1, NEEDS_ACCOUNT),
        stage("a", 2, {"code": "x", "kind": "astrology"}, {"code": "y", "kind": "field_present"}, probability=101),
    )

    with acme.unchanged():
        refusal = acme.admin.post(PATH, unsound)

    assert (refusal.status, refusal.code) == (422, "stage-definition-invalid")
    assert [(error["pointer"], error["code"]) for error in refusal.json["errors"]] == [
        ("/stages/1/code", "duplicate"),
        ("/stages/1/probability", "out-of-range"),
        ("/stages/0/criteria", "first-stage-open"),
        ("/stages/1/criteria/0/kind", "not-one-of"),
        ("/stages/1/criteria/1/params/field", "required"),
    ]


def test_stages_are_kept_in_order(acme):
    draft = drafted(acme.admin, definition(stage("late", 9), stage("early", 1)))

    assert [s["code"] for s in draft["stages"]] == ["early", "late"]


def test_a_rep_may_look_but_not_write(acme):
    with acme.unchanged():
        assert acme.rep.post(PATH, SIMPLE).status == 403
    assert acme.rep.get(PATH).status == 200
