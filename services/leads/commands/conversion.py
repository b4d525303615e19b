"""Converting a lead: hand out the ids, tell the other services once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.leads.domain.conversion import Choice
from services.leads.domain.lead import Lead
from services.leads.store import LeadsStore
from shared.ids import new_id


def convert_lead(
    store: LeadsStore,
    lead_id: str,
    fields: dict[str, Any],
    *,
    version: int,
    at: datetime,
) -> Lead:
    """Turn a lead into account, contact and deal; they appear elsewhere under the ids answered here."""
    choice = Choice(
        account_id=fields.get("account_id"),
        contact_id=fields.get("contact_id"),
        deal=fields.get("deal"),
    )
    ids = {kind: new_id(kind, at) for kind in ("acc", "con", "deal")}

    def work() -> Lead:
        lead = store.leads.get(lead_id, version=version)
        event = choice.convert(lead, ids, at=at)
        store.leads.save(lead, event)
        store.close_holding(lead.id, reason="converted", at=at)
        return lead

    return store.transact(work)
