"""What the tenants service publishes on `crm.tenants.v1`: companies, their organisation trees and their people."""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.changes import Changes
from shared.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class TenantSnapshot:
    """A tenant after the event."""

    id: str
    version: int
    name: str
    slug: str
    currency: str
    locale: str
    timezone: str


@dataclass(frozen=True, kw_only=True)
class UserSnapshot:
    """A user after the event; never anything about the password."""

    id: str
    version: int
    name: str
    email: str
    roles: list[str]
    unit_id: str
    state: str


@dataclass(frozen=True, kw_only=True)
class UnitSnapshot:
    """A unit after the event; `path` lists the ids from the root of the tree down to the unit itself."""

    id: str
    version: int
    name: str
    kind: str
    parent_id: str | None
    path: list[str]


@dataclass(frozen=True, kw_only=True)
class TenantCreated(Event):
    """A company signed up."""

    type: ClassVar[str] = "crm.tenant.created"

    tenant: TenantSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserEvent(Event):
    """What every user event carries; in `changes` a new password appears as `{"redacted": true}`."""

    user: UserSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserCreated(UserEvent):
    """Someone was added, with a password or invited."""

    type: ClassVar[str] = "crm.user.created"


@dataclass(frozen=True, kw_only=True)
class UserUpdated(UserEvent):
    """Someone's name, roles, unit, state or password changed."""

    type: ClassVar[str] = "crm.user.updated"


@dataclass(frozen=True, kw_only=True)
class UnitEvent(Event):
    """What every unit event carries."""

    unit: UnitSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UnitCreated(UnitEvent):
    """A unit was added to the organisation tree."""

    type: ClassVar[str] = "crm.unit.created"


@dataclass(frozen=True, kw_only=True)
class UnitUpdated(UnitEvent):
    """A unit was renamed or moved, or a unit above it was moved and its path followed."""

    type: ClassVar[str] = "crm.unit.updated"
