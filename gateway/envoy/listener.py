"""The public listener: how a connection is read, made safe, logged and answered."""

from gateway.envoy import headers, jwt, replies, routing
from gateway.envoy.access_log import access_log
from gateway.envoy.tracing import tracing
from gateway.envoy.types import (
    HTTP_FILTERS,
    NETWORK_FILTERS,
    Config,
    extension,
    seconds,
)

STAT_PREFIX = "edge"
CONNECTION_BUFFER = 64 * 1024


def public_listener(address: str, port: int, *, trusted_hops: int, collector: bool) -> Config:
    """Where callers connect."""
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        NETWORK_FILTERS + "http_connection_manager.v3.HttpConnectionManager",
        **_connection(trusted_hops),
        **_paths(),
        **_identity(),
        **tracing(collector=collector),
        access_log=access_log(),
        local_reply_config=replies.local_replies(),
        route_config=routing.route_configuration(),
        http_filters=_filters(),
    )
    return {
        "name": "public",
        "address": {"socket_address": {"address": address, "port_value": port}},
        "per_connection_buffer_limit_bytes": CONNECTION_BUFFER,
        "filter_chains": [{"filters": [manager]}],
    }


def _connection(trusted_hops: int) -> Config:
    return {
        "stat_prefix": STAT_PREFIX,
        "codec_type": "AUTO",
        "server_header_transformation": "PASS_THROUGH",
        "use_remote_address": True,
        "xff_num_trusted_hops": trusted_hops,
        "internal_address_config": {"unix_sockets": False},
        "early_header_mutation_extensions": headers.early_mutations(trusted_hops),
        "max_request_headers_kb": 32,
        "request_headers_timeout": seconds(10),
        "stream_idle_timeout": seconds(90),
        "drain_timeout": seconds(5),
        "common_http_protocol_options": {
            "idle_timeout": seconds(120),
            "headers_with_underscores_action": "DROP_HEADER",
        },
        "http2_protocol_options": {"max_concurrent_streams": 100},
    }


def _paths() -> Config:
    """One spelling per address, before routes and services compare it."""
    return {
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
    }


def _identity() -> Config:
    """A request keeps the id it came with, or gets one; the answer carries it."""
    uuid = extension(
        "envoy.request_id.uuid",
        "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
        pack_trace_reason=False,
        use_request_id_for_trace_sampling=False,
    )
    return {
        "preserve_external_request_id": True,
        "always_set_request_id_in_response": True,
        "request_id_extension": {"typed_config": uuid["typed_config"]},
    }


def _filters() -> list[Config]:
    """As few as do the work: who is it, is it small enough, where to."""
    return [
        jwt.filter_config("jwks"),
        routing.body_limit_filter(),
        extension("envoy.filters.http.router", HTTP_FILTERS + "router.v3.Router"),
    ]
