"""Logging in, carrying a session on, logging out; and what a refusal does not tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.clock import frozen, now
from tests.service.tenants.office import PASSWORD, Office, call
from tests.support.platform import Platform

pytestmark = pytest.mark.service


def claims(access_token: str) -> dict[str, Any]:
    return jwt.decode(access_token, options={"verify_signature": False})


def test_logging_in_answers_tokens_and_who_it_is(office: Office) -> None:
    answer = office.log_in()

    tokens, admin = answer.json, office.admin
    assert answer.status == 200
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert tokens["principal"]["id"] == admin.id
    assert tokens["principal"]["tenant"]["slug"] == office.slug
    assert tokens["principal"]["permissions"]["user.create"] == "all"
    assert office.me(tokens["access_token"]).json == tokens["principal"]
    told = claims(tokens["access_token"])
    assert (told["sub"], told["tid"], told["roles"]) == (admin.id, office.tenant_id, ["tenant_admin"])
    assert (told["unit"], told["units"], told["exp"] - told["iat"]) == (office.root, [office.root], 600)


def test_the_address_is_not_case_sensitive(office: Office) -> None:
    assert office.log_in("ADA@Acme.example").status == 200


def test_a_manager_carries_the_units_below_and_a_rep_only_their_own(office: Office) -> None:
    west = office.has_unit("West")
    team = office.has_unit("Team 1", below=west["id"])
    office.has_unit("East")
    office.has_user("Mia", "sales_manager", unit_id=west["id"])
    office.has_user("Rita", "sales_rep", unit_id=west["id"])

    manager = claims(office.log_in("mia@acme.example").json["access_token"])
    rep = claims(office.log_in("rita@acme.example").json["access_token"])

    assert (manager["unit"], manager["units"]) == (west["id"], sorted([west["id"], team["id"]]))
    assert (rep["unit"], rep["units"]) == (west["id"], [west["id"]])


@pytest.mark.parametrize("wrong", ["tenant", "email", "password", "invited", "disabled"])
def test_every_refusal_looks_the_same(office: Office, wrong: str) -> None:
    user = office.has_user("Rita")
    office.admin.post(
        "/v1/users", {"name": "Ines", "email": "ines@acme.example", "roles": ["sales_rep"], "unit_id": office.root}
    )
    form = {"tenant": office.slug, "email": "rita@acme.example", "password": PASSWORD}
    if wrong == "disabled":
        office.admin.patch(f"/v1/users/{user['id']}", {"state": "disabled"}, if_match=1)
    form |= {"tenant": {"tenant": "nobody"}, "email": {"email": "x@acme.example"}}.get(wrong, {})
    form |= {"password": {"password": "wrong-password-1"}, "invited": {"email": "ines@acme.example"}}.get(wrong, {})
    events, sessions = office.published("tenants"), office.stored("tenants", "sessions")

    refusal = call(office.platform, "POST", "/v1/auth/login", form)

    told = {k: refusal.json[k] for k in ("status", "code", "title", "detail")}
    assert told == {
        "status": 401,
        "code": "login-refused",
        "title": "Could not log in",
        "detail": "Check company, e-mail address and password; after many misses wait five minutes.",
    }
    assert office.published("tenants") == events
    assert office.stored("tenants", "sessions") == sessions


def test_a_user_of_another_company_is_nobody_here(office: Office, rival: Office) -> None:
    rival.has_user("Rita")

    assert rival.log_in("rita@acme.example").status == 200
    assert office.log_in("rita@acme.example").code == "login-refused"


def test_ten_misses_rest_the_log_in_for_five_minutes(office: Office) -> None:
    for _ in range(10):
        assert office.log_in(password="wrong-password-1").status == 401

    assert office.log_in().code == "login-refused"
    with frozen(now() + timedelta(minutes=5, seconds=1)):
        assert office.log_in().status == 200
    assert office.stored("tenants", "credentials")[0]["failures"] == 0


def test_a_success_forgets_the_misses_before_it(office: Office) -> None:
    for _ in range(9):
        office.log_in(password="wrong-password-1")
    assert office.log_in().status == 200

    for _ in range(9):
        office.log_in(password="wrong-password-1")
    assert office.log_in().status == 200


def test_a_refresh_token_works_once_and_carries_the_session_on(office: Office) -> None:
    first = office.log_in().json

    second = office.refresh(first["refresh_token"])

    assert second.status == 200
    assert second.json["refresh_token"] != first["refresh_token"]
    assert claims(second.json["access_token"])["sid"] == claims(first["access_token"])["sid"]
    assert first["refresh_token"] not in str(office.everything())


def test_using_a_refresh_token_twice_ends_the_whole_session(office: Office) -> None:
    first = office.log_in().json
    second = office.refresh(first["refresh_token"]).json
    other = office.log_in().json

    assert office.refresh(first["refresh_token"]).code == "session-ended"
    assert office.refresh(second["refresh_token"]).code == "session-ended"
    assert office.refresh(other["refresh_token"]).status == 200


def test_a_refreshed_token_knows_the_roles_of_today(office: Office) -> None:
    user = office.has_user("Rita")
    tokens = office.log_in("rita@acme.example").json
    office.admin.patch(f"/v1/users/{user['id']}", {"roles": ["finance"]}, if_match=1)

    assert claims(office.refresh(tokens["refresh_token"]).json["access_token"])["roles"] == ["finance"]


def test_a_session_ends_after_thirty_days(office: Office) -> None:
    tokens = office.log_in().json

    with frozen(now() + timedelta(days=30, seconds=1)):
        assert office.refresh(tokens["refresh_token"]).code == "session-ended"


def test_logging_out_ends_the_session_and_can_be_repeated(office: Office) -> None:
    tokens = office.log_in().json

    assert office.log_out(tokens["refresh_token"]).status == 204
    assert office.log_out(tokens["refresh_token"]).status == 204
    assert office.refresh(tokens["refresh_token"]).code == "session-ended"


@pytest.mark.parametrize("token", ["", "x", "ten_01k00000000000000000000000.abc", "ten_.é", "." * 200])
def test_what_is_no_refresh_token_refreshes_nothing(office: Office, token: str) -> None:
    with office.unchanged():
        assert office.refresh(token).code == "session-ended"
        assert office.log_out(token).status == 204


def test_another_companys_name_does_not_open_a_session(office: Office, rival: Office) -> None:
    secret = office.log_in().json["refresh_token"].partition(".")[2]

    with rival.unchanged(), office.unchanged():
        assert office.refresh(f"{rival.tenant_id}.{secret}").code == "session-ended"


def test_disabling_somebody_logs_them_out_everywhere(office: Office) -> None:
    user = office.has_user("Rita")
    tokens = office.log_in("rita@acme.example").json

    office.admin.patch(f"/v1/users/{user['id']}", {"state": "disabled"}, if_match=1)

    assert office.refresh(tokens["refresh_token"]).code == "session-ended"
    assert office.me(tokens["access_token"]).code == "session-ended"


def test_the_key_set_verifies_the_tokens(platform: Platform, office: Office) -> None:
    keys = call(platform, "GET", "/.well-known/jwks.json").json["keys"]

    token = office.log_in().json["access_token"]
    key = jwt.PyJWK(keys[0])

    assert [(k["kty"], k["crv"], k["alg"], k["use"]) for k in keys] == [("OKP", "Ed25519", "EdDSA", "sig")]
    assert "d" not in keys[0]
    assert jwt.get_unverified_header(token)["kid"] == keys[0]["kid"]
    assert (
        jwt.decode(token, key, algorithms=["EdDSA"], audience="pelagic-api", issuer="pelagic")["tid"]
        == office.tenant_id
    )
