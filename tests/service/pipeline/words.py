"""Deals as people talk about them, over the API."""

from __future__ import annotations

from typing import Any

from shared.clock import now
from shared.events.envelope import Event
from shared.events.tenants import UserCreated, UserSnapshot
from shared.ids import new_id
from shared.outbox import Cause, row
from shared.tenancy import TenantDatabase
from tests.support.company import Answer, Company, Person

USD_50K = {"amount_minor": 5_000_000, "currency": "USD"}


def ready(**fields: Any) -> dict[str, Any]:
    """All the data the standard stages ask for, save the customer's confirmation."""
    return {
        "name": "Rollout in three plants",
        "account_id": new_id("acc"),
        "amount": USD_50K,
        "engaged_on": "2026-11-01",
        "expected_close_on": "2026-12-31",
        "contacts": [{"contact_id": new_id("con"), "role": "decision_maker"}],
        **fields,
    }


def has_deal(person: Person, **fields: Any) -> dict[str, Any]:
    """A deal of that person's."""
    answer = person.post("/v1/deals", {"name": "Rollout", **fields})
    assert answer.status == 201, answer.json
    deal: dict[str, Any] = answer.json
    return deal


def act(person: Person, deal: dict[str, Any], action: str, body: Any = None) -> Answer:
    """An action on the deal as last seen."""
    return person.post(f"/v1/deals/{deal['id']}/{action}", body or {}, if_match=deal["version"])


def takes(person: Person, deal: dict[str, Any], action: str, body: Any = None) -> dict[str, Any]:
    """An action that succeeds; the deal afterwards."""
    answer = act(person, deal, action, body)
    assert answer.status == 200, answer.json
    after: dict[str, Any] = answer.json
    return after


def batch(person: Person, items: list[Any], path: str = "/v1/deals/batch") -> Answer:
    """A batch under a fresh idempotency key."""
    return person.post(path, {"items": items}, key=new_id("req"))


def tells(company: Company, service: str, aggregate_id: str, event: Event) -> None:
    """Another service tells of something, as its outbox would."""
    news = row(service, company.tenant_id, aggregate_id, 1, event, at=now(), cause=Cause())
    database = company.platform.mongo.database(service)
    TenantDatabase(database, company.tenant_id).collection("outbox").insert_one(news)
    company.pump()


def joins(company: Company, person: Person) -> None:
    """The tenants service tells of a user."""
    user = UserSnapshot(
        id=person.id,
        version=1,
        name="Somebody",
        email="somebody@example.com",
        roles=list(person.roles),
        unit_id=person.unit_id,
        state="active",
    )
    tells(company, "tenants", person.id, UserCreated(user=user))
