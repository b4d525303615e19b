"""Logs and traces: JSON lines and spans that share one trace id from the HTTP call to the webhook.

Log events are constant names with fields; never put personal data into a field. Nothing is traced, beyond carrying
ids along, until `configure` is given an exporter (or a test calls `record_in_memory`).
"""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags

from shared.config import Settings

_TRACEPARENT_LENGTH = 55
_PRODUCTION_RATIO = 0.1


@dataclass(slots=True)
class Trail:
    """What identifies the work in hand: written into every log line, and into every event as correlation."""

    request_id: str = ""
    tenant_id: str = ""
    principal_id: str = ""
    traceparent: str = ""


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)
_service = "unnamed"
_tracer: trace.Tracer | None = None


def begin(trail: Trail) -> None:
    """Make `trail` the current one, until the next `begin` on this thread."""
    _trail.set(trail)


def current() -> Trail:
    """The current trail; an empty one outside of any work."""
    return _trail.get() or Trail()


@contextmanager
def bound(**fields: str) -> Iterator[Trail]:
    """A trail for the block, such as one consumed event; restores the former one after it."""
    token = _trail.set(Trail(**fields))
    try:
        yield current()
    finally:
        _trail.reset(token)


def parse_traceparent(value: str | None) -> SpanContext | None:
    """The W3C trace context written in `value`, or None when it is not well-formed."""
    if not value or len(value) != _TRACEPARENT_LENGTH or value[:3] != "00-" or value[35] != "-" or value[52] != "-":
        return None
    try:
        ids = int(value[3:35], 16), int(value[36:52], 16), int(value[53:], 16)
    except ValueError:
        return None
    context = SpanContext(ids[0], ids[1], is_remote=True, trace_flags=TraceFlags(ids[2] & 1))
    return context if context.is_valid else None


def new_traceparent() -> str:
    """A fresh, unsampled trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


def current_traceparent() -> str:
    """The trace context to hand on: the open span's, else the one that came in, else a fresh one."""
    if _tracer is not None:
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"
    return current().traceparent or new_traceparent()


@contextmanager
def remote_parent(traceparent: str | None) -> Iterator[None]:
    """Continue, within the block, the trace that another process began."""
    context = parse_traceparent(traceparent)
    if _tracer is None or context is None:
        with bound(**{**_fields(), "traceparent": traceparent or ""}):
            yield
        return
    with trace.use_span(NonRecordingSpan(context)):
        yield


@contextmanager
def span(name: str, *, kind: SpanKind = SpanKind.INTERNAL, **attributes: Any) -> Iterator[Span]:
    """A span around the block, a child of the current one; costs next to nothing while nothing is exported."""
    if _tracer is None:
        yield trace.INVALID_SPAN
        return
    with _tracer.start_as_current_span(name, kind=kind, attributes=attributes) as opened:
        yield opened


def tracing() -> bool:
    """Whether spans are exported anywhere."""
    return _tracer is not None


def _fields() -> dict[str, str]:
    trail = current()
    return {"request_id": trail.request_id, "tenant_id": trail.tenant_id, "principal_id": trail.principal_id}


def configure(settings: Settings, *, worker: bool = False) -> None:
    """Set up logs and, when a collector is named, traces; once per process, after fork."""
    configure_logs(settings, worker=worker)
    if settings.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        ratio = _PRODUCTION_RATIO if settings.environment == "production" else 1.0
        provider = _provider(ParentBased(TraceIdRatioBased(ratio)))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{settings.otlp_endpoint}/v1/traces")))
        _use(provider)


def record_in_memory() -> InMemorySpanExporter:
    """Keep every span of this process in memory, for tests to look at."""
    exporter = InMemorySpanExporter()
    provider = _provider(ALWAYS_ON)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    _use(provider)
    return exporter


def stop_recording() -> None:
    """Trace nothing again."""
    global _tracer
    _tracer = None


def _provider(sampler: Sampler) -> TracerProvider:
    return TracerProvider(sampler=sampler, resource=Resource.create({"service.name": f"pelagic-{_service}"}))


def _use(provider: TracerProvider) -> None:
    global _tracer
    _tracer = provider.get_tracer("pelagic")


def _trail_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["service"] = _service
    trail = _trail.get()
    if trail is not None:
        event.setdefault("tenant_id", trail.tenant_id)
        event.setdefault("principal_id", trail.principal_id)
        event.setdefault("request_id", trail.request_id)
        event.setdefault("trace_id", current_traceparent()[3:35])
    return event


def configure_logs(settings: Settings, *, worker: bool = False) -> None:
    """Write logs as JSON lines to standard error, under the service's name."""
    global _service
    _service = f"{settings.service}-worker" if worker else settings.service
    number = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trail_fields,
            structlog.processors.ExceptionRenderer(),
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s %(message)s")


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
