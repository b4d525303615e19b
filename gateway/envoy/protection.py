"""Limits of the process: what Envoy does before memory or connections run out."""

from gateway.envoy.types import Config, extension

HEAP_BYTES = 512 * 1024 * 1024
MAX_CONNECTIONS = 10_000

_MONITORS = "envoy.extensions.resource_monitors."
_HEAP = "envoy.resource_monitors.fixed_heap"
_ACTIONS = {
    "envoy.overload_actions.shrink_heap": 0.85,
    "envoy.overload_actions.disable_http_keepalive": 0.90,
    "envoy.overload_actions.stop_accepting_requests": 0.95,
    "envoy.overload_actions.stop_accepting_connections": 0.98,
}


def overload_manager(heap_bytes: int = HEAP_BYTES) -> Config:
    """Shed in steps, so that the process lives: give memory back, then connections, then requests."""
    return {
        "refresh_interval": "0.25s",
        "resource_monitors": [
            extension(
                _HEAP,
                _MONITORS + "fixed_heap.v3.FixedHeapConfig",
                max_heap_size_bytes=heap_bytes,
            ),
            extension(
                "envoy.resource_monitors.global_downstream_max_connections",
                _MONITORS + "downstream_connections.v3.DownstreamConnectionsConfig",
                max_active_downstream_connections=MAX_CONNECTIONS,
            ),
        ],
        "actions": [_action(name, share) for name, share in _ACTIONS.items()],
    }


def _action(name: str, share: float) -> Config:
    return {"name": name, "triggers": [{"name": _HEAP, "threshold": {"value": share}}]}
