"""How a deal moves: evidence, the next stage, won or lost."""

from __future__ import annotations

from typing import Any

from services.pipeline import queries, schemas
from services.pipeline.commands import deals
from services.pipeline.views.shown import deal_out
from shared.clock import now
from shared.http import Routes, answer, if_match, store

routes = Routes("deal-progress", "How a deal moves: evidence, stages, won or lost")


@routes.get("/v1/deals/<deal_id>/stage", permission="deal.read", returns=schemas.DealStageOut)
def read_stage(deal_id: str) -> Any:
    """Read where a deal stands and what its next stage still asks for."""
    version, state = queries.stage_of(store(), deal_id)
    return answer(state, version=version)


@routes.post(
    "/v1/deals/<deal_id>/advance",
    permission="deal.advance",
    accepts=schemas.AdvanceDeal,
    returns=schemas.DealOut,
    if_match=True,
)
def advance(body: dict[str, Any], deal_id: str) -> Any:
    """Advance a deal to the next stage, once that stage's criteria are met."""
    deal = deals.advance_deal(store(), deal_id, body.get("to_stage"), version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)


@routes.post(
    "/v1/deals/<deal_id>/criteria/<code>/meet",
    permission="deal.advance",
    accepts=schemas.MeetCriterion,
    returns=schemas.DealOut,
    if_match=True,
)
def meet_criterion(body: dict[str, Any], deal_id: str, code: str) -> Any:
    """Record who at the customer confirmed a criterion."""
    deal = deals.meet_criterion(store(), deal_id, code, body, version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)


@routes.post(
    "/v1/deals/<deal_id>/criteria/<code>/revoke",
    permission="deal.advance",
    accepts=schemas.RevokeCriterion,
    returns=schemas.DealOut,
    if_match=True,
)
def revoke_criterion(body: dict[str, Any], deal_id: str, code: str) -> Any:
    """Withdraw evidence; a stage that rested on it is lost again."""
    deal = deals.revoke_criterion(store(), deal_id, code, body["reason"], version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)


@routes.post(
    "/v1/deals/<deal_id>/win",
    permission="deal.close",
    accepts=schemas.WinDeal,
    returns=schemas.DealOut,
    if_match=True,
)
def win(body: dict[str, Any], deal_id: str) -> Any:
    """Close a deal as won, once everything its definition asks of a won deal is there."""
    deal = deals.win_deal(store(), deal_id, body.get("closed_on"), version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)


@routes.post(
    "/v1/deals/<deal_id>/lose",
    permission="deal.close",
    accepts=schemas.LoseDeal,
    returns=schemas.DealOut,
    if_match=True,
)
def lose(body: dict[str, Any], deal_id: str) -> Any:
    """Close a deal as lost, and say why."""
    deal = deals.lose_deal(store(), deal_id, body["reason"], body.get("closed_on"), version=if_match(), at=now())
    return answer(deal_out(deal), version=deal.version)
