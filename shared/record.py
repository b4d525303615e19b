"""The fields every stored aggregate carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_UNSAVED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(kw_only=True)
class Record:
    """Identity, tenant, version and trail of an aggregate.

    `version` 0 means never saved; saving consumes one version per event, so the versions of an
    aggregate's events are 1, 2, 3 … without a gap. The repository fills version and trail.
    """

    id: str
    tenant_id: str
    version: int = 0
    created_at: datetime = _UNSAVED
    created_by: str = ""
    updated_at: datetime = _UNSAVED
    updated_by: str = ""
    owner_id: str | None = None
    owner_unit_id: str | None = None
