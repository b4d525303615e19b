"""Stage definitions on the wire."""

from __future__ import annotations

from typing import Any

from services.pipeline.domain.stage_definition import ForecastCategory, State
from services.pipeline.texts import LANGUAGES
from shared.http import Filter, Listing
from shared.http.fields import (
    Boolean,
    Dict,
    Integer,
    Length,
    List,
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


STAGE_DEFINITIONS = Listing(
    sort=["-created_at"],
    filters={"code": ["eq"], "state": ["eq", "in"], "is_default": Filter(["eq"], kind="bool")},
)
