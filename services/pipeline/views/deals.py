"""Deals: enter, take in many, list, read, correct, hand on."""

from __future__ import annotations

from typing import Any

from services.pipeline import queries, schemas
from services.pipeline.commands import deal_import, deals
from services.pipeline.views.shown import deal_out, deal_row
from shared.clock import now
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, principal, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("deals", "Deals: potential sales, held to the tenant's own stages")


@routes.post("/v1/deals", permission="deal.create", accepts=schemas.DealIn, returns=schemas.DealOut, status=201)
def create_deal(body: dict[str, Any]) -> Any:
    """Enter a deal, owned by its creator, in the first stage."""
    caller = principal()
    deal = deals.create_deal(store(), body, owner_id=caller.id, owner_unit_id=caller.unit_id, at=now())
    return answer(deal_out(deal), version=deal.version, location=f"/v1/deals/{deal.id}")


@routes.get("/v1/deals", permission="deal.read", returns=schemas.DealOut, listing=schemas.DEALS)
def list_deals(query: Any) -> Any:
    """List the deals within the caller's reach."""
    return page_out(queries.deals(store(), query), deal_row)


@routes.post(
    "/v1/deals/batch",
    seconds=BATCH_SECONDS,
    permission="deal.import",
    accepts=batch_of(schemas.DealImport),
    returns=BatchOut,
    idempotency_required=True,
)
def import_deals(body: dict[str, Any]) -> Any:
    """Take in up to 500 deals with their history; each has to prove the stage and the outcome it claims."""
    valid, refused = validate_items(schemas.DealImport, body["items"])
    caller = principal()
    within = caller.scope("deal.import")
    taken = deal_import.import_deals(
        store(), valid, owner_id=caller.id, owner_unit_id=caller.unit_id, within=within, at=now()
    )
    return batch_answer(taken, refused)


@routes.get("/v1/deals/<deal_id>", permission="deal.read", returns=schemas.DealOut)
def read_deal(deal_id: str) -> Any:
    """Read a deal."""
    document = queries.deal(store(), deal_id)
    return answer(deal_row(document), version=document["version"])


@routes.patch(
    "/v1/deals/<deal_id>",
    permission="deal.update",
    accepts=schemas.DealPatch,
    returns=schemas.DealOut,
    if_match=True,
)
def update_deal(body: dict[str, Any], deal_id: str) -> Any:
    """Correct or complete a deal's fields; clearing what its stage rests on makes it fall back."""
    deal = deals.update_deal(store(), deal_id, body, version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)


@routes.post(
    "/v1/deals/<deal_id>/transfer",
    permission="deal.transfer",
    accepts=schemas.TransferDeal,
    returns=schemas.DealOut,
    if_match=True,
)
def transfer_deal(body: dict[str, Any], deal_id: str) -> Any:
    """Hand a deal to a colleague, with its stage and history."""
    deal = deals.transfer_deal(store(), deal_id, body["owner_id"], version=if_match())
    return answer(deal_out(deal), version=deal.version)
