"""Rate limits on a real valkey: a burst, then the rate; the same for all processes; and life without Redis."""

import threading
from dataclasses import replace

import pytest
import redis

from shared import ratelimit
from shared.errors import TooManyRequests
from shared.ids import new_id
from shared.ratelimit import AUTH_BY_ACCOUNT, Limiter, Policy

pytestmark = pytest.mark.integration


@pytest.fixture
def limits(settings):
    return replace(settings, rate_limits=True)


@pytest.fixture
def small(monkeypatch):
    """Ten at once, then one a minute, drawn one by one."""
    plan = {"read": Policy(1, 10), "write": Policy(1, 100)}
    monkeypatch.setitem(ratelimit.PLANS, "small", plan)
    return plan


def count(limiter, tenant, kind="read", most=1000):
    """How many requests pass before the first refusal."""
    for passed in range(most):
        try:
            limiter.request(tenant, kind, "small")
        except TooManyRequests:
            return passed
    return most


def test_a_burst_passes_and_the_next_is_told_when_to_come_back(limits, small):
    limiter, tenant = Limiter(limits), new_id("ten")
    headers = [dict(limiter.request(tenant, "read", "small")) for _ in range(10)]

    assert headers[0] == {"RateLimit-Policy": '"read";q=10;w=600', "RateLimit": '"read";r=9;t=600'}
    assert headers[-1]["RateLimit"] == '"read";r=0;t=600'
    for _ in range(2):  # asked, then remembered
        with pytest.raises(TooManyRequests) as caught:
            limiter.request(tenant, "read", "small")
        assert 58 <= caught.value.params["retry_after"] <= 60


def test_processes_share_a_limit_and_tenants_and_classes_do_not(limits, small):
    tenant = new_id("ten")
    passed = count(Limiter(limits), tenant)
    assert (passed, count(Limiter(limits), tenant)) == (10, 0)
    assert count(Limiter(limits), new_id("ten")) == 10
    assert count(Limiter(limits), tenant, "write") == 100


def test_several_processes_drawing_slices_never_pass_more_than_the_burst(limits, small):
    tenant, limiters = new_id("ten"), [Limiter(limits) for _ in range(4)]
    passed = [0] * 4

    def spend(number):
        passed[number] = count(limiters[number], tenant, "write")

    threads = [threading.Thread(target=spend, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 92 <= sum(passed) <= 100


def test_the_rate_comes_back_with_time(limits, small, monkeypatch):
    monkeypatch.setitem(ratelimit.PLANS, "small", {"read": Policy(60_000, 5)})
    limiter, tenant = Limiter(limits), new_id("ten")
    limiter.request(tenant, "read", "small")
    threading.Event().wait(0.05)
    assert count(limiter, tenant, most=5) == 5


def test_keys_carry_the_tenant_in_braces_and_leave_by_themselves(limits, small, servers):
    tenant = new_id("ten")
    Limiter(limits).request(tenant, "read", "small")
    with redis.Redis.from_url(servers.redis_url) as client:
        assert 0 < client.pttl(f"t:{{{tenant}}}:rate:read") <= 60_001


def test_guessing_at_an_account_is_limited_wherever_it_comes_from(limits):
    account = f"acme:{new_id('usr')}@example.com"
    for _ in range(AUTH_BY_ACCOUNT.burst):
        Limiter(limits).account(account)
    with pytest.raises(TooManyRequests):
        Limiter(limits).account(account.upper())


def test_without_redis_a_stricter_limit_of_the_process_applies(limits, small):
    lonely = Limiter(replace(limits, redis_url="redis://127.0.0.1:1/0"))
    assert count(lonely, new_id("ten"), "write") == 25
    account = new_id("usr")
    for _ in range(AUTH_BY_ACCOUNT.burst // 4):
        lonely.account(account)
    with pytest.raises(TooManyRequests):
        lonely.account(account)


def test_switched_off_it_neither_counts_nor_connects(limits, small):
    off = Limiter(replace(limits, rate_limits=False, redis_url="redis://127.0.0.1:1/0"))
    assert [off.request(new_id("ten"), "read", "small") for _ in range(50)] == [()] * 50
