"""Records as the API shows them, and who owns what a caller creates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from services.accounts.schemas import AccountOut, ContactOut
from shared.auth import Scope
from shared.http import principal, record_out, row_out

_ACCOUNT = tuple(AccountOut().fields)
_CONTACT = tuple(ContactOut().fields)


def account_out(account: Account) -> dict[str, Any]:
    """An account."""
    return record_out(account, _ACCOUNT)


def account_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored account."""
    return row_out(document, _ACCOUNT)


def contact_out(contact: Contact) -> dict[str, Any]:
    """A contact."""
    return record_out(contact, _CONTACT)


def contact_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored contact."""
    return row_out(document, _CONTACT)


def owner() -> dict[str, Any]:
    """The caller as owner."""
    return {"owner_id": principal().id, "owner_unit_id": principal().unit_id}


def readable() -> Scope:
    """Which accounts the caller may see, and so refer to."""
    return principal().scope("account.read")
