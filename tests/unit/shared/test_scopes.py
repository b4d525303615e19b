"""Scopes and roles: how far a permission reaches, as a filter and as a question, always the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.auth import EVERYTHING, SYSTEM, Principal, Scope
from shared.auth.roles import PERMISSIONS, ROLES, grants
from shared.auth.scopes import LEVELS, widest

pytestmark = pytest.mark.unit


def scope(level):
    return Scope(level, "usr_1", "unit_1", ("unit_1", "unit_2"))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("all", {}),
        ("own", {"owner_id": "usr_1"}),
        ("team", {"$or": [{"owner_id": "usr_1"}, {"owner_unit_id": "unit_1"}]}),
        ("subtree", {"$or": [{"owner_id": "usr_1"}, {"owner_unit_id": {"$in": ["unit_1", "unit_2"]}}]}),
        ("none", {"_id": {"$in": []}}),
    ],
)
def test_a_scope_compiles_to_one_filter(level, expected):
    assert scope(level).filter() == expected


def test_the_unowned_can_be_included_but_never_for_none():
    assert scope("own").filter(True) == {"$or": [{"owner_id": "usr_1"}, {"owner_id": None}]}
    assert scope("none").filter(True) == {"_id": {"$in": []}}
    assert scope("all").filter(True) == {}


def test_who_belongs_to_no_unit_reaches_no_unit():
    homeless = Scope("team", "usr_1")
    assert homeless.filter() == {"owner_id": "usr_1"}
    assert not homeless.covers(None, None)
    assert Scope("subtree", "usr_1").filter() == {"owner_id": "usr_1"}


owners = st.sampled_from([None, "usr_1", "usr_2"])
units = st.sampled_from([None, "unit_1", "unit_2", "unit_3"])


def matches(query, record):
    """MongoDB's judgement, for the few operators scopes use."""
    if "$or" in query:
        return any(matches(branch, record) for branch in query["$or"])
    return all(
        record.get(key) in wanted["$in"] if isinstance(wanted, dict) else record.get(key) == wanted
        for key, wanted in query.items()
    )


@given(level=st.sampled_from(LEVELS), owner=owners, unit=units)
def test_the_question_and_the_filter_agree(level, owner, unit):
    record = {"_id": "x", "owner_id": owner, "owner_unit_id": unit}
    assert scope(level).covers(owner, unit) == matches(scope(level).filter(), record)


@given(owner=owners, unit=units)
def test_a_wider_level_reaches_whatever_a_narrower_one_does(owner, unit):
    reached = [scope(level).covers(owner, unit) for level in LEVELS]
    assert reached == sorted(reached)


def test_the_widest_of_several_roles_counts():
    assert widest([]) == "none"
    assert widest(["own", "all", "team"]) == "all"
    both = Principal(tenant_id="t", id="usr_1", roles=("sales_rep", "finance"))
    assert (both.scope("deal.read"), both.scope("deal.update").level) == (EVERYTHING, "own")


def test_every_role_names_only_permissions_and_levels_that_exist():
    assert set(ROLES) == {
        "tenant_admin", "executive", "sales_manager", "sales_rep", "presales_engineer", "inside_sales", "channel_sales",
        "professional_services", "marketing", "po_admin", "finance", "customer_service",
    }  # fmt: skip
    for role in ROLES.values():
        assert set(role) <= set(PERMISSIONS)
        assert set(role.values()) <= set(LEVELS) - {"none"}


def test_the_admin_holds_everything_and_a_reader_changes_nothing():
    assert set(ROLES["tenant_admin"]) == set(PERMISSIONS)
    assert set(ROLES["tenant_admin"].values()) == {"all"}
    assert all(name.endswith(".read") for name in ROLES["executive"])
    assert all(name.endswith(".read") for name in ROLES["finance"])


def test_an_unknown_role_grants_nothing_and_the_system_everything():
    assert grants(("emperor",)) == {}
    assert Principal(tenant_id="t", id="usr_1", roles=("emperor",)).scope("deal.read").level == "none"
    assert SYSTEM.scope("deal.read") is EVERYTHING
