"""Pools: a company starts with one, and opens more."""

import pytest

from shared.events.envelope import Envelope
from tests.service.leads.story import a_pool, default_pool

pytestmark = pytest.mark.service


def test_a_company_starts_with_an_open_default_pool(acme):
    pool = default_pool(acme)

    assert (pool["enabled"], pool["members"], pool["claim_rule"]) == (True, [], {"daily_limit": 20})
    assert acme.published("leads") == ["crm.pool.created"]


def test_hearing_of_the_company_twice_seeds_once(acme):
    consumer = acme.platform.consumer("leads")
    [news] = acme.stored("tenants", "outbox")
    # A lost inbox is the worst case: the event is taken for a new one.
    acme.platform.mongo.database("leads")["inbox"].delete_many({"tenant_id": acme.tenant_id})
    consumer.deliver([("crm.tenants.v1", Envelope.decode(news["payload"]))])
    assert len(acme.stored("leads", "pools")) == 1
    assert acme.published("leads") == ["crm.pool.created"]


def test_a_pool_is_opened_and_changed(acme):
    pool = a_pool(acme, members=[acme.rep.id], timezone="Asia/Shanghai")
    answer = acme.admin.patch(f"/v1/pools/{pool['id']}", {"claim_rule": {"daily_limit": 3}}, if_match=1)

    assert (answer.status, answer.json["claim_rule"], answer.etag) == (200, {"daily_limit": 3}, '"2"')
    assert acme.rep.get(f"/v1/pools/{pool['id']}").json == answer.json
    event = acme.events("leads")[-1]
    assert (event["type"], event["data"]["pool"]["daily_limit"]) == ("crm.pool.updated", 3)


@pytest.mark.parametrize(
    "body", [{}, {"name": "X", "claim_rule": {"daily_limit": 0}}, {"name": "X", "timezone": "Mars/Base"}]
)
def test_a_faulty_pool_is_refused(acme, body):
    with acme.unchanged():
        assert acme.admin.post("/v1/pools", body).status == 422


def test_a_rep_reads_pools_but_does_not_manage_them(acme):
    pool = default_pool(acme)
    with acme.unchanged():
        assert acme.rep.post("/v1/pools", {"name": "Mine"}).status == 403
        assert acme.rep.patch(f"/v1/pools/{pool['id']}", {"name": "Mine"}, if_match=1).status == 403


def test_another_companys_pool_does_not_exist(acme, globex):
    pool = default_pool(globex)

    assert acme.admin.get(f"/v1/pools/{pool['id']}").status == 404
