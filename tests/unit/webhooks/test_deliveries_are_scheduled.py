"""When deliveries are tried, who listens, who is served next."""

from datetime import UTC, datetime, timedelta

import pytest

from services.webhooks.domain.attempts import Attempt, Fault, Verdict, fault_of
from services.webhooks.domain.catalogue import known_types
from services.webhooks.domain.endpoint import DisabledReason, Endpoint, EndpointState
from services.webhooks.domain.errors import EndpointDisabledError
from services.webhooks.domain.fairness import Due, fair_order
from services.webhooks.domain.patterns import check_patterns, matches
from services.webhooks.domain.schedule import DELAYS, is_hopeless, next_attempt, rest

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def pause(made: int, *, chance: float, under_pressure: bool = False) -> float:
    due = next_attempt(made, at=AT, under_pressure=under_pressure, chance=chance)
    assert due is not None
    return (due - AT).total_seconds()


def test_pauses_follow_the_schedule() -> None:
    middle = [pause(made, chance=0.5) for made in range(1, 10)]
    assert middle == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]


def test_pauses_spread_by_a_fifth() -> None:
    assert (pause(2, chance=0.0), pause(2, chance=1.0)) == (240, 360)


def test_pressure_means_a_minute_at_least() -> None:
    assert pause(1, chance=0.5, under_pressure=True) == 60
    assert pause(2, chance=0.5, under_pressure=True) == 300


def test_schedule_ends_after_ten_attempts() -> None:
    assert len(DELAYS) == 10
    assert next_attempt(10, at=AT, under_pressure=False, chance=0.5) is None


def test_failing_endpoint_rests_longer_and_longer_up_to_a_minute() -> None:
    assert [rest(failures).total_seconds() for failures in (1, 4, 5, 6, 8, 9, 10_000)] == [0, 0, 5, 10, 40, 60, 60]


def test_endpoint_is_hopeless_after_five_days_without_success() -> None:
    assert not is_hopeless(None, at=AT)
    assert not is_hopeless(AT - timedelta(hours=119, minutes=59), at=AT)
    assert is_hopeless(AT - timedelta(hours=120), at=AT)


@pytest.mark.parametrize(
    ("status", "fault", "verdict"),
    [
        (200, None, Verdict.DELIVERED),
        (204, None, Verdict.DELIVERED),
        (301, Fault.REDIRECT, Verdict.RETRY),
        (400, Fault.STATUS, Verdict.RETRY),
        (410, Fault.STATUS, Verdict.GONE),
        (429, Fault.STATUS, Verdict.RETRY),
        (503, Fault.STATUS, Verdict.RETRY),
    ],
)
def test_status_decides(status: int, fault: Fault | None, verdict: Verdict) -> None:
    attempt = Attempt(at=AT, duration_ms=3, status=status, fault=fault_of(status))
    assert (attempt.fault, attempt.verdict, attempt.under_pressure) == (fault, verdict, status == 429)


def test_no_answer_is_tried_again() -> None:
    attempt = Attempt(at=AT, duration_ms=15_000, fault=Fault.TIMEOUT)
    assert (attempt.verdict, attempt.under_pressure) == (Verdict.RETRY, True)


@pytest.mark.parametrize(
    ("patterns", "event_type", "expected"),
    [
        (["*"], "crm.deal.won", True),
        (["crm.deal.*"], "crm.deal.won", True),
        (["crm.deal.won"], "crm.deal.won", True),
        (["crm.deal.won"], "crm.deal.lost", False),
        (["crm.dea.*"], "crm.deal.won", False),
        (["crm.lead.*", "crm.deal.lost"], "crm.deal.lost", True),
        ([], "crm.deal.won", False),
    ],
)
def test_patterns_mean_types(patterns: list[str], event_type: str, expected: bool) -> None:
    assert matches(patterns, event_type) is expected


def test_patterns_that_mean_nothing_are_named() -> None:
    patterns = ["crm.deal.*", "crm.deal.exploded", "deal.won", "crm.*", "crm.planet.*", "**", "crm.deal.won"]
    faults = check_patterns(patterns, known_types())
    assert [fault.pointer for fault in faults] == ["/types/1", "/types/2", "/types/3", "/types/4", "/types/5"]
    assert {fault.code for fault in faults} == {"unknown-event-type"}


def test_tenants_take_turns_and_the_longest_wait_is_first() -> None:
    def due(name: str, tenant: str, seconds: int) -> Due:
        return Due(name, tenant, AT + timedelta(seconds=seconds))

    crowd = [due("a3", "acme", 3), due("a1", "acme", 1), due("a2", "acme", 2), due("g1", "globex", 9)]
    assert [one.endpoint_id for one in fair_order(crowd)] == ["a1", "g1", "a2", "a3"]


def an_endpoint() -> Endpoint:
    return Endpoint(id="whe_1", tenant_id="ten_1", version=1, url="https://example.com/", types=["crm.deal.*"])


def test_endpoint_listens_while_enabled() -> None:
    endpoint = an_endpoint()
    assert endpoint.listens_to("crm.deal.won")
    assert not endpoint.listens_to("crm.lead.created")
    event = endpoint.disable(DisabledReason.GONE)
    assert event is not None
    assert (event.type, event.reason, event.endpoint.state) == ("crm.webhook_endpoint.disabled", "gone", "disabled")
    assert not endpoint.listens_to("crm.deal.won")
    assert endpoint.disable(DisabledReason.FAILING) is None


def test_endpoint_that_is_enabled_again_forgets_why_it_was_not() -> None:
    endpoint = an_endpoint()
    endpoint.disable(DisabledReason.FAILING)
    event = endpoint.change({"state": EndpointState.ENABLED})
    assert event is not None
    assert event.type == "crm.webhook_endpoint.updated"
    assert event.changes == {"state": {"from": "disabled", "to": "enabled"}}
    assert endpoint.disabled_reason is None


def test_change_to_the_same_is_no_news() -> None:
    assert an_endpoint().change({"url": "https://example.com/", "types": ["crm.deal.*"]}) is None


def test_disabled_endpoint_takes_no_trial() -> None:
    endpoint = an_endpoint()
    endpoint.disable(DisabledReason.MANUAL)
    with pytest.raises(EndpointDisabledError):
        endpoint.tested()
