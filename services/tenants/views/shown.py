"""Records as the API shows them; takes aggregates and stored documents alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.tenants.commands import Tokens
from services.tenants.domain.session import Who
from shared.auth.roles import grants
from shared.record import Record

_TRAIL = ("version", "created_at", "created_by", "updated_at", "updated_by")
Fields = Mapping[str, Any]


def tenant_out(tenant: Record | Fields) -> dict[str, Any]:
    """A tenant."""
    return _shown(tenant, "name", "slug", "currency", "locale", "timezone")


def user_out(user: Record | Fields) -> dict[str, Any]:
    """A person."""
    return _shown(user, "name", "email", "roles", "unit_id", "state", "external_id")


def unit_out(unit: Record | Fields) -> dict[str, Any]:
    """A unit."""
    return _shown(unit, "name", "kind", "parent_id", "path", "external_id")


def principal_out(who: Who) -> dict[str, Any]:
    """Who is calling, and what they may do."""
    return {
        "id": who.user.id,
        "name": who.user.name,
        "email": who.user.email,
        "roles": who.user.roles,
        "unit_id": who.user.unit_id,
        "unit_ids": list(who.unit_ids),
        "session_id": who.session_id,
        "permissions": dict(grants(tuple(who.user.roles))),
        "tenant": tenant_out(who.tenant),
    }


def tokens_out(tokens: Tokens) -> dict[str, Any]:
    """A pair of tokens, and whose they are."""
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
        "principal": principal_out(tokens.who),
    }


def _shown(record: Record | Fields, *names: str) -> dict[str, Any]:
    fields = vars(record) if isinstance(record, Record) else {**record, "id": record["_id"]}
    return {name: fields[name] for name in ("id", *_TRAIL, *names)}
