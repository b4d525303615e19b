"""Won, lost, and then no more; owners, amounts, and what a deal with a past has to prove."""

from __future__ import annotations

import pytest

from services.pipeline.domain.errors import AlreadyOwner, DealClosed, ExitCriteriaUnmet
from services.pipeline.domain.standing import Standing, Status
from shared.errors import Invalid
from shared.money import Money
from tests.unit.pipeline.builders import AT, LATER, READY, a_confirmation, a_deal, the_standard, unmet_in

pytestmark = pytest.mark.unit
STANDARD = the_standard()


def test_a_won_deal_is_certain():
    deal = a_deal(**READY)

    event = deal.win(STANDARD, closed_on="2026-11-20", at=LATER)

    assert (deal.status, deal.probability, deal.forecast_category) == ("won", 100, "closed")
    assert (event.deal.status, event.deal.closed_on) == ("won", "2026-11-20")
    assert event.changes["status"] == {"from": "open", "to": "won"}
    assert deal.history[-1].left_at == LATER


def test_winning_asks_for_the_definitions_win_criteria():
    deal = a_deal()

    with pytest.raises(ExitCriteriaUnmet) as refusal:
        deal.win(STANDARD, closed_on="2026-11-20", at=AT)

    assert unmet_in(refusal) == ["win_account", "win_amount"]
    assert (deal.status, deal.closed_on) == ("open", None)


def test_a_lost_deal_says_why_and_leaves_the_forecast():
    deal = a_deal()

    event = deal.lose(reason="Budget was cut", closed_on="2026-11-20", at=AT)

    assert (deal.status, deal.probability, deal.forecast_category) == ("lost", 0, "omitted")
    assert event.deal.lost_reason == "Budget was cut"


@pytest.mark.parametrize(
    "attempt",
    [
        lambda deal: deal.advance(STANDARD, None, at=AT),
        lambda deal: deal.meet(STANDARD, "need_confirmed", a_confirmation()),
        lambda deal: deal.revoke(STANDARD, "need_confirmed", reason="?", at=AT),
        lambda deal: deal.change(STANDARD, {"name": "New name"}, at=AT),
        lambda deal: deal.win(STANDARD, closed_on="2026-11-20", at=AT),
        lambda deal: deal.lose(reason="?", closed_on="2026-11-20", at=AT),
        lambda deal: deal.transfer("usr_02", None),
    ],
)
def test_a_closed_deal_does_not_change(attempt):
    deal = a_deal(**READY)
    deal.win(STANDARD, closed_on="2026-11-20", at=AT)
    before = deal.snapshot()

    with pytest.raises(DealClosed):
        attempt(deal)

    assert deal.snapshot() == before


def test_the_amount_is_news_of_its_own():
    deal = a_deal(**READY)

    events = deal.change(STANDARD, {"name": "Bigger rollout", "amount": Money(9_000_000, "USD")}, at=AT)

    assert [(event.type, event.deal.version) for event in events] == [
        ("crm.deal.updated", 2),
        ("crm.deal.amount_changed", 3),
    ]
    assert list(events[0].changes) == ["name"]
    assert events[0].deal.amount == Money(5_000_000, "USD")
    assert events[1].changes["amount"] == {"from": Money(5_000_000, "USD"), "to": Money(9_000_000, "USD")}


def test_writing_down_what_is_there_already_is_no_news():
    assert a_deal(**READY).change(STANDARD, {"name": "Rollout"}, at=AT) == []


def test_a_deal_changes_hands_with_its_stage():
    deal = a_deal()

    event = deal.transfer("usr_02", "unit_02")

    assert event.changes["owner_id"] == {"from": "usr_01", "to": "usr_02"}
    assert (event.deal.owner_id, event.deal.owner_unit_id, event.deal.stage) == ("usr_02", "unit_02", "prospecting")
    with pytest.raises(AlreadyOwner):
        deal.transfer("usr_02", "unit_02")


def test_a_deal_with_a_past_proves_the_stage_it_claims():
    with pytest.raises(ExitCriteriaUnmet) as refusal:
        a_deal(standing=Standing(stage="proposal"), engaged_on="2026-11-01")

    assert unmet_in(refusal) == ["account", "amount", "need_confirmed"]


def test_a_deal_with_a_past_keeps_its_dates():
    standing = Standing(stage="engaging", status=Status.WON, closed_on="2017-03-01", since="2016-10-20")

    deal = a_deal(standing=standing, **{**READY, "engaged_on": "2016-10-20"})

    assert (deal.status, deal.stage, deal.closed_on) == ("won", "engaging", "2017-03-01")
    [visit] = deal.history
    assert (visit.entered_at.date().isoformat(), visit.left_at.date().isoformat()) == ("2016-10-20", "2017-03-01")


def test_a_past_win_needs_the_win_criteria_too():
    with pytest.raises(ExitCriteriaUnmet) as refusal:
        a_deal(standing=Standing(status=Status.WON, closed_on="2017-03-01"))

    assert unmet_in(refusal) == ["win_account", "win_amount"]


@pytest.mark.parametrize(
    ("standing", "faults"),
    [
        (Standing(status=Status.WON), [("/closed_on", "required")]),
        (Standing(status=Status.LOST, closed_on="2017-03-01"), [("/lost_reason", "required")]),
        (Standing(closed_on="2017-03-01"), [("/closed_on", "not-allowed")]),
        (Standing(lost_reason="Budget"), [("/lost_reason", "not-allowed")]),
    ],
)
def test_a_past_that_contradicts_itself_is_refused(standing, faults):
    with pytest.raises(Invalid) as refusal:
        a_deal(standing=standing, **READY)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == faults
