"""Working a deal: entering it, proving stages, closing it, handing it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.pipeline.domain.deal import Deal
from services.pipeline.domain.errors import NoDefaultDefinition
from services.pipeline.domain.stage_definition import StageDefinition
from services.pipeline.domain.standing import DealContact, Evidence
from services.pipeline.store import PipelineStore
from shared.batch import external_id_unique
from shared.errors import FieldError, Invalid
from shared.ids import new_id


def create_deal(
    store: PipelineStore,
    fields: dict[str, Any],
    *,
    owner_id: str,
    owner_unit_id: str | None,
    at: datetime,
) -> Deal:
    """Enter a deal in the first stage of the definition asked for, or of the default one."""
    fields = {"owner_id": owner_id, "owner_unit_id": owner_unit_id, **known_parts(fields)}
    definition = _definition_for(store, fields.pop("definition_id", None))
    _must_know_products(store, fields)
    deal, event = Deal.start(definition, at=at, id=new_id("deal", at), tenant_id=store.tenant_id, **fields)
    with external_id_unique():
        store.deals.add(deal, event)
    return deal


def create_from_lead(store: PipelineStore, deal_id: str, lead_id: str, fields: dict[str, Any], *, at: datetime) -> None:
    """Enter the deal a conversion promised, under the promised id; a second time nothing happens."""
    if store.any_deals.find_one({"_id": deal_id}) is not None:
        return
    definition = store.default_definition()
    if definition is None:
        raise NoDefaultDefinition
    deal, event = Deal.start(
        definition,
        at=at,
        id=deal_id,
        tenant_id=store.tenant_id,
        created_from_lead=lead_id,
        **known_parts(fields),
    )
    store.any_deals.add(deal, event)


def update_deal(store: PipelineStore, deal_id: str, fields: dict[str, Any], *, version: int, at: datetime) -> Deal:
    """Change the given fields; nothing is stored when they are as they were."""
    fields = known_parts(fields)
    deal = store.deals.get(deal_id, version=version)
    _must_know_products(store, fields)
    events = deal.change(store.definition(deal.definition_id), fields, at=at)
    if events:
        store.deals.save(deal, *events)
    return deal


def advance_deal(store: PipelineStore, deal_id: str, to_stage: str | None, *, version: int, at: datetime) -> Deal:
    """Move a deal on to its next stage, once that stage's criteria are met."""
    deal = store.deals.get(deal_id, version=version)
    event = deal.advance(store.definition(deal.definition_id), to_stage, at=at)
    store.deals.save(deal, event)
    return deal


def meet_criterion(
    store: PipelineStore, deal_id: str, code: str, fields: dict[str, Any], *, version: int, at: datetime
) -> Deal:
    """Record who at the customer confirmed a criterion, and when."""
    deal = store.deals.get(deal_id, version=version)
    evidence = Evidence(
        attested_by=fields["attested_by"],
        happened_on=fields.get("happened_on") or at.date().isoformat(),
        note=fields.get("note"),
        recorded_at=at,
        recorded_by=store.by,
    )
    store.deals.save(deal, deal.meet(store.definition(deal.definition_id), code, evidence))
    return deal


def revoke_criterion(store: PipelineStore, deal_id: str, code: str, reason: str, *, version: int, at: datetime) -> Deal:
    """Withdraw evidence, and with it every stage that rests on it."""
    deal = store.deals.get(deal_id, version=version)
    event = deal.revoke(store.definition(deal.definition_id), code, reason=reason, at=at)
    store.deals.save(deal, event)
    return deal


def win_deal(store: PipelineStore, deal_id: str, closed_on: str | None, *, version: int, at: datetime) -> Deal:
    """Close a deal as won."""
    deal = store.deals.get(deal_id, version=version)
    day = closed_on or at.date().isoformat()
    store.deals.save(deal, deal.win(store.definition(deal.definition_id), closed_on=day, at=at))
    return deal


def lose_deal(
    store: PipelineStore, deal_id: str, reason: str, closed_on: str | None, *, version: int, at: datetime
) -> Deal:
    """Close a deal as lost."""
    deal = store.deals.get(deal_id, version=version)
    store.deals.save(deal, deal.lose(reason=reason, closed_on=closed_on or at.date().isoformat(), at=at))
    return deal


def transfer_deal(store: PipelineStore, deal_id: str, owner_id: str, *, version: int) -> Deal:
    """Hand a deal to a colleague."""
    deal = store.deals.get(deal_id, version=version)
    known, unit_id = store.unit_of(owner_id)
    if not known:
        raise Invalid(errors=[FieldError("/owner_id", "unknown-reference", {"id": owner_id})])
    store.deals.save(deal, deal.transfer(owner_id, unit_id))
    return deal


def known_parts(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` with their contacts as the domain knows them."""
    if "contacts" not in fields:
        return dict(fields)
    return {**fields, "contacts": [DealContact(**contact) for contact in fields["contacts"]]}


def _definition_for(store: PipelineStore, definition_id: str | None) -> StageDefinition:
    if definition_id is None:
        default = store.default_definition()
        if default is None:
            raise NoDefaultDefinition
        return default
    definition = store.definitions.find_one({"_id": definition_id})
    if definition is None:
        fault = FieldError("/definition_id", "unknown-reference", {"id": definition_id})
        raise Invalid(errors=[fault])
    definition.must_take_deals()
    return definition


def _must_know_products(store: PipelineStore, fields: dict[str, Any]) -> None:
    named = fields.get("product_ids") or []
    unknown = store.unknown_products(set(named))
    if unknown:
        raise Invalid(errors=product_faults(named, unknown))


def product_faults(named: list[str], unknown: set[str]) -> list[FieldError]:
    """One fault per place that names a product the tenant does not have."""
    return [
        FieldError(f"/product_ids/{place}", "unknown-reference", {"id": product_id})
        for place, product_id in enumerate(named)
        if product_id in unknown
    ]
