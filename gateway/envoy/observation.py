"""What operators see: the admin interface on loopback and, on request, a port with two read-only paths."""

from gateway.envoy.clusters import Address
from gateway.envoy.types import HTTP_FILTERS, NETWORK_FILTERS, Config, extension

ADMIN = "admin"
LOOPBACK = "127.0.0.1"
READY_PATH = "/ready"
METRICS_PATH = "/stats/prometheus"


def admin(port: int) -> Config:
    """The admin interface, which can stop the process: never beyond loopback."""
    return {"address": {"socket_address": {"address": LOOPBACK, "port_value": port}}}


def admin_address(port: int) -> Address:
    """Where the read-only listener finds the admin interface."""
    return LOOPBACK, port


def metrics_listener(address: str, port: int) -> Config:
    """Readiness and metrics for probes and scrapers; nothing else of the admin interface."""
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        NETWORK_FILTERS + "http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="metrics",
        route_config={"name": "metrics", "virtual_hosts": [_host()]},
        http_filters=[extension("envoy.filters.http.router", HTTP_FILTERS + "router.v3.Router")],
    )
    return {
        "name": "metrics",
        "address": {"socket_address": {"address": address, "port_value": port}},
        "ignore_global_conn_limit": True,
        "filter_chains": [{"filters": [manager]}],
    }


def _host() -> Config:
    get = {"name": ":method", "string_match": {"exact": "GET"}}
    routes = [
        {"match": {"path": path, "headers": [get]}, "route": {"cluster": ADMIN}} for path in (READY_PATH, METRICS_PATH)
    ]
    return {"name": "metrics", "domains": ["*"], "routes": routes}
