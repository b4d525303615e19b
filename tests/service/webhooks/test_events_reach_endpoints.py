"""From something that happened to a signed request at the customer's, and what follows from the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.webhooks.delivery.sender import Sender
from shared.clock import now
from shared.telemetry import record_in_memory, stop_recording
from shared.tenancy import TenantDatabase
from tests.service.webhooks.conftest import Post, a_lead, deliveries
from tests.service.webhooks.receiver import Receiver
from tests.support.company import Company

pytestmark = pytest.mark.service
Subscribe = Callable[..., dict[str, Any]]


def last(company: Company) -> dict[str, Any]:
    return deliveries(company.admin)[0]


def test_signed_delivery_carries_the_bytes_of_the_outbox(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    endpoint = subscribe(acme, "crm.lead.*")
    a_lead(acme)
    post.send()

    [request] = receiver.received
    [published] = [row for row in acme.stored("leads", "outbox") if row["type"] == "crm.lead.created"]
    assert request.body == bytes(published["payload"])
    assert request.headers["webhook-id"] == published["_id"]
    assert request.headers["user-agent"].startswith("Pelagic-Webhooks/")
    assert request.verified_with(endpoint["secret"])
    [delivery] = deliveries(acme.admin)
    assert (delivery["status"], delivery["attempt_count"]) == ("delivered", 1)
    assert delivery["last_attempt"]["status"] == 200
    assert delivery["last_attempt"]["response"] == "thank you"


def test_only_matching_types_of_the_own_tenant_are_delivered(
    acme: Company, globex: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    subscribe(acme, "crm.lead.created", path="/leads")
    subscribe(acme, "crm.deal.*", path="/deals")
    subscribe(globex, "crm.lead.*", path="/globex")
    a_lead(acme)
    post.send()
    assert [request.path for request in receiver.received] == ["/leads"]
    assert deliveries(globex.admin) == []


def test_first_attempts_go_in_feed_order(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    subscribe(acme)
    names = [a_lead(acme, f"Whale {n}") for n in range(12)]
    post.send()
    assert [request.event["data"]["lead"]["id"] for request in receiver.received] == names


def test_event_that_arrives_twice_is_delivered_once(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    subscribe(acme)
    a_lead(acme)
    leads = TenantDatabase(post.platform.mongo.database("leads"), acme.tenant_id)
    leads.collection("outbox").update_many({}, {"$set": {"pending": True}})
    assert acme.pump() > 0
    post.send()
    assert receiver.events == ["crm.lead.created"]


def test_failure_is_retried_until_it_succeeds(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    receiver.answers["/hook"] = [500, 302, 200]
    subscribe(acme)
    a_lead(acme)
    for expected in ("pending", "pending", "delivered"):
        post.send()
        assert last(acme)["status"] == expected
        post.hurry(acme)
    detail = acme.admin.get(f"/v1/webhook-deliveries/{last(acme)['id']}").json
    assert [(attempt["status"], attempt["fault"]) for attempt in detail["attempts"]] == [
        (500, "status"),
        (302, "redirect"),
        (200, None),
    ]
    assert detail["next_attempt_at"] is None
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 1
    assert receiver.at("/elsewhere") == []


def test_first_retry_is_seconds_away_and_after_429_a_minute(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    receiver.answers = {"/broken": [500], "/busy": [429]}
    broken, busy = subscribe(acme, path="/broken"), subscribe(acme, path="/busy")
    a_lead(acme)
    post.send()
    assert 4 <= _pause(acme, broken) <= 6.5
    assert 59.9 <= _pause(acme, busy) <= 61


def test_silence_is_cut_off_and_retried_after_a_minute(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    receiver.pauses["/hook"] = 3
    endpoint = subscribe(acme)
    a_lead(acme)
    post.send()
    attempt = last(acme)["last_attempt"]
    assert (attempt["fault"], attempt["status"]) == ("timeout", None)
    assert 600 <= attempt["duration_ms"] < 1_500
    assert _pause(acme, endpoint) >= 59.9


def test_dripping_answer_is_cut_off(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    receiver.drip = True
    subscribe(acme)
    a_lead(acme)
    post.send()
    attempt = last(acme)["last_attempt"]
    assert attempt["fault"] == "timeout"
    assert attempt["duration_ms"] < 1_500


def test_long_answer_is_kept_to_a_kilobyte(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    receiver.body = b"x" * 5_000_000
    subscribe(acme)
    a_lead(acme)
    post.send()
    assert last(acme)["status"] == "delivered"
    assert last(acme)["last_attempt"]["response"] == "x" * 1_024


def test_schedule_ends_in_failure_and_resending_starts_it_again(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    receiver.answers["/hook"] = [503]
    subscribe(acme)
    a_lead(acme)
    for _ in range(10):
        post.send()
        post.hurry(acme)
    post.send()
    failed = last(acme)
    assert (failed["status"], failed["attempt_count"], len(receiver.received)) == ("failed", 10, 10)

    receiver.answers["/hook"] = [200]
    answer = acme.admin.post(f"/v1/webhook-deliveries/{failed['id']}/resend")
    assert (answer.status, answer.json["status"]) == (202, "pending")
    post.hurry(acme)
    post.send()
    assert (last(acme)["status"], last(acme)["attempt_count"]) == ("delivered", 11)
    assert receiver.received[0].body == receiver.received[-1].body


def test_gone_disables_the_endpoint(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    receiver.answers["/hook"] = [410]
    endpoint = subscribe(acme)
    a_lead(acme, "Blue Whale")
    a_lead(acme, "Fin Whale")
    post.send()
    shown = acme.admin.get(f"/v1/webhook-endpoints/{endpoint['id']}").json
    assert (shown["state"], shown["disabled_reason"]) == ("disabled", "gone")
    assert acme.published("webhooks")[-1] == "crm.webhook_endpoint.disabled"
    assert len(receiver.received) == 1
    assert [row["status"] for row in deliveries(acme.admin)] == ["pending", "failed"]

    a_lead(acme, "Sei Whale")
    post.hurry(acme)
    post.send()
    assert (len(receiver.received), len(deliveries(acme.admin))) == (1, 2)


def test_enabled_again_gets_what_was_waiting(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    endpoint = subscribe(acme)
    path = f"/v1/webhook-endpoints/{endpoint['id']}"
    a_lead(acme)
    assert acme.admin.patch(path, {"state": "disabled"}, if_match=1).status == 200
    post.send()
    assert receiver.received == []
    assert acme.admin.patch(path, {"state": "enabled"}, if_match=2).status == 200
    post.hurry(acme)
    post.send()
    assert receiver.events == ["crm.lead.created"]


def test_five_days_of_failure_disable_the_endpoint(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    receiver.answers["/hook"] = [500]
    endpoint = subscribe(acme)
    a_lead(acme)
    post.send()
    database = TenantDatabase(post.platform.mongo.database("webhooks"), acme.tenant_id)
    since = now() - timedelta(hours=121)
    database.collection("lanes").update_many({}, {"$set": {"failing_since": since}})
    post.hurry(acme)
    post.send()
    shown = acme.admin.get(f"/v1/webhook-endpoints/{endpoint['id']}").json
    assert (shown["state"], shown["disabled_reason"]) == ("disabled", "failing")
    assert acme.events("webhooks")[-1]["data"]["reason"] == "failing"


def test_success_ends_a_row_of_failures(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    receiver.answers["/hook"] = [500, 200]
    subscribe(acme)
    a_lead(acme)
    post.send()
    post.hurry(acme)
    post.send()
    [lane] = acme.stored("webhooks", "lanes")
    assert (lane["failing_since"], lane["failures"]) == (None, 0)


def test_both_secrets_sign_after_rotation(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    endpoint = subscribe(acme)
    rotated = acme.admin.post(f"/v1/webhook-endpoints/{endpoint['id']}/rotate-secret", if_match=1)
    assert rotated.status == 200
    assert rotated.json["secret"] != endpoint["secret"]
    a_lead(acme)
    post.send()
    [request] = receiver.received
    assert request.verified_with(endpoint["secret"])
    assert request.verified_with(rotated.json["secret"])


def test_trial_goes_to_one_endpoint_and_into_no_feed(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    one, _other = subscribe(acme, path="/one"), subscribe(acme, "*", path="/other")
    post.send()
    receiver.received.clear()
    fed = len(acme.stored("webhooks", "feed"))
    answer = acme.admin.post(f"/v1/webhook-endpoints/{one['id']}/test")
    assert answer.status == 202, answer.json
    acme.pump()
    post.send()
    [request] = receiver.received
    assert (request.path, request.event["type"]) == ("/one", "crm.webhook_endpoint.tested")
    assert request.verified_with(one["secret"])
    assert len(acme.stored("webhooks", "feed")) == fed


def test_deleted_endpoint_gets_nothing_more(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    endpoint = subscribe(acme)
    a_lead(acme)
    path = f"/v1/webhook-endpoints/{endpoint['id']}"
    assert acme.admin.delete(path, if_match=1).status == 204
    post.send()
    assert receiver.received == []
    assert last(acme)["status"] == "canceled"
    assert acme.admin.get(path).status == 404
    assert acme.admin.get("/v1/webhook-endpoints").json["data"] == []
    assert acme.stored("webhooks", "signing_secrets") == []


def test_slow_endpoints_do_not_hold_up_the_others(
    acme: Company, globex: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    for n in range(10):
        receiver.pauses[f"/slow{n}"] = 5
        subscribe(acme, path=f"/slow{n}")
    subscribe(globex, path="/quick")
    a_lead(acme)
    post.send()
    for n in range(5):
        a_lead(acme, f"Slow {n}")
        a_lead(globex, f"Quick {n}")
    post.hurry(acme)
    started = time.monotonic()
    while len(receiver.at("/quick")) < 5 and time.monotonic() - started < 10:
        post.sender.look()
    assert len(receiver.at("/quick")) == 5
    assert time.monotonic() - started < 1.5


def test_killed_sender_loses_nothing(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    endpoint = subscribe(acme)
    a_lead(acme)
    store = post.store(acme)
    dead = store.lanes.lease(endpoint["id"], "a worker that was killed", at=now())
    assert dead is not None
    post.send()
    assert receiver.received == []

    lanes = TenantDatabase(post.platform.mongo.database("webhooks"), acme.tenant_id).collection("lanes")
    lanes.update_many({}, {"$set": {"leased_until": now() - timedelta(seconds=1)}})
    post.hurry(acme)
    post.send()
    assert receiver.events == ["crm.lead.created"]


def test_two_senders_do_not_send_twice(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    subscribe(acme)
    for n in range(20):
        a_lead(acme, f"Whale {n}")
    other = Sender(post.platform.mongo.database("webhooks"), allow_private=True, holder="another host")
    try:
        other.look()
        post.send()
        until = time.monotonic() + 5
        while len(receiver.received) < 20 and time.monotonic() < until:
            other.look()
            post.send()
    finally:
        other.close()
    assert len(receiver.received) == 20
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 20


def test_private_address_is_refused_when_sending(
    acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe
) -> None:
    subscribe(acme)
    a_lead(acme)
    strict = Sender(post.platform.mongo.database("webhooks"), allow_private=False)
    try:
        Post(post.platform, strict).send()
    finally:
        strict.close()
    assert receiver.received == []
    assert last(acme)["last_attempt"]["fault"] == "address"


def test_trace_reaches_the_receiver(acme: Company, receiver: Receiver, post: Post, subscribe: Subscribe) -> None:
    subscribe(acme)
    exporter = record_in_memory()
    try:
        a_lead(acme)
        post.send()
    finally:
        stop_recording()
    [request] = receiver.received
    trace = request.event["traceparent"].split("-")[1]
    [span] = [found for found in exporter.get_finished_spans() if found.name == "webhook.deliver"]
    assert request.headers["traceparent"].split("-")[1] == trace
    assert f"{span.context.trace_id:032x}" == trace


def _pause(company: Company, endpoint: dict[str, Any]) -> float:
    """Seconds from the last attempt to the next."""
    [delivery] = deliveries(company.admin, f"?filter[endpoint_id]={endpoint['id']}")
    tried = datetime.fromisoformat(delivery["last_attempt"]["at"])
    return (datetime.fromisoformat(delivery["next_attempt_at"]) - tried).total_seconds()
