"""One trace: the caller's context runs through the request's span into the event's envelope."""

import orjson
import pytest

from shared import telemetry

pytestmark = pytest.mark.service
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans():
    exporter = telemetry.record_in_memory()
    yield exporter
    telemetry.stop_recording()


def envelope(mongo, tenant_id):
    return orjson.loads(mongo.database("shelf")["outbox"].find_one({"tenant_id": tenant_id})["payload"])


def test_the_event_of_a_request_belongs_to_the_callers_trace(clerk, spans, mongo, tenant_id):
    response = clerk.post("/v1/things", {"name": "lamp"}, traceparent=PARENT, X_Request_Id="call-7")

    [span] = spans.get_finished_spans()
    assert (span.name, span.kind.name) == ("POST /v1/things", "SERVER")
    assert span.attributes["http.response.status_code"] == response.status_code == 201
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (PARENT[3:35], PARENT[36:52])
    event = envelope(mongo, tenant_id)
    assert event["traceparent"] == f"{PARENT[:36]}{span.context.span_id:016x}-01"
    assert (event["correlationid"], event["principal"]) == ("call-7", "usr_1")


def test_without_an_exporter_the_context_is_still_handed_on(clerk, mongo, tenant_id):
    clerk.post("/v1/things", {"name": "lamp"}, traceparent=PARENT)
    assert envelope(mongo, tenant_id)["traceparent"] == PARENT


@pytest.mark.parametrize(("name", "status", "verdict"), [("taken", 409, "UNSET"), ("broken", 500, "ERROR")])
def test_only_our_own_mistakes_are_errors_in_the_trace(clerk, spans, name, status, verdict):
    clerk.post("/v1/things", {"name": name})
    [span] = spans.get_finished_spans()
    assert (span.attributes["http.response.status_code"], span.status.status_code.name) == (status, verdict)
