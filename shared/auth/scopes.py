"""How far a permission reaches, and the one compiler from reach to a Mongo filter.

Lists, single reads, changes, reports and the feed all narrow by the same filter, so "may see it" has one meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LEVELS = ("none", "own", "team", "subtree", "all")


@dataclass(frozen=True, slots=True)
class Scope:
    """A level (`none own team subtree all`) bound to the principal who holds it."""

    level: str
    principal_id: str = ""
    unit_id: str | None = None
    unit_ids: tuple[str, ...] = ()

    def filter(self, includes_unowned: bool = False) -> dict[str, Any]:
        """The Mongo filter of the records within reach; unowned ones (a pool's) too when asked."""
        if self.level == "all":
            return {}
        branches: list[dict[str, Any]] = []
        if self.level != "none":
            branches.append({"owner_id": self.principal_id})
        if self.level == "team" and self.unit_id:
            branches.append({"owner_unit_id": self.unit_id})
        if self.level == "subtree" and self.unit_ids:
            branches.append({"owner_unit_id": {"$in": list(self.unit_ids)}})
        if includes_unowned and self.level != "none":
            branches.append({"owner_id": None})
        if not branches:
            return {"_id": {"$in": []}}
        return branches[0] if len(branches) == 1 else {"$or": branches}

    def covers(self, owner_id: str | None, owner_unit_id: str | None) -> bool:
        """Whether a record with this owner is within reach; the filter's twin for values in hand."""
        if self.level == "all":
            return True
        if self.level == "none":
            return False
        if owner_id is not None and owner_id == self.principal_id:
            return True
        if self.level == "team":
            return owner_unit_id is not None and owner_unit_id == self.unit_id
        return self.level == "subtree" and owner_unit_id in self.unit_ids


EVERYTHING = Scope("all")


def widest(levels: list[str]) -> str:
    """The furthest-reaching of several levels; `none` of no levels."""
    return max(levels, key=LEVELS.index, default="none")
