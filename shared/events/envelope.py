"""The envelope every event travels in: CloudEvents 1.0 JSON, the same bytes on Kafka, feed and webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Type, TypeVar, cast  # noqa: UP035

import msgspec

EVENTS: dict[str, type[Event]] = {}
"""Every event type known to the code, by its name; filled as the modules of events are imported."""

SCHEMA_BASE = "/schemas/events/"


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about one aggregate. A subclass names its `type`; its fields are the envelope's `data`.

    `type` is `crm.<aggregate>.<past_tense>`; a breaking change is a new type.
    """

    type: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            if cls.type in EVENTS and EVENTS[cls.type].__qualname__ != cls.__qualname__:
                raise TypeError(f"event type {cls.type} is defined twice")
            EVENTS[cls.type] = cls

    @classmethod
    def aggregate(cls) -> str:
        """The word for what it is about: `deal` in `crm.deal.won`."""
        return cls.type.split(".")[1]

    def data(self) -> dict[str, Any]:
        """The payload as plain JSON values; a field that does not fit its type is refused."""
        plain = msgspec.to_builtins(self)
        msgspec.convert(plain, type(self))
        return cast(dict[str, Any], plain)


AnyEvent = TypeVar("AnyEvent", bound=Event)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event on the wire; attribute names are CloudEvents' (lower case, no separators).

    `sequence` is the aggregate's version the event made, 12 digits, so that text order is number
    order. `partitionkey` is `<tenant>:<aggregate id>`. `principal` is who caused it.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    tenantid: str
    partitionkey: str
    sequence: str
    correlationid: str
    causationid: str | None = None
    principal: str
    traceparent: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    specversion: str = "1.0"
    datacontenttype: str = "application/json"
    dataschema: str = ""

    @property
    def version(self) -> int:
        """The aggregate's version this event made."""
        return int(self.sequence)

    @property
    def aggregate_id(self) -> str:
        """The id of the aggregate it is about."""
        return self.subject.partition("/")[2]

    def encode(self) -> bytes:
        """The bytes on the wire."""
        return _encoder.encode(self)

    @staticmethod
    def decode(raw: bytes) -> Envelope:
        """Read the wire form; attributes unknown to this version are ignored."""
        return _decoder.decode(raw)

    def event(self, cls: Type[AnyEvent]) -> AnyEvent:  # noqa: UP006 (`type` is an attribute here)
        """The payload as `cls`; fields unknown to this version are ignored."""
        return msgspec.convert(self.data, cls)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def sequence_of(version: int) -> str:
    """`version` as the envelope writes it."""
    return f"{version:012d}"


def schema_of(event_type: str) -> str:
    """Where the JSON Schema of an event type's data is published."""
    return f"{SCHEMA_BASE}{event_type}.json"
