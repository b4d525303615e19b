"""Many accounts or contacts at once, tied together by external ids."""

import pytest

from tests.service.accounts.test_accounts import an_account

pytestmark = pytest.mark.service


def imported(person, what, *items, key):
    answer = person.post(f"/v1/{what}/batch", {"items": list(items)}, key=key)
    assert answer.status == 200, answer.json
    return answer.json


def test_parents_may_come_after_their_children(acme):
    result = imported(
        acme.admin,
        "accounts",
        {"name": "Child", "external_id": "c", "parent_external_id": "p"},
        {"name": "Parent", "external_id": "p"},
        key="k",
    )

    child, parent = (row["id"] for row in result["results"])
    assert result["summary"] == {"created": 2, "unchanged": 0, "rejected": 0}
    assert acme.admin.get(f"/v1/accounts/{child}").json["parent_account_id"] == parent
    assert acme.published("accounts") == ["crm.account.created"] * 2


def test_a_parent_may_be_there_already(acme):
    parent = an_account(acme.admin, external_id="p")
    [row] = imported(acme.admin, "accounts", {"name": "C", "parent_external_id": "p"}, key="k")["results"]

    assert acme.admin.get(f"/v1/accounts/{row['id']}").json["parent_account_id"] == parent["id"]


def test_an_account_whose_parent_nobody_knows_is_rejected_and_so_are_those_below_it(acme):
    result = imported(
        acme.admin,
        "accounts",
        {"name": "Orphan", "external_id": "o", "parent_external_id": "nobody"},
        {"name": "Its child", "parent_external_id": "o"},
        {"name": "Ring 1", "external_id": "r1", "parent_external_id": "r2"},
        {"name": "Ring 2", "external_id": "r2", "parent_external_id": "r1"},
        {"name": "Fine", "external_id": "f"},
        {"name": "Twice", "parent_external_id": "f", "parent_account_id": "acc_01k00000000000000000000000"},
        {"name": "Unknown", "parent_account_id": "acc_01k00000000000000000000000"},
        key="k",
    )

    assert [row["status"] for row in result["results"]] == ["rejected"] * 4 + ["created"] + ["rejected"] * 2
    codes = [row["errors"][0]["code"] for row in result["results"] if row["status"] == "rejected"]
    assert codes == ["unknown-reference"] * 4 + ["one-parent-reference", "unknown-reference"]
    assert [account["name"] for account in acme.stored("accounts", "accounts")] == ["Fine"]


def test_importing_the_same_again_changes_nothing(acme):
    items = [{"name": "P", "external_id": "p"}, {"name": "C", "external_id": "c", "parent_external_id": "p"}]
    first = imported(acme.admin, "accounts", *items, key="k1")
    again = imported(acme.admin, "accounts", *items, key="k2")

    assert again["summary"] == {"created": 0, "unchanged": 2, "rejected": 0}
    assert [row["id"] for row in again["results"]] == [row["id"] for row in first["results"]]
    assert len(acme.published("accounts")) == 2


def test_known_with_other_content_is_rejected(acme):
    imported(acme.admin, "accounts", {"name": "P", "external_id": "p"}, key="k1")
    [row] = imported(acme.admin, "accounts", {"name": "Q", "external_id": "p"}, key="k2")["results"]

    assert (row["status"], row["errors"][0]["code"]) == ("rejected", "external-id-taken")


def test_contacts_find_their_account_by_id_or_external_id(acme, globex):
    account = an_account(acme.admin, external_id="a")
    an_account(globex.admin, external_id="foreign")
    result = imported(
        acme.admin,
        "contacts",
        {"name": "By id", "account_id": account["id"], "external_id": "c1"},
        {"name": "By external id", "account_external_id": "a"},
        {"name": "Foreign", "account_external_id": "foreign"},
        {"name": "Neither"},
        {"name": "Both", "account_id": account["id"], "account_external_id": "a"},
        key="k",
    )

    assert [row["status"] for row in result["results"]] == ["created", "created", "rejected", "rejected", "rejected"]
    assert [row["errors"][0]["code"] for row in result["results"][2:]] == [
        "unknown-reference",
        "one-account-reference",
        "one-account-reference",
    ]
    assert {contact["account_id"] for contact in acme.stored("accounts", "contacts")} == {account["id"]}


def test_a_batch_without_a_key_or_permission_is_refused(acme):
    for what in ("accounts", "contacts"):
        with acme.unchanged():
            assert acme.admin.post(f"/v1/{what}/batch", {"items": [{}]}).code == "idempotency-key-required"
            assert acme.rep.post(f"/v1/{what}/batch", {"items": [{}]}, key="k").code == "permission-missing"
