"""What the API accepts and answers for tenants, sessions, users and units."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from services.tenants.domain.tenant import LOCALES
from services.tenants.domain.unit import UnitKind
from services.tenants.domain.user import UserState
from shared.auth.roles import ROLES
from shared.http import Listing
from shared.http.codes import CURRENCIES
from shared.http.fields import (
    Dict,
    Email,
    IdField,
    Integer,
    Length,
    List,
    Nested,
    OneOf,
    Out,
    RecordOut,
    Schema,
    String,
    Text,
)
from shared.http.validation import require

KINDS = [kind.value for kind in UnitKind]
STATES = [state.value for state in UserState]
LONGEST_SECRET = 1_024
"""Far beyond any password we would set, so that a wrong one is refused as wrong and not as malformed."""


def _known_currency(value: str) -> None:
    require(value in CURRENCIES, "not-a-currency")


def _roles(**options: Any) -> List:
    return List(String(validate=OneOf(sorted(ROLES))), validate=[Length(min=1, max=len(ROLES))], **options)


class FirstAdmin(Schema):
    """Who administers a new tenant."""

    email = Email(required=True, metadata={"example": "ada@acme.example"})
    name = Text(120, required=True, metadata={"example": "Ada Admin"})
    password = String(required=True, validate=Length(max=LONGEST_SECRET), metadata={"example": "lighthouse-at-dawn"})


class SignUp(Schema):
    """A company that subscribes."""

    name = Text(120, required=True, metadata={"example": "Acme Marine"})
    slug = String(required=True, validate=Length(max=64), metadata={"example": "acme"})
    admin = Nested(FirstAdmin, required=True)
    currency = String(load_default="USD", validate=_known_currency, metadata={"example": "USD"})
    locale = String(load_default="en", validate=OneOf(LOCALES))
    timezone = String(load_default="UTC", validate=Length(max=64), metadata={"example": "Asia/Shanghai"})


class Login(Schema):
    """Company, address and password."""

    tenant = String(required=True, validate=Length(max=64), metadata={"example": "acme"})
    email = String(required=True, validate=Length(max=254), metadata={"example": "ada@acme.example"})
    password = String(required=True, validate=Length(max=LONGEST_SECRET), metadata={"example": "lighthouse-at-dawn"})


class RefreshToken(Schema):
    """The refresh token of a session."""

    refresh_token = String(required=True, validate=Length(max=256))


class NewUser(Schema):
    """A person to add; without a password they are invited."""

    name = Text(120, required=True, metadata={"example": "Rita Rep"})
    email = Email(required=True, metadata={"example": "rita@acme.example"})
    roles = _roles(required=True, metadata={"example": ["sales_rep"]})
    unit_id = IdField("unit", required=True)
    password = String(validate=Length(max=LONGEST_SECRET))
    external_id = Text(128, allow_none=True)


class ImportedUser(Schema):
    """A person to invite, as one item of a batch."""

    name = Text(120, required=True)
    email = Email(required=True)
    roles = _roles(required=True)
    unit_id = IdField("unit", required=True)
    external_id = Text(128, allow_none=True)


class ChangeUser(Schema):
    """What to change about a person."""

    name = Text(120)
    roles = _roles()
    unit_id = IdField("unit")
    state = String(validate=OneOf([UserState.ACTIVE.value, UserState.DISABLED.value]))
    password = String(validate=Length(max=LONGEST_SECRET))


class NewUnit(Schema):
    """A unit to add; without a parent it goes below the root."""

    name = Text(120, required=True, metadata={"example": "West"})
    kind = String(required=True, validate=OneOf(KINDS))
    parent_id = IdField("unit")
    external_id = Text(128, allow_none=True)


class ImportedUnit(NewUnit):
    """A unit to add, as one item of a batch; its parent may be another item, named by external id."""

    parent_external_id = Text(128)

    @validates_schema
    def _one_parent(self, data: dict[str, Any], **_: Any) -> None:
        require(not ("parent_id" in data and "parent_external_id" in data), "two-parents")


class ChangeUnit(Schema):
    """What to change about a unit; another `parent_id` moves it with everything below it."""

    name = Text(120)
    kind = String(validate=OneOf(KINDS))
    parent_id = IdField("unit")


class TenantOut(RecordOut):
    """A tenant."""

    name = String()
    slug = String()
    currency = String()
    locale = String()
    timezone = String()


class UserOut(RecordOut):
    """A person of the tenant."""

    name = String()
    email = String()
    roles = List(String())
    unit_id = String()
    state = String(validate=OneOf(STATES))
    external_id = String(allow_none=True)


class UnitOut(RecordOut):
    """A unit; `path` lists the ids from the root down to it."""

    name = String()
    kind = String(validate=OneOf(KINDS))
    parent_id = String(allow_none=True)
    path = List(String())
    external_id = String(allow_none=True)


class SignedUp(Out):
    """A new tenant and its first admin."""

    tenant = Nested(TenantOut)
    admin = Nested(UserOut)


class PrincipalOut(Out):
    """Who is calling and what they may do; `permissions` maps each to how far it reaches."""

    id = String()
    name = String()
    email = String()
    roles = List(String())
    unit_id = String()
    unit_ids = List(String())
    session_id = String(allow_none=True)
    permissions = Dict(keys=String(), values=String())
    tenant = Nested(TenantOut)


class TokensOut(Out):
    """A pair of tokens, and whose they are."""

    access_token = String()
    token_type = String()
    expires_in = Integer()
    refresh_token = String()
    principal = Nested(PrincipalOut)


class KeySetOut(Out):
    """The public keys that verify access tokens (RFC 7517)."""

    keys = List(Dict())


USERS = Listing(
    sort=["created_at", "name"],
    filters={"state": ["eq", "in"], "unit_id": ["eq", "in"], "roles": ["eq", "in"], "email": ["eq"]},
    default_sort="-created_at",
)
UNITS = Listing(
    sort=["created_at", "name"],
    filters={"parent_id": ["eq", "in"], "path": ["eq"], "kind": ["eq", "in"]},
    default_sort="-created_at",
)
