"""Cells: the sums the reports read, and how a deal's change moves them.

A *cube* says for one kind of question which sum a deal counts in (its dimensions). Every cube is kept at
three grains, so that whoever asks reads few cells: the tenant as a whole, each unit, each seat (one owner
in one unit). A unit's cells hold what it owns itself; the tree is added up when a report is read, so moving
a unit rewrites nothing. Currencies are never mixed: the currency is part of a cell's identity.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from services.reporting.domain.facts import DealFact

TENANT, UNIT, SEAT = "tenant", "unit", "seat"
GRAINS = (TENANT, UNIT, SEAT)

Dimensions = tuple[str | None, ...]
CubeRule = Callable[[DealFact], Dimensions | None]


class Cell(NamedTuple):
    """The identity of one sum."""

    cube: str
    grain: str
    unit: str | None
    owner: str | None
    currency: str | None
    dimensions: Dimensions

    def key(self, tenant_id: str) -> str:
        """The one text for this cell of this tenant."""
        return json.dumps([tenant_id, *self[:5], *self.dimensions], separators=(",", ":"))

    def attributes(self) -> dict[str, str | None]:
        """The cell's identity by name: cube, grain, unit, owner, currency and the cube's dimensions."""
        named = dict(zip(CUBES[self.cube].dimensions, self.dimensions, strict=True))
        return {**dict(zip(self._fields[:5], self[:5], strict=True)), **named}


class Measures(NamedTuple):
    """What a cell sums: deals, their amount, and the amount weighted by probability."""

    deals: int
    amount_minor: int
    weighted_minor: int


class Cube(NamedTuple):
    """A way to count deals: the names of its dimensions, and the rule that places a deal in them."""

    name: str
    dimensions: tuple[str, ...]
    place: CubeRule


CUBES: dict[str, Cube] = {}


def cube(name: str, dimensions: tuple[str, ...]) -> Callable[[CubeRule], CubeRule]:
    """Declare a cube: the function places a deal, or answers None when the deal does not count in it."""

    def register(place: CubeRule) -> CubeRule:
        if set(dimensions) & {*Cell._fields, *Measures._fields, "tenant_id"}:
            raise ValueError(f"cube {name}: a dimension takes a reserved name")
        CUBES[name] = Cube(name, dimensions, place)
        return place

    return register


def cells_of(fact: DealFact) -> dict[Cell, Measures]:
    """Every cell a deal counts in, with what it adds there."""
    measures = Measures(1, fact.amount_minor, fact.weighted_minor)
    unit, owner = fact.owner_unit_id, fact.owner_id
    places = [(c.name, at) for c in CUBES.values() if (at := c.place(fact)) is not None]
    seats = ((TENANT, None, None), (UNIT, unit, None), (SEAT, unit, owner))
    return {
        Cell(name, grain, of_unit, of_owner, fact.currency, at): measures
        for name, at in places
        for grain, of_unit, of_owner in seats
    }


def movement(before: Iterable[DealFact], after: Iterable[DealFact]) -> dict[Cell, Measures]:
    """What changes in which cell when the facts `before` give way to the facts `after`."""
    moved: dict[Cell, list[int]] = {}
    for sign, facts in ((-1, before), (1, after)):
        for fact in facts:
            for cell, measures in cells_of(fact).items():
                sums = moved.setdefault(cell, [0, 0, 0])
                for index, value in enumerate(measures):
                    sums[index] += sign * value
    return {cell: Measures(*sums) for cell, sums in moved.items() if any(sums)}


def table(tenant_id: str, facts: Iterable[DealFact]) -> list[Mapping[str, Any]]:
    """All cells computed afresh from the facts: what the stored table must equal."""
    fresh = movement((), facts)
    rows = [cell_row(tenant_id, cell, measures) for cell, measures in fresh.items()]
    return sorted(rows, key=lambda row: str(row["_id"]))


def cell_row(tenant_id: str, cell: Cell, measures: Measures) -> dict[str, Any]:
    """A cell as it is stored, without the tenant's mark."""
    return {"_id": cell.key(tenant_id), **cell.attributes(), **measures._asdict()}
