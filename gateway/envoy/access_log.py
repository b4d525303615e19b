"""One JSON line per request: no token, no query string, and a tenant only when its token was verified."""

from gateway.envoy.jwt import CLAIMS, FILTER
from gateway.envoy.types import Config, extension

FIELDS = {
    "timestamp": "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
    "service": "edge",
    "event": "request",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ:PATH):512%",
    "route": "%ROUTE_NAME%",
    "status": "%RESPONSE_CODE%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "duration_ms": "%DURATION%",
    "upstream_ms": "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
    "upstream": "%UPSTREAM_CLUSTER%",
    "upstream_host": "%UPSTREAM_HOST%",
    "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
    "bytes_in": "%BYTES_RECEIVED%",
    "bytes_out": "%BYTES_SENT%",
    "request_id": "%REQ(X-REQUEST-ID)%",
    "trace_id": "%TRACE_ID%",
    "traceparent": "%REQ(TRACEPARENT):64%",
    "tenant_id": f"%DYNAMIC_METADATA({FILTER}:{CLAIMS}:tid)%",
    "remote": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
    "protocol": "%PROTOCOL%",
}


def access_log() -> list[Config]:
    """Log to standard output; whoever runs Envoy decides where it goes."""
    return [
        extension(
            "envoy.access_loggers.stdout",
            "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
            log_format={"json_format": FIELDS, "omit_empty_values": False},
        )
    ]
