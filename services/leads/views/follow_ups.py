"""Follow-ups: log what was done about a lead, and read it."""

from __future__ import annotations

from typing import Any

from services.leads import queries, schemas
from services.leads.commands import leads
from services.leads.views.shown import follow_up_out, follow_up_row
from shared.clock import now
from shared.http import Routes, answer, page_out, store

routes = Routes("follow-ups", "What was done about leads")


@routes.post(
    "/v1/leads/<lead_id>/follow-ups",
    permission="lead.update",
    accepts=schemas.FollowUpIn,
    returns=schemas.FollowUpOut,
    status=201,
)
def follow_up(body: dict[str, Any], lead_id: str) -> Any:
    """Log a call, visit, meeting, mail or note; entries are only ever added, so no If-Match is asked for."""
    return answer(follow_up_out(leads.follow_up(store(), lead_id, body, at=now())))


@routes.get(
    "/v1/leads/<lead_id>/follow-ups",
    permission="lead.read",
    returns=schemas.FollowUpOut,
    listing=schemas.FOLLOW_UPS,
)
def list_follow_ups(query: Any, lead_id: str) -> Any:
    """List what was done about a lead, latest first."""
    return page_out(queries.follow_ups(store(), lead_id, query), follow_up_row)
