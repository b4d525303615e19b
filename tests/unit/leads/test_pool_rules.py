"""Who may claim, how many, and on which day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.domain.errors import DailyLimitReached, NotAPoolMember, PoolDisabled
from services.leads.domain.pool import ClaimRule, Pool, default_pool, default_pool_id

pytestmark = pytest.mark.unit


def a_pool(**fields):
    return Pool(id="pool_1", tenant_id="ten_acme", name="North", **fields)


@given(limit=st.integers(1, 50), claims=st.integers(1, 100))
def test_exactly_the_limit_is_allowed(limit, claims):
    pool = a_pool(claim_rule=ClaimRule(daily_limit=limit))
    if claims <= limit:
        pool.must_allow(claims)
    else:
        with pytest.raises(DailyLimitReached) as refusal:
            pool.must_allow(claims)
        assert refusal.value.params == {"pool_id": "pool_1", "limit": limit}


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "UTC"]),
)
def test_the_local_day_starts_at_local_midnight_summer_and_winter(at, zone):
    day = date.fromisoformat(a_pool(timezone=zone).local_day(at))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    tomorrow = day + timedelta(days=1)
    next_midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert midnight <= at < next_midnight


def test_a_pool_without_members_admits_everyone_one_with_members_only_them():
    a_pool().admit("usr_fang")
    a_pool(members=["usr_fang"]).admit("usr_fang")
    with pytest.raises(NotAPoolMember):
        a_pool(members=["usr_lei"]).admit("usr_fang")


def test_a_disabled_pool_admits_nobody():
    with pytest.raises(PoolDisabled):
        a_pool(enabled=False).admit("usr_fang")


def test_the_default_pool_is_the_same_one_however_often_it_is_made():
    first, again = default_pool("ten_acme", "Asia/Shanghai"), default_pool("ten_acme", "Asia/Shanghai")

    assert first == again
    assert first.id == default_pool_id("ten_acme") != default_pool_id("ten_globex")


def test_a_change_tells_what_it_changed_and_nothing_when_it_changed_nothing():
    pool = a_pool()

    assert pool.change({"name": "North", "enabled": True}) is None
    event = pool.change({"claim_rule": ClaimRule(daily_limit=5)})
    assert event is not None
    assert event.pool.daily_limit == 5
    assert list(event.changes) == ["claim_rule"]
