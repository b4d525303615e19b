"""The words in which the tests of leads are told."""

from __future__ import annotations

from typing import Any

from shared.clock import now
from shared.events.tenants import UserCreated, UserSnapshot
from shared.ids import new_id
from shared.outbox import Cause, row
from shared.tenancy import TenantDatabase
from tests.support.company import Answer, Company, Person


def a_lead(by: Person, /, **fields: Any) -> dict[str, Any]:
    """A lead just taken in."""
    answer = by.post("/v1/leads", {"company_name": "Nordic Wind Power", **fields})
    assert answer.status == 201, answer.json
    lead: dict[str, Any] = answer.json
    return lead


def a_pool(company: Company, **fields: Any) -> dict[str, Any]:
    """A pool opened by the administrator."""
    answer = company.admin.post("/v1/pools", {"name": "Trade fair", **fields})
    assert answer.status == 201, answer.json
    pool: dict[str, Any] = answer.json
    return pool


def a_pooled_lead(company: Company, pool: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A lead in `pool`, or in the default one."""
    return a_lead(company.admin, pool_id=(pool or default_pool(company))["id"], **fields)


def default_pool(company: Company) -> dict[str, Any]:
    """The pool the company started with."""
    pools = company.admin.get("/v1/pools").json["data"]
    return next(pool for pool in pools if pool["is_default"])


def claim(person: Person, lead: dict[str, Any]) -> Answer:
    """`person` tries to take `lead` from its pool."""
    return person.post(f"/v1/leads/{lead['id']}/claim")


def act(person: Person, lead: dict[str, Any], verb: str, body: Any = None, **options: Any) -> Answer:
    """`person` does `verb` to `lead`, as it was when it was read."""
    options.setdefault("if_match", lead["version"])
    return person.post(f"/v1/leads/{lead['id']}/{verb}", body, **options)


def convert(person: Person, lead: dict[str, Any], body: Any = None) -> Answer:
    """`person` converts `lead`."""
    return act(person, lead, "convert", body or {}, key=new_id("req"))


def introduce(company: Company, person: Person, *, state: str = "active") -> Person:
    """Let the services learn of `person` as the tenants service tells it."""
    user = UserSnapshot(
        id=person.id,
        version=1,
        name="Wang Fang",
        email="wang.fang@example.com",
        roles=list(person.roles),
        unit_id=person.unit_id or "",
        state=state,
    )
    news = row("tenants", company.tenant_id, person.id, 1, UserCreated(user=user), at=now(), cause=Cause())
    tenants = TenantDatabase(company.platform.mongo.database("tenants"), company.tenant_id)
    tenants.collection("outbox").insert_one(news)
    company.pump()
    return person


def lead_events(company: Company) -> list[dict[str, Any]]:
    """What was published about leads."""
    return [event for event in company.events("leads") if event["subject"].startswith("lead/")]


def told(company: Company) -> list[str]:
    """What was published about leads, by the last word of each type."""
    return [event["type"].rpartition(".")[2] for event in lead_events(company)]
