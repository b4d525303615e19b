"""The organisation tree grows, is rearranged and imported, and stays a tree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.ids import new_id
from tests.service.tenants.office import Office
from tests.support.company import Answer

pytestmark = pytest.mark.service


def path_of(office: Office, unit: dict[str, Any]) -> list[str]:
    found: list[str] = office.admin.get(f"/v1/units/{unit['id']}").json["path"]
    return found


def move(office: Office, unit: dict[str, Any], below: str) -> Answer:
    version = office.admin.get(f"/v1/units/{unit['id']}").json["version"]
    return office.admin.patch(f"/v1/units/{unit['id']}", {"parent_id": below}, if_match=version)


def test_a_unit_goes_below_its_parent_or_the_root(office: Office) -> None:
    west = office.admin.post("/v1/units", {"name": "West", "kind": "region"})
    team = office.admin.post("/v1/units", {"name": "Team 1", "kind": "team", "parent_id": west.json["id"]})

    assert (west.status, west.etag, west.json["parent_id"]) == (201, '"1"', office.root)
    assert team.json["path"] == [office.root, west.json["id"], team.json["id"]]
    event = office.events("tenants")[-1]
    assert (event["type"], event["data"]["unit"]["path"]) == ("crm.unit.created", team.json["path"])


def test_renaming_is_one_event(office: Office) -> None:
    west = office.has_unit("West")
    office.has_unit("Team 1", below=west["id"])
    published = office.published("tenants")

    answer = office.admin.patch(f"/v1/units/{west['id']}", {"name": "Far West", "kind": "region"}, if_match=1)

    assert (answer.status, answer.etag, answer.json["name"]) == (200, '"2"', "Far West")
    assert office.published("tenants") == [*published, "crm.unit.updated"]
    assert office.events("tenants")[-1]["data"]["changes"] == {
        "name": {"from": "West", "to": "Far West"},
        "kind": {"from": "team", "to": "region"},
    }


def test_moving_takes_everything_below_along(office: Office) -> None:
    west, east = office.has_unit("West"), office.has_unit("East")
    team = office.has_unit("Team", below=west["id"])
    squad = office.has_unit("Squad", below=team["id"])
    before = len(office.published("tenants"))

    answer = move(office, team, east["id"])

    assert answer.json["path"] == [office.root, east["id"], team["id"]]
    assert path_of(office, squad) == [office.root, east["id"], team["id"], squad["id"]]
    news = office.events("tenants")[before:]
    assert [(e["type"], e["data"]["unit"]["id"], e["sequence"]) for e in news] == [
        ("crm.unit.updated", team["id"], "000000000002"),
        ("crm.unit.updated", squad["id"], "000000000002"),
    ]
    assert list(news[1]["data"]["changes"]) == ["path"]


def test_moving_is_refused_where_the_tree_would_break(office: Office, rival: Office) -> None:
    west = office.has_unit("West")
    team = office.has_unit("Team", below=west["id"])
    root = {"id": office.root}

    with office.unchanged():
        assert move(office, west, team["id"]).code == "unit-cycle"
        assert move(office, west, west["id"]).code == "unit-cycle"
        assert move(office, root, west["id"]).code == "root-unit-stays"
        assert move(office, west, new_id("unit")).json["errors"][0]["code"] == "unknown-unit"
        assert move(office, west, rival.root).json["errors"][0]["code"] == "unknown-unit"
        assert office.admin.patch(f"/v1/units/{west['id']}", {"name": "X"}, if_match=9).code == "stale"
        assert office.admin.patch(f"/v1/units/{west['id']}", {"name": "X"}).code == "if-match-required"


def test_the_tree_has_twelve_levels_at_most(office: Office) -> None:
    chain = [office.root]
    for level in range(2, 13):
        chain.append(office.has_unit(f"Level {level}", below=chain[-1])["id"])
    other = office.has_unit("Other")

    with office.unchanged():
        deeper = office.admin.post("/v1/units", {"name": "X", "kind": "team", "parent_id": chain[-1]})
        moved = move(office, {"id": chain[1]}, other["id"])

    assert (deeper.code, moved.code) == ("unit-too-deep", "unit-too-deep")


def test_two_units_moved_below_each_other_at_once_make_no_cycle(office: Office) -> None:
    west, east = office.has_unit("West"), office.has_unit("East")

    with ThreadPoolExecutor(2) as pool:
        moves = [(west, east["id"]), (east, west["id"])]
        answers = list(pool.map(lambda pair: move(office, *pair), moves))

    assert sorted((a.status, a.code) for a in answers)[0] == (200, None)
    assert {a.code for a in answers} <= {None, "unit-cycle", "stale"}
    paths = [path_of(office, west), path_of(office, east)]
    assert sorted(map(len, paths)) == [2, 3]


def test_a_unit_added_while_its_parent_moves_has_the_right_path(office: Office) -> None:
    west, east = office.has_unit("West"), office.has_unit("East")

    def add(n: int) -> Answer:
        return office.admin.post("/v1/units", {"name": f"T{n}", "kind": "team", "parent_id": west["id"]})

    with ThreadPoolExecutor(5) as pool:
        moved, *added = [pool.submit(move, office, west, east["id"]), *(pool.submit(add, n) for n in range(4))]

    assert moved.result().status == 200
    for future in added:
        assert path_of(office, future.result().json)[:3] == [office.root, east["id"], west["id"]]


def test_only_the_tenant_admin_grows_the_tree(office: Office) -> None:
    with office.unchanged():
        assert office.manager.post("/v1/units", {"name": "X", "kind": "team"}).code == "permission-missing"
        assert office.manager.patch(f"/v1/units/{office.root}", {"name": "X"}, if_match=1).code == "permission-missing"


def test_another_companys_unit_does_not_exist(office: Office, rival: Office) -> None:
    west = office.has_unit("West")

    assert rival.admin.get(f"/v1/units/{west['id']}").code == "not-found"
    assert west["id"] not in str(rival.admin.get("/v1/units").json)


def test_lists_give_a_subtree_children_and_kinds(office: Office) -> None:
    west = office.has_unit("West", kind="region")
    office.has_unit("Team 2", below=west["id"])
    office.has_unit("Team 1", below=west["id"])

    def names(query: str) -> list[str]:
        return [unit["name"] for unit in office.rep.get(f"/v1/units?sort=name&{query}").json["data"]]

    assert names(f"filter[path]={west['id']}") == ["Team 1", "Team 2", "West"]
    assert names(f"filter[parent_id]={west['id']}") == ["Team 1", "Team 2"]
    assert names("filter[kind]=region") == ["West"]


def batch(office: Office, items: list[dict[str, Any]], key: str = "k1") -> Any:
    return office.admin.post("/v1/units/batch", {"items": items}, key=key)


def a_unit(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "team", "external_id": name.lower(), **more}


def test_a_batch_places_units_below_each_other_in_any_order(office: Office) -> None:
    items = [
        a_unit("Squad", parent_external_id="team"),
        a_unit("Team", parent_external_id="west"),
        a_unit("West", kind="region"),
    ]

    answer = batch(office, items)

    squad, team, west = (result["id"] for result in answer.json["results"])
    assert answer.json["summary"] == {"created": 3, "unchanged": 0, "rejected": 0}
    assert path_of(office, {"id": squad}) == [office.root, west, team, squad]
    assert office.published("tenants").count("crm.unit.created") == 4


def test_a_batch_twice_changes_nothing_and_may_go_on_from_what_is_there(office: Office) -> None:
    items = [a_unit("West"), a_unit("Team", parent_external_id="west")]
    first = batch(office, items)
    published = office.published("tenants")

    again = batch(office, items, key="k2")
    further = batch(office, [a_unit("Squad", parent_external_id="team")], key="k3")

    assert again.json["summary"] == {"created": 0, "unchanged": 2, "rejected": 0}
    assert [r["id"] for r in again.json["results"]] == [r["id"] for r in first.json["results"]]
    assert office.published("tenants") == [*published, "crm.unit.created"]
    assert further.json["summary"]["created"] == 1


def test_a_batch_says_what_has_no_place(office: Office) -> None:
    items = [
        a_unit("A", parent_external_id="b"),
        a_unit("B", parent_external_id="a"),
        a_unit("C", parent_external_id="nowhere"),
        a_unit("D", parent_id=new_id("unit")),
        a_unit("E", parent_id=office.root, parent_external_id="c"),
        a_unit("F", parent_external_id="c"),
        {**a_unit("F2"), "external_id": "c"},
        a_unit("C", parent_external_id="nowhere"),
    ]

    published, units = office.published("tenants"), office.stored("tenants", "units")
    answer = batch(office, items)

    codes = [(r["status"], r.get("errors", [{}])[0].get("code")) for r in answer.json["results"]]
    assert codes == [
        ("rejected", "unit-cycle"),
        ("rejected", "unit-cycle"),
        ("rejected", "unknown-unit"),
        ("rejected", "unknown-unit"),
        ("rejected", "two-parents"),
        ("rejected", "unknown-unit"),
        ("rejected", "external-id-taken"),
        ("rejected", "unknown-unit"),
    ]
    assert office.published("tenants") == published
    assert office.stored("tenants", "units") == units


def test_a_long_chain_in_a_batch_stops_at_the_depth_limit(office: Office) -> None:
    chain = [a_unit("U0")] + [a_unit(f"U{n}", parent_external_id=f"u{n - 1}") for n in range(1, 500)]

    answer = batch(office, list(reversed(chain)))

    assert answer.json["summary"] == {"created": 11, "unchanged": 0, "rejected": 489}
