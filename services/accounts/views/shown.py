"""Records as the API shows them, and who owns what a caller creates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from services.accounts.schemas import AccountOut, ContactOut
from shared.auth import Scope
from shared.batch import Taken
from shared.http import batch_answer, principal
from shared.http.validation import rejected

_ACCOUNT = tuple(AccountOut().fields)
_CONTACT = tuple(ContactOut().fields)


def account_out(account: Account) -> dict[str, Any]:
    """An account."""
    return {name: getattr(account, name) for name in _ACCOUNT}


def account_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored account."""
    return {name: document.get("_id" if name == "id" else name) for name in _ACCOUNT}


def contact_out(contact: Contact) -> dict[str, Any]:
    """A contact."""
    return {name: getattr(contact, name) for name in _CONTACT}


def contact_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored contact."""
    return {name: document.get("_id" if name == "id" else name) for name in _CONTACT}


def taken_out(taken: Taken, refused: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of a batch; `refused` are the results of items that never were valid."""
    created = [{"index": index, "status": "created", "id": id} for index, id in taken.created]
    unchanged = [{"index": index, "status": "unchanged", "id": id} for index, id in taken.unchanged]
    return batch_answer(
        [
            *refused,
            *created,
            *unchanged,
            *(rejected(*refusal) for refusal in taken.refused),
        ]
    )


def owner() -> dict[str, Any]:
    """The caller as owner."""
    return {"owner_id": principal().id, "owner_unit_id": principal().unit_id}


def readable() -> Scope:
    """Which accounts the caller may see, and so refer to."""
    return principal().scope("account.read")
