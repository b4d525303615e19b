"""Traces are continued, never invented twice; logs say whose work they tell of."""

import json

import pytest

from shared import telemetry
from shared.config import Settings

pytestmark = pytest.mark.unit
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans():
    exporter = telemetry.record_in_memory()
    yield exporter
    telemetry.stop_recording()


@pytest.mark.parametrize(
    "text",
    [
        None, "", "00", PARENT + "0", PARENT.replace("00-", "01-", 1), PARENT.replace("0af", "zzz"),
        "00-" + "0" * 32 + "-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT.replace("-", "_"),
    ],
)  # fmt: skip
def test_a_malformed_trace_context_is_none(text):
    assert telemetry.parse_traceparent(text) is None


def test_without_an_exporter_the_trace_that_came_in_is_handed_on():
    with telemetry.remote_parent(PARENT), telemetry.span("work"):
        assert telemetry.current_traceparent() == PARENT
    assert telemetry.parse_traceparent(telemetry.current_traceparent()) is not None


def test_spans_continue_the_trace_of_another_process(spans):
    with telemetry.remote_parent(PARENT), telemetry.span("outer", deal_id="deal_1"), telemetry.span("inner"):
        handed_on = telemetry.current_traceparent()

    inner, outer = spans.get_finished_spans()
    assert (inner.name, outer.name) == ("inner", "outer")
    assert f"{outer.parent.span_id:016x}" == PARENT[36:52]
    assert inner.parent.span_id == outer.context.span_id
    assert {f"{span.context.trace_id:032x}" for span in (inner, outer)} == {PARENT[3:35]}
    assert handed_on == f"{PARENT[:36]}{inner.context.span_id:016x}-01"
    assert outer.attributes["deal_id"] == "deal_1"


def test_a_log_line_names_service_tenant_principal_request_and_trace(capsys):
    telemetry.configure_logs(Settings(service="leads"))
    with telemetry.bound(request_id="req_1", tenant_id="ten_1", principal_id="usr_1", traceparent=PARENT):
        telemetry.log.info("lead_claimed", lead_id="lead_1")

    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "lead_claimed", "level": "info", "service": "leads", "tenant_id": "ten_1", "principal_id": "usr_1",
        "request_id": "req_1", "trace_id": PARENT[3:35], "lead_id": "lead_1",
    }  # fmt: skip
    telemetry.configure_logs(Settings(log_level="critical"))
