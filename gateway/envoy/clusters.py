"""The services as Envoy sees them: where they are, how much at once, when one of many is left alone."""

import ipaddress

from gateway.envoy.types import Config, extension, seconds

Address = tuple[str, int]

CONNECT_TIMEOUT = 1.0
# Shorter than the services keep an idle connection, so that it is always this side that closes one.
IDLE_TIMEOUT = 30.0
MAX_CONNECTIONS = 512
MAX_PENDING = 512
MAX_REQUESTS = 1024


def clusters(upstreams: dict[str, Address]) -> list[Config]:
    """One cluster per service."""
    return [cluster(name, address) for name, address in sorted(upstreams.items())]


def cluster(name: str, address: Address) -> Config:
    """A service with its circuit breakers, kept connections and passive health check."""
    return {
        "name": name,
        "connect_timeout": seconds(CONNECT_TIMEOUT),
        **_discovery(address[0]),
        "lb_policy": "LEAST_REQUEST",
        "circuit_breakers": {"thresholds": [_breakers()]},
        "outlier_detection": _outliers(),
        "typed_extension_protocol_options": _http(),
        "upstream_connection_options": {"tcp_keepalive": {"keepalive_time": 30, "keepalive_interval": 10}},
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [endpoint(address)]}],
        },
    }


def endpoint(address: Address) -> Config:
    """One address to connect to."""
    host, port = address
    return {"endpoint": {"address": {"socket_address": {"address": host, "port_value": port}}}}


def _discovery(host: str) -> Config:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return {"cluster_type": _names()}
    return {"type": "STATIC"}


def _names() -> Config:
    """Ask for the name again and again: every address it has is one replica."""
    return extension(
        "envoy.clusters.dns",
        "envoy.extensions.clusters.dns.v3.DnsCluster",
        dns_refresh_rate=seconds(5),
        dns_lookup_family="ALL",
    )


def _breakers() -> Config:
    return {
        "max_connections": MAX_CONNECTIONS,
        "max_pending_requests": MAX_PENDING,
        "max_requests": MAX_REQUESTS,
        "retry_budget": {"budget_percent": {"value": 20.0}, "min_retry_concurrency": 3},
        "track_remaining": True,
    }


def _outliers() -> Config:
    """Leave a replica alone that cannot be reached; what it answers is the caller's business."""
    return {
        "split_external_local_origin_errors": True,
        "consecutive_local_origin_failure": 5,
        "enforcing_consecutive_5xx": 0,
        "enforcing_consecutive_gateway_failure": 0,
        "enforcing_success_rate": 0,
        "enforcing_local_origin_success_rate": 0,
        "base_ejection_time": seconds(5),
        "max_ejection_percent": 50,
    }


def _http() -> Config:
    options = extension(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        common_http_protocol_options={"idle_timeout": seconds(IDLE_TIMEOUT)},
        explicit_http_config={"http_protocol_options": {}},
    )
    return {options["name"]: options["typed_config"]}
