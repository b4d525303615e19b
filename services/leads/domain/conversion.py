"""What becomes of a lead's content when it is converted: nothing it knew is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.leads.domain.lead import Lead
from shared.events.leads import LeadConverted, NewAccount, NewContact, NewDeal


@dataclass(frozen=True)
class Choice:
    """What the caller decided: an existing account or contact, and the deal to open, if any.

    What is not chosen is made of the lead. A lead that knows nobody yields no contact.
    """

    account_id: str | None = None
    contact_id: str | None = None
    deal: Mapping[str, Any] | None = None

    def convert(self, lead: Lead, ids: Mapping[str, str], *, at: datetime) -> LeadConverted:
        """Convert `lead`; new records get their id from `ids` (by kind)."""
        account = None if self.account_id else account_of(lead)
        contact = None if self.contact_id else contact_of(lead)
        deal = None if self.deal is None else deal_of(lead, self.deal)
        return lead.convert(
            account_id=self.account_id or ids["acc"],
            contact_id=self.contact_id or (ids["con"] if contact else None),
            deal_id=ids["deal"] if deal else None,
            account=account,
            contact=contact,
            deal=deal,
            at=at,
        )


def account_of(lead: Lead) -> NewAccount:
    """The account a lead's company becomes."""
    return NewAccount(
        name=lead.company_name,
        industry=lead.industry,
        website=lead.website,
        country=lead.country,
    )


def contact_of(lead: Lead) -> NewContact | None:
    """The contact a lead's person becomes; one known only by mail or phone is called by that."""
    person = lead.person
    name = person.name or person.email or person.phone
    if name is None:
        return None
    return NewContact(name=name, title=person.title, email=person.email, phone=person.phone)


def deal_of(lead: Lead, asked: Mapping[str, Any]) -> NewDeal:
    """The deal asked for; amount and products are the lead's where nothing else is said."""
    return NewDeal(
        name=asked["name"],
        amount=asked.get("amount", lead.estimated_amount),
        expected_close_on=asked.get("expected_close_on"),
        product_ids=list(asked.get("product_ids", lead.product_ids)),
    )
