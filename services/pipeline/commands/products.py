"""Keeping the catalogue of what is sold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.pipeline.domain.errors import NameTaken
from services.pipeline.domain.product import Product
from services.pipeline.store import PipelineStore
from shared.batch import Items, Refusal, Taken, external_id_unique, external_ids, known_in, settle
from shared.ids import new_id
from shared.mongo import DuplicateKeyError


def create_product(store: PipelineStore, fields: dict[str, Any]) -> Product:
    """Add a product to the catalogue."""
    product = Product(id=new_id("prod"), tenant_id=store.tenant_id, **fields)
    with _unique():
        store.products.add(product, product.created())
    return product


def update_product(store: PipelineStore, product_id: str, fields: dict[str, Any], *, version: int) -> Product:
    """Change the given fields of a product."""
    product = store.products.get(product_id, version=version)
    event = product.change(fields)
    if event is not None:
        with _unique():
            store.products.save(product, event)
    return product


def import_products(store: PipelineStore, items: Items) -> Taken:
    """Take in many products at once; those with a known external id are left as they are."""
    with _unique():
        return store.transact(lambda: _import(store, items))


def _import(store: PipelineStore, items: Items) -> Taken:
    settled = settle(items, known_in(store.products.collection, external_ids(items)), kind="prod")
    names = [item.fields["name"] for item in settled.fresh]
    found = store.products.collection.find({"name": {"$in": names}}, {"name": 1})
    used, unfit, products = {product["name"] for product in found}, dict[str, Refusal](), list[Product]()
    for item in settled.fresh:
        if item.fields["name"] in used:
            unfit[item.id] = NameTaken(name=item.fields["name"])
            continue
        used.add(item.fields["name"])
        products.append(Product(id=item.id, tenant_id=store.tenant_id, digest=item.digest, **item.fields))
    store.products.add_many([(product, [product.created()]) for product in products])
    return settled.taken(unfit=unfit)


@contextmanager
def _unique() -> Iterator[None]:
    try:
        with external_id_unique():
            yield
    except DuplicateKeyError as clash:
        raise NameTaken from clash
