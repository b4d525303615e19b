"""Follow-ups: logged, listed, never rewritten."""

import pytest

from tests.service.leads.story import a_lead, a_pooled_lead, lead_events, told

pytestmark = pytest.mark.service

CALL = {"kind": "call", "text": "Asked for the budget.", "happened_at": "2026-03-02T09:30:00+08:00"}


def test_a_follow_up_is_logged_and_moves_the_lead_on(acme):
    lead = a_lead(acme.rep)
    answer = acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", {**CALL, "next_step": "visit in May"})

    assert answer.status == 201
    assert (answer.json["kind"], answer.json["happened_at"]) == ("call", "2026-03-02T01:30:00.000Z")
    now = acme.rep.get(f"/v1/leads/{lead['id']}").json
    assert (now["state"], now["next_step"], now["version"]) == ("held", "visit in May", 2)
    assert now["last_follow_up_at"] == "2026-03-02T01:30:00.000Z"


def test_its_news_says_that_it_happened_not_what_was_said(acme):
    lead = a_lead(acme.rep)
    acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", CALL)

    event = lead_events(acme)[-1]
    assert event["type"] == "crm.lead.followed_up"
    assert event["data"]["follow_up"]["kind"] == "call"
    assert "budget" not in str(event)


def test_an_older_follow_up_logged_late_does_not_turn_the_clock_back(acme):
    lead = a_lead(acme.rep)
    acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", CALL)
    acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", {**CALL, "happened_at": "2026-01-01T00:00:00Z"})

    assert acme.rep.get(f"/v1/leads/{lead['id']}").json["last_follow_up_at"] == "2026-03-02T01:30:00.000Z"


def test_they_are_listed_latest_first_page_by_page(acme):
    lead = a_lead(acme.rep)
    for day in ("02", "04", "03"):
        acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", {**CALL, "happened_at": f"2026-03-{day}T00:00:00Z"})
    path = f"/v1/leads/{lead['id']}/follow-ups?limit=2"

    first = acme.rep.get(path).json
    second = acme.rep.get(f"{path}&cursor={first['page']['next']}").json
    assert [done["happened_at"][8:10] for done in first["data"] + second["data"]] == ["04", "03", "02"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"kind": "telepathy"}, "/kind", "not-one-of"),
        ({"text": ""}, "/text", "blank"),
        ({"happened_at": "2999-01-01T00:00:00Z"}, "/happened_at", "in-the-future"),
    ],
)
def test_a_faulty_follow_up_is_refused(acme, fields, pointer, code):
    lead = a_lead(acme.rep)
    with acme.unchanged():
        refusal = acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", {**CALL, **fields})

    assert refusal.status == 422
    assert [(fault["pointer"], fault["code"]) for fault in refusal.json["errors"]] == [(pointer, code)]


def test_a_pooled_lead_is_claimed_before_it_is_followed_up(acme):
    lead = a_pooled_lead(acme)
    with acme.unchanged():
        refusal = acme.rep.post(f"/v1/leads/{lead['id']}/follow-ups", CALL)

    assert (refusal.status, refusal.code) == (409, "lead-not-owned")


def test_a_colleagues_lead_is_neither_followed_up_nor_read(acme):
    lead = a_lead(acme.rep)
    colleague = acme.as_("sales_rep", "colleague")
    with acme.unchanged():
        assert colleague.post(f"/v1/leads/{lead['id']}/follow-ups", CALL).status == 404
    assert colleague.get(f"/v1/leads/{lead['id']}/follow-ups").status == 404
    assert told(acme) == ["created"]
