"""How a deal moves, on the wire."""

from __future__ import annotations

from services.pipeline.domain.standing import Status
from services.pipeline.schemas.deals import EvidenceOut
from services.pipeline.schemas.stage_definitions import CODE_LENGTH, CriterionOut
from shared.http.fields import (
    Boolean,
    DateField,
    Dict,
    Integer,
    List,
    Nested,
    OneOf,
    Out,
    Schema,
    String,
    Text,
    choices_of,
)


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


class MeetCriterion(Schema):
    """Who at the customer confirmed it, what was said, and when; today (UTC) unless said."""

    attested_by = Text(200, required=True, metadata={"example": "Li Wei, head of production"})
    note = Text(2000, allow_none=True)
    happened_on = DateField(allow_none=True)


class RevokeCriterion(Schema):
    """Why the evidence no longer holds."""

    reason = Text(500, required=True, metadata={"example": "The project was re-scoped"})


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
