"""State and news are stored together, each version once, and nobody reaches another tenant's."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from shared.errors import NotFound, Stale
from shared.ids import new_id
from shared.mongo import Mongo, migrate
from shared.store import Cause
from shared.tenancy import TenancyError, TenantDatabase, across_tenants
from tests.support.shop import COLLECTIONS, Order, OrderCounted, ShopStore, count_up

pytestmark = pytest.mark.service


@dataclass
class Owned:
    """A scope: what one owner holds."""

    owner_id: str

    def filter(self, includes_unowned: bool = False) -> dict[str, object]:
        owners = [self.owner_id, None] if includes_unowned else [self.owner_id]
        return {"owner_id": {"$in": owners}}


@pytest.fixture
def store(mongo: Mongo) -> ShopStore:
    migrate(mongo.database("shop"), COLLECTIONS)
    return ShopStore(mongo.database("shop"), new_id("ten"), cause=Cause(by="usr_ann", correlation_id="req_1"))


def an_order(store: ShopStore, **fields: object) -> Order:
    order = Order(id=new_id("op"), tenant_id=store.tenant_id, **fields)  # type: ignore[arg-type]
    store.orders.add(order, OrderCounted(count=0))
    return order


def outbox(store: ShopStore) -> list[tuple[int, bool]]:
    rows = store.db.collection("outbox").find({}, sort=[("sequence", 1)])
    return [(row["sequence"], row["pending"]) for row in rows]


def test_an_added_record_has_version_one_and_its_news_is_pending(store: ShopStore) -> None:
    order = an_order(store)

    assert store.orders.get(order.id).version == 1
    assert store.orders.get(order.id).created_by == "usr_ann"
    assert outbox(store) == [(1, True)]


def test_each_event_of_a_save_is_one_version(store: ShopStore) -> None:
    order = an_order(store)

    store.orders.save(order, OrderCounted(count=1), OrderCounted(count=2))

    assert store.orders.get(order.id).version == 3
    assert outbox(store) == [(1, True), (2, True), (3, True)]


def test_of_two_who_read_the_same_version_one_is_stale_and_leaves_no_news(store: ShopStore) -> None:
    order = an_order(store)
    first, second = store.orders.get(order.id), store.orders.get(order.id)
    store.orders.save(first, OrderCounted(count=1))

    with pytest.raises(Stale):
        store.orders.save(second, OrderCounted(count=9))

    assert outbox(store) == [(1, True), (2, True)]


def test_naming_an_old_version_is_stale_at_once(store: ShopStore) -> None:
    order = an_order(store)
    count_up(store, order.id)

    with pytest.raises(Stale):
        store.orders.get(order.id, version=1)


def test_a_transaction_that_fails_stores_neither_state_nor_news(store: ShopStore) -> None:
    def work() -> None:
        an_order(store)
        raise RuntimeError("between two lines")

    with pytest.raises(RuntimeError):
        store.transact(work)

    assert list(store.db.collection("orders").find({})) == []
    assert outbox(store) == []


def test_transactions_that_collide_are_run_again(store: ShopStore) -> None:
    order = an_order(store)

    def count() -> None:
        mine = ShopStore(store.database, store.tenant_id)
        for _ in range(5):
            mine.transact(lambda: count_up(mine, order.id))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.orders.get(order.id).count == 20
    assert [sequence for sequence, _ in outbox(store)] == list(range(1, 22))


def test_what_lies_outside_the_scope_does_not_exist(store: ShopStore) -> None:
    order = an_order(store, owner_id="usr_ann")
    mine = ShopStore(store.database, store.tenant_id, scope=Owned("usr_ann"))
    theirs = ShopStore(store.database, store.tenant_id, scope=Owned("usr_bob"))

    assert mine.orders.get(order.id).owner_id == "usr_ann"
    assert theirs.orders.find_one({"_id": order.id}) is None
    with pytest.raises(NotFound):
        theirs.orders.get(order.id)


def test_a_field_of_a_newer_release_survives_a_save_of_this_one(store: ShopStore) -> None:
    order = an_order(store)
    store.db.collection("orders").update_one({"_id": order.id}, {"$set": {"colour": "blue"}})

    count_up(store, order.id)

    assert store.orders.raw(order.id)["colour"] == "blue"


def test_a_foreign_id_looks_like_one_that_never_existed(store: ShopStore) -> None:
    order = an_order(store)
    foreign = ShopStore(store.database, new_id("ten"))

    with pytest.raises(NotFound) as foreign_refusal:
        foreign.orders.get(order.id)
    with pytest.raises(NotFound) as unknown_refusal:
        store.orders.get("op_unknown")

    assert foreign_refusal.value.code == unknown_refusal.value.code
    assert set(foreign_refusal.value.params) == set(unknown_refusal.value.params)


@pytest.mark.parametrize(
    "command",
    [
        lambda c: c.find_one({"tenant_id": "other"}),
        lambda c: c.find({"$where": "true"}),
        lambda c: c.find({"$or": [{"$where": "true"}]}),
        lambda c: c.aggregate([{"$lookup": {"from": "orders", "as": "x"}}]),
        lambda c: c.aggregate([{"$facet": {"a": [{"$unionWith": "orders"}]}}]),
        lambda c: c.aggregate([{"$out": "elsewhere"}]),
        lambda c: c.insert_one({"_id": "x", "tenant_id": "other"}),
        lambda c: c.update_one({}, {"$set": {"tenant_id": "other"}}),
        lambda c: c.update_one({}, {"$rename": {"other": "tenant_id"}}),
        lambda c: c.update_one({}, [{"$replaceWith": {"tenant_id": "other"}}]),
        lambda c: c.update_many({}, {"$unset": {"tenant_id": ""}}),
    ],
)
def test_what_cannot_be_walled_is_refused(store: ShopStore, command: object) -> None:
    with pytest.raises(TenancyError):
        command(store.db.collection("orders"))  # type: ignore[operator]


def test_the_door_across_tenants_opens_for_listed_reasons_only(mongo: Mongo) -> None:
    with pytest.raises(TenancyError), across_tenants(mongo.database("shop"), reason="curiosity"):
        pass


def test_a_command_without_a_tenant_trips_the_wire(mongo: Mongo) -> None:
    mongo.tripwire.trips.clear()

    mongo.database("shop")["orders"].find_one({"_id": "x"})

    assert mongo.tripwire.trips == ["find crm_shop.orders"]
    mongo.tripwire.trips.clear()


def test_the_server_refuses_a_document_without_a_tenant(mongo: Mongo, store: ShopStore) -> None:
    from pymongo.errors import WriteError

    with pytest.raises(WriteError), across_tenants(mongo.database("shop"), reason="migration") as database:
        database["orders"].insert_one({"_id": "x", "version": 1})


def test_migrating_again_changes_nothing(mongo: Mongo, store: ShopStore) -> None:
    database = mongo.database("shop")
    before = {name: database[name].index_information() for name in ("orders", "outbox", "inbox")}

    migrate(database, COLLECTIONS)

    assert {name: database[name].index_information() for name in before} == before


def test_a_tenant_database_needs_a_tenant(mongo: Mongo) -> None:
    with pytest.raises(TenancyError):
        TenantDatabase(mongo.database("shop"), "")
