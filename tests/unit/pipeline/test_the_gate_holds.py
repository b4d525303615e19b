"""Whatever is done to a deal, in whatever order, it stands in no stage whose criteria are incomplete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.pipeline.domain.criteria import unmet
from services.pipeline.domain.deal import Deal
from services.pipeline.domain.standing import Standing, Status
from shared.errors import DomainError
from shared.money import Money
from tests.unit.pipeline.builders import AT, READY, a_confirmation, a_deal, the_standard

pytestmark = pytest.mark.unit
STANDARD = the_standard()
CODES = [stage.code for stage in STANDARD.stages]

changes = st.one_of(
    st.just({"account_id": None}),
    st.just({"account_id": "acc_01"}),
    st.just({"engaged_on": None}),
    st.just({"engaged_on": "2026-11-01"}),
    st.sampled_from([{"amount": None}, {"amount": Money(0, "USD")}, {"amount": Money(100, "USD")}]),
    st.sampled_from([{"contacts": []}, {"contacts": READY["contacts"]}]),
    st.sampled_from([{"expected_close_on": None}, {"expected_close_on": "2026-12-31"}]),
)
steps = st.one_of(
    changes.map(lambda fields: lambda deal: deal.change(STANDARD, fields, at=AT)),
    st.sampled_from([None, *CODES]).map(lambda to: lambda deal: deal.advance(STANDARD, to, at=AT)),
    st.just(lambda deal: deal.meet(STANDARD, "need_confirmed", a_confirmation())),
    st.just(lambda deal: deal.revoke(STANDARD, "need_confirmed", reason="?", at=AT)),
    st.just(lambda deal: deal.win(STANDARD, closed_on="2026-11-20", at=AT)),
)


@given(st.lists(steps, max_size=30))
def test_no_sequence_of_steps_enters_or_keeps_a_stage_unproven(sequence):
    deal = a_deal()
    for step in sequence:
        before = deal.snapshot()
        try:
            step(deal)
        except DomainError:
            assert deal.snapshot() == before
        _must_hold(deal)


@given(st.sampled_from(CODES), st.sampled_from(list(Status)), st.sets(st.sampled_from(list(READY))))
def test_no_claimed_past_gets_round_the_gate(stage, status, known):
    closed_on = None if status is Status.OPEN else "2026-11-20"
    reason = "Budget" if status is Status.LOST else None
    standing = Standing(stage=stage, status=status, closed_on=closed_on, lost_reason=reason)
    try:
        deal = a_deal(standing=standing, **{name: READY[name] for name in known})
    except DomainError:
        return
    _must_hold(deal)


def _must_hold(deal: Deal) -> None:
    assert unmet(deal, STANDARD.criteria_through(deal.stage)) == []
    assert deal.status is not Status.WON or unmet(deal, STANDARD.win_criteria) == []
    assert [visit.left_at for visit in deal.history].count(None) == (1 if deal.status is Status.OPEN else 0)
