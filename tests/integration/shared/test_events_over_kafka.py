"""From outbox to effect over a real broker: in order, once, and nothing missing whatever is killed."""

from __future__ import annotations

import pytest

from shared import outbox, parking
from shared.clock import now
from shared.deadletters import list_dead, redrive
from tests.integration.shared.conftest import Shop, eventually
from tests.support.shop import Tally

pytestmark = pytest.mark.integration


def test_events_arrive_in_version_order_each_once(shop: Shop) -> None:
    orders = [shop.order(counts=9) for _ in range(5)]

    shop.run(shop.relay().run, shop.consumer().run)

    for order in orders:
        eventually(lambda order=order: shop.tally(order), list(range(1, 11)))
    eventually(shop.pending, 0)


def test_an_event_sent_twice_is_applied_once(shop: Shop) -> None:
    order = shop.order(counts=2)
    shop.run(shop.relay().run, shop.consumer().run)
    eventually(lambda: shop.tally(order), [1, 2, 3])

    again = outbox.republish_topic(shop.mongo.database("shop"), ["crm.shop.v1"], at=now())
    marker = shop.order()

    assert again >= 3
    eventually(lambda: shop.tally(marker), [1])
    eventually(shop.pending, 0)
    assert shop.tally(order) == [1, 2, 3]


def test_kill_9_of_the_broker_mid_flow_loses_nothing(shop: Shop) -> None:
    before = [shop.order(counts=3) for _ in range(20)]
    shop.run(shop.relay().run, shop.consumer().run)
    eventually(lambda: shop.tally(before[0]), [1, 2, 3, 4])

    shop.broker.kill()
    during = [shop.order(counts=3) for _ in range(20)]
    shop.broker.restart()
    after = shop.order(counts=3)

    for order in [*before, *during, after]:
        eventually(lambda order=order: shop.tally(order), [1, 2, 3, 4], seconds=90)


def test_a_broker_that_lost_its_log_gets_everything_again(shop: Shop) -> None:
    before = [shop.order(counts=3) for _ in range(20)]
    stop = shop.run(shop.relay().run)
    eventually(shop.pending, 0)
    stop.set()

    # Nothing has been consumed: all of it was only in the log that is lost now.
    shop.broker.kill()
    shop.broker.erase()
    shop.broker.restart()
    shop.run(shop.relay().run, shop.consumer().run)

    for order in before:
        eventually(lambda order=order: shop.tally(order), [1, 2, 3, 4], seconds=90)


def test_a_log_lost_under_running_consumers_is_read_from_its_new_start(shop: Shop) -> None:
    before = [shop.order(counts=3) for _ in range(20)]
    shop.run(shop.relay().run, shop.consumer().run)
    for order in before:
        eventually(lambda order=order: shop.tally(order), [1, 2, 3, 4])

    shop.broker.kill()
    shop.broker.erase()
    shop.broker.restart()
    after = [shop.order(counts=3) for _ in range(20)]

    for order in [*before, *after]:
        eventually(lambda order=order: shop.tally(order), [1, 2, 3, 4], seconds=90)


def test_a_failing_key_is_parked_and_the_others_flow(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    Tally.poison.add(2)
    sick = shop.order(counts=4)
    well = shop.order(counts=1)
    consumer = shop.consumer()

    shop.run(shop.relay().run, consumer.run)

    eventually(lambda: shop.tally(well), [1, 2])
    eventually(lambda: shop.tally(sick), [1, 2])
    parked = shop.store.db.collection("parked")
    eventually(lambda: parked.count_documents({"key": f"{shop.store.tenant_id}:{sick}"}), 3)


def test_what_was_parked_is_consumed_in_order_once_it_can_be(shop: Shop) -> None:
    Tally.poison.add(2)
    sick = shop.order(counts=4)
    consumer = shop.consumer()
    stop = shop.run(shop.relay().run, consumer.run)
    eventually(lambda: shop.store.db.collection("parked").count_documents({}), 3)

    Tally.poison.clear()

    def retried() -> list[int]:
        consumer.retry_parked(stop)
        return shop.tally(sick)

    eventually(retried, [1, 2, 3, 4, 5])
    assert shop.store.db.collection("parked").count_documents({}) == 0


def test_after_its_last_attempt_an_event_is_dead_until_it_is_redriven(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "RETRIES", parking.RETRIES[:1] * 2)
    Tally.poison.add(1)
    sick = shop.order(counts=1)
    consumer = shop.consumer()
    stop = shop.run(shop.relay().run, consumer.run)

    def states() -> list[str]:
        consumer.retry_parked(stop)
        return [row["state"] for row in list_dead(shop.mongo, "shop") if row["tenant_id"] == shop.store.tenant_id]

    eventually(states, ["dead"])
    dlq = {"topic": f"crm.shop.v1.{shop.group}.dlq"}
    eventually(lambda: shop.store.db.collection("outbox").count_documents({**dlq, "pending": False}), 1)

    Tally.poison.clear()
    dead = [row["id"] for row in list_dead(shop.mongo, "shop") if row["tenant_id"] == shop.store.tenant_id]
    assert redrive(shop.mongo, dead, "shop") == 1
    eventually(states, [])
    assert shop.tally(sick) == [1, 2]
