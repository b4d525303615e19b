"""The organisation tree: one root per tenant, regions, departments and teams below it, never a cycle."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.errors import Conflict
from shared.events.tenants import UnitCreated, UnitSnapshot, UnitUpdated
from shared.ids import new_id
from shared.record import Record

MAX_DEPTH = 12


class UnitCycle(Conflict):
    """A unit cannot be moved below itself."""

    code = "unit-cycle"


class RootUnitStays(Conflict):
    """The root of the tree has nowhere to move to."""

    code = "root-unit-stays"


class UnitTooDeep(Conflict):
    """The tree would become deeper than is allowed."""

    code = "unit-too-deep"


class UnitKind(StrEnum):
    """What a unit is."""

    REGION = "region"
    DEPARTMENT = "department"
    TEAM = "team"


@dataclass(kw_only=True)
class Unit(Record):
    """A node of the tree; `path` is the ids from the root to the unit itself, so a subtree is one index lookup."""

    name: str
    kind: UnitKind
    parent_id: str | None = None
    path: list[str] = field(default_factory=list)
    external_id: str | None = None
    digest: str | None = None

    def snapshot(self, version: int) -> UnitSnapshot:
        """The unit as the event that makes `version` tells it."""
        return UnitSnapshot(
            id=self.id,
            version=version,
            name=self.name,
            kind=self.kind.value,
            parent_id=self.parent_id,
            path=list(self.path),
        )

    def update(
        self, *, name: str | None = None, kind: UnitKind | None = None, parent: Unit | None = None
    ) -> UnitUpdated | None:
        """Rename, reclassify or move below `parent`; no event when nothing is different."""
        before = self._told()
        if parent is not None and parent.id != self.parent_id:
            self._move(parent)
        self.name = name or self.name
        self.kind = kind or self.kind
        return self._updated(before)

    def follow(self, moved: Unit) -> UnitUpdated | None:
        """Take the new path, after the unit `moved` above this one has moved."""
        before = self._told()
        self._place([*moved.path, *self.path[self.path.index(moved.id) + 1 :]])
        return self._updated(before)

    def _move(self, parent: Unit) -> None:
        if self.parent_id is None:
            raise RootUnitStays(unit_id=self.id)
        if self.id in parent.path:
            raise UnitCycle(unit_id=self.id, parent_id=parent.id)
        self.parent_id = parent.id
        self._place([*parent.path, self.id])

    def _place(self, path: list[str]) -> None:
        if len(path) > MAX_DEPTH:
            raise UnitTooDeep(max=MAX_DEPTH)
        self.path = path

    def _told(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind.value, "parent_id": self.parent_id, "path": list(self.path)}

    def _updated(self, before: dict[str, Any]) -> UnitUpdated | None:
        changes = {k: {"from": before[k], "to": v} for k, v in self._told().items() if v != before[k]}
        return UnitUpdated(unit=self.snapshot(self.version + 1), changes=changes) if changes else None


def plant_root(tenant_id: str, *, name: str) -> tuple[Unit, UnitCreated]:
    """The root of a new tenant's tree: the company as a whole."""
    unit_id = new_id("unit")
    unit = Unit(id=unit_id, tenant_id=tenant_id, name=name, kind=UnitKind.DEPARTMENT, path=[unit_id])
    return unit, UnitCreated(unit=unit.snapshot(1))


def add_unit(
    parent: Unit,
    *,
    id: str,
    name: str,
    kind: UnitKind,
    external_id: str | None = None,
    digest: str | None = None,
) -> tuple[Unit, UnitCreated]:
    """A new unit below `parent`."""
    unit = Unit(
        id=id,
        tenant_id=parent.tenant_id,
        name=name,
        kind=kind,
        parent_id=parent.id,
        external_id=external_id,
        digest=digest,
    )
    unit._place([*parent.path, id])
    return unit, UnitCreated(unit=unit.snapshot(1))
