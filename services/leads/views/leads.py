"""Leads: take in, list, read, correct, judge, convert."""

from __future__ import annotations

from typing import Any

from services.leads import queries, schemas
from services.leads.commands import batch, conversion, leads
from services.leads.domain.lead import Owner
from services.leads.views.shown import lead_out, lead_row
from shared.clock import now
from shared.http import (
    BATCH_SECONDS,
    Routes,
    answer,
    batch_answer,
    if_match,
    page_out,
    principal,
    store,
)
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("leads", "Leads: unqualified interest, owned or pooled")


@routes.post(
    "/v1/leads",
    permission="lead.create",
    accepts=schemas.LeadIn,
    returns=schemas.LeadOut,
    status=201,
)
def create_lead(body: dict[str, Any]) -> Any:
    """Take a lead in, owned by its creator or straight into a pool."""
    lead = leads.create_lead(store(), body, owner=_caller(), at=now())
    return answer(lead_out(lead), version=lead.version, location=f"/v1/leads/{lead.id}")


@routes.get("/v1/leads", permission="lead.read", returns=schemas.LeadOut, listing=schemas.LEADS)
def list_leads(query: Any) -> Any:
    """List leads: one's own reach, and what is in pools."""
    return page_out(queries.leads(store(), query), lead_row)


@routes.post(
    "/v1/leads/batch",
    seconds=BATCH_SECONDS,
    permission="lead.import",
    accepts=batch_of(schemas.LeadIn),
    returns=BatchOut,
    idempotency_required=True,
)
def import_leads(body: dict[str, Any]) -> Any:
    """Take in up to 500 leads; each is created, unchanged (by external id) or rejected on its own."""
    valid, refused = validate_items(schemas.LeadIn, body["items"])
    taken = batch.create_leads(store(), valid, owner=_caller(), at=now())
    return batch_answer(taken, refused)


@routes.get("/v1/leads/<lead_id>", permission="lead.read", returns=schemas.LeadOut)
def read_lead(lead_id: str) -> Any:
    """Read a lead."""
    document = queries.lead(store(), lead_id)
    return answer(lead_row(document), version=document["version"])


@routes.patch(
    "/v1/leads/<lead_id>",
    permission="lead.update",
    accepts=schemas.LeadPatch,
    returns=schemas.LeadOut,
    if_match=True,
)
def change_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Correct or complete a lead's fields."""
    lead = leads.change_lead(store(), lead_id, body, version=if_match())
    return answer(lead_out(lead), version=lead.version)


@routes.post(
    "/v1/leads/<lead_id>/disqualify",
    permission="lead.qualify",
    accepts=schemas.Disqualification,
    returns=schemas.LeadOut,
    if_match=True,
)
def disqualify_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Judge a lead not worth following, for good; the reason is kept."""
    lead = leads.disqualify_lead(store(), lead_id, reason=body["reason"], version=if_match(), at=now())
    return answer(lead_out(lead), version=lead.version)


@routes.post(
    "/v1/leads/<lead_id>/convert",
    permission="lead.convert",
    accepts=schemas.Conversion,
    returns=schemas.LeadOut,
    if_match=True,
    idempotency_required=True,
)
def convert_lead(body: dict[str, Any], lead_id: str) -> Any:
    """Convert a lead; the answer names the account, contact and deal that are about to appear."""
    lead = conversion.convert_lead(store(), lead_id, body, version=if_match(), at=now())
    return answer(lead_out(lead), version=lead.version)


def _caller() -> Owner:
    return Owner(principal().id, principal().unit_id)
