"""The sample companies come in through the public API, and coming in twice changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from infra.local.api import Api, Problem
from infra.local.sample_companies import ACME
from infra.local.seed import PASSWORD, Login, seed
from tests.support.company import Company
from tests.support.platform import Platform

pytestmark = pytest.mark.service


@pytest.fixture
def address(platform: Platform) -> Iterator[str]:
    """The platform behind one address, its events carried while it is used."""

    def gateway(environ: dict[str, Any], start_response: Any) -> Any:
        return platform.app_for(environ["PATH_INFO"])(environ, start_response)

    server, done = make_server("127.0.0.1", 0, gateway, threaded=True), threading.Event()

    def carry() -> None:
        while not done.wait(0.05):
            platform.pump()

    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=carry)]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    done.set()
    server.shutdown()
    for thread in threads:
        thread.join()


def everything(platform: Platform, logins: list[Login], address: str) -> list[dict[str, Any]]:
    platform.pump()
    found = []
    for slug in dict.fromkeys(login.tenant for login in logins):
        api = Api(address)
        principal = api.login(slug, f"admin@{slug}.example", PASSWORD)
        state = Company(platform, principal["tenant"]["id"], slug).everything()
        for passing in ("tenants.sessions", *(name for name in state if name.endswith(".idempotency"))):
            state.pop(passing)
        found.append(state)
    return found


def test_seeding_twice_makes_two_companies_once(platform: Platform, address: str) -> None:
    lines: list[str] = []
    logins = seed(address, progress=lines.append)
    before = everything(platform, logins, address)

    again = seed(address, progress=lines.append)

    assert again == logins
    assert everything(platform, logins, address) == before
    assert len(lines) == 4
    assert [login.email for login in logins][:4] == [f"{p.key}@acme.example" for p in ACME.people[:4]]
    rep = Api(address)
    rep.login("globex", "wang@globex.example", PASSWORD)
    assert {deal["status"] for deal in rep.every("/v1/deals")} == {"open", "won", "lost"}
    assert {deal["amount"]["currency"] for deal in rep.every("/v1/deals")} == {"CNY"}
    admin = Api(address)
    admin.login("acme", "admin@acme.example", PASSWORD)
    goals = sorted(deal["status"] if deal["status"] != "open" else deal["stage"] for deal in admin.every("/v1/deals"))
    assert goals == [
        "engaging",
        "lost",
        "lost",
        "negotiation",
        "proposal",
        "prospecting",
        "won",
        "won",
        "won",
        "won",
        "won",
    ]
    assert sorted(lead["state"] for lead in admin.every("/v1/leads")) == ["converted"] * 6 + ["held"] + ["pooled"] * 2


def test_everybody_of_the_samples_can_log_in(platform: Platform, address: str) -> None:
    for login in seed(address, progress=lambda _: None):
        principal = Api(address).login(login.tenant, login.email, login.password)
        assert principal["roles"] == [login.role]


def test_a_refusal_of_the_api_is_a_problem_with_its_code(address: str) -> None:
    with pytest.raises(Problem) as refusal:
        Api(address).login("nobody", "x@y.example", "wrong-password-1")

    assert (refusal.value.status, refusal.value.code) == (401, "login-refused")
    with pytest.raises(ConnectionError):
        Api("http://127.0.0.1:9").get("/livez")
