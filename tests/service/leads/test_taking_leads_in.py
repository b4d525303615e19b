"""Leads come in: owned by whoever enters them, or straight into a pool."""

import pytest

from tests.service.leads.story import a_lead, a_pool, a_pooled_lead, lead_events, told

pytestmark = pytest.mark.service


def test_a_new_lead_belongs_to_whoever_enters_it(acme):
    lead = a_lead(acme.rep, source="web site", person={"name": "Liu Yang", "phone": "+86 10 5555 0101"})

    assert (lead["state"], lead["owner_id"], lead["owner_unit_id"]) == ("new", acme.rep.id, acme.unit_id)
    assert (lead["pool_id"], lead["version"]) == (None, 1)
    assert acme.rep.get(f"/v1/leads/{lead['id']}").json == lead
    [holding] = acme.stored("leads", "holdings")
    assert (holding["owner_id"], holding["via"], holding["to"]) == (acme.rep.id, "create", None)


def test_its_news_tells_where_it_stands_but_not_who_the_person_is(acme):
    a_lead(acme.rep, source="web site", person={"name": "Liu Yang", "phone": "+86 10 5555 0101"}, notes="call Liu")

    [event] = lead_events(acme)
    assert event["type"] == "crm.lead.created"
    assert (event["data"]["lead"]["state"], event["data"]["lead"]["owner_id"]) == ("new", acme.rep.id)
    assert event["data"]["lead"]["version"] == int(event["sequence"]) == 1
    assert "Liu" not in str(event) and "5555" not in str(event)


def test_a_lead_can_come_straight_into_a_pool(acme):
    pool = a_pool(acme)
    lead = a_pooled_lead(acme, pool)

    assert (lead["state"], lead["pool_id"], lead["owner_id"]) == ("pooled", pool["id"], None)
    assert acme.stored("leads", "holdings") == []


def test_a_pool_that_does_not_exist_is_refused(acme, globex):
    foreign = a_pool(globex)
    with acme.unchanged():
        refusal = acme.rep.post("/v1/leads", {"company_name": "X", "pool_id": foreign["id"]})

    assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/pool_id")
    assert refusal.json["errors"][0]["code"] == "unknown-reference"


def test_a_disabled_pool_takes_nothing_in(acme):
    pool = a_pool(acme)
    acme.admin.patch(f"/v1/pools/{pool['id']}", {"enabled": False}, if_match=1)
    with acme.unchanged():
        refusal = acme.rep.post("/v1/leads", {"company_name": "X", "pool_id": pool["id"]})

    assert (refusal.status, refusal.code) == (409, "pool-disabled")


def test_an_external_id_is_taken_once_per_tenant(acme, globex):
    a_lead(acme.rep, external_id="fair-7")
    with acme.unchanged():
        refusal = acme.rep.post("/v1/leads", {"company_name": "Other", "external_id": "fair-7"})

    assert (refusal.status, refusal.code) == (409, "external-id-taken")
    assert a_lead(globex.rep, external_id="fair-7")["external_id"] == "fair-7"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/company_name", "required"),
        ({"company_name": "  "}, "/company_name", "blank"),
        ({"company_name": "X", "person": {"email": "nobody"}}, "/person/email", "not-an-email"),
        ({"company_name": "X", "state": "held"}, "/state", "unknown-field"),
        ({"company_name": "X", "owner_id": "usr_x"}, "/owner_id", "unknown-field"),
    ],
)
def test_what_is_against_the_schema_is_refused(acme, body, pointer, code):
    with acme.unchanged():
        refusal = acme.rep.post("/v1/leads", body)

    assert refusal.status == 422
    assert [(fault["pointer"], fault["code"]) for fault in refusal.json["errors"]] == [(pointer, code)]


def test_fields_are_corrected_under_if_match(acme):
    lead = a_lead(acme.rep, person={"name": "Liu Yang"})
    answer = acme.rep.patch(
        f"/v1/leads/{lead['id']}", {"industry": "energy", "person": {"phone": "123"}}, if_match=lead["version"]
    )

    assert (answer.status, answer.etag) == (200, '"2"')
    assert answer.json["person"] == {"name": "Liu Yang", "title": None, "email": None, "phone": "123"}
    changes = lead_events(acme)[-1]["data"]["changes"]
    assert changes == {"industry": {"from": None, "to": "energy"}, "person": {"redacted": True}}


def test_a_change_that_changes_nothing_is_no_news(acme):
    lead = a_lead(acme.rep, industry="energy")
    with acme.unchanged():
        answer = acme.rep.patch(f"/v1/leads/{lead['id']}", {"industry": "energy"}, if_match=1)

    assert (answer.status, answer.etag) == (200, '"1"')


@pytest.mark.parametrize(("if_match", "status"), [(None, 428), (7, 412)])
def test_a_change_names_the_version_it_is_based_on(acme, if_match, status):
    lead = a_lead(acme.rep)
    with acme.unchanged():
        refusal = acme.rep.patch(f"/v1/leads/{lead['id']}", {"industry": "energy"}, if_match=if_match)

    assert refusal.status == status


def test_a_colleagues_lead_does_not_exist_for_a_rep(acme):
    lead = a_lead(acme.rep)
    colleague = acme.as_("sales_rep", "colleague")
    with acme.unchanged():
        refusal = colleague.patch(f"/v1/leads/{lead['id']}", {"industry": "energy"}, if_match=1)

    assert refusal.status == 404
    assert colleague.get("/v1/leads").json["data"] == []
    assert [found["id"] for found in acme.manager.get("/v1/leads").json["data"]] == [lead["id"]]


def test_a_pooled_lead_is_everybodys_to_see_but_not_to_edit(acme):
    lead = a_pooled_lead(acme)

    assert [found["id"] for found in acme.rep.get("/v1/leads").json["data"]] == [lead["id"]]
    with acme.unchanged():
        assert acme.rep.patch(f"/v1/leads/{lead['id']}", {"industry": "x"}, if_match=1).status == 404


def test_another_company_never_sees_it(acme, globex):
    lead = a_lead(acme.rep)

    assert globex.admin.get(f"/v1/leads/{lead['id']}").status == 404
    assert globex.admin.get("/v1/leads").json["data"] == []


def test_lists_filter_sort_and_page(acme):
    made = [a_lead(acme.rep, company_name=name, source=name[0]) for name in ("a1", "a2", "b1", "a3")]
    ids = [lead["id"] for lead in made]

    first = acme.rep.get("/v1/leads?filter[source][eq]=a&sort=created_at&limit=2").json
    second = acme.rep.get(f"/v1/leads?filter[source][eq]=a&sort=created_at&limit=2&cursor={first['page']['next']}").json
    assert [lead["id"] for lead in first["data"] + second["data"]] == [ids[0], ids[1], ids[3]]
    assert acme.rep.get("/v1/leads?filter[state]=pooled").json["data"] == []
    assert acme.rep.get("/v1/leads?filter[company_name]=a1").status == 422
    assert told(acme) == ["created"] * 4
