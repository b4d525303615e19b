"""The edge in a trace: its spans go to a collector, where one is named, and the trace context goes on to the services.

Without a collector a caller's `traceparent` passes through untouched, and the service begins the trace where
there is none: Envoy's tracer does not run without somewhere to send spans.
"""

from gateway.envoy.types import Config, extension, seconds

COLLECTOR = "collector"
SAMPLED_PERCENT = 100


def tracing(*, collector: bool) -> Config:
    """The tracing part of the connection manager, where there is a collector."""
    return {"tracing": _tracing()} if collector else {}


def _tracing() -> Config:
    return {
        "random_sampling": {"value": SAMPLED_PERCENT},
        "provider": extension(
            "envoy.tracers.opentelemetry",
            "envoy.config.trace.v3.OpenTelemetryConfig",
            service_name="edge",
            grpc_service={
                "envoy_grpc": {"cluster_name": COLLECTOR},
                "timeout": seconds(1),
            },
        ),
    }
