"""Records and batches as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.pipeline.domain.deal import Deal
from services.pipeline.domain.product import Product
from services.pipeline.domain.stage_definition import StageDefinition
from services.pipeline.schemas import DealOut, ProductOut, StageDefinitionOut
from shared.batch import Taken
from shared.http import batch_answer
from shared.http.validation import rejected
from shared.record import Record

_DEAL = tuple(DealOut().fields)
_PRODUCT = tuple(ProductOut().fields)
_DEFINITION = tuple(StageDefinitionOut().fields)


def deal_out(deal: Deal) -> dict[str, Any]:
    """A deal."""
    return _shown(deal, _DEAL)


def deal_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored deal."""
    return _row(document, _DEAL)


def product_out(product: Product) -> dict[str, Any]:
    """A product."""
    return _shown(product, _PRODUCT)


def product_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored product."""
    return _row(document, _PRODUCT)


def definition_out(definition: StageDefinition) -> dict[str, Any]:
    """A stage definition."""
    return _shown(definition, _DEFINITION)


def definition_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored stage definition."""
    return _row(document, _DEFINITION)


def taken_out(taken: Taken, refused: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of a batch whose malformed items are `refused` already."""
    created = [{"index": index, "status": "created", "id": id} for index, id in taken.created]
    unchanged = [{"index": index, "status": "unchanged", "id": id} for index, id in taken.unchanged]
    return batch_answer([*refused, *created, *unchanged, *(rejected(*refusal) for refusal in taken.refused)])


def _shown(record: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _row(document: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: document.get("_id" if name == "id" else name) for name in names}
