"""How old news is: from the HTTP answer of a write until the report counts it, and until a webhook brought it.

Deals are created at a steady rate. The report is asked all the time how many open deals there are; the n-th
answered write counts as projected when the report first shows n more than before. Asking takes a moment, so the
figures are slightly too large, never too small.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from bench.ground import Ground, await_true, deal
from bench.receiver import Arrivals, receiving
from bench.report import Row, row
from bench.wire import Connection, Target, WireError, request

RATE = 50
WRITERS = 4
ASK_EVERY = 0.010
_LAST_NEWS = 15.0


@dataclass
class _Writes:
    """The writes of one run: which deal was answered when."""

    answered: dict[str, float] = field(default_factory=dict)
    failed: int = 0


@dataclass
class _Counts:
    """What the report showed, and when."""

    seen: list[tuple[float, int]] = field(default_factory=list)


def measure(
    ground: Ground, pipeline: Target, reporting: Target, *, seconds: float, first: int, rate: int = RATE
) -> list[Row]:
    """Write for `seconds` at `rate` per second; a row for the projection and one for the webhook."""
    ask = _asker(ground, reporting)
    with receiving() as arrivals:
        endpoint = f"http://127.0.0.1:{arrivals.port}/"
        body = {"url": endpoint, "types": ["crm.deal.created"]}
        ground.api.post("/v1/webhook-endpoints", body)
        time.sleep(1.0)  # The endpoint has to be known to the worker before the first event is.
        before = ask()
        counts, writes = _Counts(), _Writes()
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(ask, counts, stop))
        watcher.start()
        took = _write(ground, pipeline, writes, seconds=seconds, first=first, rate=rate)
        _await_all(writes, counts, arrivals, before)
        stop.set()
        watcher.join()
    done = len(writes.answered) / took
    return [
        _row("fresh_projection", done, until_projected(list(writes.answered.values()), counts.seen, before), writes),
        _row("fresh_webhook", done, _until_received(writes, arrivals), writes),
    ]


def _write(ground: Ground, target: Target, writes: _Writes, *, seconds: float, first: int, rate: int) -> float:
    """Create deals on schedule, spread over a few connections; how long it took."""
    total = int(seconds * rate)
    start = time.perf_counter()
    lock = threading.Lock()

    def work(writer: int) -> None:
        connection = Connection(target)
        for number in range(writer, total, WRITERS):
            content = request("POST", "/v1/deals", token=ground.token, body=deal(ground, first + number))
            time.sleep(max(0.0, start + number / rate - time.perf_counter()))
            reply = connection.send(content)
            at = time.perf_counter()
            with lock:
                if reply.status == 201:
                    writes.answered[orjson.loads(reply.body)["id"]] = at
                else:
                    writes.failed += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def _asker(ground: Ground, target: Target) -> Callable[[], int]:
    content = request("GET", "/v1/reports/pipeline", token=ground.token)
    connection = Connection(target)

    def ask() -> int:
        reply = connection.send(content)
        if reply.status != 200:
            raise WireError(f"the report answered {reply.status}: {reply.body[:300]!r}")
        return int(orjson.loads(reply.body)["count"])

    return ask


def _watch(ask: Callable[[], int], counts: _Counts, stop: threading.Event) -> None:
    while not stop.wait(ASK_EVERY):
        count = ask()
        counts.seen.append((time.perf_counter(), count))


def _await_all(writes: _Writes, counts: _Counts, arrivals: Arrivals, before: int) -> None:
    wanted = len(writes.answered)

    def all_there() -> bool:
        projected = bool(counts.seen) and counts.seen[-1][1] >= before + wanted
        return projected and writes.answered.keys() <= arrivals.at.keys()

    try:
        await_true(all_there, within=_LAST_NEWS, what="the last news", every=0.05)
    except TimeoutError:
        return  # What is missing is counted as an error below.


def until_projected(answered: list[float], seen: list[tuple[float, int]], before: int) -> list[float]:
    """Per write in order of its answer: how long until the report first counted that many."""
    ages: list[float] = []
    shown = iter(seen)
    at, count = next(shown, (0.0, before))
    for number, answered_at in enumerate(sorted(answered), start=1):
        while count < before + number:
            following = next(shown, None)
            if following is None:
                return ages
            at, count = following
        ages.append(max(0.0, at - answered_at))
    return ages


def _until_received(writes: _Writes, arrivals: Arrivals) -> list[float]:
    return [
        max(0.0, arrivals.at[deal_id] - answered)
        for deal_id, answered in writes.answered.items()
        if deal_id in arrivals.at
    ]


def _row(scenario: str, rate: float, ages: list[float], writes: _Writes) -> Row:
    missing = len(writes.answered) - len(ages)
    return row(scenario, WRITERS, "gateway", rps=rate, latencies=ages, errors=writes.failed + missing)
