"""Kafka: how the platform's producer and consumers are set up, and what travels beside a record's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.structs import TopicPartition

PARTITIONS = 12

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Meta:
    """What a record says of itself beside its bytes, so that most need not be decoded.

    `audience` names the one consumer group it is meant for (a rebuild), None for all. `log` counts how often
    the topic has lost its log: a consumer that meets a higher number than before reads it from the start.
    """

    type: str
    tenant_id: str
    audience: str | None
    log: int

    def headers(self) -> Headers:
        """As Kafka carries it."""
        pairs = [("type", self.type), ("tenant", self.tenant_id), ("log", str(self.log))]
        if self.audience:
            pairs.append(("audience", self.audience))
        return [(name, value.encode()) for name, value in pairs]

    @classmethod
    def of(cls, headers: Headers) -> Meta:
        """Read it back; what is missing is empty."""
        found = {name: value.decode() for name, value in headers}
        return cls(
            type=found.get("type", ""),
            tenant_id=found.get("tenant", ""),
            audience=found.get("audience"),
            log=int(found.get("log", "0")),
        )


def producer(bootstrap: str, client_id: str) -> KafkaProducer:
    """A producer that acknowledges only what every in-sync replica has, in order, without doubles."""
    return KafkaProducer(
        bootstrap_servers=bootstrap.split(","),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=2,
        batch_size=256 * 1024,
        max_block_ms=5_000,
        request_timeout_ms=5_000,
        delivery_timeout_ms=10_000,
        reconnect_backoff_max_ms=1_000,
        metrics_enabled=False,
        allow_auto_create_topics=False,
    )


def consumer(bootstrap: str, group: str, member: str, topics: list[str]) -> KafkaConsumer:
    """A group member that commits by hand and keeps its partitions over a restart (`member` is its name)."""
    joined = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","),
        client_id=f"{group}-{member}",
        group_id=group,
        group_instance_id=member,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        partition_assignment_strategy=[CooperativeStickyAssignor],
        session_timeout_ms=6_000,
        heartbeat_interval_ms=1_500,
        max_poll_interval_ms=300_000,
        max_poll_records=500,
        fetch_max_wait_ms=200,
        reconnect_backoff_max_ms=1_000,
        metadata_max_age_ms=10_000,
        metrics_enabled=False,
        allow_auto_create_topics=False,
    )
    joined.subscribe(topics)
    return joined


class Ends:
    """Asks the broker where the partitions of a topic end, over one connection."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            client_id=f"ends-{topic}",
            metrics_enabled=False,
            request_timeout_ms=5_000,
            reconnect_backoff_max_ms=1_000,
            allow_auto_create_topics=False,
        )
        self._topic = topic

    def now(self) -> dict[int, int]:
        """The next offset of every partition; raises KafkaError when the broker does not answer."""
        partitions = self._consumer.partitions_for_topic(self._topic) or set()
        asked = [TopicPartition(self._topic, partition) for partition in partitions]
        found: dict[TopicPartition, int] = self._consumer.end_offsets(asked, timeout_ms=4_000) if asked else {}
        return {at.partition: end for at, end in found.items()}

    def close(self) -> None:
        """Give the connection back."""
        self._consumer.close()


def create_topics(bootstrap: str, topics: list[str], *, replication: int) -> list[str]:
    """Create those topics that are missing; which they were."""
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=8_000)
    created = []
    try:
        present = set(admin.list_topics())
        for name in topics:
            if name in present:
                continue
            try:
                admin.create_topics([NewTopic(name, PARTITIONS, replication)])
                created.append(name)
            except TopicAlreadyExistsError:
                continue
    finally:
        admin.close()
    return created


__all__ = ["PARTITIONS", "Ends", "KafkaError", "Meta", "consumer", "create_topics", "producer"]
