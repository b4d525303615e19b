"""kill -9 of relay, consumer, API worker and MongoDB under load: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import pytest
from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from infra.local.api import Api, Problem
from infra.local.stack import Stack
from infra.local.supervision import Supervisor
from shared.events.envelope import Envelope
from tests.e2e.test_the_slice import signed_up
from tests.support.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.chaos]

WRITERS = 4
ROUNDS = ("pipeline-worker", "reporting-worker", "pipeline", "mongodb")
LOAD_SECONDS = 4.0
REPETITIONS = 3


@dataclass
class Load:
    """Writers that create deals and raise their amounts, and remember only what was acknowledged."""

    api: Api
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, tuple[int, int]] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Begin to write."""
        for number in range(WRITERS):
            thread = threading.Thread(target=self._write, args=(random.Random(number),), daemon=True)
            thread.start()
            self.threads.append(thread)

    def finish(self) -> None:
        """Stop writing and wait for the last answers."""
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive()

    def _write(self, chance: random.Random) -> None:
        while not self.stop.is_set():
            amount = chance.randrange(100, 100_000)
            made = self._patiently(lambda key, amount=amount: self._create(amount, key))
            if made is None:
                continue
            deal, version = made["id"], made["version"]
            self.acknowledged[deal] = (version, amount)
            for _ in range(2):
                raised = chance.randrange(100, 100_000)
                self._raise(deal, raised)

    def _create(self, amount: int, key: str) -> dict[str, object]:
        return self.api.post("/v1/deals", {"name": "Crash", "amount": cents(amount)}, key=key)

    def _raise(self, deal: str, amount: int) -> None:
        version, _ = self.acknowledged[deal]
        try:
            self.api.patch(f"/v1/deals/{deal}", {"amount": cents(amount)}, version=version)
        except (Problem, ConnectionError) as failure:
            # Not acknowledged: it may have been stored or not. The version tells, once the platform answers.
            self.refused[str(getattr(failure, "status", "connection"))] += 1
            found = self._patiently(lambda _key: self.api.get(f"/v1/deals/{deal}"))
            if found is not None:
                self.acknowledged[deal] = (found["version"], found["amount"]["amount_minor"])
            return
        self.acknowledged[deal] = (version + 1, amount)

    def _patiently(self, call: object) -> dict[str, object] | None:
        """Try with the same idempotency key until it is acknowledged or the load ends long since."""
        key = uuid.uuid4().hex
        until = time.monotonic() + 45
        while time.monotonic() < until:
            try:
                return call(key)  # type: ignore[operator]
            except (Problem, ConnectionError) as failure:
                status = getattr(failure, "status", 503)
                self.refused[str(status)] += 1
                if status not in (409, 429) and status < 500:
                    raise
                time.sleep(0.1)
        return None


def cents(amount: int) -> dict[str, object]:
    return {"amount_minor": amount, "currency": "USD"}


def kill(stack: Stack, name: str) -> None:
    supervisor = Supervisor(stack.home)
    pid = supervisor.processes()[name]["pid"]
    assert pid
    os.killpg(pid, signal.SIGKILL)


def kill_before_it_hears_back(stack: Stack) -> None:
    """Kill the relay while what it sent lies in the broker's inbox: the broker will keep it, the outbox not know."""
    broker = Supervisor(stack.home).processes()["kafka"]["pid"]
    os.killpg(broker, signal.SIGSTOP)
    try:
        time.sleep(1)
        kill(stack, "pipeline-worker")
    finally:
        os.killpg(broker, signal.SIGCONT)


def healthy(stack: Stack) -> bool:
    return all(info["statename"] == "RUNNING" for info in Supervisor(stack.home).processes().values())


def on_the_wire(stack: Stack, tenant: str) -> list[Envelope]:
    """Every record of this tenant on the pipeline's topic, partition by partition in log order."""
    consumer = KafkaConsumer(bootstrap_servers=stack.choices["kafka"].address, metrics_enabled=False)
    partitions = [TopicPartition("crm.pipeline.v1", n) for n in consumer.partitions_for_topic("crm.pipeline.v1")]
    ends = consumer.end_offsets(partitions)
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    found: list[Envelope] = []
    while any(consumer.position(at) < ends[at] for at in partitions):
        for records in consumer.poll(timeout_ms=1_000).values():
            found += [Envelope.decode(record.value) for record in records]
    consumer.close()
    return [envelope for envelope in found if envelope.tenantid == tenant and "/deal_" in envelope.subject]


def every_deal(api: Api) -> dict[str, dict[str, object]]:
    return {deal["id"]: deal for deal in api.every("/v1/deals")}


def reported(api: Api) -> tuple[int, int]:
    report = api.get("/v1/reports/pipeline")
    return report["count"], sum(value["amount"]["amount_minor"] for value in report["values"])


def first_seen(wire: list[Envelope]) -> dict[str, list[int]]:
    seen: set[str] = set()
    order: dict[str, list[int]] = {}
    for envelope in wire:
        if envelope.id not in seen:
            seen.add(envelope.id)
            order.setdefault(envelope.aggregate_id, []).append(envelope.version)
    return order


def test_nothing_is_lost_doubled_or_reordered(stack: Stack) -> None:
    _, admin = signed_up(stack, "crash")
    eventually(lambda: admin.api.get("/v1/stage-definitions")["data"], bool)
    tenant = admin.api.get("/v1/tenants/current")["id"]
    load = Load(admin.api)
    load.start()

    for victim in ROUNDS:
        time.sleep(LOAD_SECONDS)
        kill(stack, victim)
    for _ in range(REPETITIONS):
        eventually(lambda: healthy(stack), bool, seconds=60)
        time.sleep(LOAD_SECONDS / 4)
        kill_before_it_hears_back(stack)
    time.sleep(LOAD_SECONDS)
    load.finish()
    eventually(lambda: healthy(stack), bool, seconds=60)

    stored = eventually(lambda: every_deal(admin.api), bool)
    acknowledged = load.acknowledged
    assert len(acknowledged) > 50, "too little load to prove anything"
    assert {deal: (stored[deal]["version"], stored[deal]["amount"]["amount_minor"]) for deal in stored} == acknowledged

    expected = (len(stored), sum(amount for _, amount in acknowledged.values()))
    eventually(lambda: reported(admin.api), lambda found: found == expected, seconds=60)

    wire = on_the_wire(stack, tenant)
    assert first_seen(wire) == {deal: list(range(1, version + 1)) for deal, (version, _) in acknowledged.items()}
    duplicates = len(wire) - len({envelope.id for envelope in wire})
    assert duplicates > 0, "no event was sent twice: the kills proved nothing"

    feed = feed_of(admin.api)
    assert first_seen(feed) == first_seen(wire)
    assert len(feed) == len({envelope.id for envelope in feed})


def feed_of(api: Api) -> list[Envelope]:
    def read() -> list[Envelope]:
        events: list[Envelope] = []
        after = None
        while True:
            page = api.get("/v1/events", types="crm.deal.*", limit=200, after=after)
            events += [Envelope(**event) for event in page["data"]]
            if not page["data"]:
                return events
            after = page["page"]["next"]

    return eventually(read, bool)
