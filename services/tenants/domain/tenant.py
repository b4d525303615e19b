"""A tenant: the subscribing company, and what must be true of the facts it signs up with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import available_timezones

from shared.errors import Conflict, FieldError, Invalid
from shared.events.tenants import TenantCreated, TenantSnapshot
from shared.ids import new_id
from shared.record import Record

LOCALES = ("en", "zh-CN")
SLUG = re.compile(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")
RESERVED_SLUGS = frozenset(
    {"admin", "api", "app", "console", "docs", "help", "login", "mail", "pelagic", "root", "status", "support", "www"}
)


class SlugTaken(Conflict):
    """Another company already signs in under this slug."""

    code = "slug-taken"


@dataclass(kw_only=True)
class Tenant(Record):
    """A subscribing company; its id is also the tenant id of everything it owns."""

    name: str
    slug: str
    currency: str
    locale: str
    timezone: str

    def snapshot(self, version: int) -> TenantSnapshot:
        """The tenant as the event that makes `version` tells it."""
        return TenantSnapshot(
            id=self.id,
            version=version,
            name=self.name,
            slug=self.slug,
            currency=self.currency,
            locale=self.locale,
            timezone=self.timezone,
        )


def sign_up(*, name: str, slug: str, currency: str, locale: str, timezone: str) -> tuple[Tenant, TenantCreated]:
    """A new tenant, once its slug can be one and its timezone is one."""
    faults = _faults(slug, timezone)
    if faults:
        raise Invalid(errors=faults)
    tenant_id = new_id("ten")
    tenant = Tenant(
        id=tenant_id, tenant_id=tenant_id, name=name, slug=slug, currency=currency, locale=locale, timezone=timezone
    )
    return tenant, TenantCreated(tenant=tenant.snapshot(1))


def _faults(slug: str, timezone: str) -> list[FieldError]:
    faults = []
    if not SLUG.fullmatch(slug) or "--" in slug:
        faults.append(FieldError("/slug", "slug-malformed"))
    if slug in RESERVED_SLUGS:
        faults.append(FieldError("/slug", "slug-reserved"))
    if timezone not in available_timezones():
        faults.append(FieldError("/timezone", "unknown-timezone", {"timezone": timezone}))
    return faults
