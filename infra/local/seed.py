"""Sample tenants, made through the public API only; running it again finds everything there and changes nothing.

Everybody's password is `PASSWORD`. It is a sample's password: printed, documented, and for laptops only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from infra.local.api import Api, Problem
from infra.local.sample_companies import ACME, GLOBEX, PastDeal, Person, Sample, Story

PASSWORD = "lighthouse-at-dawn"  # noqa: S105 (a sample's, printed on purpose)
STAGES = ("prospecting", "engaging", "proposal", "negotiation")
STAGE_BEFORE = {"won": "negotiation", "lost": "proposal"}
PATIENCE_SECONDS = 60.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Login:
    """Somebody who can log in."""

    tenant: str
    role: str
    email: str
    password: str


def seed(base_url: str, *, progress: Progress = print) -> list[Login]:
    """Make the sample tenants at `base_url`; answers who can log in to them."""
    logins: list[Login] = []
    for sample in (ACME, GLOBEX):
        logins += _Seeding(base_url, sample, progress).run()
    return logins


class _Seeding:
    """One sample company on its way in. Each step looks at what is there and does what is missing."""

    def __init__(self, base_url: str, sample: Sample, progress: Progress) -> None:
        self.base_url = base_url
        self.sample = sample
        self.progress = progress
        self.units: dict[str, str] = {}
        self.users: dict[str, str] = {}
        self.products: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self._apis: dict[str, Api] = {}

    def run(self) -> list[Login]:
        """The whole company, in the order things depend on each other."""
        self.progress(f"{self.sample.slug}: {self.sample.name}")
        self._sign_up()
        self._organise()
        self._hire()
        self._fill_catalogue()
        self._remember_the_past()
        self._live_the_stories()
        return [Login(self.sample.slug, p.role, self._email(p), PASSWORD) for p in self.sample.people]

    def _sign_up(self) -> None:
        admin, sample = self.sample.people[0], self.sample
        form = {name: getattr(sample, name) for name in ("name", "slug", "currency", "locale", "timezone")}
        form["admin"] = {"name": admin.name, "email": self._email(admin), "password": PASSWORD}
        try:
            Api(self.base_url).post("/v1/tenants", form)
        except Problem as problem:
            if problem.code != "slug-taken":
                raise
        self.users["admin"] = self._api("admin").get("/v1/me")["id"]

    def _organise(self) -> None:
        items = [
            {"name": unit.name, "kind": unit.kind, "external_id": unit.key}
            | ({"parent_external_id": unit.parent} if unit.parent else {})
            for unit in self.sample.units
        ]
        self.units = self._batch("units", items)

    def _hire(self) -> None:
        root = self._api("admin").get("/v1/me")["unit_id"]
        there = {user["email"]: user["id"] for user in self._api("admin").every("/v1/users")}
        for person in self.sample.people:
            email = self._email(person)
            unit_id = self.units[person.unit] if person.unit else root
            if email not in there:
                fields = {"name": person.name, "email": email, "roles": [person.role], "unit_id": unit_id}
                there[email] = self._api("admin").post("/v1/users", {**fields, "password": PASSWORD})["id"]
            self.users[person.key] = there[email]

    def _fill_catalogue(self) -> None:
        self.products = self._batch(
            "products",
            [
                {"name": name, "list_price": self._money(price), "external_id": key}
                for key, name, price in self.sample.products
            ],
        )
        self.accounts = self._batch(
            "accounts",
            [
                {"name": name, "industry": industry, "country": self.sample.country, "external_id": key}
                for key, name, industry in self.sample.accounts
            ],
        )

    def _remember_the_past(self) -> None:
        self._until("the stage definition", lambda: self._api("admin").get("/v1/stage-definitions")["data"])
        self._batch("deals", [self._past_deal(past) for past in self.sample.past])

    def _past_deal(self, past: PastDeal) -> dict[str, Any]:
        rep = next(person for person in self.sample.people if person.key == past.rep)
        return {
            "name": past.name,
            "amount": self._money(past.amount),
            "account_id": self.accounts[past.account],
            "product_ids": [self.products[past.product]],
            "owner_id": self.users[past.rep],
            "owner_unit_id": self.units[rep.unit or ""],
            "stage": "engaging",
            "status": "won" if past.won else "lost",
            "created_on": self._day(-past.days_ago - 60),
            "engaged_on": self._day(-past.days_ago - 45),
            "closed_on": self._day(-past.days_ago),
            "external_id": past.key,
        } | ({"lost_reason": past.lost_reason} if past.lost_reason else {})

    def _live_the_stories(self) -> None:
        pools = self._until("the default pool", lambda: self._api("admin").get("/v1/pools")["data"])
        leads = self._batch("leads", [self._lead(story, pools[0]["id"]) for story in self.sample.stories])
        for story in self.sample.stories:
            if story.rep is not None:
                self._work(self._api(story.rep), leads[story.key], story)

    def _lead(self, story: Story, pool_id: str) -> dict[str, Any]:
        return {
            "company_name": story.company,
            "industry": story.industry,
            "country": self.sample.country,
            "person": {"name": story.contact, "title": story.title},
            "source": story.source,
            "need": story.need,
            "estimated_amount": self._money(story.amount),
            "product_ids": [self.products[story.product]],
            "pool_id": pool_id,
            "external_id": story.key,
        }

    def _work(self, rep: Api, lead_id: str, story: Story) -> None:
        """Take a lead as far as its story goes, from wherever it stands."""
        path = f"/v1/leads/{lead_id}"
        if rep.get(path)["state"] == "pooled":
            rep.post(f"{path}/claim")
        self._follow_up(rep, path, story)
        lead = rep.get(path)
        if story.goal != "held" and lead["state"] != "converted":
            deal = {"name": story.deal, "amount": self._money(story.amount)}
            key = f"seed-convert-{story.key}"
            lead = rep.post(f"{path}/convert", {"deal": deal}, version=lead["version"], key=key)
        if lead["deal_id"]:
            self._drive(rep, lead["deal_id"], story)

    def _follow_up(self, rep: Api, path: str, story: Story) -> None:
        logged = len(rep.get(f"{path}/follow-ups")["data"])
        for n, (kind, text) in list(enumerate(story.done))[logged:]:
            at = (self._began - timedelta(days=9 - n)).isoformat()
            rep.post(f"{path}/follow-ups", {"kind": kind, "text": text, "happened_at": at})

    def _drive(self, rep: Api, deal_id: str, story: Story) -> None:
        """Advance a deal, one stage after the other, to where its story ends."""
        path = f"/v1/deals/{deal_id}"
        deal = self._until(f"deal {story.deal}", lambda: _found(rep, path))
        if story.goal != STAGES[0] and deal["engaged_on"] is None:
            deal = rep.patch(path, self._progress_made(deal), version=deal["version"])
        goal = STAGES.index(STAGE_BEFORE.get(story.goal, story.goal))
        while deal["status"] == "open" and STAGES.index(deal["stage"]) < goal:
            if deal["stage"] == "engaging" and "need_confirmed" not in deal["evidence"]:
                said = {"attested_by": f"{story.contact}, {story.title}"}
                deal = rep.post(f"{path}/criteria/need_confirmed/meet", said, version=deal["version"])
            deal = rep.post(f"{path}/advance", version=deal["version"])
        if deal["status"] == "open" and story.goal in STAGE_BEFORE:
            verb, said = ("win", {}) if story.goal == "won" else ("lose", {"reason": story.lost_reason})
            rep.post(f"{path}/{verb}", said, version=deal["version"])

    def _progress_made(self, deal: dict[str, Any]) -> dict[str, Any]:
        contacts = [{"contact_id": contact["contact_id"], "role": "decision_maker"} for contact in deal["contacts"]]
        return {"engaged_on": self._day(-7), "expected_close_on": self._day(45), "contacts": contacts}

    def _batch(self, collection: str, items: Sequence[dict[str, Any]]) -> dict[str, str]:
        """Import items; their ids by external id, which is also what makes importing them again change nothing."""
        key = f"seed-{uuid4().hex}"
        results = self._api("admin").post(f"/v1/{collection}/batch", {"items": list(items)}, key=key)["results"]
        for result in results:
            if result["status"] == "rejected":
                raise Problem(422, {"code": "sample-rejected", "detail": collection, "errors": result["errors"]})
        return {items[result["index"]]["external_id"]: result["id"] for result in results}

    def _api(self, key: str) -> Api:
        """The API as that person, logged in when first needed."""
        if key not in self._apis:
            person = next(person for person in self.sample.people if person.key == key)
            api = Api(self.base_url)
            api.login(self.sample.slug, self._email(person), PASSWORD)
            self._apis[key] = api
        return self._apis[key]

    @cached_property
    def _began(self) -> datetime:
        """When the tenant signed up: all dates count from there, so that they are the same in every run."""
        return datetime.fromisoformat(self._api("admin").get("/v1/tenants/current")["created_at"])

    def _day(self, offset: int) -> str:
        return (self._began + timedelta(days=offset)).date().isoformat()

    def _money(self, amount: int) -> dict[str, Any]:
        return {"amount_minor": amount * 100, "currency": self.sample.currency}

    def _email(self, person: Person) -> str:
        return f"{person.key}@{self.sample.slug}.example"

    def _until(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` finds, once the events it depends on have arrived."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := look()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.sample.slug}: {what} did not appear within {PATIENCE_SECONDS:.0f} s")
            time.sleep(0.1)
        return found


def _found(api: Api, path: str) -> Any:
    try:
        return api.get(path)
    except Problem as problem:
        if problem.status != 404:
            raise
        return None
