"""Many leads at once: each created, unchanged or rejected on its own, in one transaction."""

import pytest

from tests.service.leads.story import a_pool, default_pool, told

pytestmark = pytest.mark.service


def imported(person, *items, key):
    answer = person.post("/v1/leads/batch", {"items": list(items)}, key=key)
    assert answer.status == 200, answer.json
    return answer.json


def test_each_item_is_judged_on_its_own(acme):
    pool = default_pool(acme)
    result = imported(
        acme.admin,
        {"company_name": "A", "external_id": "x1"},
        {"company_name": "B", "external_id": "x1"},
        {"company_name": "A", "external_id": "x1"},
        {"company_name": "  "},
        {"company_name": "C", "pool_id": pool["id"]},
        {"company_name": "D", "pool_id": "pool_01k00000000000000000000000"},
        "nonsense",
        key="k",
    )

    statuses = [row["status"] for row in result["results"]]
    assert statuses == ["created", "rejected", "unchanged", "rejected", "created", "rejected", "rejected"]
    assert result["results"][2]["id"] == result["results"][0]["id"]
    codes = [[(fault["pointer"], fault["code"]) for fault in row.get("errors", [])] for row in result["results"]]
    assert codes[1] == [("", "external-id-taken")]
    assert codes[3] == [("/company_name", "blank")]
    assert codes[5] == [("/pool_id", "unknown-reference")]
    assert all(fault["message"] for row in result["results"] for fault in row.get("errors", []))
    assert result["summary"] == {"created": 2, "unchanged": 1, "rejected": 4}
    assert told(acme) == ["created", "created"]
    assert [lead["state"] for lead in acme.stored("leads", "leads")] == ["new", "pooled"]
    assert [holding["via"] for holding in acme.stored("leads", "holdings")] == ["import"]


def test_importing_the_same_again_changes_nothing_even_after_an_edit(acme):
    item = {"company_name": "A", "external_id": "x1", "source": "fair"}
    [first] = imported(acme.admin, item, key="k1")["results"]
    acme.admin.patch(f"/v1/leads/{first['id']}", {"source": "web"}, if_match=1)
    leads = acme.stored("leads", "leads")
    answer = imported(acme.admin, item, key="k2")

    assert answer["results"] == [{"index": 0, "status": "unchanged", "id": first["id"]}]
    assert acme.stored("leads", "leads") == leads
    assert told(acme) == ["created", "updated"]


def test_known_with_other_content_is_rejected(acme):
    imported(acme.admin, {"company_name": "A", "external_id": "x1"}, key="k1")
    [row] = imported(acme.admin, {"company_name": "B", "external_id": "x1"}, key="k2")["results"]

    assert (row["status"], row["errors"][0]["code"]) == ("rejected", "external-id-taken")
    assert told(acme) == ["created"]


def test_a_disabled_pool_takes_no_imports(acme):
    pool = a_pool(acme)
    acme.admin.patch(f"/v1/pools/{pool['id']}", {"enabled": False}, if_match=1)
    [row] = imported(acme.admin, {"company_name": "A", "pool_id": pool["id"]}, key="k")["results"]

    assert row["errors"][0]["code"] == "pool-disabled"
    assert acme.stored("leads", "leads") == []


def test_the_key_is_required_and_500_are_the_most(acme):
    with acme.unchanged():
        assert acme.admin.post("/v1/leads/batch", {"items": [{"company_name": "A"}]}).status == 400
        too_many = acme.admin.post("/v1/leads/batch", {"items": [{"company_name": "A"}] * 501}, key="k")

    assert (too_many.status, too_many.json["errors"][0]["code"]) == (422, "too-many-items")


def test_a_full_batch_is_taken_in(acme):
    items = [{"company_name": f"C{number}", "external_id": f"x{number}"} for number in range(500)]
    result = imported(acme.admin, *items, key="k")

    assert result["summary"] == {"created": 500, "unchanged": 0, "rejected": 0}
    assert len(acme.stored("leads", "leads")) == len(acme.stored("leads", "holdings")) == 500
    assert told(acme).count("created") == 500


def test_a_rep_may_not_import(acme):
    with acme.unchanged():
        refusal = acme.rep.post("/v1/leads/batch", {"items": [{"company_name": "A"}]}, key="k")

    assert (refusal.status, refusal.code) == (403, "permission-missing")
