"""Holdings: who had which lead from when to when, append-only; at most one is open per lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Via(StrEnum):
    """How a record came to its owner."""

    CREATE = "create"
    CLAIM = "claim"
    ASSIGN = "assign"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One ownership period. Open while `to` is null; ended once, with the reason."""

    id: str
    tenant_id: str
    lead_id: str
    owner_id: str
    via: Via
    since: datetime
    by: str
    pool_from: str | None = None
    to: datetime | None = None
    end_reason: str | None = None
    end_by: str | None = None
    pool_to: str | None = None
