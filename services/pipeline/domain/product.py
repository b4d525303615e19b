"""Products: what is sold, under which names, at which list price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.events.changes import apply
from shared.events.pipeline import ProductCreated, ProductSnapshot, ProductUpdated
from shared.money import Money
from shared.record import Record


@dataclass(kw_only=True)
class Product(Record):
    """Something a tenant sells. `aliases` are other spellings of its name; `digest` is what it was imported as."""

    name: str
    aliases: list[str] = field(default_factory=list)
    list_price: Money | None = None
    series: str | None = None
    external_id: str | None = None
    digest: str | None = None

    def created(self) -> ProductCreated:
        """The news of a product just created."""
        return ProductCreated(product=self.snapshot())

    def change(self, fields: dict[str, Any]) -> ProductUpdated | None:
        """Change the given fields; nothing to tell when they are as they were."""
        changes = apply(self, fields)
        return ProductUpdated(product=self.snapshot(), changes=changes) if changes else None

    def snapshot(self) -> ProductSnapshot:
        """The product as its next event tells it."""
        return ProductSnapshot(id=self.id, version=self.version + 1, name=self.name, list_price=self.list_price)
