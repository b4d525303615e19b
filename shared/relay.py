"""The relay: carries what the outbox holds to Kafka, per aggregate in version order, at least once.

It polls, often while there is work and seldom while there is none. A row is marked published after Kafka has
acknowledged it, so a crash can repeat an event and never lose one.

A broker that has lost its log is noticed in two ways: an acknowledgement carries an offset that has been given
before, or (when nothing is being sent) a partition ends before the last offset that was acknowledged. Then
whatever consumers may have missed is published again.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from kafka import KafkaProducer
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared import outbox
from shared.broker import Ends, KafkaError, Meta, create_topics, producer
from shared.clock import now
from shared.leases import Lease
from shared.telemetry import remote_parent, span, tracing
from shared.tenancy import Document

log = structlog.get_logger(__name__)

BATCH = 500
SHORTEST_REST = 0.02
LONGEST_REST = 0.1
CHECK_SECONDS = 5.0
STORE_SECONDS = 1.0
PAUSE_AFTER_FAILURE = 0.5


class Relay:
    """Publishes one service's outbox; of several, the holder of the lease works."""

    def __init__(
        self, database: Database[Document], service: str, bootstrap: str, holder: str, *, replication: int = 1
    ) -> None:
        self._database = database
        self._topic = outbox.topic_of(service)
        self._bootstrap = bootstrap
        self._replication = replication
        self._topics: set[str] = set()
        self._lease = Lease(database, "relay", holder)
        self._positions = Positions(database, self._topic)
        self._producer: KafkaProducer | None = None
        self._ends: Ends | None = None
        self._check_at = 0.0
        self._rest = SHORTEST_REST

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a broker or database that is away is waited for."""
        while not stop.is_set():
            try:
                self._turn(stop)
            except (KafkaError, PyMongoError, OSError) as failure:
                log.warning("relay_waits", topic=self._topic, reason=type(failure).__name__)
                self._disconnect()
                stop.wait(PAUSE_AFTER_FAILURE)
        self._finish()

    def publish_pending(self) -> int:
        """Publish the next batch; how many rows Kafka acknowledged."""
        rows = outbox.pending(self._database, BATCH)
        if not rows:
            return 0
        acknowledged, intact = self._send(rows)
        if not intact:
            self.log_lost()
            return 0
        outbox.mark_published(self._database, [row["_id"] for row in acknowledged], at=now())
        if len(acknowledged) < len(rows):
            raise KafkaError(f"{len(rows) - len(acknowledged)} events were not acknowledged")
        return len(rows)

    def check_log(self) -> None:
        """Compare what the broker has with what it acknowledged; publish again what it lost."""
        self._ensure([self._topic])
        self._ends = self._ends or Ends(self._bootstrap, self._topic)
        self._positions.store()
        if self._positions.beyond(self._ends.now()):
            self.log_lost()

    def log_lost(self) -> None:
        """Send all of the retention time again, and tell consumers to read from the start."""
        again = outbox.republish_topic(self._database, [self._topic], at=now())
        self._positions.restart()
        log.error("broker_lost_its_log", topic=self._topic, republished=again)

    def _turn(self, stop: threading.Event) -> None:
        if not self._lease.held():
            self._positions.forget()
            stop.wait(1)
            return
        if time.monotonic() >= self._check_at:
            self.check_log()
            self._check_at = time.monotonic() + CHECK_SECONDS
        published = self.publish_pending()
        self._rest = SHORTEST_REST if published else min(self._rest * 1.5, LONGEST_REST)
        if published < BATCH:
            stop.wait(self._rest)

    def _send(self, rows: list[Document]) -> tuple[list[Document], bool]:
        """Send rows; those acknowledged, and whether the topic's log is still the one it was.

        An aggregate's next row is sent only after its former one was acknowledged: a send that fails alone would
        otherwise be overtaken. Most aggregates have one row pending, so most batches are one wave.
        """
        self._producer = self._producer or producer(self._bootstrap, f"relay-{self._topic}")
        self._ensure([row["topic"] for row in rows])
        acknowledged: list[Document] = []
        for wave in _waves(rows):
            sent = [(row, self._send_row(self._producer, row, self._positions.log)) for row in wave]
            self._producer.flush(timeout=15)
            heard = [(row, future.value) for row, future in sent if future.succeeded()]
            if not self._positions.advance([told for row, told in heard if row["topic"] == self._topic]):
                return [], False
            acknowledged += [row for row, _ in heard]
            if len(heard) < len(sent):
                break
        return acknowledged, True

    def _send_row(self, connected: KafkaProducer, row: Document, log_number: int) -> Any:
        meta = Meta(row["type"], row["tenant_id"], row["audience"], log_number)
        if tracing():
            with remote_parent(row["traceparent"]), span("outbox.publish", event_type=row["type"]):
                pass
        return connected.send(row["topic"], value=row["payload"], key=row["key"].encode(), headers=meta.headers())

    def _ensure(self, topics: list[str]) -> None:
        missing = sorted(set(topics) - self._topics)
        if missing:
            created = create_topics(self._bootstrap, missing, replication=self._replication)
            self._topics.update(missing)
            log.info("topics_ready", topics=missing, created=created)

    def _finish(self) -> None:
        try:
            self._positions.store()
        except PyMongoError as failure:
            log.info("positions_not_stored", topic=self._topic, reason=type(failure).__name__)
        self._disconnect()

    def _disconnect(self) -> None:
        self._topics.clear()
        self._positions.forget()
        for connection in (self._producer, self._ends):
            if connection is not None:
                _close(connection)
        self._producer = self._ends = None


class Positions:
    """The last offset acknowledged in each partition of a topic, and how often its log was lost.

    Stored at most once a second: a position that is too low after a crash still shows that a log begins again.
    """

    def __init__(self, database: Database[Document], topic: str) -> None:
        self._positions = database["relay_positions"]
        self._topic = topic
        self._known: dict[int, int] | None = None
        self._log = 1
        self._store_at = 0.0

    @property
    def log(self) -> int:
        """The number of the topic's present log, counted from 1."""
        self._load()
        return self._log

    def beyond(self, ends: dict[int, int]) -> bool:
        """Whether a partition ends before what it has acknowledged."""
        return any(ends.get(partition, 0) <= offset for partition, offset in self._load().items())

    def advance(self, acknowledged: list[Any]) -> bool:
        """Remember the offsets Kafka told; False, changing nothing, when one was given before: the log is another."""
        known = self._load()
        if any(told.offset <= known.get(told.partition, -1) for told in acknowledged):
            return False
        for told in acknowledged:
            known[told.partition] = max(told.offset, known.get(told.partition, -1))
        if time.monotonic() >= self._store_at:
            self.store()
        return True

    def store(self) -> None:
        """Write down what is known."""
        highest = {f"offsets.{partition}": offset for partition, offset in (self._known or {}).items()}
        if highest:
            self._positions.update_one({"_id": self._topic}, {"$max": highest}, upsert=True)
        self._store_at = time.monotonic() + STORE_SECONDS

    def restart(self) -> None:
        """Forget the offsets of a log that is gone, and number the next one."""
        change = {"$unset": {"offsets": ""}, "$set": {"log": self.log + 1}}
        self._positions.update_one({"_id": self._topic}, change, upsert=True)
        self.forget()

    def forget(self) -> None:
        """Read again what is stored, at the next need: another process may have worked meanwhile."""
        self._known = None

    def _load(self) -> dict[int, int]:
        if self._known is None:
            row = self._positions.find_one({"_id": self._topic}) or {}
            self._known = {int(partition): offset for partition, offset in row.get("offsets", {}).items()}
            self._log = int(row.get("log", 1))
        return self._known


def _waves(rows: list[Document]) -> list[list[Document]]:
    """`rows`, sorted by aggregate and version, as waves with at most one row of an aggregate each."""
    waves: list[list[Document]] = []
    behind: dict[str, int] = {}
    for row in rows:
        number = behind.get(row["key"], 0)
        behind[row["key"]] = number + 1
        if number == len(waves):
            waves.append([])
        waves[number].append(row)
    return waves


def _close(connection: Any) -> None:
    try:
        if isinstance(connection, KafkaProducer):
            connection.close(timeout=0)
        else:
            connection.close()
    except (KafkaError, OSError, RuntimeError) as failure:
        log.info("close_failed", reason=type(failure).__name__)
