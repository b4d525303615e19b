"""Creating what a converted lead promised, under exactly the ids it handed out."""

from __future__ import annotations

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from services.accounts.store import AccountsStore
from shared.events.leads import LeadConverted


def create_from_lead(store: AccountsStore, event: LeadConverted) -> None:
    """Create account and contact where the conversion asks for new ones; those already there stay as they are."""
    _create_account(store, event)
    _create_contact(store, event)


def _create_account(store: AccountsStore, event: LeadConverted) -> None:
    asked = event.account
    if asked is None or store.any_accounts.find_one({"_id": event.account_id}):
        return
    account = Account(
        id=event.account_id,
        tenant_id=store.tenant_id,
        name=asked.name,
        industry=asked.industry,
        website=asked.website,
        country=asked.country,
        owner_id=event.owner_id,
        owner_unit_id=event.owner_unit_id,
        created_from_lead=event.lead.id,
    )
    store.any_accounts.add(account, account.created())


def _create_contact(store: AccountsStore, event: LeadConverted) -> None:
    # The chosen account may be one whose own conversion is still on its way, so it is not asked for here.
    asked, contact_id = event.contact, event.contact_id
    if asked is None or contact_id is None or store.any_contacts.find_one({"_id": contact_id}):
        return
    contact = Contact(
        id=contact_id,
        tenant_id=store.tenant_id,
        account_id=event.account_id,
        name=asked.name,
        title=asked.title,
        email=asked.email,
        phone=asked.phone,
        owner_id=event.owner_id,
        owner_unit_id=event.owner_unit_id,
        created_from_lead=event.lead.id,
    )
    store.any_contacts.add(contact, contact.created())
