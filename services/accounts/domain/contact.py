"""Contacts: people at an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.events.accounts import ContactCreated, ContactSnapshot, ContactUpdated
from shared.events.changes import apply
from shared.record import Record

PERSONAL = frozenset({"name", "title", "email", "phone"})


@dataclass(kw_only=True)
class Contact(Record):
    """A person at an account. `digest` is the content it was created with; `created_from_lead` where it came from."""

    account_id: str
    name: str
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str | None = None
    external_id: str | None = None
    digest: str | None = None
    created_from_lead: str | None = None

    def created(self) -> ContactCreated:
        """The news of a contact just created."""
        return ContactCreated(contact=self.snapshot())

    def change(self, fields: dict[str, Any]) -> ContactUpdated | None:
        """Change the given fields; nothing to tell when they are as they were."""
        changes = apply(self, fields, personal=PERSONAL)
        return ContactUpdated(contact=self.snapshot(), changes=changes) if changes else None

    def snapshot(self) -> ContactSnapshot:
        """The contact as its next event tells it."""
        return ContactSnapshot(
            id=self.id,
            version=self.version + 1,
            account_id=self.account_id,
            owner_id=self.owner_id,
            owner_unit_id=self.owner_unit_id,
        )
