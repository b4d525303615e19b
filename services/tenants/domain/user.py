"""A user: a person of one tenant, with roles, in one unit; a tenant is never left without an admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import Conflict
from shared.events.tenants import UserCreated, UserSnapshot, UserUpdated
from shared.record import Record

ADMIN = "tenant_admin"


class EmailTaken(Conflict):
    """Another user of the tenant already signs in with this address."""

    code = "email-taken"


class LastAdmin(Conflict):
    """The tenant would be left without an active admin."""

    code = "last-admin"


class PasswordNotSet(Conflict):
    """Someone without a password cannot be made active."""

    code = "password-not-set"


class UserState(StrEnum):
    """Whether a user may log in: `invited` has no password yet, `disabled` may not any more."""

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"


@dataclass(kw_only=True)
class User(Record):
    """A person of the tenant; the address is kept in lower case, because people do not spell it the same twice."""

    name: str
    email: str
    roles: list[str]
    unit_id: str
    state: UserState
    external_id: str | None = None
    digest: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether this person can administer the tenant today."""
        return ADMIN in self.roles and self.state is UserState.ACTIVE

    def snapshot(self, version: int) -> UserSnapshot:
        """The user as the event that makes `version` tells it."""
        return UserSnapshot(
            id=self.id,
            version=version,
            name=self.name,
            email=self.email,
            roles=list(self.roles),
            unit_id=self.unit_id,
            state=self.state.value,
        )

    def update(
        self,
        *,
        name: str | None = None,
        roles: Sequence[str] | None = None,
        unit_id: str | None = None,
        state: UserState | None = None,
        new_password: bool = False,
        has_password: bool = True,
        other_admins: int = 0,
    ) -> UserUpdated | None:
        """Change what is given; a first password activates; no event when nothing is different."""
        before, was_admin = self._told(), self.is_admin
        self.name = name or self.name
        self.roles = sorted(set(roles)) if roles is not None else self.roles
        self.unit_id = unit_id or self.unit_id
        self.state = self._next_state(state, new_password, has_password)
        if was_admin and not self.is_admin and other_admins == 0:
            raise LastAdmin(user_id=self.id)
        return self._updated(before, new_password)

    def _next_state(self, wanted: UserState | None, new_password: bool, has_password: bool) -> UserState:
        if wanted is UserState.ACTIVE and not (new_password or has_password):
            raise PasswordNotSet(user_id=self.id)
        if wanted is None and new_password and self.state is UserState.INVITED:
            return UserState.ACTIVE
        return wanted or self.state

    def _told(self) -> dict[str, Any]:
        return {"name": self.name, "roles": list(self.roles), "unit_id": self.unit_id, "state": self.state.value}

    def _updated(self, before: dict[str, Any], new_password: bool) -> UserUpdated | None:
        changes: dict[str, dict[str, Any]] = {
            k: {"from": before[k], "to": v} for k, v in self._told().items() if v != before[k]
        }
        if new_password:
            changes["password"] = {"redacted": True}
        return UserUpdated(user=self.snapshot(self.version + 1), changes=changes) if changes else None


def add_user(
    tenant_id: str,
    *,
    id: str,
    name: str,
    email: str,
    roles: Sequence[str],
    unit_id: str,
    has_password: bool,
    external_id: str | None = None,
    digest: str | None = None,
) -> tuple[User, UserCreated]:
    """A new user: active with a password, invited without."""
    user = User(
        id=id,
        tenant_id=tenant_id,
        name=name,
        email=spelled(email),
        roles=sorted(set(roles)),
        unit_id=unit_id,
        state=UserState.ACTIVE if has_password else UserState.INVITED,
        external_id=external_id,
        digest=digest,
    )
    return user, UserCreated(user=user.snapshot(1))


def spelled(email: str) -> str:
    """The address as we keep and compare it."""
    return email.strip().lower()
