"""What the accounts service publishes on `crm.accounts.v1`: ids and ownership, never a contact's personal data."""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.changes import Changes
from shared.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class AccountSnapshot:
    """An account after the event."""

    id: str
    version: int
    name: str
    industry: str | None = None
    country: str | None = None
    owner_id: str | None = None
    owner_unit_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactSnapshot:
    """A contact after the event: whose, and at which account."""

    id: str
    version: int
    account_id: str
    owner_id: str | None = None
    owner_unit_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    """What every account event carries."""

    account: AccountSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AccountCreated(AccountEvent):
    """An account was entered, imported or came from a converted lead."""

    type: ClassVar[str] = "crm.account.created"


@dataclass(frozen=True, kw_only=True)
class AccountUpdated(AccountEvent):
    """Fields of an account changed."""

    type: ClassVar[str] = "crm.account.updated"


@dataclass(frozen=True, kw_only=True)
class ContactEvent(Event):
    """What every contact event carries; in `changes` personal fields appear as `{"redacted": true}`."""

    contact: ContactSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContactCreated(ContactEvent):
    """A contact was entered, imported or came from a converted lead."""

    type: ClassVar[str] = "crm.contact.created"


@dataclass(frozen=True, kw_only=True)
class ContactUpdated(ContactEvent):
    """Fields of a contact changed."""

    type: ClassVar[str] = "crm.contact.updated"
