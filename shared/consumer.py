"""The consumer: takes events from Kafka in batches and gives each tenant's to the service, once.

The inbox row and the effect are one transaction; offsets are committed after it. An event that fails is parked
(`shared.parking`) and its key with it; a database that is away is waited for. A service says what it takes in
its `consumers.py`: `TOPICS`, and either `HANDLERS` (event type → function) or `TYPES` with `handle_batch`.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from shared import inbox, parking
from shared.broker import KafkaError, Meta, consumer
from shared.clock import now
from shared.events.envelope import Envelope
from shared.gates import Paused, pass_gate
from shared.logwatch import LogWatch
from shared.store import Cause, Store
from shared.telemetry import bound, remote_parent, span, tracing
from shared.tenancy import Document

log = structlog.get_logger(__name__)

Handler = Callable[[Any, Envelope], None]
BatchHandler = Callable[[Any, Sequence[Envelope]], None]

PAUSE_AFTER_FAILURE = 0.5
POLL_MS = 500
COMMIT_SECONDS = 1.0
"""Offsets are committed this often: what a crash makes it read again, the inbox recognises."""
FEW = 100
LINGER = 0.03
"""After a small batch it waits a little, so that the next one costs one transaction for more events."""


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What a service consumes, read from its `consumers.py`; `group` is the service's name."""

    group: str
    topics: Sequence[str]
    types: tuple[str, ...]
    apply: BatchHandler
    gated: bool

    @classmethod
    def of(cls, group: str, module: Any) -> Subscription:
        """Read a consumers module."""
        handlers: Mapping[str, Handler] | None = getattr(module, "HANDLERS", None)
        gated = bool(getattr(module, "PROJECTIONS", ()))
        if handlers is None:
            types, apply = tuple(module.TYPES), module.handle_batch
        else:
            types, apply = tuple(handlers), _one_by_one(handlers)
        return cls(group=group, topics=module.TOPICS, types=types, apply=apply, gated=gated)

    def takes(self, meta: Meta) -> bool:
        """Whether an event is of a type consumed here, and meant for this group."""
        meant = meta.audience in (None, self.group)
        return meant and any(
            meta.type == wanted or (wanted.endswith((".", "*")) and meta.type.startswith(wanted.rstrip("*")))
            for wanted in self.types
        )


class Consumer:
    """One member of a service's consumer group."""

    def __init__(
        self,
        database: Database[Document],
        store: type[Store],
        subscription: Subscription,
        bootstrap: str,
        member: str,
    ) -> None:
        self._database = database
        self._store = store
        self._subscription = subscription
        self._bootstrap = bootstrap
        self._member = member
        self._watch = LogWatch(database, subscription.group)

    def run(self, stop: threading.Event) -> None:
        """Consume until `stop` is set; a broker or database that is away is waited for."""
        while not stop.is_set():
            try:
                self._consume(stop)
            except (KafkaError, PyMongoError, Paused, OSError) as failure:
                reason = type(failure).__name__
                log.warning("consumer_waits", group=self._subscription.group, reason=reason)
                stop.wait(PAUSE_AFTER_FAILURE)

    def deliver(self, envelopes: Sequence[tuple[str, Envelope]]) -> None:
        """Give events (with their topics) to the service, tenant by tenant; those that fail are parked."""
        by_tenant: dict[str, list[tuple[str, Envelope]]] = defaultdict(list)
        for topic, envelope in envelopes:
            by_tenant[envelope.tenantid].append((topic, envelope))
        for tenant_id, batch in by_tenant.items():
            self._deliver_to(tenant_id, batch)

    def retry_parked(self, stop: threading.Event) -> int:
        """Try again what is parked and due; how many events were consumed."""
        consumed = 0
        for row in parking.due(self._database, self._subscription.group, at=now()):
            if stop.is_set():
                break
            consumed += self._retry(row)
        return consumed

    def _consume(self, stop: threading.Event) -> None:
        with _joined(self._bootstrap, self._subscription, self._member) as kafka:
            commit_at, uncommitted = 0.0, False
            while not stop.is_set():
                polled = kafka.poll(timeout_ms=POLL_MS)
                records = [record for batch in polled.values() for record in batch]
                if records and not self._watch.rewind(kafka, records):
                    self.deliver(list(self._wanted(records)))
                    uncommitted = True
                if uncommitted and (not records or time.monotonic() >= commit_at):
                    kafka.commit()
                    commit_at, uncommitted = time.monotonic() + COMMIT_SECONDS, False
                if 0 < len(records) < FEW:
                    stop.wait(LINGER)

    def _wanted(self, records: Sequence[Any]) -> Iterator[tuple[str, Envelope]]:
        for record in records:
            meta = Meta.of(record.headers)
            if not self._subscription.takes(meta):
                continue
            try:
                yield record.topic, Envelope.decode(record.value)
            except msgspec.MsgspecError as failure:
                place = f"{record.partition}:{record.offset}"
                group, reason = self._subscription.group, str(failure)[:500]
                parking.bury_unreadable(self._database, group, record.topic, place, record.value, reason)
                log.error("event_unreadable", topic=record.topic, place=place)

    def _deliver_to(self, tenant_id: str, batch: Sequence[tuple[str, Envelope]]) -> None:
        try:
            self._apply(tenant_id, batch)
        except Exception as failure:
            if is_passing(failure):
                raise
            log.warning("batch_failed", group=self._subscription.group, reason=type(failure).__name__)
            for topic, envelope in batch:
                self._deliver_one(topic, envelope)

    def _deliver_one(self, topic: str, envelope: Envelope) -> None:
        try:
            self._apply(envelope.tenantid, [(topic, envelope)])
        except Exception as failure:
            if is_passing(failure):
                raise
            reason = f"{type(failure).__name__}: {failure}"[:500]
            parking.park(self._open(envelope.tenantid), self._subscription.group, topic, envelope, reason)
            log.exception("event_parked", event_id=envelope.id, event_type=envelope.type)

    def _apply(self, tenant_id: str, batch: Sequence[tuple[str, Envelope]]) -> None:
        store = self._open(tenant_id)
        group = self._subscription.group

        def work() -> None:
            if self._subscription.gated:
                pass_gate(store)
            fresh = inbox.unseen(store, group, [envelope for _, envelope in batch])
            held = parking.keys_among(store, group, fresh) if fresh else set()
            topics = {envelope.id: topic for topic, envelope in batch}
            for envelope in fresh:
                if envelope.partitionkey in held:
                    parking.park(store, group, topics[envelope.id], envelope, parking.HELD_BEHIND)
            flowing = [envelope for envelope in fresh if envelope.partitionkey not in held]
            if flowing:
                self._take(store, flowing)

        store.transact(work)

    def _take(self, store: Store, envelopes: Sequence[Envelope]) -> None:
        with _traced(self._subscription.group, envelopes):
            self._subscription.apply(store, envelopes)
        inbox.record(store, self._subscription.group, envelopes)

    def _retry(self, row: Document) -> int:
        envelope = Envelope.decode(row["payload"])
        store = self._open(row["tenant_id"])

        def work() -> None:
            if self._subscription.gated:
                pass_gate(store)
            if inbox.unseen(store, self._subscription.group, [envelope]):
                self._take(store, [envelope])
            parking.release(store, row)

        if not parking.is_head(store, row):
            return 0
        try:
            store.transact(work)
            return 1
        except Exception as failure:
            if is_passing(failure):
                raise
            parking.postpone(self._open(row["tenant_id"]), row, f"{type(failure).__name__}: {failure}"[:500])
            log.exception("parked_event_failed", event_id=envelope.id, attempts=row["attempts"] + 1)
            return 0

    def _open(self, tenant_id: str) -> Store:
        return self._store(self._database, tenant_id)


def is_passing(failure: BaseException) -> bool:
    """Whether waiting may mend it: the event is then tried again, not parked."""
    if isinstance(failure, (ConnectionFailure, KafkaError, Paused)):
        return True
    if isinstance(failure, PyMongoError) and failure.timeout:
        return True
    return isinstance(failure, OperationFailure) and failure.has_error_label("TransientTransactionError")


def _one_by_one(handlers: Mapping[str, Handler]) -> BatchHandler:
    def apply(store: Store, envelopes: Sequence[Envelope]) -> None:
        for envelope in envelopes:
            store.cause = Cause(
                by=envelope.principal,
                correlation_id=envelope.correlationid,
                causation_id=envelope.id,
                traceparent=envelope.traceparent,
            )
            with remote_parent(envelope.traceparent):
                handlers[envelope.type](store, envelope)

    return apply


@contextmanager
def _traced(group: str, envelopes: Sequence[Envelope]) -> Iterator[None]:
    """A span per event while anything is traced; the log fields of the batch in any case."""
    with bound(tenant_id=envelopes[0].tenantid, principal_id=envelopes[0].principal):
        if tracing():
            for envelope in envelopes:
                with remote_parent(envelope.traceparent), span(f"{group}.consume", event_type=envelope.type):
                    pass
        yield


@contextmanager
def _joined(bootstrap: str, subscription: Subscription, member: str) -> Iterator[KafkaConsumer]:
    kafka = consumer(bootstrap, subscription.group, member, list(subscription.topics))
    try:
        yield kafka
    finally:
        kafka.close()
