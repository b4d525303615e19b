"""A company and its people: the words service tests are told in."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shared.auth import Principal
from shared.auth.tokens import issue, key_id
from shared.clock import now
from shared.events.tenants import TenantCreated, TenantSnapshot
from shared.ids import new_id
from shared.outbox import Cause, row
from shared.tenancy import TenantDatabase, across_tenants
from tests.support.platform import SERVICES, Platform

IGNORED = {"inbox", "gates", "leases", "relay_positions", "outbox"}


@dataclass
class Answer:
    """What an API call answered."""

    status: int
    json: Any
    headers: Any

    @property
    def code(self) -> str | None:
        """The problem's code, when it is one."""
        return self.json.get("code") if isinstance(self.json, dict) else None

    @property
    def etag(self) -> str | None:
        """The version to name in If-Match."""
        return self.headers.get("ETag")


@dataclass
class Person:
    """Somebody of a company, calling the API with a token of their own."""

    company: Company
    id: str
    roles: tuple[str, ...]
    unit_id: str | None = None
    unit_ids: tuple[str, ...] = ()

    @cached_property
    def token(self) -> str:
        """An access token, signed with the platform's key."""
        principal = Principal(
            tenant_id=self.company.tenant_id,
            id=self.id,
            roles=self.roles,
            unit_id=self.unit_id,
            unit_ids=self.unit_ids,
            session_id=new_id("ses"),
        )
        private = self.company.platform.private_key
        return issue(principal, private, key_id(private.public_key()), at=now())

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.call("GET", path, headers=headers)

    def post(self, path: str, json: Any = None, *, if_match: Any = None, key: str | None = None) -> Answer:
        """POST; `if_match` is a version, `key` an idempotency key."""
        return self.call("POST", path, json=json, if_match=if_match, key=key)

    def patch(self, path: str, json: Any, *, if_match: Any = None) -> Answer:
        """PATCH."""
        return self.call("PATCH", path, json=json, if_match=if_match)

    def delete(self, path: str, *, if_match: Any = None) -> Answer:
        """DELETE."""
        return self.call("DELETE", path, if_match=if_match)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        if_match: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Any call, in this person's name."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if if_match is not None:
            sent["If-Match"] = f'"{if_match}"' if isinstance(if_match, int) else if_match
        if key is not None:
            sent["Idempotency-Key"] = key
        options: dict[str, Any] = {} if json is None else {"json": json}
        client = self.company.platform.app_for(path).test_client()
        response = client.open(path, method=method, headers=sent, **options)
        body = response.get_json(silent=True) if response.data else None
        return Answer(response.status_code, body, response.headers)


@dataclass
class Company:
    """A tenant of the platform under test."""

    platform: Platform
    tenant_id: str
    name: str
    unit_id: str = field(default_factory=lambda: new_id("unit"))
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def founded(cls, platform: Platform, name: str) -> Company:
        """A new company, known to every service as if it had just signed up."""
        company = cls(platform, new_id("ten"), name)
        tenant = TenantSnapshot(
            id=company.tenant_id, version=1, name=name, slug=name, currency="USD", locale="en", timezone="UTC"
        )
        event = TenantCreated(tenant=tenant)
        news = row("tenants", company.tenant_id, company.tenant_id, 1, event, at=now(), cause=Cause())
        TenantDatabase(platform.mongo.database("tenants"), company.tenant_id).collection("outbox").insert_one(news)
        platform.pump()
        return company

    @classmethod
    def signed_up(cls, platform: Platform, name: str) -> Company:
        """A company that signed up through the API, with a unit and an administrator of its own."""
        slug = f"{name}-{new_id('op')[-12:]}"
        admin = {"name": "Ada", "email": f"ada@{slug}.example", "password": "a long enough phrase"}
        client = platform.app("tenants").test_client()
        answer = client.post("/v1/tenants", json={"name": name, "slug": slug, "admin": admin})
        assert answer.status_code == 201, answer.get_json()
        platform.pump()
        body = answer.get_json()
        company = cls(platform, body["tenant"]["id"], name, body["admin"]["unit_id"])
        roles = ("tenant_admin",)
        company.people["tenant_admin/"] = Person(
            company, body["admin"]["id"], roles, company.unit_id, (company.unit_id,)
        )
        return company

    def as_(self, role: str, name: str = "") -> Person:
        """Somebody with that role in the company's unit; the same one for the same role and name."""
        known = f"{role}/{name}"
        if known not in self.people:
            self.people[known] = Person(self, new_id("usr"), (role,), self.unit_id, (self.unit_id,))
        return self.people[known]

    @property
    def admin(self) -> Person:
        """The tenant's administrator."""
        return self.as_("tenant_admin")

    @property
    def rep(self) -> Person:
        """A sales rep."""
        return self.as_("sales_rep")

    @property
    def manager(self) -> Person:
        """A sales manager."""
        return self.as_("sales_manager")

    def pump(self) -> int:
        """Let all events arrive."""
        return self.platform.pump()

    def events(self, service: str) -> list[dict[str, Any]]:
        """The envelopes a service has published for this company, as JSON, in order."""
        rows = self._db(service).collection("outbox").find({}, sort=[("_id", 1)])
        return [jsonlib.loads(found["payload"]) for found in rows]

    def published(self, service: str) -> list[str]:
        """Their types."""
        return [event["type"] for event in self.events(service)]

    def stored(self, service: str, collection: str) -> list[dict[str, Any]]:
        """This company's documents in a collection."""
        return list(self._db(service).collection(collection).find({}, sort=[("_id", 1)]))

    def everything(self) -> dict[str, Any]:
        """All that is stored for this company, in every service."""
        state: dict[str, Any] = {}
        for service in SERVICES:
            with across_tenants(self.platform.mongo.database(service), reason="migration") as database:
                names = set(database.list_collection_names())
            for name in sorted(names - IGNORED):
                state[f"{service}.{name}"] = self.stored(service, name)
            state[f"{service}.published"] = self.published(service)
        return state

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """The block stores nothing and publishes nothing for this company."""
        before = self.everything()
        yield
        assert self.everything() == before

    def _db(self, service: str) -> TenantDatabase:
        return TenantDatabase(self.platform.mongo.database(service), self.tenant_id)
