"""What can be asked: lists, one record, and how far a deal is from its next stage."""

from __future__ import annotations

from typing import Any

from services.pipeline.domain.criteria import KINDS, Criterion, is_met, label_of
from services.pipeline.domain.deal import Deal
from services.pipeline.domain.stage_definition import Stage
from services.pipeline.store import PipelineStore
from shared.tenancy import Document


def deals(store: PipelineStore, query: Any) -> Any:
    """A page of the deals within the caller's reach."""
    return store.deals.page({}, query)


def deal(store: PipelineStore, deal_id: str) -> Document:
    """A deal as it is stored."""
    return store.deals.raw(deal_id)


def products(store: PipelineStore, query: Any) -> Any:
    """A page of the catalogue."""
    return store.products.page({}, query)


def product(store: PipelineStore, product_id: str) -> Document:
    """A product as it is stored."""
    return store.products.raw(product_id)


def definitions(store: PipelineStore, query: Any) -> Any:
    """A page of the tenant's stage definitions, all editions."""
    return store.definitions.page({}, query)


def definition(store: PipelineStore, definition_id: str) -> Document:
    """A stage definition as it is stored."""
    return store.definitions.raw(definition_id)


def stage_of(store: PipelineStore, deal_id: str) -> tuple[int, dict[str, Any]]:
    """The deal's version, and where it stands: its stage, the next one, what winning takes, criterion by criterion."""
    found = store.deals.get(deal_id)
    definition = store.definition(found.definition_id)
    following = definition.after(found.stage)
    return found.version, {
        "deal_id": found.id,
        "status": found.status,
        "current": _stage(found, definition.stage(found.stage)),
        "next": _stage(found, following) if following else None,
        "win_criteria": [_criterion(found, criterion) for criterion in definition.win_criteria],
    }


def _stage(found: Deal, stage: Stage) -> dict[str, Any]:
    return {
        "code": stage.code,
        "name": stage.name,
        "order": stage.order,
        "probability": stage.probability,
        "forecast_category": stage.forecast_category,
        "criteria": [_criterion(found, criterion) for criterion in stage.criteria],
    }


def _criterion(found: Deal, criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "kind": criterion.kind,
        "params": criterion.params,
        "label": label_of(criterion),
        "attested": KINDS[criterion.kind].attested,
        "met": is_met(found, criterion),
        "evidence": found.evidence.get(criterion.code),
    }
