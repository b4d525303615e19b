"""The pull feed and its stream: everything once, in order, from a cursor on."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.webhooks import consumers
from services.webhooks.views import feed as feed_view
from services.webhooks.views import stream as stream_view
from shared.events.envelope import Envelope
from shared.tenancy import TenantDatabase
from tests.service.webhooks.conftest import Post, a_lead
from tests.support.company import Answer, Company, Person

pytestmark = pytest.mark.service


def read(person: Person, query: str = "") -> Answer:
    return person.get(f"/v1/events{query}")


def cursor_at_end(company: Company) -> str:
    found = read(company.admin, "?limit=200").json["page"]
    assert found["caught_up"]
    return str(found["next"])


def ids(answer: Answer) -> list[str]:
    return [event["data"]["lead"]["id"] for event in answer.json["data"]]


def test_everything_is_read_once_in_order(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    entered = [a_lead(acme, f"Whale {n}") for n in range(7)]
    found: list[str] = []
    while len(found) < 7:
        answer = read(acme.admin, f"?after={cursor}&limit=3")
        found += ids(answer)
        cursor = answer.json["page"]["next"]
    assert found == entered
    assert answer.json["page"]["caught_up"] is True
    again = read(acme.admin, f"?after={cursor}")
    assert (again.json["data"], again.json["page"]["caught_up"]) == ([], True)


def test_feed_begins_with_the_oldest_event(acme: Company) -> None:
    assert read(acme.admin).json["data"][0]["type"] == "crm.tenant.created"


def test_feed_carries_the_published_bytes(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    a_lead(acme)
    client = acme.platform.app("webhooks").test_client()
    headers = {"Authorization": f"Bearer {acme.admin.token}"}
    raw = client.get(f"/v1/events?after={cursor}", headers=headers).data
    [published] = [row for row in acme.stored("leads", "outbox") if row["type"] == "crm.lead.created"]
    assert bytes(published["payload"]) in raw


def test_types_narrow_the_feed_and_the_cursor_moves_on(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    a_lead(acme)
    narrowed = read(acme.admin, f"?after={cursor}&types=crm.deal.*,crm.webhook_endpoint.created")
    assert (narrowed.json["data"], narrowed.json["page"]["caught_up"]) == ([], True)
    assert read(acme.admin, f"?after={narrowed.json['page']['next']}").json["data"] == []
    leads = read(acme.admin, f"?after={cursor}&types=crm.lead.*").json["data"]
    assert [event["type"] for event in leads] == ["crm.lead.created"]


def test_positions_have_no_gap_when_batches_collide(acme: Company, post: Post) -> None:
    envelopes = [_copy(acme, n) for n in range(40)]
    before = len(acme.stored("webhooks", "feed"))

    def take(part: list[Envelope]) -> None:
        store = post.store(acme)
        store.transact(lambda: consumers.handle_batch(store, part))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, [envelopes[n : n + 5] for n in range(0, 40, 5)]))
    positions = sorted(row["position"] for row in acme.stored("webhooks", "feed"))
    assert positions == list(range(1, before + 41))


def test_foreign_or_foul_cursor_is_refused(acme: Company, globex: Company) -> None:
    cursor = cursor_at_end(acme)
    for bad in (cursor_at_end(globex), cursor[:-1], "12", "é"):
        answer = read(acme.admin, f"?after={bad}")
        assert (answer.status, answer.code) == (400, "cursor-invalid")


def test_cursor_expires_with_its_events(acme: Company, post: Post) -> None:
    first = read(acme.admin, "?limit=1").json["page"]["next"]
    end = cursor_at_end(acme)
    rows = TenantDatabase(post.platform.mongo.database("webhooks"), acme.tenant_id).collection("feed")
    rows.delete_many({"position": {"$lte": 2}})
    answer = read(acme.admin, f"?after={first}")
    assert (answer.status, answer.code, answer.json["params"]) == (410, "cursor-expired", {"days": 30})
    assert read(acme.admin, f"?after={end}").status == 200
    rows.delete_many({})
    assert read(acme.admin, f"?after={end}").status == 200
    assert read(acme.admin).json["page"]["caught_up"] is True


def test_unknown_types_and_limits_are_refused(acme: Company) -> None:
    for query, code in (
        ("types=crm.planet.*", "unknown-event-type"),
        ("limit=0", "out-of-range"),
        ("limit=201", "out-of-range"),
        ("wait=21", "out-of-range"),
        ("since=yesterday", "unknown-parameter"),
    ):
        answer = read(acme.admin, f"?{query}")
        assert (answer.status, [fault["code"] for fault in answer.json["errors"]]) == (422, [code])


def test_feed_needs_its_permission(acme: Company) -> None:
    assert read(acme.rep).status == 403
    assert acme.rep.get("/v1/events/stream").status == 403


def test_manager_sees_what_their_units_own(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    mine = a_lead(acme)
    elsewhere = Person(acme, "usr_elsewhere", ("sales_manager",), "unit_elsewhere", ("unit_elsewhere",))
    assert ids(read(acme.manager, f"?after={cursor}")) == [mine]
    assert read(elsewhere, f"?after={cursor}").json["data"] == []
    assert read(elsewhere, f"?after={cursor}").json["page"]["caught_up"] is True


def test_waiting_ends_when_something_happens(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        waiting = pool.submit(read, acme.admin, f"?after={cursor}&wait=10")
        time.sleep(0.4)
        entered = a_lead(acme)
        answer = waiting.result()
    assert ids(answer) == [entered]
    assert 0.3 < time.monotonic() - started < 4


def test_waiting_ends_with_the_time(acme: Company) -> None:
    started = time.monotonic()
    answer = read(acme.admin, f"?after={cursor_at_end(acme)}&wait=1")
    assert (answer.status, answer.json["data"]) == (200, [])
    assert 1 <= time.monotonic() - started < 3


def test_too_many_waiting_are_answered_at_once(acme: Company) -> None:
    cursor = cursor_at_end(acme)
    leaves = [feed_view.waiters.take(2), feed_view.waiters.take(2)]
    try:
        started = time.monotonic()
        assert read(acme.admin, f"?after={cursor}&wait=10").status == 200
        assert time.monotonic() - started < 2
    finally:
        _leave_all(leaves)


def test_stream_tells_what_happens_and_goes_on_from_its_id(acme: Company) -> None:
    first = a_lead(acme)
    with _Stream(acme) as stream:
        second = a_lead(acme, "Fin Whale")
        event = stream.next_event()
    assert first not in event["data"]
    assert second in event["data"]
    assert event["event"] == "crm.lead.created"

    third = a_lead(acme, "Sei Whale")
    with _Stream(acme, last_event_id=event["id"]) as stream:
        assert third in stream.next_event()["data"]


def test_streams_are_limited(acme: Company) -> None:
    leaves = [stream_view.streams.take(2), stream_view.streams.take(2)]
    try:
        refusal = acme.admin.get("/v1/events/stream")
        assert (refusal.status, refusal.code) == (429, "too-many-streams")
        assert refusal.headers["Retry-After"] == "5"
    finally:
        _leave_all(leaves)
    with _Stream(acme):
        pass
    assert stream_view.streams.take(1) is not None
    stream_view.streams._taken = 0


class _Stream:
    """An open event stream."""

    def __init__(self, company: Company, last_event_id: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {company.admin.token}"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        client = company.platform.app("webhooks").test_client()
        self._response = client.get("/v1/events/stream", headers=headers, buffered=False)
        assert self._response.status_code == 200
        assert self._response.mimetype == "text/event-stream"
        self._chunks = self._response.iter_encoded()
        assert b"retry:" in next(self._chunks)

    def next_event(self) -> dict[str, Any]:
        lines = next(self._chunks).decode().strip().split("\n")
        return dict(line.split(": ", 1) for line in lines)

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()


def _leave_all(leaves: list[Any]) -> None:
    for leave in leaves:
        assert leave is not None
        leave()


def _copy(company: Company, number: int) -> Envelope:
    return Envelope(
        id=f"evt_{number}_{threading.get_ident()}",
        source="/crm/leads",
        type="crm.lead.updated",
        subject=f"lead/{number}",
        time=Envelope.decode(company.stored("webhooks", "feed")[0]["payload"]).time,
        tenantid=company.tenant_id,
        partitionkey=f"{company.tenant_id}:{number}",
        sequence="000000000001",
        correlationid="test",
        principal="system",
    )
