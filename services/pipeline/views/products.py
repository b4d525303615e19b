"""Products: the catalogue of what is sold."""

from __future__ import annotations

from typing import Any

from services.pipeline import queries, schemas
from services.pipeline.commands import products
from services.pipeline.views.shown import product_out, product_row
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("products", "The catalogue of what is sold")


@routes.post(
    "/v1/products",
    permission="product.manage",
    accepts=schemas.ProductIn,
    returns=schemas.ProductOut,
    status=201,
)
def create_product(body: dict[str, Any]) -> Any:
    """Add a product to the catalogue."""
    product = products.create_product(store(), body)
    return answer(product_out(product), version=product.version, location=f"/v1/products/{product.id}")


@routes.get("/v1/products", permission="product.read", returns=schemas.ProductOut, listing=schemas.PRODUCTS)
def list_products(query: Any) -> Any:
    """List the catalogue."""
    return page_out(queries.products(store(), query), product_row)


@routes.post(
    "/v1/products/batch",
    seconds=BATCH_SECONDS,
    permission="product.manage",
    accepts=batch_of(schemas.ProductIn),
    returns=BatchOut,
    idempotency_required=True,
)
def import_products(body: dict[str, Any]) -> Any:
    """Take in up to 500 products; each is created, unchanged (by external id) or rejected on its own."""
    valid, refused = validate_items(schemas.ProductIn, body["items"])
    return batch_answer(products.import_products(store(), valid), refused)


@routes.get("/v1/products/<product_id>", permission="product.read", returns=schemas.ProductOut)
def read_product(product_id: str) -> Any:
    """Read a product."""
    document = queries.product(store(), product_id)
    return answer(product_row(document), version=document["version"])


@routes.patch(
    "/v1/products/<product_id>",
    permission="product.manage",
    accepts=schemas.ProductPatch,
    returns=schemas.ProductOut,
    if_match=True,
)
def update_product(body: dict[str, Any], product_id: str) -> Any:
    """Change a product's name, aliases, list price or series."""
    product = products.update_product(store(), product_id, body, version=if_match())
    return answer(product_out(product), version=product.version)
