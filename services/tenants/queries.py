"""What can be asked: who I am, and tenants, units and users one by one or in pages."""

from __future__ import annotations

from typing import Any

from services.tenants.domain.session import SessionEnded, Who
from services.tenants.domain.tenant import Tenant
from services.tenants.domain.unit import Unit
from services.tenants.domain.user import User, UserState
from services.tenants.store import TenantsStore


def who_is(store: TenantsStore, user_id: str, session_id: str | None) -> Who:
    """The person behind a token, as they are now; a disabled one is nobody any more."""
    user = store.users.find_one({"_id": user_id, "state": UserState.ACTIVE.value})
    if user is None:
        raise SessionEnded
    return store.who(user, session_id)


def tenant(store: TenantsStore) -> Tenant:
    """The caller's tenant."""
    return store.tenants.get(store.tenant_id)


def unit(store: TenantsStore, unit_id: str) -> Unit:
    """One unit of the tree."""
    return store.units.get(unit_id)


def units(store: TenantsStore, query: Any) -> Any:
    """A page of units."""
    return store.units.page({}, query)


def user(store: TenantsStore, user_id: str) -> User:
    """One person."""
    return store.users.get(user_id)


def users(store: TenantsStore, query: Any) -> Any:
    """A page of people."""
    return store.users.page({}, query)
