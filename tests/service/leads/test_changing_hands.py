"""A lead changes hands: pooled, assigned, returned, disqualified; always in one pool or with one owner."""

import pytest

from shared.ids import new_id
from tests.service.leads.story import (
    a_lead,
    a_pool,
    a_pooled_lead,
    act,
    claim,
    convert,
    default_pool,
    introduce,
    lead_events,
    told,
)

pytestmark = pytest.mark.service


def test_a_new_lead_goes_into_the_default_pool_when_none_is_named(acme):
    lead = a_lead(acme.rep)
    answer = act(acme.rep, lead, "pool")

    assert answer.status == 200
    assert (answer.json["state"], answer.json["owner_id"]) == ("pooled", None)
    assert answer.json["pool_id"] == default_pool(acme)["id"]
    [holding] = acme.stored("leads", "holdings")
    assert (holding["end_reason"], holding["pool_to"]) == ("pooled", answer.json["pool_id"])
    assert told(acme) == ["created", "pooled"]


def test_an_admin_moves_a_lead_from_pool_to_pool(acme):
    other = a_pool(acme)
    lead = a_pooled_lead(acme)

    assert act(acme.admin, lead, "pool", {"pool_id": other["id"]}).json["pool_id"] == other["id"]


def test_it_cannot_go_into_the_pool_it_is_in(acme):
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        assert act(acme.admin, lead, "pool").code == "already-in-pool"


def test_a_held_lead_is_returned_not_pooled(acme):
    lead = claim(acme.rep, a_pooled_lead(acme)).json
    with acme.unchanged():
        refusal = act(acme.rep, lead, "pool")

    assert (refusal.status, refusal.code) == (409, "lead-held")


def test_its_owner_returns_it_and_says_why(acme):
    lead = claim(acme.rep, a_pooled_lead(acme)).json
    answer = act(acme.rep, lead, "return", {"reason": "not my region"})

    assert (answer.json["state"], answer.json["owner_id"]) == ("pooled", None)
    [holding] = acme.stored("leads", "holdings")
    assert (holding["end_reason"], holding["end_by"]) == ("returned", acme.rep.id)
    event = lead_events(acme)[-1]
    assert (event["type"], event["data"]["reason"]) == ("crm.lead.returned", "not my region")


def test_a_return_without_a_reason_is_refused(acme):
    lead = claim(acme.rep, a_pooled_lead(acme)).json
    with acme.unchanged():
        refusal = act(acme.rep, lead, "return", {})

    assert (refusal.status, refusal.json["errors"][0]["code"]) == (422, "required")


def test_a_pooled_lead_has_nobody_to_return_it(acme):
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        assert act(acme.rep, lead, "return", {"reason": "x"}).code == "lead-not-owned"


def test_a_manager_assigns_a_pooled_lead(acme):
    rep = introduce(acme, acme.rep)
    lead = a_pooled_lead(acme)
    answer = act(acme.manager, lead, "assign", {"owner_id": rep.id})

    assert (answer.json["state"], answer.json["owner_id"]) == ("held", rep.id)
    assert answer.json["owner_unit_id"] == acme.unit_id
    [holding] = acme.stored("leads", "holdings")
    event = lead_events(acme)[-1]
    assert (event["type"], event["data"]["holding_id"]) == ("crm.lead.assigned", holding["_id"])


def test_assigning_ends_the_holding_of_whoever_entered_it(acme):
    rep = introduce(acme, acme.rep)
    lead = a_lead(acme.manager)
    act(acme.manager, lead, "assign", {"owner_id": rep.id})

    held = [
        (holding["owner_id"], holding["end_reason"] if holding["to"] else None)
        for holding in acme.stored("leads", "holdings")
    ]
    assert held == [(acme.manager.id, "assigned"), (rep.id, None)]


@pytest.mark.parametrize("who", ["unknown", "disabled", "foreign"])
def test_only_an_active_user_of_the_company_can_be_assigned_a_lead(acme, globex, who):
    receiver = {
        "unknown": lambda: new_id("usr"),
        "disabled": lambda: introduce(acme, acme.as_("sales_rep", "gone"), state="disabled").id,
        "foreign": lambda: introduce(globex, globex.rep).id,
    }[who]()
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        refusal = act(acme.manager, lead, "assign", {"owner_id": receiver})

    assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/owner_id")


def test_a_held_lead_is_not_assigned_over_its_owners_head(acme):
    rep = introduce(acme, acme.rep)
    lead = claim(acme.as_("sales_rep", "owner"), a_pooled_lead(acme)).json
    with acme.unchanged():
        assert act(acme.admin, lead, "assign", {"owner_id": rep.id}).code == "lead-held"


def test_a_disqualified_lead_is_closed_for_good(acme):
    lead = a_lead(acme.rep)
    closed = act(acme.rep, lead, "disqualify", {"reason": "student project"}).json

    assert (closed["state"], closed["disqualified_reason"]) == ("disqualified", "student project")
    [holding] = acme.stored("leads", "holdings")
    assert holding["end_reason"] == "disqualified"
    with acme.unchanged():
        for verb, body in [
            ("pool", None),
            ("return", {"reason": "x"}),
            ("disqualify", {"reason": "x"}),
            ("follow-ups", {"kind": "call", "text": "x", "happened_at": "2026-01-01T00:00:00Z"}),
        ]:
            assert act(acme.rep, closed, verb, body).code == "lead-closed", verb
        assert convert(acme.rep, closed).code == "lead-closed"
        assert acme.rep.patch(f"/v1/leads/{lead['id']}", {"source": "x"}, if_match=2).code == "lead-closed"


def test_a_rep_cannot_disqualify_what_lies_in_the_pool(acme):
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        assert act(acme.rep, lead, "disqualify", {"reason": "x"}).status == 404


@pytest.mark.parametrize("verb", ["pool", "assign", "return", "disqualify", "convert"])
@pytest.mark.parametrize(("if_match", "status"), [(None, 428), (9, 412)])
def test_every_verb_but_claim_names_the_version_it_is_based_on(acme, verb, if_match, status):
    lead = a_lead(acme.manager)
    body = {"assign": {"owner_id": acme.rep.id}, "return": {"reason": "x"}, "disqualify": {"reason": "x"}}
    with acme.unchanged():
        refusal = acme.manager.post(f"/v1/leads/{lead['id']}/{verb}", body.get(verb, {}), if_match=if_match, key="k")

    assert refusal.status == status
