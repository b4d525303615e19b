"""Signing a company up: tenant, root unit and first admin together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.tenants.commands import passwords
from services.tenants.domain import tenant as tenants
from services.tenants.domain.password import refuse_weak
from services.tenants.domain.tenant import Tenant
from services.tenants.domain.unit import plant_root
from services.tenants.domain.user import ADMIN, User, add_user
from services.tenants.store import NOBODY, TenantsStore, tenant_id_of
from shared.events.tenants import TenantCreated
from shared.ids import new_id


def sign_up(
    open_store: Callable[[str], TenantsStore],
    *,
    name: str,
    slug: str,
    admin: Mapping[str, Any],
    currency: str,
    locale: str,
    timezone: str,
) -> tuple[Tenant, User]:
    """Sign a company up under a slug that nobody uses, with its first admin."""
    tenant, born = tenants.sign_up(name=name, slug=slug, currency=currency, locale=locale, timezone=timezone)
    words = [name, slug, admin["email"], admin["name"]]
    refuse_weak(admin["password"], known_words=words, pointer="/admin/password")
    store, password_hash = open_store(tenant.id), passwords.hashed(admin["password"])
    return store.decide(lambda: _found(store, tenant, born, admin, password_hash))


def _found(
    store: TenantsStore, tenant: Tenant, born: TenantCreated, admin: Mapping[str, Any], password_hash: str
) -> tuple[Tenant, User]:
    if tenant_id_of(store.database, tenant.slug) != NOBODY:
        raise tenants.SlugTaken(slug=tenant.slug)
    tenant.version = 0  # a collision with another sign-up starts this again
    store.register(tenant)
    store.open_turns()
    root, planted = plant_root(tenant.id, name=tenant.name)
    user, joined = add_user(
        tenant.id,
        id=new_id("usr"),
        name=admin["name"],
        email=admin["email"],
        roles=[ADMIN],
        unit_id=root.id,
        has_password=True,
    )
    store.tenants.add(tenant, born)
    store.units.add(root, planted)
    store.users.add(user, joined)
    store.set_password(user.id, password_hash)
    return tenant, user
