"""Roles as data: role → permission → how far it reaches.

One row per role, written as `level: permissions`. A principal with several roles has, per permission, the widest level.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from shared.auth.scopes import widest

PERMISSIONS: tuple[str, ...] = tuple(
    """
    tenant.read tenant.update user.read user.create user.update unit.read unit.create unit.update
    lead.read lead.create lead.update lead.claim lead.assign lead.return lead.pool lead.qualify lead.convert lead.import
    pool.read pool.manage account.read account.create account.update account.import
    contact.read contact.create contact.update contact.import definition.read definition.manage
    product.read product.manage deal.read deal.create deal.update deal.advance deal.close deal.transfer deal.import
    report.read webhook.read webhook.manage event.read
    """.split()
)

# What everybody in a company may look up: their tenant, colleagues, units, pools, stages and products.
_COMMON = "tenant.read user.read unit.read pool.read definition.read product.read"
_READS = "lead.read account.read contact.read deal.read report.read"
_LEAD_WORK = "lead.read lead.update lead.return lead.pool lead.qualify lead.convert"
_ACCOUNT_WORK = "account.read account.update contact.read contact.update"
_DEAL_WORK = "deal.read deal.update deal.advance deal.close"
_CREATES = "lead.create account.create contact.create deal.create"

_ROLES: dict[str, dict[str, str]] = {
    "tenant_admin": {"all": " ".join(PERMISSIONS)},
    "executive": {"all": f"{_COMMON} {_READS} webhook.read event.read"},
    "sales_manager": {
        "all": f"{_COMMON} {_CREATES} lead.claim",
        "subtree": f"{_LEAD_WORK} lead.assign lead.import {_ACCOUNT_WORK} account.import contact.import "
        f"{_DEAL_WORK} deal.transfer deal.import report.read event.read",
    },
    "sales_rep": {
        "all": f"{_COMMON} {_CREATES} lead.claim",
        "own": f"{_LEAD_WORK} {_ACCOUNT_WORK} {_DEAL_WORK} deal.transfer report.read",
    },
    "presales_engineer": {
        "all": _COMMON,
        "team": "account.read contact.read deal.read",
        "own": "lead.read deal.update contact.create contact.update",
    },
    "inside_sales": {
        "all": f"{_COMMON} lead.read lead.create lead.update lead.claim lead.assign lead.return lead.pool lead.qualify "
        "lead.convert lead.import account.read account.create contact.read contact.create",
        "own": "account.update contact.update deal.read report.read",
    },
    "channel_sales": {
        "all": f"{_COMMON} {_CREATES} lead.claim",
        "own": f"{_LEAD_WORK} {_ACCOUNT_WORK} {_DEAL_WORK} report.read",
    },
    "professional_services": {"all": _COMMON, "team": "account.read contact.read deal.read"},
    "marketing": {
        "all": f"{_COMMON} lead.read lead.create lead.import lead.pool account.read report.read",
        "own": "lead.update",
    },
    "po_admin": {"all": f"{_COMMON} account.read contact.read deal.read product.manage"},
    "finance": {"all": f"{_COMMON} account.read deal.read report.read"},
    "customer_service": {
        "all": f"{_COMMON} account.read contact.read contact.create contact.update lead.create",
        "own": "lead.read",
    },
}


def _expand(levels: Mapping[str, str]) -> dict[str, str]:
    return {permission: level for level, names in levels.items() for permission in names.split()}


ROLES: dict[str, dict[str, str]] = {role: _expand(levels) for role, levels in _ROLES.items()}


@lru_cache(maxsize=4096)
def grants(roles: tuple[str, ...]) -> Mapping[str, str]:
    """Permission → widest level over `roles`; unknown roles grant nothing."""
    held = [ROLES.get(role, {}) for role in roles]
    names = {name for role in held for name in role}
    return {name: widest([role[name] for role in held if name in role]) for name in names}
