"""A company signs up whole or not at all, under a short name of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.tenancy import across_tenants
from tests.service.tenants.office import Office, a_sign_up, call
from tests.support.company import Answer
from tests.support.platform import Platform

pytestmark = pytest.mark.service


def sign_up(platform: Platform, form: dict[str, Any]) -> Answer:
    return call(platform, "POST", "/v1/tenants", form)


def counted(platform: Platform) -> dict[str, int]:
    with across_tenants(platform.mongo.database("tenants"), reason="migration") as database:
        names = ("tenants", "tenant_directory", "units", "users", "credentials", "turns", "outbox")
        return {name: database[name].count_documents({}) for name in names}


def test_tenant_root_unit_and_admin_come_together_and_are_told(platform: Platform) -> None:
    form = a_sign_up(currency="EUR", locale="zh-CN", timezone="Asia/Shanghai")

    answer = sign_up(platform, form)

    tenant, admin = answer.json["tenant"], answer.json["admin"]
    assert answer.status == 201
    assert answer.etag == '"1"'
    assert {k: tenant[k] for k in ("name", "slug", "currency", "locale", "timezone", "version")} == {
        "name": "Acme Marine",
        "slug": form["slug"],
        "currency": "EUR",
        "locale": "zh-CN",
        "timezone": "Asia/Shanghai",
        "version": 1,
    }
    assert (admin["email"], admin["roles"], admin["state"]) == ("ada@acme.example", ["tenant_admin"], "active")
    office = Office(platform, tenant["id"], "acme", admin["unit_id"])
    assert office.published("tenants") == ["crm.tenant.created", "crm.unit.created", "crm.user.created"]
    assert office.events("tenants")[1]["data"]["unit"]["path"] == [admin["unit_id"]]


def test_defaults_are_usd_english_utc(platform: Platform) -> None:
    tenant = sign_up(platform, a_sign_up()).json["tenant"]

    assert (tenant["currency"], tenant["locale"], tenant["timezone"]) == ("USD", "en", "UTC")


def test_a_password_is_nowhere_to_be_read(platform: Platform) -> None:
    office = Office.opened(platform)

    assert "lighthouse-at-dawn" not in str(office.everything())
    assert "password" not in str(office.events("tenants"))
    assert office.stored("tenants", "credentials")[0]["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_slug_belongs_to_one_company(platform: Platform, office: Office) -> None:
    before = counted(platform)

    refusal = sign_up(platform, a_sign_up(slug=office.slug))

    assert (refusal.status, refusal.code) == (409, "slug-taken")
    assert counted(platform) == before


def test_of_many_sign_ups_at_once_one_gets_the_slug(platform: Platform) -> None:
    form, before = a_sign_up(), counted(platform)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: sign_up(platform, form), range(6)))

    assert sorted((answer.status, answer.code) for answer in answers) == [(201, None)] + [(409, "slug-taken")] * 5
    assert counted(platform)["tenants"] == before["tenants"] + 1
    assert counted(platform)["outbox"] == before["outbox"] + 3


@pytest.mark.parametrize(
    ("different", "pointer", "code"),
    [
        ({"slug": "Ac me"}, "/slug", "slug-malformed"),
        ({"slug": "ac"}, "/slug", "slug-malformed"),
        ({"slug": "ac--me"}, "/slug", "slug-malformed"),
        ({"slug": "admin"}, "/slug", "slug-reserved"),
        ({"currency": "XXX"}, "/currency", "not-a-currency"),
        ({"locale": "fr"}, "/locale", "not-one-of"),
        ({"timezone": "Mars/Base"}, "/timezone", "unknown-timezone"),
        ({"timezone": "../../etc/passwd"}, "/timezone", "unknown-timezone"),
        ({"name": "  "}, "/name", "blank"),
        ({"colour": "blue"}, "/colour", "unknown-field"),
        ({"admin": {"email": "ada", "name": "A", "password": "x" * 20}}, "/admin/email", "not-an-email"),
        (
            {"admin": {"email": "a@b.example", "name": "A", "password": "short"}},
            "/admin/password",
            "password-too-short",
        ),
        (
            {"admin": {"email": "a@b.example", "name": "A", "password": "acme marine 1"}},
            "/admin/password",
            "password-guessable",
        ),
    ],
)
def test_is_refused_where_a_field_is_wrong(
    platform: Platform, different: dict[str, Any], pointer: str, code: str
) -> None:
    before = counted(platform)

    refusal = sign_up(platform, a_sign_up(**different))

    assert refusal.status == 422
    assert [(error["pointer"], error["code"]) for error in refusal.json["errors"]] == [(pointer, code)]
    assert refusal.json["errors"][0]["message"]
    assert counted(platform) == before


def test_everybody_may_look_up_their_company(office: Office) -> None:
    answer = office.rep.get("/v1/tenants/current")

    assert (answer.status, answer.json["slug"], answer.etag) == (200, office.slug, '"1"')
