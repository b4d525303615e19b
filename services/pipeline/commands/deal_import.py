"""Taking in many deals with their history: one gate, one transaction, as many round trips for two as for 500.

An imported deal may claim a stage, and to be won or lost. The domain asks it for every criterion of the way
there, exactly as it would have asked a deal that was worked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.pipeline.commands.deals import known_parts, product_faults
from services.pipeline.domain.deal import Deal
from services.pipeline.domain.errors import NoDefaultDefinition
from services.pipeline.domain.stage_definition import StageDefinition
from services.pipeline.domain.standing import Standing, Status
from services.pipeline.store import PipelineStore
from shared.auth import Scope
from shared.batch import Fresh, Items, Refusal, Taken, external_id_unique, external_ids, known_in, settle
from shared.errors import DomainError, FieldError, Invalid
from shared.events.envelope import Event

STANDING = frozenset({"stage", "status", "closed_on", "lost_reason"})


@dataclass(frozen=True)
class Surroundings:
    """What the items of a batch refer to, fetched once for all of them."""

    definitions: dict[str, StageDefinition]
    default: StageDefinition | None
    unknown_products: set[str]


def import_deals(
    store: PipelineStore, items: Items, *, owner_id: str, owner_unit_id: str | None, within: Scope, at: datetime
) -> Taken:
    """Take in `(index, fields)` items; those with a known external id are left as they are.

    An item may name another owner, as long as the deal stays `within` what the caller imports for.
    """
    default_owner = {"owner_id": owner_id, "owner_unit_id": owner_unit_id}
    with external_id_unique():
        return store.transact(lambda: _import(store, items, default_owner, within, at))


def _import(store: PipelineStore, items: Items, default_owner: dict[str, Any], within: Scope, at: datetime) -> Taken:
    settled = settle(items, known_in(store.any_deals.collection, external_ids(items)), kind="deal")
    around = _surroundings(store, settled.fresh)
    news, unfit = list[tuple[Deal, list[Event]]](), dict[str, Refusal]()
    for item in settled.fresh:
        try:
            _must_be_theirs(item.fields, within)
            deal, event = _start(store.tenant_id, item, around, default_owner, at)
        except DomainError as refusal:
            unfit[item.id] = refusal
        else:
            news.append((deal, [event]))
    store.any_deals.add_many(news)
    return settled.taken(unfit=unfit)


def _must_be_theirs(fields: dict[str, Any], within: Scope) -> None:
    """Refuse an owner who is not the importer's to name: a deal counts in the books of its owner's unit."""
    owner, unit = fields.get("owner_id"), fields.get("owner_unit_id")
    if owner is None:
        return
    if not within.covers(owner, unit):
        raise Invalid(errors=[FieldError("/owner_id", "unknown-reference", {"id": owner})])
    if unit is not None and not within.covers(None, unit):
        raise Invalid(errors=[FieldError("/owner_unit_id", "unknown-reference", {"id": unit})])


def _start(
    tenant_id: str, item: Fresh, around: Surroundings, default_owner: dict[str, Any], at: datetime
) -> tuple[Deal, Event]:
    definition = _definition(item.fields.get("definition_id"), around)
    named = item.fields.get("product_ids") or []
    if faults := product_faults(named, around.unknown_products):
        raise Invalid(errors=faults)
    plain = {name: value for name, value in item.fields.items() if name not in STANDING | {"definition_id"}}
    since = plain.get("engaged_on") or plain.get("created_on")
    claims = {name: item.fields[name] for name in STANDING & item.fields.keys()}
    claims["status"] = Status(claims.get("status", Status.OPEN))
    owner = {} if plain.get("owner_id") else default_owner
    fields = {**known_parts(plain), **owner, "digest": item.digest}
    return Deal.start(definition, Standing(since=since, **claims), at=at, id=item.id, tenant_id=tenant_id, **fields)


def _definition(definition_id: str | None, around: Surroundings) -> StageDefinition:
    definition = around.definitions.get(definition_id) if definition_id else around.default
    if definition is None and definition_id:
        fault = FieldError("/definition_id", "unknown-reference", {"id": definition_id})
        raise Invalid(errors=[fault])
    if definition is None:
        raise NoDefaultDefinition
    definition.must_take_deals()
    return definition


def _surroundings(store: PipelineStore, items: list[Fresh]) -> Surroundings:
    wanted = {item.fields.get("definition_id") for item in items} - {None}
    products = {product for item in items for product in item.fields.get("product_ids") or []}
    found = store.definitions.find({"_id": {"$in": list(wanted)}}) if wanted else []
    return Surroundings(
        definitions={definition.id: definition for definition in found},
        default=store.default_definition(),
        unknown_products=store.unknown_products(products),
    )
