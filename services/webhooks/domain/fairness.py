"""Who is served next when many endpoints wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest


@dataclass(frozen=True)
class Due:
    """An endpoint that has something to send, and since when."""

    endpoint_id: str
    tenant_id: str
    since: datetime


def fair_order(waiting: Iterable[Due]) -> list[Due]:
    """Longest wait first within a tenant, and the tenants take turns: no tenant can fill the line."""
    by_tenant: dict[str, list[Due]] = defaultdict(list)
    for due in sorted(waiting, key=lambda due: (due.since, due.endpoint_id)):
        by_tenant[due.tenant_id].append(due)
    turns = zip_longest(*by_tenant.values())
    return [due for due in chain.from_iterable(turns) if due is not None]
