"""Every kind of server that this machine can run, started for real: ready, killed, erased, restarted, gone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer
from pymongo import MongoClient

from infra.local.home import Home
from infra.local.machine import Machine
from infra.local.ports import answers, free_port
from infra.local.servers import Running, start_server

pytestmark = pytest.mark.integration


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


@pytest.fixture
def start(home: Home) -> Iterator:
    started: list[Running] = []

    def starter(part: str, kind: str) -> Running:
        started.append(start_server(part, kind, home, free_port()))
        return started[-1]

    yield starter
    for server in started:
        server.kill()


def gone(server: Running) -> bool:
    return not answers("127.0.0.1", server.port) and not os.path.exists(f"/proc/{server.pid}")


def stored(url: str) -> list[int]:
    with MongoClient(url) as client:
        return [row["_id"] for row in client.shop.things.find().sort("_id")]


def store_in_a_transaction(url: str, number: int) -> None:
    with MongoClient(url) as client, client.start_session() as session, session.start_transaction():
        client.shop.things.insert_one({"_id": number}, session=session)


def test_mongodb_has_transactions_and_keeps_what_it_acknowledged(start) -> None:
    server = start("mongodb", "embedded")
    store_in_a_transaction(server.address, 1)

    server.kill()
    assert gone(server)
    server.restart()

    assert stored(server.address) == [1]


def test_mongodb_that_lost_its_data_starts_empty(start) -> None:
    server = start("mongodb", "embedded")
    store_in_a_transaction(server.address, 1)

    server.stop()
    server.erase()
    server.restart()

    assert stored(server.address) == []
    store_in_a_transaction(server.address, 2)
    assert stored(server.address) == [2]


def test_mongodb_moves_to_another_port_with_its_data(start, home: Home) -> None:
    server = start("mongodb", "embedded")
    store_in_a_transaction(server.address, 1)
    server.stop()

    moved = start("mongodb", "embedded")

    assert moved.port != server.port
    assert stored(moved.address) == [1]


def send(address: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all", max_block_ms=20_000)
    producer.send("shop", value).get(20)
    producer.close()


def received(address: str) -> list[bytes]:
    consumer = KafkaConsumer("shop", bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=3000)
    values = [record.value for record in consumer]
    consumer.close()
    return values


@pytest.mark.skipif(Machine.this().java < 17, reason="Apache Kafka needs Java 17, which this machine lacks")
def test_apache_kafka_keeps_what_it_acknowledged_until_its_log_is_deleted(start) -> None:
    server = start("kafka", "apache")
    send(server.address, b"first")

    server.kill()
    server.restart()
    assert received(server.address) == [b"first"]

    server.kill()
    server.erase()
    server.restart()
    send(server.address, b"second")
    assert received(server.address) == [b"second"]


def test_the_embedded_broker_forgets_everything_at_a_stop(start) -> None:
    server = start("kafka", "embedded")
    send(server.address, b"first")
    assert received(server.address) == [b"first"]

    server.stop()
    assert gone(server)
    server.restart()
    send(server.address, b"second")

    assert received(server.address) == [b"second"]


def test_valkey_starts_and_stops(start) -> None:
    server = start("redis", "embedded")
    assert answers("127.0.0.1", server.port)

    server.stop()

    assert gone(server)
