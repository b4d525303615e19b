"""Labels: the names reports show for ids, learned from events, and the tree of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.events.envelope import Envelope

USER, UNIT, PRODUCT, ACCOUNT, DEFINITION = "user", "unit", "product", "account", "stage_definition"

SNAPSHOTS = {USER: "user", UNIT: "unit", PRODUCT: "product", ACCOUNT: "account", DEFINITION: "definition"}
"""The aggregates that have a name reports show, and where their events keep the snapshot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """The name of something, as of version `sequence` of it; `details` is what its kind adds.

    A unit adds `kind` and `path` (ids from the root to itself); a stage definition is called by its
    code and adds its `name` in each language, its `number` and its `stages`.
    """

    id: str
    kind: str
    sequence: int
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)


_DETAILS = {UNIT: ("kind", "path"), DEFINITION: ("name", "number", "stages")}


def label_of(envelope: Envelope) -> Label | None:
    """The label an event states, or None when it names nothing reports show."""
    kind = envelope.type.split(".")[1]
    snapshot = envelope.data.get(SNAPSHOTS.get(kind, ""))
    if snapshot is None:
        return None
    return Label(
        id=snapshot["id"],
        kind=kind,
        sequence=envelope.version,
        name=snapshot["code"] if kind == DEFINITION else snapshot["name"],
        details={name: snapshot[name] for name in _DETAILS.get(kind, ()) if name in snapshot},
    )


def newest_labels(labels: Iterable[Label], known: Mapping[str, int]) -> list[Label]:
    """The newest label of each thing, and only where it is newer than the `known` sequence."""
    latest: dict[str, Label] = {}
    for label in labels:
        before = latest[label.id].sequence if label.id in latest else known.get(label.id, 0)
        if label.sequence > before:
            latest[label.id] = label
    return list(latest.values())


class Labels:
    """What is known by name, to be asked by id."""

    def __init__(self, labels: Iterable[Label] = ()) -> None:
        self._by_id = {label.id: label for label in labels}

    def name(self, key: str | None) -> str | None:
        """The name of `key`; the id itself while its event is still on the way."""
        if key is None:
            return None
        return self._by_id[key].name if key in self._by_id else key

    def details(self, key: str | None) -> Mapping[str, Any]:
        """What the kind of `key` adds to its name; empty while unknown."""
        label = self._by_id.get(key) if key else None
        return label.details if label else {}

    def stage(self, definition_id: str | None, code: str) -> Mapping[str, Any]:
        """A stage of a definition; empty when that definition is unknown or has it no more."""
        stages: list[Mapping[str, Any]] = self.details(definition_id).get("stages", [])
        return next((stage for stage in stages if stage["code"] == code), {})

    def units_below(self, unit_id: str) -> tuple[str, ...]:
        """The unit and every unit under it."""
        units = [label for label in self._by_id.values() if label.kind == UNIT]
        return tuple(label.id for label in units if unit_id in label.details.get("path", ()))

    def unit_at(self, unit_id: str | None, level: str | None) -> str | None:
        """The unit of kind `level` that `unit_id` belongs to; None when it stands outside any."""
        if level is None:
            return unit_id
        path = self.details(unit_id).get("path", ())
        at_level = [step for step in path if self.details(step).get("kind") == level]
        return at_level[-1] if at_level else None
