"""Where accounts and contacts live, and which indexes their queries need."""

from __future__ import annotations

from typing import Any

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from shared.batch import known_in
from shared.mongo import ONE_EXTERNAL_ID, Collection, listed_by
from shared.store import Scope, Store

COLLECTIONS = [
    Collection(
        "accounts",
        [
            listed_by(),
            listed_by("owner_id"),
            listed_by("owner_unit_id"),
            listed_by("industry"),
            listed_by("country"),
            listed_by("parent_account_id"),
            listed_by(order=("name", 1)),
            ONE_EXTERNAL_ID,
        ],
        record=Account,
    ),
    Collection(
        "contacts",
        [
            listed_by(),
            listed_by("account_id"),
            listed_by("owner_id"),
            listed_by("owner_unit_id"),
            ONE_EXTERNAL_ID,
        ],
        record=Contact,
    ),
]


class AccountsStore(Store):
    """One tenant's accounts and contacts."""

    service = "accounts"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.accounts = self.repository(Account, "accounts", owned=True)
        self.contacts = self.repository(Contact, "contacts", owned=True)
        # An external id is taken, and a tree is a tree, also beyond the caller's scope.
        self.any_accounts = self.repository(Account, "accounts")
        self.any_contacts = self.repository(Contact, "contacts")

    def known_accounts(self, external_ids: list[str]) -> dict[str, tuple[str, str | None]]:
        """Which external ids are in use for accounts: id and digest of each."""
        return known_in(self.any_accounts.collection, external_ids)

    def known_contacts(self, external_ids: list[str]) -> dict[str, tuple[str, str | None]]:
        """Which external ids are in use for contacts: id and digest of each."""
        return known_in(self.any_contacts.collection, external_ids)

    def readable_accounts(self, ids: list[str], external_ids: list[str], within: Scope) -> list[Account]:
        """Those of the accounts that exist `within` what the caller may read.

        Whoever may create a contact anywhere may still refer only to accounts they can see.
        """
        wanted: list[dict[str, Any]] = []
        if ids:
            wanted.append({"_id": {"$in": ids}})
        if external_ids:
            wanted.append({"external_id": {"$in": external_ids}})
        if not wanted:
            return []
        return self.any_accounts.find({"$and": [{"$or": wanted}, within.filter()]})
