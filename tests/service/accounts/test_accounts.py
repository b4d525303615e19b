"""Accounts: created, read, changed, listed, within reach and within the company."""

import pytest

pytestmark = pytest.mark.service


def an_account(person, **fields):
    answer = person.post("/v1/accounts", {"name": "Jade River Foods", **fields})
    assert answer.status == 201, answer.json
    return answer.json


def account_events(company):
    return [event for event in company.events("accounts") if event["subject"].startswith("account/")]


def test_an_account_belongs_to_whoever_creates_it(acme):
    revenue = {"amount_minor": 12_500_000_00, "currency": "USD"}
    account = an_account(acme.rep, industry="food", country="CN", founded=1998, revenue=revenue, employees=420)

    assert (account["owner_id"], account["owner_unit_id"], account["version"]) == (acme.rep.id, acme.unit_id, 1)
    assert account["revenue"] == revenue
    assert acme.rep.get(f"/v1/accounts/{account['id']}").json == account
    [event] = account_events(acme)
    assert event["type"] == "crm.account.created"
    assert event["data"]["account"] == {
        "id": account["id"],
        "version": 1,
        "name": "Jade River Foods",
        "industry": "food",
        "country": "CN",
        "owner_id": acme.rep.id,
        "owner_unit_id": acme.unit_id,
    }


def test_a_change_tells_what_it_changed(acme):
    account = an_account(acme.rep, industry="food")
    answer = acme.rep.patch(f"/v1/accounts/{account['id']}", {"industry": "beverages"}, if_match=1)

    assert (answer.status, answer.etag, answer.json["industry"]) == (200, '"2"', "beverages")
    assert account_events(acme)[-1]["data"]["changes"] == {"industry": {"from": "food", "to": "beverages"}}


@pytest.mark.parametrize(("if_match", "status"), [(None, 428), (3, 412)])
def test_a_change_names_the_version_it_is_based_on(acme, if_match, status):
    account = an_account(acme.rep)
    with acme.unchanged():
        assert acme.rep.patch(f"/v1/accounts/{account['id']}", {"industry": "x"}, if_match=if_match).status == status


def test_a_parent_must_exist_within_the_company(acme, globex):
    foreign = an_account(globex.rep)
    with acme.unchanged():
        refusal = acme.rep.post("/v1/accounts", {"name": "X", "parent_account_id": foreign["id"]})

    assert refusal.status == 422
    assert [(fault["pointer"], fault["code"]) for fault in refusal.json["errors"]] == [
        ("/parent_account_id", "unknown-reference")
    ]


def test_the_tree_of_accounts_stays_a_tree(acme):
    top = an_account(acme.rep)
    middle = an_account(acme.rep, parent_account_id=top["id"])
    low = an_account(acme.rep, parent_account_id=middle["id"])
    for parent in (top, middle, low):
        with acme.unchanged():
            refusal = acme.rep.patch(f"/v1/accounts/{top['id']}", {"parent_account_id": parent["id"]}, if_match=1)
        assert (refusal.status, refusal.code) == (409, "own-parent")

    moved = acme.rep.patch(f"/v1/accounts/{low['id']}", {"parent_account_id": top["id"]}, if_match=1)
    assert moved.json["parent_account_id"] == top["id"]


def test_an_external_id_is_taken_once_per_tenant(acme, globex):
    an_account(acme.rep, external_id="crm-1")
    with acme.unchanged():
        refusal = acme.as_("sales_rep", "other").post("/v1/accounts", {"name": "X", "external_id": "crm-1"})

    assert (refusal.status, refusal.code) == (409, "external-id-taken")
    assert an_account(globex.rep, external_id="crm-1")["external_id"] == "crm-1"


def test_a_rep_reaches_own_accounts_a_manager_those_of_the_unit(acme, globex):
    account = an_account(acme.rep)
    path = f"/v1/accounts/{account['id']}"
    colleague = acme.as_("sales_rep", "colleague")

    assert colleague.get(path).status == 404
    assert colleague.get("/v1/accounts").json["data"] == []
    assert acme.manager.get(path).status == 200
    assert globex.admin.get(path).status == 404
    with acme.unchanged():
        assert colleague.patch(path, {"industry": "x"}, if_match=1).status == 404
        assert globex.admin.patch(path, {"industry": "x"}, if_match=1).status == 404


def test_lists_sort_by_name_and_page(acme):
    for name in ("Cedar", "Ash", "Birch"):
        an_account(acme.rep, name=name, industry="wood")
    an_account(acme.rep, name="Iron", industry="metal")

    first = acme.rep.get("/v1/accounts?filter[industry][eq]=wood&sort=name&limit=2").json
    second = acme.rep.get(
        f"/v1/accounts?filter[industry][eq]=wood&sort=name&limit=2&cursor={first['page']['next']}"
    ).json
    assert [account["name"] for account in first["data"] + second["data"]] == ["Ash", "Birch", "Cedar"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/name", "required"),
        ({"name": "X", "founded": "1998"}, "/founded", "not-an-integer"),
        ({"name": "X", "employees": -1}, "/employees", "out-of-range"),
        ({"name": "X", "revenue": {"amount_minor": 1.5, "currency": "USD"}}, "/revenue/amount_minor", "not-an-integer"),
        ({"name": "X", "owner_id": "usr_x"}, "/owner_id", "unknown-field"),
    ],
)
def test_what_is_against_the_schema_is_refused(acme, body, pointer, code):
    with acme.unchanged():
        refusal = acme.rep.post("/v1/accounts", body)

    assert refusal.status == 422
    assert [(fault["pointer"], fault["code"]) for fault in refusal.json["errors"]] == [(pointer, code)]
