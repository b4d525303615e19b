"""Growing and rearranging the organisation tree; changes of it take turns, so paths never disagree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.tenants.domain.unit import MAX_DEPTH, Unit, UnitCycle, UnitKind, UnitTooDeep, add_unit
from services.tenants.store import TenantsStore
from shared.batch import ExternalIdTaken, Fresh, Items, Refusal, Taken, digest, external_ids, settle
from shared.errors import DomainError, FieldError, Invalid
from shared.events.tenants import UnitCreated
from shared.ids import new_id


class _Unplaceable(Exception):
    """An item of a batch whose parent is not there."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def create_unit(store: TenantsStore, fields: dict[str, Any]) -> Unit:
    """Add a unit below its parent, or below the root when none is named."""
    return store.decide(lambda: _create(store, fields))


def update_unit(store: TenantsStore, unit_id: str, changes: dict[str, Any], *, version: int) -> Unit:
    """Rename, reclassify or move a unit; everything below it follows in the same transaction."""
    return store.decide(lambda: _update(store, unit_id, changes, version))


def import_units(store: TenantsStore, items: Items) -> Taken:
    """Add the units that are not there yet; a parent may be another item of the same batch."""
    return store.decide(lambda: _import(store, items))


def _create(store: TenantsStore, fields: dict[str, Any]) -> Unit:
    store.take_turn("units")
    external_id = fields.get("external_id")
    if external_id and store.units.find_one({"external_id": external_id}):
        raise ExternalIdTaken(external_id=external_id)
    parent = _parent(store, fields.get("parent_id")) or store.root_unit()
    unit, event = _unit(parent, new_id("unit"), fields)
    store.units.add(unit, event)
    return unit


def _unit(parent: Unit, unit_id: str, fields: dict[str, Any]) -> tuple[Unit, UnitCreated]:
    return add_unit(
        parent,
        id=unit_id,
        name=fields["name"],
        kind=UnitKind(fields["kind"]),
        external_id=fields.get("external_id"),
        digest=digest(fields),
    )


def _update(store: TenantsStore, unit_id: str, changes: dict[str, Any], version: int) -> Unit:
    store.take_turn("units")
    unit = store.units.get(unit_id, version=version)
    kind = UnitKind(changes["kind"]) if "kind" in changes else None
    parent = _parent(store, changes.get("parent_id"))
    moved = parent is not None and parent.id != unit.parent_id
    event = unit.update(name=changes.get("name"), kind=kind, parent=parent)
    if event is not None:
        store.units.save(unit, event)
    if moved:
        _move_along(store, unit)
    return unit


def _move_along(store: TenantsStore, moved: Unit) -> None:
    for unit in store.units.find({"path": moved.id, "_id": {"$ne": moved.id}}):
        event = unit.follow(moved)
        if event is not None:
            store.units.save(unit, event)


def _parent(store: TenantsStore, parent_id: str | None) -> Unit | None:
    if parent_id is None:
        return None
    parent = store.units.find_one({"_id": parent_id})
    if parent is None:
        raise Invalid(errors=[FieldError("/parent_id", "unknown-unit", {"unit_id": parent_id})])
    return parent


def _import(store: TenantsStore, items: Items) -> Taken:
    there = _there(store, [fields for _, fields in items])
    known = {unit.external_id: (unit.id, unit.digest) for unit in there if unit.external_id}
    settled = settle(items, known, kind="unit")
    if settled.fresh:
        store.take_turn("units")
    planting, refusals = _Planting(there, settled.fresh), dict[str, Refusal]()
    for item in settled.fresh:
        try:
            planting.place(item, ())
        except _Unplaceable as unplaceable:
            refusals[item.id] = unplaceable.refusal
    store.units.add_many([(unit, [event]) for unit, event in planting.planted.values()])
    return settled.taken(unfit=refusals)


def _there(store: TenantsStore, fields: Iterable[dict[str, Any]]) -> list[Unit]:
    """The root, and every stored unit the batch mentions."""
    fields = list(fields)
    mentioned = external_ids((0, f) for f in fields)
    mentioned += [f["parent_external_id"] for f in fields if f.get("parent_external_id")]
    ids = [f["parent_id"] for f in fields if f.get("parent_id")]
    return store.units.find({"$or": [{"parent_id": None}, {"external_id": {"$in": mentioned}}, {"_id": {"$in": ids}}]})


class _Planting:
    """Places the new units of a batch below each other and below what is there, in whatever order they came."""

    def __init__(self, there: Iterable[Unit], fresh: Iterable[Fresh]) -> None:
        self.planted: dict[str, tuple[Unit, UnitCreated]] = {}
        self._root: Unit | None = None
        self._by_id: dict[str, Unit] = {}
        self._by_external_id: dict[str, Unit] = {}
        for unit in there:
            self._know(unit)
        self._coming = {item.fields["external_id"]: item for item in fresh if item.fields.get("external_id")}

    def _know(self, unit: Unit) -> None:
        self._by_id[unit.id] = unit
        if unit.parent_id is None:
            self._root = unit
        if unit.external_id:
            self._by_external_id[unit.external_id] = unit

    def place(self, item: Fresh, below: tuple[str, ...]) -> Unit:
        """The unit of an item, placed after its parent; `below` are the items that wait for it."""
        if item.id in self.planted:
            return self.planted[item.id][0]
        if item.id in below:
            raise _Unplaceable(UnitCycle(unit_id=item.id, parent_id=item.id))
        if len(below) >= MAX_DEPTH:
            raise _Unplaceable(UnitTooDeep(max=MAX_DEPTH))
        parent = self._parent_of(item, (*below, item.id))
        try:
            unit, event = _unit(parent, item.id, item.fields)
        except DomainError as refusal:
            raise _Unplaceable(refusal) from None
        self.planted[unit.id] = (unit, event)
        self._know(unit)
        return unit

    def _parent_of(self, item: Fresh, below: tuple[str, ...]) -> Unit:
        named, outside = item.fields.get("parent_external_id"), item.fields.get("parent_id")
        if named is None and outside is None:
            assert self._root is not None, "every tenant is signed up with a root unit"
            return self._root
        parent = self._by_id.get(outside) if outside else self._by_external_id.get(str(named))
        if parent is None and named in self._coming:
            parent = self.place(self._coming[named], below)
        if parent is None:
            pointer = "/parent_id" if outside else "/parent_external_id"
            raise _Unplaceable(FieldError(pointer, "unknown-unit", {"unit_id": outside or named}))
        return parent
