"""What is measured: each scenario names its service, the answer it expects, and how its requests are made."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.ground import BATCH, Ground, lead
from bench.wire import request

IMPORTED = 5_000
LIST = "/v1/deals?filter%5Bstatus%5D%5Beq%5D=open&sort=-amount&limit=50"

Requests = Callable[[Ground], Iterator[bytes]]

_number = itertools.count(1_000_000)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of request. `items` is how many records one request carries; `writes` leave work behind."""

    name: str
    service: str
    requests: Requests
    expect: int = 200
    items: int = 1
    writes: bool = False

    @property
    def bounded(self) -> bool:
        """Whether it is a fixed amount of work instead of a span of time."""
        return self.items > 1


def bare(_: Ground) -> Iterator[bytes]:
    """The constant."""
    return itertools.repeat(request("GET", "/"))


def read_deal(ground: Ground) -> Iterator[bytes]:
    """One deal, another one each time."""
    return itertools.cycle([request("GET", f"/v1/deals/{deal_id}", token=ground.token) for deal_id in ground.readable])


def list_deals(ground: Ground) -> Iterator[bytes]:
    """Fifty open deals, largest first."""
    return itertools.repeat(request("GET", LIST, token=ground.token))


def pipeline_summary(ground: Ground) -> Iterator[bytes]:
    """Deals and value per stage."""
    return itertools.repeat(request("GET", "/v1/reports/pipeline", token=ground.token))


def create_lead(ground: Ground) -> Iterator[bytes]:
    """A lead of its own each time."""
    while True:
        yield request("POST", "/v1/leads", token=ground.token, body=lead(next(_number)))


def advance_deal(ground: Ground) -> Iterator[bytes]:
    """A deal from its first stage to the second; each deal once."""
    while ground.deals:
        path = f"/v1/deals/{ground.deals.popleft()}/advance"
        yield request("POST", path, token=ground.token, body={}, headers={"If-Match": '"1"'})


def convert_lead(ground: Ground) -> Iterator[bytes]:
    """A lead into account, contact and deal; each lead once."""
    while ground.leads:
        path = f"/v1/leads/{ground.leads.popleft()}/convert"
        headers = {"If-Match": '"1"', "Idempotency-Key": uuid.uuid4().hex}
        yield request("POST", path, token=ground.token, body={"deal": {"name": "A deal"}}, headers=headers)


def import_leads(ground: Ground) -> Iterator[bytes]:
    """5,000 leads in batches; built before the clock starts."""
    batches = [
        request(
            "POST",
            "/v1/leads/batch",
            token=ground.token,
            body={"items": [lead(next(_number)) for _ in range(BATCH)]},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        for _ in range(IMPORTED // BATCH)
    ]
    return iter(batches)


BARE = Scenario("bare", "bare", bare)
READS = (
    Scenario("read_deal", "pipeline", read_deal),
    Scenario("list_50_deals", "pipeline", list_deals),
    Scenario("pipeline_summary", "reporting", pipeline_summary),
)
WRITES = (
    Scenario("create_lead", "leads", create_lead, expect=201, writes=True),
    Scenario("advance_deal", "pipeline", advance_deal, writes=True),
    Scenario("convert_lead", "leads", convert_lead, writes=True),
    Scenario("import_5000_leads", "leads", import_leads, items=BATCH, writes=True),
)
