"""Deals on the wire."""

from __future__ import annotations

from services.pipeline.domain.stage_definition import ForecastCategory
from services.pipeline.domain.standing import Status
from services.pipeline.schemas.stage_definitions import CODE_LENGTH
from shared.http import Listing
from shared.http.fields import (
    DateField,
    Dict,
    IdField,
    Integer,
    Length,
    List,
    MoneyField,
    Nested,
    OneOf,
    Out,
    RecordOut,
    Schema,
    String,
    Text,
    Utc,
    choices_of,
)


class DealContactIn(Schema):
    """A contact and their part in the deal."""

    contact_id = IdField("con", required=True)
    role = Text(60, allow_none=True, metadata={"example": "decision_maker"})


class DealPatch(Schema):
    """Fields of a deal that may change; stage, status and owner have actions of their own."""

    name = Text(200, metadata={"example": "Rollout in three plants"})
    amount = MoneyField(negative=False, allow_none=True)
    account_id = IdField("acc", allow_none=True)
    contacts = List(Nested(DealContactIn), validate=Length(max=100))
    product_ids = List(IdField("prod"), validate=Length(max=100))
    expected_close_on = DateField(allow_none=True)
    engaged_on = DateField(allow_none=True)


class DealIn(DealPatch):
    """A new deal; it starts in the first stage of its definition, the default one unless named."""

    name = Text(200, required=True, metadata={"example": "Rollout in three plants"})
    definition_id = IdField("sdf", allow_none=True)
    external_id = Text(128, allow_none=True)


class DealImport(DealIn):
    """A deal with its history; what it claims to have reached has to be proven by its fields."""

    stage = Text(CODE_LENGTH)
    status = String(validate=OneOf(choices_of(Status)))
    closed_on = DateField(allow_none=True)
    lost_reason = Text(500, allow_none=True)
    created_on = DateField(allow_none=True)
    owner_id = IdField("usr", allow_none=True)
    owner_unit_id = IdField("unit", allow_none=True)


class TransferDeal(Schema):
    """Who takes it over."""

    owner_id = IdField("usr", required=True)


class DealContactOut(Out):
    """A contact and their part in the deal."""

    contact_id = String()
    role = String(allow_none=True)


class EvidenceOut(Out):
    """Who confirmed a criterion, and who wrote it down."""

    attested_by = String()
    happened_on = DateField()
    note = String(allow_none=True)
    recorded_at = Utc()
    recorded_by = String()


class StageVisitOut(Out):
    """One stay in a stage."""

    stage = String()
    entered_at = Utc()
    left_at = Utc(allow_none=True)


class DealOut(RecordOut):
    """A deal."""

    name = String()
    status = String(validate=OneOf(choices_of(Status)))
    definition_id = String()
    definition_version = Integer()
    stage = String()
    probability = Integer()
    forecast_category = String(validate=OneOf(choices_of(ForecastCategory)))
    amount = MoneyField(allow_none=True)
    account_id = String(allow_none=True)
    contacts = List(Nested(DealContactOut))
    product_ids = List(String())
    expected_close_on = DateField(allow_none=True)
    engaged_on = DateField(allow_none=True)
    created_on = DateField(allow_none=True)
    closed_on = DateField(allow_none=True)
    lost_reason = String(allow_none=True)
    evidence = Dict(keys=String(), values=Nested(EvidenceOut))
    history = List(Nested(StageVisitOut))
    external_id = String(allow_none=True)
    created_from_lead = String(allow_none=True)


DEALS = Listing(
    sort=["-created_at", "amount", "expected_close_on"],
    filters={
        "status": ["eq", "in"],
        "stage": ["eq", "in"],
        "owner_id": ["eq", "in"],
        "owner_unit_id": ["eq", "in"],
        "account_id": ["eq"],
        "amount": ["gte", "lte"],
        "expected_close_on": ["gte", "lte"],
        "external_id": ["eq", "in"],
    },
)
