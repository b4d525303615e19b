"""Signing up, and the caller's own tenant."""

from __future__ import annotations

from typing import Any

from services.tenants import commands, queries
from services.tenants.schemas import SignedUp, SignUp, TenantOut
from services.tenants.views.shown import tenant_out, user_out
from shared.http import PUBLIC, Routes, answer, store

routes = Routes("tenants", "Companies that subscribe.")


@routes.post("/v1/tenants", permission=PUBLIC, accepts=SignUp, returns=SignedUp, status=201, rate="auth")
def sign_up(body: dict[str, Any]) -> Any:
    """Sign a company up, with its first admin."""
    tenant, admin = commands.sign_up(store, **body)
    return answer({"tenant": tenant_out(tenant), "admin": user_out(admin)}, version=tenant.version)


@routes.get("/v1/tenants/current", permission="tenant.read", returns=TenantOut)
def current_tenant() -> Any:
    """The tenant the caller belongs to."""
    tenant = queries.tenant(store())
    return answer(tenant_out(tenant), version=tenant.version)
