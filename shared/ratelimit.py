"""Request limits per tenant and class: GCRA in Redis, one round trip for a slice of requests.

A process draws several requests' worth at once and spends them locally for up to a second, so that the limit costs
a request next to nothing; what it does not spend is lost to the tenant, never gained. When Redis is down a stricter
limit of the process's own applies: a limiter must not be the reason for an outage, nor an open door for guessing
passwords.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

import redis

from shared.config import Settings
from shared.errors import TooManyRequests
from shared.telemetry import log

_LOCAL_SHARE = 4
_SLICES_PER_BURST = 50
_SLICE_SECONDS = 1.0
_REDIS_PAUSE_SECONDS = 2.0
_REMEMBERED = 10_000
_GCRA = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval, burst, quantity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
for _, wanted in ipairs({quantity, 1}) do
  local after = due + wanted * interval
  local spare = now + burst * interval - after
  if spare >= 0 then
    redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now) + 1)
    return {wanted, math.floor(spare / interval), 0}
  end
end
return {0, 0, math.ceil(due + interval - now - burst * interval)}
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """So many requests per minute on average, and so many at once."""

    per_minute: int
    burst: int

    @property
    def interval_ms(self) -> float:
        """The time one request costs."""
        return 60_000 / self.per_minute

    @property
    def window(self) -> int:
        """Seconds in which a full burst grows back."""
        return max(1, round(self.burst * 60 / self.per_minute))

    @property
    def slice(self) -> int:
        """How many requests a process draws at once."""
        return max(1, self.burst // _SLICES_PER_BURST)


PLANS: dict[str, dict[str, Policy]] = {
    "standard": {
        "read": Policy(12_000, 2_000),
        "write": Policy(6_000, 1_000),
        "search": Policy(1_200, 200),
        "export": Policy(60, 10),
    }
}
AUTH_BY_ADDRESS = Policy(120, 60)
AUTH_BY_ACCOUNT = Policy(10, 10)
Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Slice:
    """What a process has drawn and not spent; `refused_until` instead, when nothing was left."""

    left: int
    until: float
    remaining: int
    refused_until: float = 0.0


class Limiter:
    """Counts requests; raises TooManyRequests when a limit is used up."""

    def __init__(self, settings: Settings) -> None:
        self._on = settings.rate_limits
        self._url = settings.redis_url
        self._redis: redis.Redis | None = None
        self._silent_until = 0.0
        self._lock = threading.Lock()
        self._slices: dict[str, _Slice] = {}

    def request(self, tenant_id: str, kind: str, plan: str = "standard") -> Headers:
        """Count a request of a tenant; the headers that tell what is left."""
        if not self._on:
            return ()
        policy = PLANS[plan][kind]
        remaining = self._draw(f"t:{{{tenant_id}}}:rate:{kind}", policy)
        return (
            ("RateLimit-Policy", f'"{kind}";q={policy.burst};w={policy.window}'),
            ("RateLimit", f'"{kind}";r={remaining};t={policy.window}'),
        )

    def address(self, address: str) -> None:
        """Count an unauthenticated attempt from a network address."""
        if self._on:
            self._draw(f"t:{{-}}:rate:auth:address:{_digest(_network(address))}", AUTH_BY_ADDRESS)

    def account(self, account: str) -> None:
        """Count an attempt to sign in as `account`."""
        if self._on:
            self._draw(f"t:{{-}}:rate:auth:account:{_digest(account.lower())}", AUTH_BY_ACCOUNT)

    def _draw(self, key: str, policy: Policy) -> int:
        clock = time.monotonic()
        with self._lock:
            kept = self._slices.get(key)
            if kept is not None:
                if kept.left > 0 and clock < kept.until:
                    kept.left -= 1
                    return kept.remaining + kept.left
                if clock < kept.refused_until:
                    raise TooManyRequests(retry_after=math.ceil(kept.refused_until - clock))
        granted, remaining, wait_ms = self._ask(key, policy)
        drawn = _Slice(granted - 1, clock + _SLICE_SECONDS, remaining, clock + wait_ms / 1000 if not granted else 0.0)
        with self._lock:
            if len(self._slices) >= _REMEMBERED:
                self._slices.clear()
            self._slices[key] = drawn
        if not granted:
            raise TooManyRequests(retry_after=max(1, math.ceil(wait_ms / 1000)))
        return remaining + granted - 1

    def _ask(self, key: str, policy: Policy) -> tuple[int, int, int]:
        if time.monotonic() >= self._silent_until:
            try:
                granted, remaining, wait = self._script(
                    keys=[key], args=[policy.interval_ms, policy.burst, policy.slice]
                )
                return int(granted), int(remaining), int(wait)
            except redis.RedisError as error:
                self._silent_until = time.monotonic() + _REDIS_PAUSE_SECONDS
                log.warning("rate_limits_local", reason=type(error).__name__)
        return self._local(key, policy)

    def _script(self, *, keys: list[str], args: list[float]) -> list[int]:
        if self._redis is None:
            self._redis = redis.Redis.from_url(
                self._url, socket_timeout=0.25, socket_connect_timeout=0.25, health_check_interval=30
            )
            self._gcra = self._redis.register_script(_GCRA)
        result: list[int] = self._gcra(keys=keys, args=args)
        return result

    def _local(self, key: str, policy: Policy) -> tuple[int, int, int]:
        """The same rule in this process alone, at a share of the rate."""
        now_ms, interval = time.monotonic() * 1000, policy.interval_ms * _LOCAL_SHARE
        burst = max(1, policy.burst // _LOCAL_SHARE)
        with self._lock:
            due = max(self._due().get(key, now_ms), now_ms)
            spare = now_ms + burst * interval - (due + interval)
            if spare < 0:
                return 0, 0, math.ceil(-spare)
            self._due()[key] = due + interval
        return 1, int(spare / interval), 0

    def _due(self) -> dict[str, float]:
        due: dict[str, float] = self.__dict__.setdefault("_local_due", {})
        if len(due) > _REMEMBERED:
            due.clear()
        return due


def _network(address: str) -> str:
    """What one caller has of addresses: of IPv6 a /64, whose every address is theirs to use."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed.packed[:8] + bytes(8), 64)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
