"""Where deals, products and stage definitions live, and which indexes their queries need."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from services.pipeline.domain.deal import Deal
from services.pipeline.domain.product import Product
from services.pipeline.domain.stage_definition import StageDefinition, State
from shared.mongo import ONE_EXTERNAL_ID, Collection, Index, listed_by
from shared.store import Store

DEFINITIONS_KEPT = 2_000


COLLECTIONS = [
    Collection(
        "deals",
        [
            listed_by(),
            listed_by("status"),
            listed_by("stage"),
            listed_by("owner_id"),
            listed_by("owner_unit_id"),
            listed_by("account_id"),
            listed_by(order=("amount.amount_minor", 1)),
            listed_by("status", order=("amount.amount_minor", 1)),
            listed_by(order=("expected_close_on", 1)),
            listed_by("status", order=("expected_close_on", 1)),
            ONE_EXTERNAL_ID,
        ],
        record=Deal,
    ),
    Collection(
        "products",
        [
            listed_by(),
            Index(keys=[("tenant_id", 1), ("name", 1)], unique=True),
            ONE_EXTERNAL_ID,
        ],
        record=Product,
    ),
    Collection(
        "stage_definitions",
        [
            listed_by(),
            Index(keys=[("tenant_id", 1), ("code", 1), ("number", 1)], unique=True),
            Index(keys=[("tenant_id", 1), ("is_default", 1)], unique=True, partial={"is_default": True}),
        ],
        record=StageDefinition,
    ),
    Collection("people", [Index(keys=[("tenant_id", 1), ("state", 1)])]),
]


class PipelineStore(Store):
    """One tenant's deals, products and stage definitions."""

    service = "pipeline"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.deals = self.repository(Deal, "deals", owned=True)
        # Uniqueness and idempotency look at all deals, whoever may see them.
        self.any_deals = self.repository(Deal, "deals")
        self.products = self.repository(Product, "products")
        self.definitions = self.repository(StageDefinition, "stage_definitions")

    def definition(self, definition_id: str) -> StageDefinition:
        """The stages and criteria of a definition, for reading only.

        What a definition asks for never changes once it is published, so it is read once per process. Whether it
        is still in force can change: whoever starts a deal reads that from `definitions`.
        """
        known = _frozen.get(self.tenant_id, definition_id)
        if known is None:
            known = self.definitions.get(definition_id)
            if known.state is not State.DRAFT:
                _frozen.put(self.tenant_id, definition_id, known)
        return known

    def default_definition(self) -> StageDefinition | None:
        """The definition new deals start on, if the tenant has one yet."""
        return self.definitions.find_one({"is_default": True})

    def unknown_products(self, product_ids: set[str]) -> set[str]:
        """Those of `product_ids` the tenant does not have."""
        if not product_ids:
            return set()
        found = self.products.collection.find({"_id": {"$in": list(product_ids)}}, {"_id": 1})
        return product_ids - {product["_id"] for product in found}

    def unit_of(self, user_id: str) -> tuple[bool, str | None]:
        """Whether this is a user who can own deals, as far as the tenants service has told, and their unit."""
        person = self.db.collection("people").find_one({"_id": user_id, "state": {"$ne": "disabled"}})
        return (True, person["unit_id"]) if person else (False, None)

    def remember_person(self, user_id: str, *, version: int, unit_id: str | None, state: str) -> None:
        """Keep what the tenants service tells of a user, unless something newer is known."""
        people = self.db.collection("people")
        known = people.find_one({"_id": user_id}, {"version": 1})
        if known is None or known["version"] < version:
            document = {"_id": user_id, "version": version, "unit_id": unit_id, "state": state}
            people.replace_one({"_id": user_id}, document, upsert=True)


class _Frozen:
    """Published definitions by tenant and id; the least recently used one goes when there are too many."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], StageDefinition] = OrderedDict()

    def get(self, tenant_id: str, definition_id: str) -> StageDefinition | None:
        key = (tenant_id, definition_id)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, tenant_id: str, definition_id: str, definition: StageDefinition) -> None:
        with self._lock:
            self._kept[(tenant_id, definition_id)] = definition
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


_frozen = _Frozen(DEFINITIONS_KEPT)
