"""Notices, on the consumer's side, that a topic's log was lost and is being written anew.

The relay numbers each log of a topic and writes the number on every record. A consumer that meets a higher
number than it knew reads that partition from its start: the offset it stood at belongs to the log that is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from kafka import KafkaConsumer
from kafka.structs import TopicPartition
from pymongo.database import Database

from shared.broker import Meta
from shared.tenancy import Document

log = structlog.get_logger(__name__)


class LogWatch:
    """The log number a group knows of each partition, kept over restarts."""

    def __init__(self, database: Database[Document], group: str) -> None:
        self._known = database["relay_positions"]
        self._group = group
        self._numbers: dict[str, int] = {}

    def rewind(self, kafka: KafkaConsumer, records: Sequence[Any]) -> bool:
        """Go back to the start of partitions whose log is new to the group; whether any was."""
        renewed = [at for at, number in _numbers_in(records).items() if self._is_new(at, number)]
        if not renewed:
            return False
        # Explicit offsets: seek_to_beginning takes effect later, and a commit in between would keep the old place.
        for at, start in kafka.beginning_offsets(renewed).items():
            kafka.seek(at, start)
            log.warning("log_is_new", topic=at.topic, partition=at.partition, group=self._group)
        for at in {TopicPartition(record.topic, record.partition) for record in records} - set(renewed):
            first = min(record.offset for record in records if (record.topic, record.partition) == tuple(at))
            kafka.seek(at, first)
        return True

    def _is_new(self, at: TopicPartition, number: int) -> bool:
        identity = f"{self._group}:{at.topic}:{at.partition}"
        if identity not in self._numbers:
            row = self._known.find_one({"_id": identity}) or {}
            self._numbers[identity] = int(row.get("log", 0))
        known = self._numbers[identity]
        if number <= known:
            return False
        self._numbers[identity] = number
        self._known.update_one({"_id": identity}, {"$set": {"log": number}}, upsert=True)
        # A partition met for the first time is read from its start anyhow.
        return known > 0


def _numbers_in(records: Sequence[Any]) -> dict[TopicPartition, int]:
    numbers: dict[TopicPartition, int] = {}
    for record in records:
        at = TopicPartition(record.topic, record.partition)
        numbers[at] = max(numbers.get(at, 0), Meta.of(record.headers).log)
    return numbers
