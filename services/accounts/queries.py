"""What can be asked: lists of accounts and of contacts."""

from __future__ import annotations

from typing import Any

from services.accounts.store import AccountsStore


def accounts(store: AccountsStore, query: Any) -> Any:
    """A page of the accounts within the caller's reach."""
    return store.accounts.page({}, query)


def contacts(store: AccountsStore, query: Any) -> Any:
    """A page of the contacts within the caller's reach."""
    return store.contacts.page({}, query)
