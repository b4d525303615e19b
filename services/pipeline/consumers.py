"""What pipeline learns from the others: a new tenant gets its first stage definition, a converted lead its deal."""

from __future__ import annotations

from services.pipeline.commands.deals import create_from_lead
from services.pipeline.commands.stage_definitions import ensure_default_definition
from services.pipeline.store import PipelineStore
from shared.events.envelope import Envelope
from shared.events.leads import LeadConverted
from shared.events.tenants import TenantCreated, UserCreated, UserEvent, UserUpdated

TOPICS = ["crm.tenants.v1", "crm.leads.v1"]
PROJECTIONS = ["people"]


def tenant_created(store: PipelineStore, envelope: Envelope) -> None:
    """Put the standard stage definition in force for a new tenant."""
    ensure_default_definition(store, at=envelope.time)


def user_changed(store: PipelineStore, envelope: Envelope) -> None:
    """Keep who can be given deals, and in which unit they are."""
    user = envelope.event(UserEvent).user
    store.remember_person(user.id, version=user.version, unit_id=user.unit_id, state=user.state)


def lead_converted(store: PipelineStore, envelope: Envelope) -> None:
    """Enter the deal the conversion promised, also where the lead's news overtakes the tenant's."""
    event = envelope.event(LeadConverted)
    if event.deal_id is None or event.deal is None:
        return
    ensure_default_definition(store, at=envelope.time)
    fields = {
        "name": event.deal.name,
        "amount": event.deal.amount,
        "expected_close_on": event.deal.expected_close_on,
        "product_ids": event.deal.product_ids,
        "account_id": event.account_id,
        "contacts": [{"contact_id": event.contact_id}] if event.contact_id else [],
        "owner_id": event.owner_id,
        "owner_unit_id": event.owner_unit_id,
    }
    create_from_lead(store, event.deal_id, event.lead.id, fields, at=envelope.time)


HANDLERS = {
    TenantCreated.type: tenant_created,
    UserCreated.type: user_changed,
    UserUpdated.type: user_changed,
    LeadConverted.type: lead_converted,
}
