"""Creating and changing contacts."""

from __future__ import annotations

from typing import Any

from services.accounts.commands.accounts import must_read
from services.accounts.domain.contact import Contact
from services.accounts.store import AccountsStore
from shared.batch import ExternalIdTaken, digest, external_id_unique
from shared.ids import new_id
from shared.store import Scope


def create_contact(store: AccountsStore, fields: dict[str, Any], *, owner: dict[str, Any], within: Scope) -> Contact:
    """Enter a person at an account; whoever enters them owns the contact."""

    def work() -> Contact:
        if fields.get("external_id") and store.known_contacts([fields["external_id"]]):
            raise ExternalIdTaken
        must_read(store, fields["account_id"], within, pointer="/account_id")
        contact = Contact(
            id=new_id("con"),
            tenant_id=store.tenant_id,
            digest=digest(fields),
            **owner,
            **fields,
        )
        store.contacts.add(contact, contact.created())
        return contact

    with external_id_unique():
        return store.transact(work)


def change_contact(
    store: AccountsStore, contact_id: str, fields: dict[str, Any], *, version: int, within: Scope
) -> Contact:
    """Change a contact's fields, or the account they are at."""

    def work() -> Contact:
        contact = store.contacts.get(contact_id, version=version)
        must_read(store, fields.get("account_id"), within, pointer="/account_id")
        event = contact.change(fields)
        if event is not None:
            store.contacts.save(contact, event)
        return contact

    return store.transact(work)
