"""Records as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.pipeline.domain.deal import Deal
from services.pipeline.domain.product import Product
from services.pipeline.domain.stage_definition import StageDefinition
from services.pipeline.schemas import DealOut, ProductOut, StageDefinitionOut
from shared.http import record_out, row_out

_DEAL = tuple(DealOut().fields)
_PRODUCT = tuple(ProductOut().fields)
_DEFINITION = tuple(StageDefinitionOut().fields)


def deal_out(deal: Deal) -> dict[str, Any]:
    """A deal."""
    return record_out(deal, _DEAL)


def deal_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored deal."""
    return row_out(document, _DEAL)


def product_out(product: Product) -> dict[str, Any]:
    """A product."""
    return record_out(product, _PRODUCT)


def product_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored product."""
    return row_out(document, _PRODUCT)


def definition_out(definition: StageDefinition) -> dict[str, Any]:
    """A stage definition."""
    return record_out(definition, _DEFINITION)


def definition_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """A stored stage definition."""
    return row_out(document, _DEFINITION)
