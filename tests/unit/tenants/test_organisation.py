"""The tree stays a tree, and a tenant keeps its admin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tenants.domain.unit import RootUnitStays, Unit, UnitCycle, UnitKind, UnitTooDeep, add_unit, plant_root
from services.tenants.domain.user import LastAdmin, PasswordNotSet, User, UserState, add_user
from shared.ids import new_id

pytestmark = pytest.mark.unit


def a_tree(size: int) -> list[Unit]:
    units = [plant_root("ten_1", name="Acme")[0]]
    for n in range(size):
        units.append(add_unit(units[n // 2], id=new_id("unit"), name=f"U{n}", kind=UnitKind.TEAM)[0])
    return units


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_whatever_is_moved_every_path_is_the_parents_path_and_itself(moves: list[tuple[int, int]]) -> None:
    units = a_tree(11)
    by_id = {unit.id: unit for unit in units}
    for which, where in moves:
        unit, parent = units[which], units[where]
        try:
            event = unit.update(parent=parent)
        except (UnitCycle, RootUnitStays, UnitTooDeep):
            continue
        if event is not None:
            for below in [other for other in units if unit.id in other.path and other is not unit]:
                assert below.follow(unit) is not None

    for unit in units:
        above = by_id[unit.parent_id].path if unit.parent_id else []
        assert unit.path == [*above, unit.id]


def test_moving_to_where_it_is_already_is_no_news() -> None:
    root, unit = a_tree(1)

    assert unit.update(name=unit.name, kind=UnitKind.TEAM, parent=root) is None


def test_an_event_tells_the_version_it_makes_and_both_sides_of_the_change() -> None:
    unit = a_tree(1)[1]
    unit.version = 4

    event = unit.update(name="West")

    assert event is not None
    assert (event.unit.version, event.unit.name) == (5, "West")
    assert event.changes == {"name": {"from": "U0", "to": "West"}}


def a_user(*roles: str, has_password: bool = True) -> User:
    return add_user(
        "ten_1", id=new_id("usr"), name="Ada", email=" Ada@Acme.example", roles=roles, unit_id="unit_1",
        has_password=has_password,
    )[0]  # fmt: skip


def test_addresses_are_kept_in_lower_case_and_roles_once() -> None:
    user = a_user("sales_rep", "finance", "sales_rep")

    assert (user.email, user.roles) == ("ada@acme.example", ["finance", "sales_rep"])


def test_the_last_admin_can_neither_step_down_nor_be_disabled() -> None:
    with pytest.raises(LastAdmin):
        a_user("tenant_admin").update(roles=["finance"], other_admins=0)
    with pytest.raises(LastAdmin):
        a_user("tenant_admin").update(state=UserState.DISABLED, other_admins=0)
    assert a_user("tenant_admin").update(roles=["finance"], other_admins=1) is not None


def test_an_invited_admin_is_no_admin_yet() -> None:
    assert not a_user("tenant_admin", has_password=False).is_admin
    assert a_user("tenant_admin", has_password=False).update(roles=["finance"], other_admins=0) is not None


def test_the_invited_become_active_with_a_password_only() -> None:
    invited = a_user("sales_rep", has_password=False)

    with pytest.raises(PasswordNotSet):
        invited.update(state=UserState.ACTIVE, has_password=False)
    event = invited.update(new_password=True, has_password=False)

    assert event is not None
    assert (invited.state, event.changes["password"]) == (UserState.ACTIVE, {"redacted": True})


def test_a_new_password_does_not_bring_back_the_disabled() -> None:
    user = a_user("sales_rep")
    user.update(state=UserState.DISABLED, other_admins=1)

    user.update(new_password=True)

    assert user.state is UserState.DISABLED
