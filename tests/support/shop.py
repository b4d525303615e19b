"""A tiny service for the library's own tests: a shop with orders, so that no real service is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from shared.events.envelope import Envelope, Event
from shared.mongo import Collection, Index
from shared.record import Record
from shared.store import Store

COLLECTIONS = [
    Collection("orders", [Index(keys=[("tenant_id", 1), ("_id", 1)])], record=Record),
    Collection("tallies"),
]


@dataclass(kw_only=True)
class Order(Record):
    """An order that counts up."""

    count: int = 0


@dataclass(frozen=True, kw_only=True)
class OrderCounted(Event):
    """An order was counted up."""

    type: ClassVar[str] = "crm.order.counted"

    count: int


class ShopStore(Store):
    """What the shop keeps."""

    service = "shop"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orders = self.repository(Order, "orders", owned=True)


class Tally:
    """A consumer that adds what it is told, exactly once each, and refuses what it is told to refuse."""

    TOPICS: ClassVar[list[str]] = ["crm.shop.v1"]
    TYPES = ("crm.order.",)
    PROJECTIONS: ClassVar[list[str]] = ["tallies"]
    poison: ClassVar[set[int]] = set()

    @classmethod
    def handle_batch(cls, store: Store, envelopes: Sequence[Envelope]) -> None:
        """Add one per event, and remember the order they came in."""
        for envelope in envelopes:
            if envelope.data["count"] in cls.poison:
                raise ValueError("poison")
            change = {"$inc": {"events": 1}, "$push": {"seen": envelope.version}}
            store.db.collection("tallies").update_one({"_id": envelope.aggregate_id}, change, upsert=True)


def count_up(store: ShopStore, order_id: str) -> Order:
    """Count an order up by one."""
    order = store.orders.get(order_id)
    order.count += 1
    store.orders.save(order, OrderCounted(count=order.count))
    return order
