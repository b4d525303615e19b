"""Events told in the name of the services that own them, for tests of those who only listen."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shared.clock import now
from shared.events import pipeline, tenants
from shared.events.envelope import Event
from shared.money import Money
from shared.outbox import Cause, row
from shared.tenancy import TenantDatabase
from tests.support.company import Company


class News:
    """What happens to one company; each event is the next version of its aggregate, unless said otherwise."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._versions: Counter[str] = Counter()

    def deal(self, deal_id: str, *, status: str = "open", amount: Money | None = None, **known: Any) -> None:
        """A deal is now like this."""
        known.setdefault("stage", "prospecting")
        known.setdefault("probability", 10)
        snapshot = pipeline.DealSnapshot(
            id=deal_id,
            version=self._versions[deal_id] + 1,
            name=deal_id,
            status=status,
            amount=amount,
            forecast_category="pipeline",
            definition_id=known.pop("definition_id", "sdf_standard"),
            definition_version=1,
            **known,
        )
        self._tell("pipeline", deal_id, pipeline.DealUpdated(deal=snapshot, changes={}))

    def unit(self, unit_id: str, name: str, kind: str, *above: str) -> None:
        """A unit is called `name` and stands below `above` (root first)."""
        snapshot = tenants.UnitSnapshot(
            id=unit_id,
            version=self._versions[unit_id] + 1,
            name=name,
            kind=kind,
            parent_id=above[-1] if above else None,
            path=[*above, unit_id],
        )
        self._tell("tenants", unit_id, tenants.UnitCreated(unit=snapshot))

    def user(self, user_id: str, name: str, unit_id: str) -> None:
        """A colleague is called `name`."""
        snapshot = tenants.UserSnapshot(
            id=user_id,
            version=self._versions[user_id] + 1,
            name=name,
            email="x@acme.example",
            roles=[],
            unit_id=unit_id,
            state="active",
        )
        self._tell("tenants", user_id, tenants.UserUpdated(user=snapshot))

    def product(self, product_id: str, name: str) -> None:
        """A product is called `name`."""
        snapshot = pipeline.ProductSnapshot(id=product_id, version=self._versions[product_id] + 1, name=name)
        self._tell("pipeline", product_id, pipeline.ProductCreated(product=snapshot))

    def _tell(self, service: str, aggregate_id: str, event: Event) -> None:
        self._versions[aggregate_id] += 1
        news = row(
            service,
            self.company.tenant_id,
            aggregate_id,
            self._versions[aggregate_id],
            event,
            at=now(),
            cause=Cause(),
        )
        database = TenantDatabase(self.company.platform.mongo.database(service), self.company.tenant_id)
        database.collection("outbox").insert_one(news)
