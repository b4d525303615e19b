"""Follow-ups: what was done about a lead, in order, never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.events.leads import FollowUpSnapshot


class FollowUpKind(StrEnum):
    """How it was done."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """One thing done about a lead, and the step agreed on."""

    id: str
    tenant_id: str
    lead_id: str
    kind: FollowUpKind
    text: str
    happened_at: datetime
    next_step: str | None = None
    created_at: datetime
    created_by: str

    def snapshot(self) -> FollowUpSnapshot:
        """That it happened, without what was said."""
        return FollowUpSnapshot(id=self.id, kind=self.kind.value, happened_at=_rfc3339(self.happened_at))


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
