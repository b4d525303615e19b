"""People are added, changed and imported; the tenant never loses its last admin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.ids import new_id
from tests.service.tenants.office import PASSWORD, Office

pytestmark = pytest.mark.service


def a_user(office: Office, **different: Any) -> dict[str, Any]:
    fields = {"name": "Rita Rep", "email": "Rita@Acme.example", "roles": ["sales_rep"], "unit_id": office.root}
    return {**fields, **different}


def test_without_a_password_a_user_is_invited(office: Office) -> None:
    answer = office.admin.post("/v1/users", a_user(office))

    user = answer.json
    assert (answer.status, answer.etag, answer.headers["Location"]) == (201, '"1"', f"/v1/users/{user['id']}")
    assert (user["state"], user["email"], user["created_by"]) == ("invited", "rita@acme.example", office.admin.id)
    event = office.events("tenants")[-1]
    assert event["type"] == "crm.user.created"
    assert event["data"]["user"] == {
        "id": user["id"],
        "version": 1,
        "name": "Rita Rep",
        "email": "rita@acme.example",
        "roles": ["sales_rep"],
        "unit_id": office.root,
        "state": "invited",
    }


def test_with_a_password_a_user_can_log_in(office: Office) -> None:
    user = office.admin.post("/v1/users", a_user(office, password=PASSWORD)).json

    assert user["state"] == "active"
    assert office.log_in("rita@acme.example").status == 200


def test_a_first_password_makes_the_invited_active(office: Office) -> None:
    user = office.admin.post("/v1/users", a_user(office)).json

    changed = office.admin.patch(f"/v1/users/{user['id']}", {"password": PASSWORD}, if_match=1)

    assert (changed.status, changed.json["state"], changed.etag) == (200, "active", '"2"')
    assert office.events("tenants")[-1]["data"]["changes"] == {
        "state": {"from": "invited", "to": "active"},
        "password": {"redacted": True},
    }
    assert office.log_in("rita@acme.example").status == 200


@pytest.mark.parametrize(
    ("different", "status", "code", "pointer"),
    [
        ({"email": "ADA@acme.example"}, 409, "email-taken", None),
        ({"roles": ["emperor"]}, 422, "not-one-of", "/roles/0"),
        ({"roles": []}, 422, "too-few-items", "/roles"),
        ({"unit_id": new_id("unit")}, 422, "unknown-unit", "/unit_id"),
        ({"unit_id": "west"}, 422, "not-an-id", "/unit_id"),
        ({"password": "short"}, 422, "password-too-short", "/password"),
        ({"password": "Rita Rep Acme 1"}, 422, "password-guessable", "/password"),
        ({"state": "active"}, 422, "unknown-field", "/state"),
    ],
)
def test_adding_is_refused(office: Office, different: dict[str, Any], status: int, code: str, pointer: str) -> None:
    with office.unchanged():
        refusal = office.admin.post("/v1/users", a_user(office, **different))

    assert refusal.status == status
    if pointer is None:
        assert refusal.code == code
    else:
        assert [(e["pointer"], e["code"]) for e in refusal.json["errors"]] == [(pointer, code)]


def test_another_companys_unit_is_unknown(office: Office, rival: Office) -> None:
    with office.unchanged(), rival.unchanged():
        refusal = office.admin.post("/v1/users", a_user(office, unit_id=rival.root))

    assert refusal.json["errors"][0]["code"] == "unknown-unit"


def test_the_same_address_may_work_for_two_companies(office: Office, rival: Office) -> None:
    office.has_user("Rita")

    assert rival.has_user("Rita")["email"] == "rita@acme.example"


def test_of_many_with_the_same_address_one_is_added(office: Office) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: office.admin.post("/v1/users", a_user(office)), range(6)))

    assert sorted((a.status, a.code) for a in answers) == [(201, None)] + [(409, "email-taken")] * 5
    assert office.published("tenants").count("crm.user.created") == 2


def test_changing_tells_what_changed(office: Office) -> None:
    user, west = office.has_user("Rita"), office.has_unit("West")

    changes = {"name": "Rita Chief", "roles": ["sales_manager", "finance"], "unit_id": west["id"]}
    answer = office.admin.patch(f"/v1/users/{user['id']}", changes, if_match=1)

    assert (answer.status, answer.etag, answer.json["roles"]) == (200, '"2"', ["finance", "sales_manager"])
    event = office.events("tenants")[-1]
    assert (event["type"], event["sequence"], event["principal"]) == (
        "crm.user.updated",
        "000000000002",
        office.admin.id,
    )
    assert event["data"]["changes"] == {
        "name": {"from": "Rita", "to": "Rita Chief"},
        "roles": {"from": ["sales_rep"], "to": ["finance", "sales_manager"]},
        "unit_id": {"from": office.root, "to": west["id"]},
    }


def test_changing_nothing_is_no_news(office: Office) -> None:
    user = office.has_user("Rita")

    with office.unchanged():
        answer = office.admin.patch(f"/v1/users/{user['id']}", {"name": "Rita"}, if_match=1)

    assert (answer.status, answer.etag) == (200, '"1"')


@pytest.mark.parametrize(
    ("changes", "if_match", "status", "code"),
    [
        ({"name": "X"}, None, 428, "if-match-required"),
        ({"name": "X"}, 7, 412, "stale"),
        ({"unit_id": new_id("unit")}, 1, 422, "invalid"),
        ({"password": "password1234"}, 1, 422, "invalid"),
    ],
)
def test_changing_is_refused(office: Office, changes: dict[str, Any], if_match: Any, status: int, code: str) -> None:
    user = office.has_user("Rita")

    with office.unchanged():
        refusal = office.admin.patch(f"/v1/users/{user['id']}", changes, if_match=if_match)

    assert (refusal.status, refusal.code) == (status, code)


def test_nobody_is_active_without_a_password(office: Office) -> None:
    user = office.admin.post("/v1/users", a_user(office)).json

    with office.unchanged():
        refusal = office.admin.patch(f"/v1/users/{user['id']}", {"state": "active"}, if_match=1)

    assert (refusal.status, refusal.code) == (409, "password-not-set")


@pytest.mark.parametrize("changes", [{"roles": ["sales_rep"]}, {"state": "disabled"}])
def test_the_last_admin_stays(office: Office, changes: dict[str, Any]) -> None:
    office.admin.post("/v1/users", a_user(office, roles=["tenant_admin"]))  # invited: cannot administer yet

    with office.unchanged():
        refusal = office.admin.patch(f"/v1/users/{office.admin.id}", changes, if_match=1)

    assert (refusal.status, refusal.code) == (409, "last-admin")


def test_an_admin_may_go_when_another_stays(office: Office) -> None:
    office.has_user("Zoe", "tenant_admin")

    answer = office.admin.patch(f"/v1/users/{office.admin.id}", {"state": "disabled"}, if_match=1)

    assert answer.status == 200


def test_two_admins_who_remove_each_other_leave_one(office: Office) -> None:
    ids = [office.admin.id, office.has_user("Zoe", "tenant_admin")["id"]]

    with ThreadPoolExecutor(2) as pool:
        remove = lambda user_id: office.admin.patch(f"/v1/users/{user_id}", {"roles": ["finance"]}, if_match=1)  # noqa: E731
        answers = list(pool.map(remove, ids))

    assert sorted((a.status, a.code) for a in answers) == [(200, None), (409, "last-admin")]
    assert sum("tenant_admin" in user["roles"] for user in office.stored("tenants", "users")) == 1


@pytest.mark.parametrize("role", ["executive", "sales_manager", "sales_rep", "po_admin"])
def test_only_the_tenant_admin_adds_and_changes_people(office: Office, role: str) -> None:
    user = office.has_user("Rita")

    with office.unchanged():
        added = office.as_(role).post("/v1/users", a_user(office))
        changed = office.as_(role).patch(f"/v1/users/{user['id']}", {"roles": ["tenant_admin"]}, if_match=1)

    assert (added.code, changed.code) == ("permission-missing", "permission-missing")
    assert office.as_(role).get(f"/v1/users/{user['id']}").status == 200


def test_another_companys_user_does_not_exist(office: Office, rival: Office) -> None:
    user = office.has_user("Rita")

    with office.unchanged():
        assert rival.admin.get(f"/v1/users/{user['id']}").code == "not-found"
        assert rival.admin.patch(f"/v1/users/{user['id']}", {"name": "X"}, if_match=1).code == "not-found"
    assert [u["id"] for u in rival.admin.get("/v1/users").json["data"]] == [rival.admin.id]


def test_lists_are_filtered_sorted_and_paged(office: Office) -> None:
    west = office.has_unit("West")
    for name, role in (("Carl", "finance"), ("Bea", "sales_rep"), ("Dan", "sales_rep")):
        office.has_user(name, role, unit_id=west["id"])

    def names(query: str) -> list[str]:
        return [user["name"] for user in office.admin.get(f"/v1/users?{query}").json["data"]]

    assert names("sort=name") == ["Ada Admin", "Bea", "Carl", "Dan"]
    assert names("sort=-created_at&limit=2") == ["Dan", "Bea"]
    assert names("filter[roles]=sales_rep&sort=name") == ["Bea", "Dan"]
    assert names(f"filter[unit_id]={west['id']}&filter[state]=active&sort=name") == ["Bea", "Carl", "Dan"]
    first = office.admin.get("/v1/users?sort=name&limit=2").json
    assert names(f"sort=name&limit=2&cursor={first['page']['next']}") == ["Carl", "Dan"]


def batch(office: Office, items: list[dict[str, Any]], key: str = "k1") -> Any:
    return office.admin.post("/v1/users/batch", {"items": items}, key=key)


def test_a_batch_invites_and_says_what_it_would_not(office: Office) -> None:
    items = [
        a_user(office, email="a@x.example", external_id="1"),
        a_user(office, email="ada@acme.example", external_id="2"),
        a_user(office, email="A@x.example", external_id="3"),
        a_user(office, email="d@x.example", unit_id=new_id("unit")),
        a_user(office, email="no address"),
        a_user(office, email="b@x.example", external_id="1"),
        a_user(office, email="a@x.example", external_id="1"),
    ]

    answer = batch(office, items)

    results = answer.json["results"]
    codes = [(r["status"], r.get("errors", [{}])[0].get("code")) for r in results]
    assert codes == [
        ("created", None),
        ("rejected", "email-taken"),
        ("rejected", "email-taken"),
        ("rejected", "unknown-unit"),
        ("rejected", "not-an-email"),
        ("rejected", "external-id-taken"),
        ("unchanged", None),
    ]
    assert results[0]["id"] == results[6]["id"]
    assert answer.json["summary"] == {"created": 1, "unchanged": 1, "rejected": 5}
    assert office.published("tenants").count("crm.user.created") == 2
    assert office.user(results[0]["id"])["state"] == "invited"


def test_a_batch_twice_changes_nothing_even_after_an_edit(office: Office) -> None:
    items = [a_user(office, email=f"u{n}@x.example", external_id=str(n)) for n in range(5)]
    ids = [r["id"] for r in batch(office, items).json["results"]]
    office.admin.patch(f"/v1/users/{ids[0]}", {"name": "Renamed"}, if_match=1)
    published = office.published("tenants")

    again = batch(office, items, key="k2")

    assert again.json["summary"] == {"created": 0, "unchanged": 5, "rejected": 0}
    assert [r["id"] for r in again.json["results"]] == ids
    assert office.published("tenants") == published


def test_a_batch_needs_an_idempotency_key(office: Office) -> None:
    with office.unchanged():
        refusal = office.admin.post("/v1/users/batch", {"items": [a_user(office)]})

    assert 400 <= refusal.status < 500
