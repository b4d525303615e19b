"""Records as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.leads.domain.follow_up import FollowUp
from services.leads.domain.lead import Lead
from services.leads.domain.pool import Pool
from services.leads.schemas import FollowUpOut, LeadOut, PoolOut
from shared.record import Record

_LEAD = tuple(LeadOut().fields)
_POOL = tuple(PoolOut().fields)
_FOLLOW_UP = tuple(FollowUpOut().fields)


def lead_out(lead: Lead) -> dict[str, Any]:
    """A lead."""
    return _shown(lead, _LEAD)


def lead_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored lead."""
    return _row(document, _LEAD)


def pool_out(pool: Pool) -> dict[str, Any]:
    """A pool."""
    return _shown(pool, _POOL)


def pool_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored pool."""
    return _row(document, _POOL)


def follow_up_out(done: FollowUp) -> dict[str, Any]:
    """A follow-up."""
    return {name: getattr(done, name) for name in _FOLLOW_UP}


def follow_up_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored follow-up."""
    return _row(document, _FOLLOW_UP)


def _shown(record: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _row(document: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: document.get("_id" if name == "id" else name) for name in names}
