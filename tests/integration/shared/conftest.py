"""A shop whose events travel over the real broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from infra.local.servers import Running
from shared.consumer import Consumer, Subscription
from shared.ids import new_id
from shared.mongo import Mongo, migrate
from shared.relay import Relay
from shared.store import Store
from tests.support.servers import Servers
from tests.support.shop import COLLECTIONS, Order, OrderCounted, ShopStore, Tally, count_up


@dataclass
class Shop:
    """A shop with its relay and one consumer group, each in a thread that can be stopped."""

    mongo: Mongo
    broker: Running
    store: ShopStore
    group: str
    stops: list[threading.Event] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def subscription(self) -> Subscription:
        """What the consumer takes."""
        return Subscription.of(self.group, Tally)

    def relay(self) -> Relay:
        """A relay of the shop's outbox."""
        return Relay(self.mongo.database("shop"), "shop", self.broker.address, "tests")

    def consumer(self, member: str = "one") -> Consumer:
        """A member of the group."""
        database = self.mongo.database("shop")
        return Consumer(database, Store, self.subscription, self.broker.address, member)

    def run(self, *work: Callable[[threading.Event], None]) -> threading.Event:
        """Run in threads until the event that is returned is set."""
        stop = threading.Event()
        for target in work:
            thread = threading.Thread(target=target, args=(stop,), daemon=True)
            thread.start()
            self.threads.append(thread)
        self.stops.append(stop)
        return stop

    def order(self, counts: int = 0) -> str:
        """A new order, counted up so many times; its id."""
        order = Order(id=new_id("op"), tenant_id=self.store.tenant_id)
        self.store.orders.add(order, OrderCounted(count=0))
        for _ in range(counts):
            count_up(self.store, order.id)
        return order.id

    def tally(self, order_id: str) -> list[int]:
        """The versions of an order the consumer has applied, in the order it did."""
        row = self.store.db.collection("tallies").find_one({"_id": order_id})
        return [] if row is None else list(row["seen"])

    def pending(self) -> int:
        """How many events still wait to be published."""
        return self.store.db.collection("outbox").count_documents({"pending": True})

    def stop(self) -> None:
        """Stop every thread."""
        for stop in self.stops:
            stop.set()
        for thread in self.threads:
            thread.join(20)


def eventually(what: Callable[[], object], expected: object, seconds: float = 40) -> None:
    """Wait until `what()` is as expected; fails with what it was."""
    until = time.monotonic() + seconds
    found = what()
    while found != expected and time.monotonic() < until:
        time.sleep(0.05)
        found = what()
    assert found == expected


@pytest.fixture(params=["chosen", "embedded"])
def kafka(request: pytest.FixtureRequest, servers: Servers) -> Running:
    """A broker of the test's own, so that it may be killed: once the one chosen, once the embedded one."""
    chosen = servers.choices()["kafka"].kind
    # A broker that somebody else runs is not ours to kill: then a real one of our own is.
    own = "apache" if chosen == "address" else chosen
    kind = own if request.param == "chosen" else request.param
    return servers.start("kafka", kind)


@pytest.fixture
def shop(kafka: Running, mongo: Mongo) -> Iterator[Shop]:
    """A shop with a relay and a consumer over that broker."""
    migrate(mongo.database("shop"), COLLECTIONS)
    for leftover in ("relay_positions", "leases"):
        mongo.database("shop").drop_collection(leftover)
    store = ShopStore(mongo.database("shop"), new_id("ten"))
    built = Shop(mongo, kafka, store, group=new_id("op"))
    yield built
    built.stop()
    kafka.stop()
    Tally.poison.clear()
    built.store.db.collection("outbox").delete_many({})
