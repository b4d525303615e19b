"""Logging in and out, who is calling, and the keys that prove it."""

from __future__ import annotations

from typing import Any

from flask import current_app

from services.tenants import commands, queries
from services.tenants.config import SIGNER, TokenSigner
from services.tenants.domain.user import spelled
from services.tenants.schemas import KeySetOut, Login, PrincipalOut, RefreshToken, TokensOut
from services.tenants.store import tenant_id_of
from services.tenants.views.shown import principal_out, tokens_out
from shared.clock import now
from shared.http import PUBLIC, SIGNED_IN, Routes, answer, database, limit_account, principal, store

routes = Routes("sessions", "Logging in, staying logged in, logging out.")


def _signer() -> TokenSigner:
    signer: TokenSigner = current_app.extensions[SIGNER]
    return signer


@routes.post("/v1/auth/login", permission=PUBLIC, accepts=Login, returns=TokensOut, rate="auth")
def log_in(body: dict[str, Any]) -> Any:
    """Log in; answers an access token for ten minutes and a refresh token."""
    limit_account(f"{body['tenant']}:{spelled(body['email'])}")
    tenant = store(tenant_id_of(database(), body["tenant"]))
    return tokens_out(commands.log_in(tenant, body["email"], body["password"], signer=_signer(), at=now()))


@routes.post("/v1/auth/refresh", permission=PUBLIC, accepts=RefreshToken, returns=TokensOut, rate="auth")
def refresh(body: dict[str, Any]) -> Any:
    """Exchange a refresh token for a new pair; each works once, and using one twice ends the session."""
    tenant = store(commands.tenant_in(body["refresh_token"]))
    return tokens_out(commands.refresh(tenant, body["refresh_token"], signer=_signer(), at=now()))


@routes.post("/v1/auth/logout", permission=PUBLIC, accepts=RefreshToken, returns=None, status=204, rate="auth")
def log_out(body: dict[str, Any]) -> Any:
    """End the session of a refresh token; its access token runs out by itself within ten minutes."""
    commands.log_out(store(commands.tenant_in(body["refresh_token"])), body["refresh_token"])
    return answer(None)


@routes.get("/v1/me", permission=SIGNED_IN, returns=PrincipalOut)
def me() -> Any:
    """Who is calling, for which tenant, with which roles and permissions."""
    return principal_out(queries.who_is(store(), principal().id, principal().session_id))


@routes.get("/.well-known/jwks.json", permission=PUBLIC, returns=KeySetOut)
def key_set() -> Any:
    """The public keys that verify access tokens."""
    return _signer().jwks
