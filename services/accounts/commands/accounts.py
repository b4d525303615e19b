"""Creating and changing accounts."""

from __future__ import annotations

from typing import Any

from services.accounts.domain.account import Account
from services.accounts.store import AccountsStore
from shared.batch import ExternalIdTaken, digest, external_id_unique
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.store import Scope

MOST_LEVELS = 50


def create_account(store: AccountsStore, fields: dict[str, Any], *, owner: dict[str, Any], within: Scope) -> Account:
    """Enter an account; whoever enters it owns it."""

    def work() -> Account:
        if fields.get("external_id") and store.known_accounts([fields["external_id"]]):
            raise ExternalIdTaken
        must_read(store, fields.get("parent_account_id"), within, pointer="/parent_account_id")
        account = Account(
            id=new_id("acc"),
            tenant_id=store.tenant_id,
            digest=digest(fields),
            **owner,
            **fields,
        )
        store.accounts.add(account, account.created())
        return account

    with external_id_unique():
        return store.transact(work)


def change_account(
    store: AccountsStore, account_id: str, fields: dict[str, Any], *, version: int, within: Scope
) -> Account:
    """Change an account's fields; a new parent must exist, and not stand below the account."""

    def work() -> Account:
        account = store.accounts.get(account_id, version=version)
        parent_id = fields.get("parent_account_id")
        must_read(store, parent_id, within, pointer="/parent_account_id")
        event = account.change(fields, above_parent=_upwards(store, parent_id))
        if event is not None:
            store.accounts.save(account, event)
        return account

    return store.transact(work)


def must_read(store: AccountsStore, account_id: str | None, within: Scope, *, pointer: str) -> None:
    """Refuse a reference to an account that does not exist within what the caller may read."""
    if account_id is not None and not store.readable_accounts([account_id], [], within):
        raise Invalid(errors=[FieldError(pointer, "unknown-reference", {"id": account_id})])


def _upwards(store: AccountsStore, account_id: str | None) -> list[str]:
    """The account and all above it; a tree deeper than anyone builds ends the walk."""
    above: list[str] = []
    while account_id is not None and account_id not in above and len(above) < MOST_LEVELS:
        above.append(account_id)
        account = store.any_accounts.find_one({"_id": account_id})
        account_id = account.parent_account_id if account else None
    return above
