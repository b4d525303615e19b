"""The ground a benchmark stands on: one tenant with its leads and deals, made through the public batch API."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from infra.local.api import Api

BATCH = 500
PASSWORD = "bench-yardstick-0815"  # noqa: S105 - a throw-away tenant in a throw-away stack


@dataclass
class Ground:
    """What scenarios draw from. Ids of records at version 1 are handed out once, then they are used up."""

    token: str
    api: Api
    leads: deque[str] = field(default_factory=deque)
    deals: deque[str] = field(default_factory=deque)
    readable: list[str] = field(default_factory=list)
    account: str = ""
    product: str = ""


def sign_up(base_url: str) -> Ground:
    """A new tenant with its admin logged in."""
    api = Api(base_url)
    slug = f"bench-{uuid.uuid4().hex[:12]}"
    admin = {"email": "admin@bench.example", "name": "Bench Admin", "password": PASSWORD}
    api.post("/v1/tenants", {"name": "Bench", "slug": slug, "admin": admin, "currency": "USD"})
    api.login(slug, admin["email"], PASSWORD)
    assert api.access_token
    return Ground(token=api.access_token, api=api)


def settle_in(ground: Ground, *, within: float = 30.0) -> None:
    """Wait until the tenant's default stage definition has arrived, then make what deals refer to."""
    await_true(lambda: ground.api.get("/v1/stage-definitions")["data"], within=within, what="the stage definition")
    ground.product = ground.api.post("/v1/products", {"name": "GTX Pro"})["id"]
    ground.account = ground.api.post("/v1/accounts", {"name": "Cancity"})["id"]


def fill(ground: Ground, *, leads: int, deals: int, say: Callable[[str], None]) -> None:
    """Create leads and deals in batches, two at a time."""
    started = time.monotonic()
    ground.leads.extend(_batches(ground, "/v1/leads/batch", leads, lead))
    between = time.monotonic()
    say(f"{leads:,} leads present, created at {leads / (between - started):,.0f}/s")
    made = list(_batches(ground, "/v1/deals/batch", deals, lambda n: deal(ground, n)))
    say(f"{deals:,} deals present, created at {deals / (time.monotonic() - between):,.0f}/s")
    ground.readable = made[: max(1, len(made) // 10)]
    ground.deals.extend(made[len(ground.readable) :])


def lead(number: int) -> dict[str, Any]:
    """A lead as a website form would leave it."""
    return {
        "company_name": f"Company {number:06d}",
        "source": ("web", "fair", "referral")[number % 3],
        "industry": "retail",
        "country": "US",
        "person": {"name": f"Person {number}", "email": f"p{number}@company.example"},
        "external_id": f"lead-{number}",
    }


def deal(ground: Ground, number: int) -> dict[str, Any]:
    """A deal in the first stage whose next stage's evidence is there."""
    return {
        "name": f"Deal {number:06d}",
        "amount": {"amount_minor": 100_00 + number * 7, "currency": "USD"},
        "account_id": ground.account,
        "product_ids": [ground.product],
        "engaged_on": "2026-10-01",
        "expected_close_on": f"2026-12-{1 + number % 28:02d}",
        "external_id": f"deal-{number}",
    }


def await_true(ask: Callable[[], Any], *, within: float, what: str, every: float = 0.1) -> None:
    """Ask until the answer is true; TimeoutError naming `what` when it does not come to be."""
    until = time.monotonic() + within
    while not ask():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not there after {within:.0f} s")
        time.sleep(every)


def _batches(ground: Ground, path: str, count: int, make: Callable[[int], dict[str, Any]]) -> Iterator[str]:
    """The ids of `count` records made through the batch endpoint, in order."""

    def send(start: int) -> list[str]:
        items = [make(number) for number in range(start, min(start + BATCH, count))]
        answer = ground.api.post(path, {"items": items}, key=uuid.uuid4().hex)
        if answer["summary"]["created"] != len(items):
            refused = [result for result in answer["results"] if result["status"] != "created"]
            raise RuntimeError(f"{path} refused {len(refused)} of {len(items)} items: {refused[0]}")
        return [result["id"] for result in sorted(answer["results"], key=lambda result: result["index"])]

    with ThreadPoolExecutor(2) as pool:
        for ids in pool.map(send, range(0, count, BATCH)):
            yield from ids
