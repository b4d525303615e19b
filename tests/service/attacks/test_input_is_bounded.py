"""Attacks with odd, huge and broken input: refused with a reason, cheaply, and never a 500."""

from __future__ import annotations

import pytest

from shared.ids import new_id
from tests.service.pipeline.words import act, batch, has_deal
from tests.support.company import Company, Person
from tests.support.operations import operations
from tests.sweeps.world import a_world

pytestmark = pytest.mark.service

MUCH = 20_000
DEEP = "[" * 5_000 + "]" * 5_000
BROKEN = {
    "nesting": f'{{"name": {DEEP}}}',
    "surrogate": '{"name": "\\ud800"}',
    "not a number": '{"name": NaN}',
    "endless number": '{"name": 1e999}',
    "half": '{"name": "x',
    "nothing like JSON": "\x00\xff",
}
ODD = [None, True, -1, 2**64 - 1, 1.5, "", "\x00", "x" * 70_000, [], [[]], {}, {"$gt": ""}, [{"$ne": 1}], "2026-13-99"]


def raw(person: Person, path: str, text: str) -> int:
    headers = {"Authorization": f"Bearer {person.token}", "Idempotency-Key": new_id("req")}
    client = person.company.platform.app_for(path).test_client()
    data = text.encode("utf-8", "surrogatepass")
    return client.post(path, data=data, headers=headers, content_type="application/json").status_code


def test_a_crowd_of_unknown_fields_is_refused_in_one_word(acme):
    crowd = {f"field-{number}": 1 for number in range(MUCH)}
    client = acme.platform.app("tenants").test_client()

    for answer in (
        client.post("/v1/auth/login", json=crowd).get_json(),
        acme.rep.post("/v1/leads", {"company_name": "x", "person": crowd}).json,
    ):
        assert (answer["status"], [error["code"] for error in answer["errors"]]) == (422, ["too-many-fields"])
    [result] = batch(acme.admin, [crowd], "/v1/leads/batch").json["results"]
    assert [error["code"] for error in result["errors"]] == ["too-many-fields"]


def test_the_items_of_an_overlong_list_are_not_looked_at(acme):
    with acme.unchanged():
        answer = acme.rep.post("/v1/leads", {"company_name": "x", "product_ids": [1] * MUCH})

    [fault] = answer.json["errors"]
    assert (fault["pointer"], fault["code"]) == ("/product_ids", "too-many-items")


def test_a_refusal_names_a_hundred_faults_at_most(acme):
    stages = [{"code": 1, "order": "x", "probability": "x", "name": 1, "forecast_category": 1}] * 50
    with acme.unchanged():
        answer = acme.admin.post("/v1/stage-definitions", {"code": "x", "name": {"en": "x"}, "stages": stages})

    assert (answer.status, len(answer.json["errors"])) == (422, 100)


def definition(**criterion: object) -> dict[str, object]:
    stage = {"name": {"en": "x"}, "probability": 10, "forecast_category": "pipeline"}
    return {
        "code": new_id("op"),
        "name": {"en": "x"},
        "stages": [
            {**stage, "code": "first", "order": 1},
            {**stage, "code": "second", "order": 2, "criteria": [{"code": "gate", **criterion}]},
        ],
    }


@pytest.mark.parametrize(
    ("criterion", "fault"),
    [
        ({"kind": "amount_at_least", "params": {"amount_minor": 2**63}}, "too-big"),
        ({"kind": "contact_role_present", "params": {"role": "x" * 61}}, "too-long"),
    ],
)
def test_a_criterion_holds_no_number_or_text_beyond_measure(acme, criterion, fault):
    with acme.unchanged():
        answer = acme.admin.post("/v1/stage-definitions", definition(**criterion))

    assert (answer.status, [error["code"] for error in answer.json["errors"]]) == (422, [fault])


def test_no_event_grows_so_large_that_others_wait_behind_it(acme):
    here = {"kind": "field_present", "params": {"field": "external_id"}}
    stages = [
        {
            **definition()["stages"][0],  # type: ignore[index]
            "code": f"stage-{at}",
            "order": at,
            "criteria": [{**here, "code": f"{at}-{number}-{'海' * 55}"} for number in range(50)] if at else [],
        }
        for at in range(30)
    ]
    drafted = acme.admin.post("/v1/stage-definitions", {**definition(), "stages": stages}).json
    acme.admin.post(f"/v1/stage-definitions/{drafted['id']}/publish", {}, if_match=1)
    deal = {"name": "x", "external_id": "A-1", "definition_id": drafted["id"], "stage": "stage-29"}
    with acme.unchanged():
        answer = batch(acme.admin, [deal])

    assert (answer.status, answer.code, answer.json["params"]) == (413, "event-too-large", {"max": 256 * 1024})


@pytest.mark.parametrize("code", ["$where", "a.b", "__proto__", "{x}", "stage'\";--"])
def test_a_criterions_code_is_only_ever_a_name(acme, code):
    body = definition(kind="attestation")
    body["stages"][1]["criteria"][0]["code"] = code  # type: ignore[index]
    drafted = acme.admin.post("/v1/stage-definitions", body).json
    acme.admin.post(f"/v1/stage-definitions/{drafted['id']}/publish", {}, if_match=1)
    deal = has_deal(acme.rep, definition_id=drafted["id"])

    met = act(acme.rep, deal, f"criteria/{code}/meet", {"attested_by": "Li Wei"})

    assert met.status == 200, met.json
    assert list(acme.rep.get(f"/v1/deals/{deal['id']}").json["evidence"]) == [code]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_broken_json_is_refused_and_changes_nothing(acme, text):
    with acme.unchanged():
        assert raw(acme.admin, "/v1/products", text) in (400, 422)


def test_an_operator_in_a_query_is_a_text_or_an_unknown_parameter(acme):
    acme.rep.post("/v1/accounts", {"name": "Hidden", "external_id": "erp-1"})

    for query in ("filter[name]=$ne", "filter[industry][in]={$ne:1}", "filter[external_id][eq]=[$regex]=.*"):
        assert acme.rep.get(f"/v1/accounts?{query}").json["data"] == []
    for query in ("filter[name][$ne]=x", "filter[name][regex]=.*", "filter[$where]=1", "sort=digest"):
        assert acme.rep.get(f"/v1/accounts?{query}").status == 422
    assert acme.rep.get("/v1/accounts?filter[name][prefix]=.*").json["data"] == []


def test_no_route_breaks_on_input_of_the_wrong_kind(platform):
    company = Company.signed_up(platform, "acme")
    world = a_world(company)
    broken = []
    for operation in operations(platform):
        if operation.method in ("GET", "DELETE") or not isinstance(operation.example, dict):
            continue
        path = operation.path
        for name in operation.parameters:
            path = path.replace(f"{{{name}}}", world[name])
        example = {
            **operation.example,
            **({"slug": f"odd-{new_id('op')[-12:]}"} if "slug" in operation.example else {}),
        }
        bodies = [{**example, name: odd} for name in example for odd in ODD] + ODD
        for body in bodies:
            key = new_id("req") if operation.idempotency == "required" else None
            answer = company.admin.call(operation.method, path, json=body, if_match=1, key=key)
            if answer.status >= 500:
                broken.append((operation.name, str(body)[:200], answer.status))

    assert broken == []


def test_no_list_breaks_on_a_query_of_the_wrong_kind(platform):
    company = Company.signed_up(platform, "acme")
    world = a_world(company)
    odd = ["", "%00", "%ff", "-1", "9" * 40, "%D9%A3", "null", "x" * 3_000, "2026-13-99", "0001-01-01T00:00:00%2B23:59"]
    broken = []
    for operation in operations(platform):
        if operation.method != "GET" or operation.streams:
            continue
        path = operation.path
        for name in operation.parameters:
            path = path.replace(f"{{{name}}}", world[name])
        names = ["limit", "cursor", "sort", "fields", "count", "after", "types", "unit", "owner", "from", "by"]
        names += [f"filter[{field}][{op}]" for field in ("created_at", "amount", "state") for op in ("gte", "eq", "in")]
        for name in names:
            for text in odd:
                answer = company.admin.get(f"{path}?{name}={text}")
                if answer.status >= 500:
                    broken.append((operation.name, name, text[:30], answer.status))

    assert broken == []
