"""Makes a complete sample of an event from its type's fields; run as a module it writes those that are missing.

python -m tests.support.golden
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import types
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from shared.clock import truncate
from shared.events.envelope import EVENTS, Event
from shared.outbox import Cause, row

GOLDEN = Path(__file__).resolve().parents[1] / "contract" / "events" / "golden"
SERVICES = ("tenants", "leads", "accounts", "pipeline", "webhooks")
AT = truncate(datetime(2026, 11, 22, 8, 30, 0, 125_000, tzinfo=UTC))


def published() -> dict[str, tuple[str, type[Event]]]:
    """Every event type with the service that publishes it."""
    found = {}
    for service in SERVICES:
        module = importlib.import_module(f"shared.events.{service}")
        for name, cls in EVENTS.items():
            if cls.__module__ == module.__name__:
                found[name] = (service, cls)
    return found


def sample(cls: type[Event], service: str) -> bytes:
    """The envelope of a sample event, as bytes."""
    event = _value(cls, cls.__name__)
    aggregate_id = f"{event.aggregate()[:4]}_01k00000000000000000000000"
    made = row(service, "ten_01k00000000000000000000000", aggregate_id, 3, event, at=AT, cause=Cause(by="usr_ann"))
    payload: bytes = made["payload"]
    return payload


def _value(kind: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _value(next(part for part in arguments if part is not type(None)), name)
    if origin in (list, tuple, set):
        return [_value(arguments[0], name)]
    if origin is dict:
        return {"amount": {"from": 1, "to": 2}} if name == "changes" else {"en": name}
    if origin is typing.Literal:
        return arguments[0]
    if dataclasses.is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if not _is_class_var(hint)}
        return kind(**{name: _value(hint, name) for name, hint in hints.items() if not name.startswith("__")})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return {str: name, int: 3, float: 1.5, bool: True, datetime: AT}.get(kind, name)


def _is_class_var(hint: Any) -> bool:
    return hint is typing.ClassVar or typing.get_origin(hint) is typing.ClassVar


def main() -> None:
    """Write the samples that are missing; those that exist are never touched."""
    for name, (service, cls) in published().items():
        path = GOLDEN / f"{name}.json"
        if not path.exists():
            path.write_bytes(sample(cls, service) + b"\n")
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
