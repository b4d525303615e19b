"""Reach: whose deals a caller's report adds up, and at which grain that is read with fewest cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from services.reporting.domain.cells import GRAINS, SEAT, TENANT, UNIT


@dataclass(frozen=True, slots=True)
class Reach:
    """The deals owned in these `units` (None: in all of them) or by `me`; `unit` and `owner` narrow that.

    `me` is set for callers who see what they own wherever it is; `asked_units` and `owner` come from the
    request and can only take away.
    """

    units: tuple[str, ...] | None = None
    me: str | None = None
    asked_units: tuple[str, ...] | None = None
    owner: str | None = None

    def within(self, units: Iterable[str]) -> Reach:
        """Narrowed to deals owned in `units`."""
        return replace(self, asked_units=tuple(units))

    def of(self, owner: str) -> Reach:
        """Narrowed to the deals of `owner`."""
        return replace(self, owner=owner)

    def cells(self, per: str = TENANT) -> dict[str, Any]:
        """The filter on cells: as coarse as the reach allows, yet as fine as `per` needs."""
        if self.units is None:
            return self._chosen(self.asked_units, self.owner, per)
        branches = []
        if self.units:
            branches.append(self._chosen(self._asked(self.units), self.owner, per))
        if self.me and self.owner in (None, self.me):
            mine = self._chosen(self.asked_units, self.me, SEAT)
            elsewhere = {"unit": {**mine.get("unit", {}), "$nin": list(self.units)}} if self.units else {}
            branches.append({**mine, **elsewhere})
        return branches[0] if len(branches) == 1 else {"$or": branches} if branches else dict(NOTHING)

    def _asked(self, units: tuple[str, ...]) -> tuple[str, ...]:
        asked = self.asked_units
        return units if asked is None else tuple(unit for unit in units if unit in asked)

    @staticmethod
    def _chosen(units: tuple[str, ...] | None, owner: str | None, per: str) -> dict[str, Any]:
        own = SEAT if owner else UNIT if units is not None else TENANT
        chosen: dict[str, Any] = {"grain": max(own, per, key=GRAINS.index)}
        if units is not None:
            chosen["unit"] = {"$in": list(units)}
        if owner:
            chosen["owner"] = owner
        return chosen


NOTHING: dict[str, Any] = {"grain": {"$in": []}}


def reach_of(level: str, principal_id: str, unit_id: str | None, unit_ids: Iterable[str]) -> Reach:
    """How far a permission's level reaches: the twin, for cells, of the filter on records."""
    if level == "all":
        return Reach()
    if level == "none":
        return Reach(units=())
    team = (unit_id,) if level == "team" and unit_id else ()
    return Reach(units=tuple(unit_ids) if level == "subtree" else team, me=principal_id)
