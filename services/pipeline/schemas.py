"""What the API accepts and answers."""

from __future__ import annotations

from typing import Any

from services.pipeline.domain.stage_definition import ForecastCategory, State
from services.pipeline.domain.standing import Status
from services.pipeline.texts import LANGUAGES
from shared.http import Filter, Listing
from shared.http.fields import (
    Boolean,
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

EXTERNAL_ID_LENGTH = 128
CODE_LENGTH = 64


def _texts(**options: Any) -> Dict:
    """A text in one or more languages."""
    return Dict(
        keys=String(validate=OneOf(LANGUAGES)),
        values=Text(120),
        metadata={"example": {"en": "Proposal", "zh-CN": "方案"}},
        **options,
    )


class CriterionIn(Schema):
    """Evidence a stage asks for; `params` are those of its kind."""

    code = Text(CODE_LENGTH, required=True, metadata={"example": "need_confirmed"})
    kind = String(required=True, metadata={"example": "attestation"})
    params = Dict(keys=String(), load_default=dict)
    label = _texts(load_default=dict)


class StageIn(Schema):
    """A stage; its criteria must be complete for a deal to count as having reached it."""

    code = Text(CODE_LENGTH, required=True, metadata={"example": "proposal"})
    name = _texts(required=True)
    order = Integer(required=True, metadata={"example": 3})
    probability = Integer(required=True, metadata={"example": 60})
    forecast_category = String(required=True, validate=OneOf(choices_of(ForecastCategory)))
    criteria = List(Nested(CriterionIn), load_default=list, validate=Length(max=50))


class StageDefinitionIn(Schema):
    """A way of selling: its stages in order, and what a deal must have to be won."""

    code = Text(CODE_LENGTH, required=True, metadata={"example": "enterprise"})
    name = _texts(required=True)
    stages = List(Nested(StageIn), required=True, validate=Length(max=50))
    win_criteria = List(Nested(CriterionIn), load_default=list, validate=Length(max=50))


class PublishDefinition(Schema):
    """Whether new deals shall start on it."""

    make_default = Boolean(load_default=False)


class CriterionOut(Out):
    """Evidence a stage asks for."""

    code = String()
    kind = String()
    params = Dict()
    label = Dict()


class StageOut(Out):
    """A stage and what it asks for."""

    code = String()
    name = Dict()
    order = Integer()
    probability = Integer()
    forecast_category = String(validate=OneOf(choices_of(ForecastCategory)))
    criteria = List(Nested(CriterionOut))


class StageDefinitionOut(RecordOut):
    """One edition of a stage definition."""

    code = String()
    name = Dict()
    number = Integer()
    state = String(validate=OneOf(choices_of(State)))
    is_default = Boolean()
    published_at = Utc(allow_none=True)
    stages = List(Nested(StageOut))
    win_criteria = List(Nested(CriterionOut))


class ProductPatch(Schema):
    """Fields of a product that may change."""

    name = Text(200, metadata={"example": "GTX Pro"})
    aliases = List(Text(200), validate=Length(max=50), metadata={"example": ["GTXPro"]})
    list_price = MoneyField(negative=False, allow_none=True)
    series = Text(100, allow_none=True, metadata={"example": "GTX"})


class ProductIn(ProductPatch):
    """A product."""

    name = Text(200, required=True, metadata={"example": "GTX Pro"})
    external_id = Text(EXTERNAL_ID_LENGTH, allow_none=True)


class ProductOut(RecordOut):
    """A product of the catalogue."""

    name = String()
    aliases = List(String())
    list_price = MoneyField(allow_none=True)
    series = String(allow_none=True)
    external_id = String(allow_none=True)


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
    external_id = Text(EXTERNAL_ID_LENGTH, allow_none=True)


class DealImport(DealIn):
    """A deal with its history; what it claims to have reached has to be proven by its fields."""

    stage = Text(CODE_LENGTH)
    status = String(validate=OneOf(choices_of(Status)))
    closed_on = DateField(allow_none=True)
    lost_reason = Text(500, allow_none=True)
    created_on = DateField(allow_none=True)
    owner_id = IdField("usr", allow_none=True)
    owner_unit_id = IdField("unit", allow_none=True)


class AdvanceDeal(Schema):
    """Where to; the next stage is the only one possible, naming it guards against a surprise."""

    to_stage = Text(CODE_LENGTH, allow_none=True, metadata={"example": "proposal"})


class WinDeal(Schema):
    """When it was won; today (UTC) unless said."""

    closed_on = DateField(allow_none=True)


class LoseDeal(Schema):
    """Why it was lost, and when; today (UTC) unless said."""

    reason = Text(500, required=True, metadata={"example": "Budget was cut"})
    closed_on = DateField(allow_none=True)


class TransferDeal(Schema):
    """Who takes it over."""

    owner_id = IdField("usr", required=True)


class MeetCriterion(Schema):
    """Who at the customer confirmed it, what was said, and when; today (UTC) unless said."""

    attested_by = Text(200, required=True, metadata={"example": "Li Wei, head of production"})
    note = Text(2000, allow_none=True)
    happened_on = DateField(allow_none=True)


class RevokeCriterion(Schema):
    """Why the evidence no longer holds."""

    reason = Text(500, required=True, metadata={"example": "The project was re-scoped"})


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


class CriterionStateOut(CriterionOut):
    """A criterion, whether the deal meets it, and on what evidence."""

    attested = Boolean()
    met = Boolean()
    evidence = Nested(EvidenceOut, allow_none=True)


class StageStateOut(Out):
    """A stage with the state of its criteria."""

    code = String()
    name = Dict()
    order = Integer()
    probability = Integer()
    forecast_category = String()
    criteria = List(Nested(CriterionStateOut))


class DealStageOut(Out):
    """Where a deal stands: its stage, the next one (null at the end), and what winning takes."""

    deal_id = String()
    status = String(validate=OneOf(choices_of(Status)))
    current = Nested(StageStateOut)
    next = Nested(StageStateOut, allow_none=True)
    win_criteria = List(Nested(CriterionStateOut))


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
PRODUCTS = Listing(
    sort=["-created_at", "name"],
    filters={"name": ["eq", "in"], "external_id": ["eq", "in"]},
    never_null=["name"],
)
STAGE_DEFINITIONS = Listing(
    sort=["-created_at"],
    filters={"code": ["eq"], "state": ["eq", "in"], "is_default": Filter(["eq"], kind="bool")},
)
