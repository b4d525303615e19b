"""One request is one trace: from the HTTP call through outbox, Kafka and consumer to the partner's webhook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.pipeline.store import PipelineStore
from services.webhooks import consumers as webhook_consumers
from services.webhooks.store import WebhooksStore
from services.webhooks.worker import JOBS
from shared import telemetry, worker
from shared.worker import Context
from tests.support.company import Company
from tests.support.eventually import eventually
from tests.support.platform import Platform
from tests.support.receiver import Receiver
from tests.support.servers import Servers

pytestmark = pytest.mark.integration

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = telemetry.record_in_memory()
    yield exporter
    telemetry.stop_recording()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture
def workers(platform: Platform, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pipeline's relay and the webhooks' consumer and sender, over the real broker."""
    settings = replace(platform.settings, kafka=servers.kafka, webhooks_allow_private=True)
    # The partner of this test listens on this machine.
    monkeypatch.setattr(platform.app("webhooks").extensions["pelagic"], "settings", settings)
    contexts, threads = [], []
    for store, consumers, jobs in ((PipelineStore, None, []), (WebhooksStore, webhook_consumers, JOBS)):
        context = Context(platform.mongo, platform.mongo.database(store.service), settings)
        contexts.append(context)
        threads += worker.start(context, store, consumers=consumers, jobs=jobs, member="trace")
    yield
    for context in contexts:
        context.stop.set()
    worker.drain(threads)


def test_the_trace_of_a_call_reaches_the_webhook(
    acme: Company, spans: InMemorySpanExporter, receiver: Receiver, workers: None
) -> None:
    endpoint = {"url": receiver.url, "types": ["crm.deal.created"]}
    assert acme.admin.post("/v1/webhook-endpoints", endpoint).status == 201

    deal = acme.rep.call("POST", "/v1/deals", json={"name": "Traced"}, headers={"traceparent": TRACEPARENT})

    assert deal.status == 201
    eventually(lambda: len(receiver.received), lambda count: count >= 1)
    expected = {"POST /v1/deals", "outbox.publish", "webhooks.consume", "webhook.deliver"}
    ours = eventually(lambda: in_trace(spans), lambda names: expected <= names)
    assert expected <= ours
    assert receiver.received[0].headers["traceparent"].split("-")[1] == TRACE
    assert acme.events("pipeline")[-1]["traceparent"].split("-")[1] == TRACE


def in_trace(spans: InMemorySpanExporter) -> set[str]:
    finished = spans.get_finished_spans()
    return {span.name for span in finished if format(span.context.trace_id, "032x") == TRACE}
