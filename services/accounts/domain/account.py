"""Accounts: customer or target companies, each perhaps part of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.accounts.domain.errors import OwnParent
from shared.events.accounts import AccountCreated, AccountSnapshot, AccountUpdated
from shared.events.changes import apply
from shared.money import Money
from shared.record import Record


@dataclass(kw_only=True)
class Account(Record):
    """A customer or target company.

    `digest` is the content it was created with, `created_from_lead` where it came from.
    """

    name: str
    industry: str | None = None
    country: str | None = None
    website: str | None = None
    founded: int | None = None
    revenue: Money | None = None
    employees: int | None = None
    parent_account_id: str | None = None
    external_id: str | None = None
    digest: str | None = None
    created_from_lead: str | None = None

    def created(self) -> AccountCreated:
        """The news of an account just created."""
        return AccountCreated(account=self.snapshot())

    def change(self, fields: dict[str, Any], *, above_parent: list[str]) -> AccountUpdated | None:
        """Change the given fields; `above_parent` are the new parent and all above it, to keep the tree a tree."""
        if self.id in above_parent:
            raise OwnParent(account_id=self.id)
        changes = apply(self, fields)
        return AccountUpdated(account=self.snapshot(), changes=changes) if changes else None

    def snapshot(self) -> AccountSnapshot:
        """The account as its next event tells it."""
        return AccountSnapshot(
            id=self.id,
            version=self.version + 1,
            name=self.name,
            industry=self.industry,
            country=self.country,
            owner_id=self.owner_id,
            owner_unit_id=self.owner_unit_id,
        )
