"""The principal: a user or API key of one tenant, as a verified token describes it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.auth.roles import grants
from shared.auth.scopes import EVERYTHING, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is calling. `unit_ids` holds the own unit and all units below it."""

    tenant_id: str
    id: str
    roles: tuple[str, ...] = ()
    unit_id: str | None = None
    unit_ids: tuple[str, ...] = ()
    session_id: str | None = None

    def scope(self, permission: str) -> Scope:
        """How far `permission` reaches for this principal; level `none` when it is not held."""
        if self.id == "system":
            return EVERYTHING
        level = grants(self.roles).get(permission, "none")
        return EVERYTHING if level == "all" else Scope(level, self.id, self.unit_id, self.unit_ids)

    def permissions(self) -> dict[str, str]:
        """Every permission held, with its level; what a console needs to show the right buttons."""
        return dict(grants(self.roles))


SYSTEM = Principal(tenant_id="", id="system")
