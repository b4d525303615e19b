"""What can be asked: accounts and contacts, one by one or in pages."""

from __future__ import annotations

from typing import Any

from services.accounts.store import AccountsStore
from shared.tenancy import Document


def accounts(store: AccountsStore, query: Any) -> Any:
    """A page of the accounts within the caller's reach."""
    return store.accounts.page({}, query)


def account(store: AccountsStore, account_id: str) -> Document:
    """An account as it is stored."""
    return store.accounts.raw(account_id)


def contacts(store: AccountsStore, query: Any) -> Any:
    """A page of the contacts within the caller's reach."""
    return store.contacts.page({}, query)


def contact(store: AccountsStore, contact_id: str) -> Document:
    """A contact as it is stored."""
    return store.contacts.raw(contact_id)
