"""What leads learns from the tenants service: a new tenant gets its first pool, users can be assigned leads."""

from __future__ import annotations

from services.leads.commands.pools import seed_default_pool
from services.leads.store import LeadsStore
from shared.events.envelope import Envelope
from shared.events.tenants import TenantCreated, UserCreated, UserEvent, UserUpdated

TOPICS = ["crm.tenants.v1"]
PROJECTIONS = ["people"]


def tenant_created(store: LeadsStore, envelope: Envelope) -> None:
    """Open the tenant's default pool, in its time zone."""
    seed_default_pool(store, envelope.event(TenantCreated).tenant.timezone)


def user_changed(store: LeadsStore, envelope: Envelope) -> None:
    """Keep who can be given leads, and in which unit they are."""
    user = envelope.event(UserEvent).user
    store.remember_person(user.id, version=user.version, unit_id=user.unit_id, state=user.state)


HANDLERS = {
    TenantCreated.type: tenant_created,
    UserCreated.type: user_changed,
    UserUpdated.type: user_changed,
}
