"""How a lead changes hands: into a pool, claimed, assigned, returned."""

from __future__ import annotations

from typing import Any

from services.leads import schemas
from services.leads.commands import leads
from services.leads.domain.lead import Owner
from services.leads.views.shown import lead_out
from shared.clock import now
from shared.http import Routes, answer, if_match, principal, store

routes = Routes("lead ownership", "How leads change hands")


@routes.post(
    "/v1/leads/<lead_id>/pool",
    permission="lead.pool",
    accepts=schemas.ToPool,
    returns=schemas.LeadOut,
    if_match=True,
)
def pool_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Put a lead into a pool; the default pool when none is named."""
    lead = leads.pool_lead(store(), lead_id, body.get("pool_id"), version=if_match(), at=now())
    return answer(lead_out(lead), version=lead.version)


@routes.post("/v1/leads/<lead_id>/claim", permission="lead.claim", returns=schemas.LeadOut)
def claim_lead(lead_id: str) -> Any:
    """Take a lead from its pool; of many who try at once exactly one gets it, so no If-Match is asked for."""
    caller = principal()
    claimant = Owner(caller.id, caller.unit_id)
    lead = leads.claim_lead(store(), lead_id, claimant=claimant, within=caller.scope("lead.read"), at=now())
    return answer(lead_out(lead), version=lead.version)


@routes.post(
    "/v1/leads/<lead_id>/assign",
    permission="lead.assign",
    accepts=schemas.Assignment,
    returns=schemas.LeadOut,
    if_match=True,
)
def assign_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Give a lead that is new or in a pool to a rep."""
    lead = leads.assign_lead(store(), lead_id, body["owner_id"], version=if_match(), at=now())
    return answer(lead_out(lead), version=lead.version)


@routes.post(
    "/v1/leads/<lead_id>/return",
    permission="lead.return",
    accepts=schemas.Return,
    returns=schemas.LeadOut,
    if_match=True,
)
def return_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Give a lead back to a pool, saying why."""
    lead = leads.return_lead(
        store(),
        lead_id,
        body.get("pool_id"),
        reason=body["reason"],
        version=if_match(),
        at=now(),
    )
    return answer(lead_out(lead), version=lead.version)
