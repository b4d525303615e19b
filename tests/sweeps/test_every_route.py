"""Every route, discovered from OpenAPI, against the foreign tenant, the missing permission and the missing token."""

from __future__ import annotations

import json

import pytest

from tests.support.company import Answer, Company, Person
from tests.support.operations import Operation, operations
from tests.support.platform import Platform
from tests.sweeps.world import a_world, nowhere

pytestmark = pytest.mark.sweep

OF_THE_REQUEST = {"instance", "request_id"}


@pytest.fixture(scope="module")
def routes(_platform: Platform) -> list[Operation]:
    return operations(_platform)


@pytest.fixture(scope="module")
def companies(_platform: Platform) -> tuple[Company, Company]:
    return Company.signed_up(_platform, "acme"), Company.signed_up(_platform, "globex")


@pytest.fixture(scope="module")
def world(companies: tuple[Company, Company]) -> dict[str, str]:
    return a_world(companies[0])


def without_ids(answer: Answer, ids: dict[str, str]) -> str:
    body = {name: value for name, value in (answer.json or {}).items() if name not in OF_THE_REQUEST}
    text = json.dumps(body, sort_keys=True)
    for name, value in ids.items():
        text = text.replace(value, name)
    return text


def test_there_are_routes_to_sweep(routes: list[Operation]) -> None:
    assert len(routes) >= 60
    assert {operation.service for operation in routes} == {
        "tenants", "leads", "accounts", "pipeline", "reporting", "webhooks"
    }  # fmt: skip


def test_the_world_has_one_of_everything_a_path_names(routes: list[Operation], world: dict[str, str]) -> None:
    assert {name for operation in routes for name in operation.parameters} <= set(world)


def test_without_a_token_nobody_is_answered(routes: list[Operation], companies, world) -> None:
    acme = companies[0]
    nobody = Person(acme, "usr_nobody", ())
    nobody.__dict__["token"] = ""
    before = acme.everything()

    answered = {op.name: op.call(nobody, world) for op in routes if not op.public}

    assert {name: (a.status, a.code) for name, a in answered.items() if a.status != 401} == {}
    assert all(a.headers["Content-Type"] == "application/problem+json" for a in answered.values())
    assert acme.everything() == before


def test_without_the_permission_everything_is_refused(routes: list[Operation], companies, world) -> None:
    acme = companies[0]
    powerless = Person(acme, "usr_powerless", ())
    before = acme.everything()
    guarded = [op for op in routes if op.permission not in ("public", "signed-in")]

    answered = {op.name: op.call(powerless, world) for op in guarded}

    wrong = {name: (a.status, a.code) for name, a in answered.items() if a.code != "permission-missing"}
    assert wrong == {}
    assert {a.status for a in answered.values()} == {403}
    assert acme.everything() == before


def test_a_foreign_id_is_answered_like_one_that_never_existed(routes: list[Operation], companies, world) -> None:
    acme, globex = companies
    before = acme.everything(), globex.everything()
    unknown = nowhere(world)
    different = {}

    for op in routes:
        if not op.parameters or op.public:
            continue
        foreign, missing = op.call(globex.admin, world), op.call(globex.admin, unknown)
        same = without_ids(foreign, world) == without_ids(missing, unknown)
        if foreign.status != 404 or missing.status != 404 or not same:
            different[op.name] = (foreign.status, foreign.json, missing.status)

    assert different == {}
    assert (acme.everything(), globex.everything()) == before


def test_no_list_report_or_feed_shows_a_foreign_record(routes: list[Operation], companies, world) -> None:
    globex = companies[1]
    canaries = [value for name, value in world.items() if name.endswith("_id")] + ["Canary"]
    shown = {}

    for op in routes:
        if op.method != "GET" or op.parameters or op.streams or op.public:
            continue
        answer = op.call(globex.admin, {})
        assert answer.status == 200, (op.name, answer.json)
        text = json.dumps(answer.json)
        shown[op.name] = [canary for canary in canaries if canary in text]

    assert {name: found for name, found in shown.items() if found} == {}
    assert len(shown) >= 12


def test_naming_a_foreign_record_in_a_body_reaches_nothing(companies, world) -> None:
    acme, globex = companies
    before = acme.everything()

    refused = {
        "contact of a foreign account": globex.admin.post(
            "/v1/contacts", {"account_id": world["account_id"], "name": "Intruder"}
        ),
        "lead into a foreign pool": globex.admin.post(
            "/v1/leads", {"company_name": "Intruder", "source": "web", "pool_id": world["pool_id"]}
        ),
        "user in a foreign unit": globex.admin.post(
            "/v1/users",
            {"name": "I", "email": "i@example.com", "roles": ["sales_rep"], "unit_id": world["unit_id"]},
        ),
        "unit below a foreign one": globex.admin.post(
            "/v1/units", {"name": "I", "kind": "team", "parent_id": world["unit_id"]}
        ),
        "deal under a foreign definition": globex.admin.post(
            "/v1/deals", {"name": "I", "definition_id": world["definition_id"]}
        ),
    }

    assert {what: a.status for what, a in refused.items() if a.status not in (404, 422)} == {}
    assert acme.everything() == before
