"""Logging in, carrying a session on, logging out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.tenants.commands import passwords
from services.tenants.domain.session import SESSION_LIFETIME, LoginRefused, SessionEnded, Who
from services.tenants.domain.user import User, UserState, spelled
from services.tenants.store import NOBODY, TenantsStore
from shared.auth import Principal
from shared.auth.tokens import LIFETIME
from shared.ids import is_id, new_id

_NO_USER = "usr_" + "0" * 26


class Signer(Protocol):
    """What signs access tokens."""

    def token(self, principal: Principal, *, at: datetime) -> str:
        """An access token for `principal`, valid from `at`."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a caller holds after logging in."""

    who: Who
    access_token: str
    refresh_token: str
    expires_in: int = int(LIFETIME.total_seconds())


def tenant_in(refresh_token: str) -> str:
    """The tenant a refresh token belongs to, or `NOBODY` when it is none of ours."""
    tenant_id = refresh_token.partition(".")[0]
    return tenant_id if is_id(tenant_id, "ten") else NOBODY


def log_in(store: TenantsStore, email: str, password: str, *, signer: Signer, at: datetime) -> Tokens:
    """Open a session, when address and password belong together and log-in is not resting after misses.

    Every failure costs the same look-ups and one hash, so that neither answer nor time tells which part was wrong.
    """
    user = store.users.find_one({"email": spelled(email)})
    user_id = user.id if user else _NO_USER
    credential = store.credential(user_id)
    right = passwords.matches(credential.password_hash if credential else None, password)
    if user is None or credential is None or user.state is not UserState.ACTIVE or not right or credential.paused(at):
        store.count_miss(user_id, at)
        raise LoginRefused
    if credential.failures or passwords.outdated(credential.password_hash):
        store.set_password(user_id, passwords.hashed(password))
    return _tokens(store, user, family=new_id("ses"), until=at + SESSION_LIFETIME, signer=signer, at=at)


def refresh(store: TenantsStore, refresh_token: str, *, signer: Signer, at: datetime) -> Tokens:
    """Exchange a refresh token for a new pair; one that was used before ends the whole session."""
    row = store.sessions.find_one({"_id": _digest(refresh_token)})
    if row is None or row["expires_at"] <= at:
        raise SessionEnded
    tokens = store.transact(lambda: _rotate(store, row, signer=signer, at=at))
    if tokens is None:
        store.end_sessions(family=row["family"])
        raise SessionEnded
    return tokens


def log_out(store: TenantsStore, refresh_token: str) -> None:
    """End the session a refresh token belongs to; a token that is none ends nothing."""
    row = store.sessions.find_one({"_id": _digest(refresh_token)})
    if row is not None:
        store.end_sessions(family=row["family"])


def _rotate(store: TenantsStore, row: dict[str, Any], *, signer: Signer, at: datetime) -> Tokens | None:
    revoked = store.sessions.find_one({"family": row["family"], "state": "revoked"}, {"_id": 1})
    spent = store.sessions.update_one({"_id": row["_id"], "state": "live"}, {"$set": {"state": "spent"}})
    user = store.users.find_one({"_id": row["user_id"], "state": UserState.ACTIVE.value})
    if revoked or not spent or user is None:
        return None
    return _tokens(store, user, family=row["family"], until=row["expires_at"], signer=signer, at=at)


def _tokens(store: TenantsStore, user: User, *, family: str, until: datetime, signer: Signer, at: datetime) -> Tokens:
    refresh_token = f"{store.tenant_id}.{secrets.token_urlsafe(32)}"
    store.sessions.insert_one(
        {
            "_id": _digest(refresh_token),
            "family": family,
            "user_id": user.id,
            "state": "live",
            "created_at": at,
            "expires_at": until,
        }
    )
    who = store.who(user, family)
    return Tokens(who=who, access_token=signer.token(_principal(who), at=at), refresh_token=refresh_token)


def _principal(who: Who) -> Principal:
    return Principal(
        tenant_id=who.tenant.id,
        id=who.user.id,
        roles=tuple(who.user.roles),
        unit_id=who.user.unit_id,
        unit_ids=tuple(who.unit_ids),
        session_id=who.session_id,
    )


def _digest(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode("utf-8", "surrogatepass")).hexdigest()
