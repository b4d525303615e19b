"""What accounts learns from leads: a converted lead becomes an account and a contact."""

from __future__ import annotations

from services.accounts.commands.conversion import create_from_lead
from services.accounts.store import AccountsStore
from shared.events.envelope import Envelope
from shared.events.leads import LeadConverted

TOPICS = ["crm.leads.v1"]


def lead_converted(store: AccountsStore, envelope: Envelope) -> None:
    """Create what the conversion promised."""
    create_from_lead(store, envelope.event(LeadConverted))


HANDLERS = {LeadConverted.type: lead_converted}
