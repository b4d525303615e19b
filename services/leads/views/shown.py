"""Records as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.leads.domain.follow_up import FollowUp
from services.leads.domain.lead import Lead
from services.leads.domain.pool import Pool
from services.leads.schemas import FollowUpOut, LeadOut, PoolOut
from shared.http import record_out, row_out

_LEAD = tuple(LeadOut().fields)
_POOL = tuple(PoolOut().fields)
_FOLLOW_UP = tuple(FollowUpOut().fields)


def lead_out(lead: Lead) -> dict[str, Any]:
    """A lead."""
    return record_out(lead, _LEAD)


def lead_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored lead."""
    return row_out(document, _LEAD)


def pool_out(pool: Pool) -> dict[str, Any]:
    """A pool."""
    return record_out(pool, _POOL)


def pool_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored pool."""
    return row_out(document, _POOL)


def follow_up_out(done: FollowUp) -> dict[str, Any]:
    """A follow-up."""
    return record_out(done, _FOLLOW_UP)


def follow_up_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored follow-up."""
    return row_out(document, _FOLLOW_UP)
