"""What a tenant may write down as its way of selling, and how precisely a slip is pointed at."""

from __future__ import annotations

import pytest

from services.pipeline.domain.criteria import KINDS, Criterion, label_of
from services.pipeline.domain.errors import DefinitionInvalid, DefinitionNotDraft, DefinitionNotPublished
from services.pipeline.domain.soundness import faults_of, must_be_sound
from services.pipeline.domain.stage_definition import ForecastCategory, Stage, StageDefinition
from services.pipeline.domain.standard import standard_definition
from services.pipeline.texts import LANGUAGES, TEXTS
from tests.unit.pipeline.builders import AT

pytestmark = pytest.mark.unit


def test_the_standard_definition_is_sound():
    assert list(faults_of(standard_definition("ten_acme"))) == []


def test_it_needs_a_stage():
    assert _faults(stages=[]) == [("/stages", "required")]


def test_codes_and_orders_are_unique_and_criteria_too():
    twice = _asks("engaged_on", "field_present", field="engaged_on")

    assert _faults(stages=[_stage("a", 1), _stage("a", 1)], win_criteria=[twice, twice]) == [
        ("/stages/1/code", "duplicate"),
        ("/stages/1/order", "duplicate"),
        ("/win_criteria/1/code", "duplicate"),
    ]


@pytest.mark.parametrize("probability", [-1, 101])
def test_a_probability_is_a_percentage(probability):
    assert _faults(stages=[_stage("a", 1, probability=probability)]) == [("/stages/0/probability", "out-of-range")]


def test_the_first_stage_in_order_asks_for_nothing():
    asking = _stage("b", 1, criteria=[_asks("account", "field_present", field="account_id")])

    assert _faults(stages=[_stage("a", 2), asking]) == [("/stages/1/criteria", "first-stage-open")]


@pytest.mark.parametrize(
    ("criterion", "fault"),
    [
        (("x", "astrology", {}), ("/kind", "not-one-of")),
        (("x", "field_present", {}), ("/params/field", "required")),
        (("x", "field_present", {"field": "shoe_size"}), ("/params/field", "not-one-of")),
        (("x", "field_present", {"field": "amount", "colour": "red"}), ("/params/colour", "unknown-field")),
        (("x", "amount_at_least", {"amount_minor": "1"}), ("/params/amount_minor", "wrong-type")),
        (("x", "amount_at_least", {"amount_minor": True}), ("/params/amount_minor", "wrong-type")),
        (("x", "amount_at_least", {"amount_minor": 0}), ("/params/amount_minor", "too-small")),
        (("x", "contact_role_present", {"role": ""}), ("/params/role", "required")),
    ],
)
def test_a_criterion_is_held_to_its_kind(criterion, fault):
    code, kind, params = criterion
    stages = [_stage("a", 1), _stage("b", 2, criteria=[_asks(code, kind, **params)])]

    assert _faults(stages=stages) == [(f"/stages/1/criteria/0{fault[0]}", fault[1])]


def test_an_unsound_definition_is_refused():
    with pytest.raises(DefinitionInvalid):
        must_be_sound(_definition(stages=[]))


def test_what_is_published_is_published_once():
    definition = standard_definition("ten_acme")

    event = definition.publish(is_default=True, at=AT)

    assert (event.definition.state, event.definition.is_default, event.definition.number) == ("published", True, 1)
    assert [stage.code for stage in event.definition.stages] == ["prospecting", "engaging", "proposal", "negotiation"]
    with pytest.raises(DefinitionNotDraft):
        definition.publish(is_default=True, at=AT)


def test_a_retired_definition_takes_no_new_deals():
    definition = standard_definition("ten_acme")
    definition.publish(is_default=True, at=AT)

    definition.retire()

    assert definition.is_default is False
    with pytest.raises(DefinitionNotPublished):
        definition.must_take_deals()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_says_in_both_languages_what_it_is_and_what_to_do(kind):
    params = dict.fromkeys(kind.params, "x")

    for language in LANGUAGES:
        title, todo = TEXTS[kind.unmet_code][language]
        assert title.format(**params) and todo.format(criterion="x", **params)


def test_the_tenants_own_label_wins():
    criterion = Criterion(code="x", kind="field_present", params={"field": "amount"}, label={"en": "Budget known"})

    assert label_of(criterion) == {"en": "Budget known", "zh-CN": "已填写 amount"}


def _faults(**parts):
    return [(fault.pointer, fault.code) for fault in faults_of(_definition(**parts))]


def _definition(**parts):
    told = {"stages": [_stage("a", 1)], **parts}
    return StageDefinition(id="sdf_1", tenant_id="ten_acme", code="x", name={"en": "X"}, number=1, **told)


def _stage(code, order, *, probability=10, criteria=()):
    return Stage(
        code=code,
        name={"en": code},
        order=order,
        probability=probability,
        forecast_category=ForecastCategory.PIPELINE,
        criteria=list(criteria),
    )


def _asks(code, kind, **params):
    return Criterion(code=code, kind=kind, params=params)
