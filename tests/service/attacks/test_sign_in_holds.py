"""Attacks from outside: guessing passwords round the limits, look-alike companies, keys and cursors of others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.ratelimit import Limiter
from tests.service.tenants.office import Office, a_sign_up, call

pytestmark = pytest.mark.service


@pytest.fixture
def drawn(platform, monkeypatch):
    """What the limiter of the tenants service counts, by key, instead of counting it."""
    counted: list[str] = []
    limiter = Limiter(replace(platform.settings, rate_limits=True))
    monkeypatch.setattr(limiter, "_draw", lambda key, policy: counted.append(key) or 1)
    monkeypatch.setattr(platform.app("tenants").extensions["pelagic"], "limiter", limiter)
    return counted


def test_guesses_count_for_one_account_however_it_is_spelled(platform, drawn):
    for email in ("ada@acme.example", " ada@acme.example", "ADA@acme.example ", "ada@acme.example\t\n"):
        form = {"tenant": "acme", "email": email, "password": "a guess"}
        assert call(platform, "POST", "/v1/auth/login", form).code == "login-refused"

    assert len({key for key in drawn if ":account:" in key}) == 1


def test_guesses_count_for_one_network_whatever_address_of_it_is_used(platform, drawn):
    def counted(*addresses):
        drawn.clear()
        for address in addresses:
            call(platform, "POST", "/v1/auth/refresh", {"refresh_token": "x"}, X_Forwarded_For=f"spoofed, {address}")
        return len(set(drawn))

    assert counted("2001:470:1:2::1", "2001:470:1:2:ffff::9", "2001:0470:0001:0002::1") == 1
    assert counted("198.18.0.1", "::ffff:198.18.0.1") == 1
    assert counted("198.18.0.1", "198.18.0.2") == 2
    assert counted("2001:470:1:2::1", "2001:470:1:3::1") == 2


def test_behind_a_proxy_the_caller_is_counted_and_not_the_proxy(platform, drawn):
    for caller in ("198.18.0.1", "198.18.0.2"):
        trail = {"X_Envoy_External_Address": caller, "X_Forwarded_For": f"{caller}, 10.0.0.1"}
        call(platform, "POST", "/v1/auth/refresh", {"refresh_token": "x"}, **trail)

    assert len(set(drawn)) == 2


@pytest.mark.parametrize("tail", ["\n", " ", "\u200b", "-", "\uff41"])
def test_no_company_signs_up_under_a_slug_that_looks_like_anothers(platform, tail):
    slug = a_sign_up()["slug"]

    answer = call(platform, "POST", "/v1/tenants", a_sign_up(slug=slug + tail))

    assert (answer.status, [error["code"] for error in answer.json["errors"]]) == (422, ["slug-malformed"])


def test_every_refused_sign_in_is_told_alike(platform):
    office = Office.opened(platform)
    gone = office.has_user("Gone")
    office.admin.patch(f"/v1/users/{gone['id']}", {"state": "disabled"}, if_match=1)
    told = [
        office.log_in(password="wrong-wrong-wrong"),
        office.log_in(email="nobody@acme.example"),
        office.log_in(email="gone@acme.example"),
        office.log_in(tenant="no-such-company"),
    ]

    bodies = [{name: value for name, value in answer.json.items() if name != "request_id"} for answer in told]
    assert all(body == bodies[0] for body in bodies) and bodies[0]["code"] == "login-refused"


def test_a_refresh_token_is_worth_nothing_under_another_companys_name(platform):
    office, rival = Office.opened(platform), Office.opened(platform)
    token = office.log_in().json["refresh_token"]
    moved = f"{rival.tenant_id}.{token.partition('.')[2]}"

    assert office.refresh(moved).code == "session-ended"
    assert office.log_out(moved).status == 204
    assert office.refresh(token).status == 200


def test_an_idempotency_key_opens_nobody_elses_answer(acme, globex):
    other = acme.as_("sales_rep", "other")
    first = acme.rep.post("/v1/leads", {"company_name": "Secret"}, key="k").json
    owners = [who.post("/v1/leads", {"company_name": "Secret"}, key="k").json for who in (other, globex.rep)]

    assert [lead["owner_id"] for lead in owners] == [other.id, globex.rep.id]
    assert first["id"] not in {lead["id"] for lead in owners}
    for path, body in (("/v1/accounts", {"name": "x"}), (f"/v1/leads/{first['id']}/claim", None)):
        answer = acme.rep.post(path, body, key="k")
        assert (answer.status, "Idempotency-Replayed" in answer.headers) != (200, True)


def test_a_cursor_shows_its_holder_no_more_than_the_list_does(acme, globex):
    for number in range(3):
        acme.admin.post("/v1/accounts", {"name": f"Secret {number}"})
    mine = acme.rep.post("/v1/accounts", {"name": "Mine"}).json
    acme.pump()
    cursor = acme.admin.get("/v1/accounts?limit=1&sort=name").json["page"]["next"]
    feed = acme.admin.get("/v1/events?limit=1").json["page"]["next"]

    page = acme.rep.get(f"/v1/accounts?limit=1&sort=name&cursor={cursor}")
    assert (page.status, [row["id"] for row in page.json["data"]]) == (200, [])
    assert acme.rep.get("/v1/accounts?sort=name").json["data"][0]["id"] == mine["id"]
    for person, path in (
        (globex.admin, f"/v1/accounts?limit=1&sort=name&cursor={cursor}"),
        (acme.admin, f"/v1/accounts?limit=1&sort=-name&cursor={cursor}"),
        (acme.admin, f"/v1/products?limit=1&sort=name&cursor={cursor}"),
        (globex.admin, f"/v1/events?after={feed}"),
        (acme.admin, f"/v1/events?after={cursor}"),
    ):
        assert (person.get(path).status, person.get(path).code) == (400, "cursor-invalid")
