"""The shapes of accounts and contacts on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from shared.http import Listing
from shared.http.fields import (
    Email,
    IdField,
    Integer,
    MoneyField,
    Range,
    RecordOut,
    Schema,
    String,
    Text,
)
from shared.http.validation import require


class AccountFields(Schema):
    """What may be said about an account."""

    industry = Text(80, allow_none=True, metadata={"example": "food"})
    country = Text(80, allow_none=True, metadata={"example": "CN"})
    website = Text(300, lines=False, allow_none=True, metadata={"example": "https://jade-river.example"})
    founded = Integer(validate=Range(min=1000, max=2200), allow_none=True, metadata={"example": 1998})
    revenue = MoneyField(allow_none=True)
    employees = Integer(validate=Range(min=0, max=10_000_000), allow_none=True, metadata={"example": 420})
    parent_account_id = IdField("acc", allow_none=True)


class AccountIn(AccountFields):
    """An account to create."""

    name = Text(200, required=True, metadata={"example": "Jade River Foods"})
    external_id = Text(128, allow_none=True, metadata={"example": "erp-4711"})


class AccountPatch(AccountFields):
    """Fields of an account to change."""

    name = Text(200, metadata={"example": "Jade River Foods"})


class AccountItem(AccountIn):
    """An account of a batch; its parent may be named by external id."""

    parent_external_id = Text(128, allow_none=True, metadata={"example": "erp-4000"})

    @validates_schema
    def one_parent(self, fields: dict[str, Any], **_: Any) -> None:
        """A parent is named once."""
        named = [name for name in ("parent_account_id", "parent_external_id") if fields.get(name)]
        require(len(named) < 2, "one-parent-reference")


class AccountOut(RecordOut):
    """An account."""

    name = String()
    industry = String(allow_none=True)
    country = String(allow_none=True)
    website = String(allow_none=True)
    founded = Integer(allow_none=True)
    revenue = MoneyField(allow_none=True)
    employees = Integer(allow_none=True)
    parent_account_id = IdField("acc", allow_none=True)
    external_id = String(allow_none=True)
    created_from_lead = IdField("lead", allow_none=True)


class ContactFields(Schema):
    """What may be said about a contact."""

    title = Text(200, allow_none=True, metadata={"example": "CTO"})
    email = Email(allow_none=True)
    phone = Text(40, allow_none=True, metadata={"example": "+86 21 5555 0199"})
    role = Text(80, allow_none=True, metadata={"example": "technical_lead"})


class ContactIn(ContactFields):
    """A person at an account."""

    account_id = IdField("acc", required=True)
    name = Text(200, required=True, metadata={"example": "Chen Wei"})
    external_id = Text(128, allow_none=True, metadata={"example": "erp-4711-1"})


class ContactPatch(ContactFields):
    """Fields of a contact to change."""

    account_id = IdField("acc")
    name = Text(200, metadata={"example": "Chen Wei"})


class ContactItem(ContactFields):
    """A contact of a batch, at an account named by id or by external id."""

    account_id = IdField("acc")
    account_external_id = Text(128, metadata={"example": "erp-4711"})
    name = Text(200, required=True, metadata={"example": "Chen Wei"})
    external_id = Text(128, allow_none=True, metadata={"example": "erp-4711-1"})

    @validates_schema
    def one_account(self, fields: dict[str, Any], **_: Any) -> None:
        """An account is named, and once."""
        require(
            ("account_id" in fields) != ("account_external_id" in fields),
            "one-account-reference",
        )


class ContactOut(RecordOut):
    """A contact."""

    account_id = IdField("acc")
    name = String()
    title = String(allow_none=True)
    email = String(allow_none=True)
    phone = String(allow_none=True)
    role = String(allow_none=True)
    external_id = String(allow_none=True)
    created_from_lead = IdField("lead", allow_none=True)


ACCOUNTS = Listing(
    sort=["created_at", "name"],
    filters={
        "owner_id": ["eq"],
        "industry": ["eq", "in"],
        "country": ["eq", "in"],
        "parent_account_id": ["eq"],
        "external_id": ["eq", "in"],
        "name": ["eq", "prefix"],
        "created_at": ["gte", "lt"],
    },
    default_sort="-created_at",
    never_null=["name"],
)
CONTACTS = Listing(
    sort=["created_at"],
    filters={
        "account_id": ["eq"],
        "owner_id": ["eq"],
        "external_id": ["eq", "in"],
        "created_at": ["gte", "lt"],
    },
    default_sort="-created_at",
)

ACCOUNT_ITEMS = {"items": [{"name": "Jade River Foods", "external_id": "erp-4711", "parent_external_id": "erp-4000"}]}
CONTACT_ITEMS = {"items": [{"name": "Chen Wei", "external_id": "erp-4711-1", "account_external_id": "erp-4711"}]}
