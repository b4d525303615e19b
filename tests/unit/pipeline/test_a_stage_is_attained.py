"""A stage is attained, not typed: what advances a deal, what holds it, what throws it back."""

from __future__ import annotations

import pytest

from services.pipeline.domain.errors import (
    AtLastStage,
    CriterionAlreadyMet,
    CriterionNotAttested,
    CriterionNotFound,
    CriterionNotMet,
    ExitCriteriaUnmet,
    StageSkipped,
    StageUnknown,
)
from tests.unit.pipeline.builders import AT, LATER, READY, a_confirmation, a_deal, the_standard, unmet_in

pytestmark = pytest.mark.unit
STANDARD = the_standard()


def test_every_deal_starts_in_the_first_stage():
    deal = a_deal()

    assert (deal.stage, deal.probability, deal.forecast_category) == ("prospecting", 10, "pipeline")
    assert [(visit.stage, visit.left_at) for visit in deal.history] == [("prospecting", None)]


def test_advances_once_the_next_stage_has_what_it_asks_for():
    deal = a_deal(engaged_on="2026-11-01")

    event = deal.advance(STANDARD, None, at=LATER)

    assert (deal.stage, deal.probability) == ("engaging", 30)
    assert (event.stage.from_, event.stage.to) == ("prospecting", "engaging")
    assert [(criterion.code, criterion.met) for criterion in event.stage.criteria] == [("engaged_on", True)]
    assert event.changes["probability"] == {"from": 10, "to": 30}
    assert event.deal.version == 2
    assert [(visit.stage, visit.left_at) for visit in deal.history] == [("prospecting", LATER), ("engaging", None)]


def test_is_refused_with_everything_that_is_missing():
    deal = a_deal(engaged_on="2026-11-01")
    deal.advance(STANDARD, None, at=AT)

    with pytest.raises(ExitCriteriaUnmet) as refusal:
        deal.advance(STANDARD, "proposal", at=AT)

    assert unmet_in(refusal) == ["account", "amount", "need_confirmed"]
    assert [error.code for error in refusal.value.errors] == [
        "unmet-field-present",
        "unmet-amount-at-least",
        "unmet-attestation",
    ]
    assert refusal.value.errors[2].params["label"]["en"] == "The customer confirmed the need"
    assert deal.stage == "engaging"


def test_no_stage_is_skipped_however_ready_the_deal_is():
    deal = a_deal(**READY)

    with pytest.raises(StageSkipped):
        deal.advance(STANDARD, "negotiation", at=AT)

    assert deal.stage == "prospecting"


def test_a_stage_the_definition_does_not_have_is_refused():
    with pytest.raises(StageUnknown):
        a_deal(**READY).advance(STANDARD, "daydreaming", at=AT)


def test_after_the_last_stage_a_deal_is_won_or_lost():
    deal = _negotiating()

    with pytest.raises(AtLastStage):
        deal.advance(STANDARD, None, at=AT)


def test_a_named_person_at_the_customer_meets_an_attestation():
    deal = a_deal(**READY)

    event = deal.meet(STANDARD, "need_confirmed", a_confirmation())

    assert event.criterion == "need_confirmed"
    assert deal.evidence["need_confirmed"].attested_by == "Li Wei"
    assert deal.stage == "prospecting"


def test_nobody_can_sign_for_what_the_data_must_show():
    deal = a_deal()

    with pytest.raises(CriterionNotAttested) as refusal:
        deal.meet(STANDARD, "account", a_confirmation())

    assert unmet_in(refusal) == ["account"]
    assert deal.evidence == {}


def test_evidence_is_not_overwritten():
    deal = a_deal()
    deal.meet(STANDARD, "need_confirmed", a_confirmation())

    with pytest.raises(CriterionAlreadyMet):
        deal.meet(STANDARD, "need_confirmed", a_confirmation(by="Somebody else"))

    assert deal.evidence["need_confirmed"].attested_by == "Li Wei"


def test_an_unknown_criterion_does_not_exist():
    with pytest.raises(CriterionNotFound):
        a_deal().meet(STANDARD, "luck", a_confirmation())


def test_revoked_evidence_throws_the_deal_back_past_every_stage_that_rested_on_it():
    deal = _negotiating()

    event = deal.revoke(STANDARD, "need_confirmed", reason="The project was re-scoped", at=LATER)

    assert (deal.stage, deal.probability) == ("engaging", 30)
    assert (event.stage.from_, event.stage.to) == ("negotiation", "engaging")
    assert [criterion.code for criterion in event.stage.criteria if not criterion.met] == ["need_confirmed"]
    assert deal.history[-1].stage == "engaging"


def test_revoking_early_evidence_moves_nothing():
    deal = a_deal()
    deal.meet(STANDARD, "need_confirmed", a_confirmation())

    event = deal.revoke(STANDARD, "need_confirmed", reason="A misunderstanding", at=AT)

    assert (event.stage, deal.stage, deal.evidence) == (None, "prospecting", {})


def test_there_is_nothing_to_revoke_where_nothing_was_recorded():
    with pytest.raises(CriterionNotMet):
        a_deal().revoke(STANDARD, "need_confirmed", reason="?", at=AT)


def test_clearing_a_field_the_stage_rests_on_throws_the_deal_back():
    deal = _negotiating()

    [event] = deal.change(STANDARD, {"contacts": []}, at=LATER)

    assert deal.stage == "proposal"
    assert (event.type, event.stage.from_, event.stage.to) == ("crm.deal.updated", "negotiation", "proposal")


def _negotiating():
    deal = a_deal(**READY)
    deal.advance(STANDARD, None, at=AT)
    deal.meet(STANDARD, "need_confirmed", a_confirmation())
    deal.advance(STANDARD, None, at=AT)
    deal.advance(STANDARD, None, at=AT)
    assert deal.stage == "negotiation"
    return deal
