"""A receiver, a sender, and a webhooks service that may reach the receiver's private address."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from services.webhooks.delivery.client import Client
from services.webhooks.delivery.sender import Sender
from services.webhooks.store import WebhooksStore
from shared.clock import now
from shared.tenancy import TenantDatabase
from tests.service.webhooks.receiver import Receiver
from tests.support.company import Company, Person
from tests.support.platform import Platform

TIMEOUT = 0.6


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A customer's system."""
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def private(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let webhooks go to private addresses, as on a laptop."""
    edge = platform.app("webhooks").extensions["pelagic"]
    monkeypatch.setattr(edge, "settings", replace(edge.settings, webhooks_allow_private=True))


@dataclass
class Post:
    """The sender, driven by hand."""

    platform: Platform
    sender: Sender

    def send(self) -> None:
        """Send everything that is due, now."""
        until = time.monotonic() + 20
        while (self.sender.look() or self.sender.busy) and time.monotonic() < until:
            time.sleep(0.01)

    def hurry(self, company: Company) -> None:
        """Make what is planned for later due now, and let rested endpoints go on."""
        database = TenantDatabase(self.platform.mongo.database("webhooks"), company.tenant_id)
        database.collection("deliveries").update_many({"status": "pending"}, {"$set": {"due_at": now()}})
        database.collection("lanes").update_many({}, {"$set": {"resting_until": None}})
        self.sender._not_before.clear()

    def store(self, company: Company) -> WebhooksStore:
        """The company's part of the service's database."""
        return WebhooksStore(self.platform.mongo.database("webhooks"), company.tenant_id)


@pytest.fixture
def post(platform: Platform, private: None) -> Iterator[Post]:
    """A sender on the platform's database, less patient than the real one."""
    client = Client(allow_private=True, timeout=TIMEOUT)
    sender = Sender(platform.mongo.database("webhooks"), allow_private=True, client=client)
    yield Post(platform, sender)
    sender.close()


@pytest.fixture
def subscribe(receiver: Receiver, private: None) -> Callable[..., dict[str, Any]]:
    """Subscribe the receiver; the endpoint with its secret."""

    def create(company: Company, *types: str, path: str = "/hook") -> dict[str, Any]:
        wanted = {"url": receiver.url(path), "types": list(types or ["crm.lead.*"])}
        answer = company.admin.post("/v1/webhook-endpoints", wanted)
        assert answer.status == 201, answer.json
        company.pump()
        found: dict[str, Any] = answer.json
        return found

    return create


def deliveries(person: Person, query: str = "") -> list[dict[str, Any]]:
    """The delivery log, newest first."""
    answer = person.get(f"/v1/webhook-deliveries{query}")
    assert answer.status == 200, answer.json
    rows: list[dict[str, Any]] = answer.json["data"]
    return rows


def a_lead(company: Company, name: str = "Blue Whale") -> str:
    """Something happens: a lead is entered; its id."""
    answer = company.rep.post("/v1/leads", {"company_name": name})
    assert answer.status == 201, answer.json
    company.pump()
    return str(answer.json["id"])
