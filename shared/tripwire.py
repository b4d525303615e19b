"""Watches every command on its way to MongoDB for one that names no tenant.

In tests a trip fails the test; in production it is logged and counted. It is the second wall: the first is
that no collection opens without a tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from pymongo import monitoring

from shared.tenancy import crossing_reason

log = structlog.get_logger(__name__)

PREFIX = "crm_"
UNTENANTED = frozenset({"leases", "relay_positions"})
"""Collections of the processes themselves: they hold nothing of any tenant."""


class Tripwire(monitoring.CommandListener):
    """Collects the commands that reached a service's database without a tenant; see `trips`."""

    def __init__(self) -> None:
        self.trips: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Look at a command before it is sent."""
        check = _CHECKS.get(event.command_name)
        if check is None or not event.database_name.startswith(PREFIX) or crossing_reason():
            return
        collection = event.command.get(event.command_name)
        if collection in UNTENANTED or check(event.command):
            return
        self.trips.append(f"{event.command_name} {event.database_name}.{collection}")
        log.error("command_without_tenant", command=event.command_name, collection=collection)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to do."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to do."""


def _named(query: Any) -> bool:
    return isinstance(query, Mapping) and isinstance(query.get("tenant_id"), str)


def _matched(command: Mapping[str, Any]) -> bool:
    pipeline = command.get("pipeline") or [{}]
    first = pipeline[0]
    return "$changeStream" in first or _named(first.get("$match"))


_CHECKS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "find": lambda command: _named(command.get("filter")),
    "count": lambda command: _named(command.get("query")),
    "distinct": lambda command: _named(command.get("query")),
    "findAndModify": lambda command: _named(command.get("query")),
    "aggregate": _matched,
    "insert": lambda command: all(_named(document) for document in command["documents"]),
    "update": lambda command: all(_named(update["q"]) for update in command["updates"]),
    "delete": lambda command: all(_named(delete["q"]) for delete in command["deletes"]),
}
