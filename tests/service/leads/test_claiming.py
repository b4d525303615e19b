"""Claiming: of many who try at once exactly one gets the lead, and nobody takes more than the day allows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from shared.clock import frozen
from tests.service.leads.story import a_lead, a_pool, a_pooled_lead, claim, convert, told

pytestmark = pytest.mark.service


def test_a_claimed_lead_belongs_to_the_claimant(acme):
    lead = a_pooled_lead(acme)
    answer = claim(acme.rep, lead)

    assert (answer.status, answer.etag) == (200, '"2"')
    claimed = answer.json
    assert (claimed["state"], claimed["owner_id"], claimed["pool_id"]) == ("held", acme.rep.id, None)
    assert claimed["claimed_at"] is not None
    [holding] = acme.stored("leads", "holdings")
    assert (holding["owner_id"], holding["via"], holding["pool_from"]) == (acme.rep.id, "claim", lead["pool_id"])
    [counter] = acme.stored("leads", "claim_counters")
    assert (counter["user_id"], counter["n"]) == (acme.rep.id, 1)
    assert told(acme) == ["created", "claimed"]


def test_of_sixteen_at_once_exactly_one_gets_it(acme):
    lead = a_pooled_lead(acme)
    reps = [acme.as_("sales_rep", str(number)) for number in range(16)]
    start = Barrier(16)

    def attempt(rep):
        start.wait()
        return rep, claim(rep, lead)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, reps))

    winners = [rep for rep, answer in answers if answer.status == 200]
    losers = [answer for _, answer in answers if answer.status != 200]
    assert len(winners) == 1
    assert {(answer.status, answer.code) for answer in losers} == {(409, "already-claimed")}
    assert all(winners[0].id not in str(answer.json) for answer in losers)
    assert [holding["owner_id"] for holding in acme.stored("leads", "holdings")] == [winners[0].id]
    assert [(row["user_id"], row["n"]) for row in acme.stored("leads", "claim_counters")] == [(winners[0].id, 1)]
    assert told(acme) == ["created", "claimed"]


def test_one_rep_claiming_at_once_never_takes_more_than_the_day_allows(acme):
    pool = a_pool(acme, claim_rule={"daily_limit": 5})
    leads = [a_pooled_lead(acme, pool) for _ in range(16)]
    rep, start = acme.rep, Barrier(16)

    def attempt(lead):
        start.wait()
        return claim(rep, lead)

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(attempt, leads))

    assert sorted(answer.status for answer in answers) == [200] * 5 + [409] * 11
    assert {answer.code for answer in answers} == {None, "daily-limit-reached"}
    assert len(acme.stored("leads", "holdings")) == 5
    assert [row["n"] for row in acme.stored("leads", "claim_counters")] == [5]
    assert told(acme).count("claimed") == 5


def test_the_limit_counts_claims_of_the_day_not_what_is_still_held(acme):
    pool = a_pool(acme, claim_rule={"daily_limit": 1})
    first, second = a_pooled_lead(acme, pool), a_pooled_lead(acme, pool)
    claimed = claim(acme.rep, first).json
    acme.rep.post(f"/v1/leads/{first['id']}/return", {"reason": "wrong region"}, if_match=claimed["version"])
    with acme.unchanged():
        refusal = claim(acme.rep, second)

    assert (refusal.status, refusal.code) == (409, "daily-limit-reached")
    assert refusal.json["params"]["limit"] == 1


def test_the_day_is_the_pools_own(acme):
    pool = a_pool(acme, claim_rule={"daily_limit": 1}, timezone="Asia/Shanghai")
    leads = [a_pooled_lead(acme, pool) for _ in range(3)]
    late_evening = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 3, 1, 16, 1, tzinfo=UTC)
    with frozen(late_evening):
        rep = acme.as_("sales_rep", "night shift")
        assert claim(rep, leads[0]).status == 200
        assert claim(rep, leads[1]).code == "daily-limit-reached"
    with frozen(after_midnight):
        assert claim(rep, leads[1]).status == 200

    assert [row["local_day"] for row in acme.stored("leads", "claim_counters")] == ["2026-03-01", "2026-03-02"]


def test_only_members_claim_from_a_pool_that_names_them(acme):
    member, outsider = acme.rep, acme.as_("sales_rep", "outsider")
    lead = a_pooled_lead(acme, a_pool(acme, members=[member.id]))
    with acme.unchanged():
        refusal = claim(outsider, lead)

    assert (refusal.status, refusal.code) == (403, "not-a-pool-member")
    assert claim(member, lead).status == 200


def test_nothing_leaves_a_disabled_pool(acme):
    pool = a_pool(acme)
    lead = a_pooled_lead(acme, pool)
    acme.admin.patch(f"/v1/pools/{pool['id']}", {"enabled": False}, if_match=1)
    with acme.unchanged():
        refusal = claim(acme.rep, lead)

    assert (refusal.status, refusal.code) == (409, "pool-disabled")


def test_a_lead_that_was_never_pooled_cannot_be_claimed(acme):
    lead = a_lead(acme.rep)
    with acme.unchanged():
        refusal = claim(acme.rep, lead)

    assert (refusal.status, refusal.code) == (409, "lead-not-pooled")


def test_a_converted_lead_cannot_be_claimed(acme):
    lead = a_pooled_lead(acme)
    convert(acme.rep, claim(acme.rep, lead).json)
    with acme.unchanged():
        refusal = claim(acme.as_("sales_rep", "late"), lead)

    assert (refusal.status, refusal.code) == (409, "lead-closed")


def test_another_companys_lead_cannot_be_claimed(acme, globex):
    lead = a_pooled_lead(acme)
    with acme.unchanged(), globex.unchanged():
        assert claim(globex.rep, lead).status == 404


def test_a_claim_repeated_with_its_idempotency_key_answers_as_before(acme):
    lead = a_pooled_lead(acme)
    first = acme.rep.post(f"/v1/leads/{lead['id']}/claim", key="once")
    again = acme.rep.post(f"/v1/leads/{lead['id']}/claim", key="once")

    assert (first.status, again.status, again.json) == (200, 200, first.json)
    assert told(acme) == ["created", "claimed"]
