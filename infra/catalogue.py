"""What runs: every service, its ports and topics, and the command that starts it.

Pure data. The launcher, the manifests' tests and the migrations read it, so that a new service is one line here.
"""

import sys
from dataclasses import dataclass

TOPIC_PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class Service:
    """One deployable part: an API process on `port` and, when `worker` is set, a worker beside it."""

    name: str
    port: int
    worker: bool = True
    app: str = ""

    @property
    def health_port(self) -> int | None:
        """The port of the worker's three health paths, a hundred above the API's."""
        return self.port + 100 if self.worker else None


def _service(name: str, port: int) -> Service:
    return Service(name, port, worker=True, app=f"services.{name}.app:create_app()")


SERVICES: dict[str, Service] = {
    "tenants": _service("tenants", 8101),
    "leads": _service("leads", 8102),
    "accounts": _service("accounts", 8103),
    "pipeline": _service("pipeline", 8104),
    "reporting": _service("reporting", 8105),
    "webhooks": _service("webhooks", 8106),
    "gateway": Service("gateway", 8100, worker=False, app="gateway.app:create_app()"),
}

# The services that own a database and publish a topic: all but the gateway application.
DOMAIN_SERVICES: list[str] = [name for name, service in SERVICES.items() if service.worker]

TOPICS: list[str] = [f"crm.{name}.v1" for name in DOMAIN_SERVICES if name != "reporting"]

MONGODB_PORT = 27117
KAFKA_PORT = 29092
KAFKA_CONTROLLER_PORT = 29093
REDIS_PORT = 26379
ENVOY_PORT = 8080
ENVOY_ADMIN_PORT = 9901

SERVERS: dict[str, int] = {
    "mongodb": MONGODB_PORT,
    "kafka": KAFKA_PORT,
    "kafka-controller": KAFKA_CONTROLLER_PORT,
    "redis": REDIS_PORT,
    "envoy": ENVOY_PORT,
    "envoy-admin": ENVOY_ADMIN_PORT,
}

# Where each port goes, counted from `--port-base`, when a second stack runs beside the first.
_OFFSETS = {"mongodb": 301, "kafka": 302, "kafka-controller": 303, "redis": 304, "envoy": 80, "envoy-admin": 99}


@dataclass(frozen=True, slots=True)
class Ports:
    """Every port of one stack: the well-known ones, or all moved together by a base."""

    base: int | None = None

    def server(self, part: str) -> int:
        """The port of MongoDB, Kafka, its controller, Redis, Envoy or Envoy's admin page."""
        return SERVERS[part] if self.base is None else self.base + _OFFSETS[part]

    def api(self, name: str) -> int:
        """The port on which the API of service `name` listens."""
        return SERVICES[name].port if self.base is None else self.base + SERVICES[name].port - 8000

    def health(self, name: str) -> int:
        """The port on which the worker of service `name` answers its health paths."""
        return self.api(name) + 100

    def every(self) -> dict[str, int]:
        """All ports of the stack by what listens there."""
        apis = {name: self.api(name) for name in SERVICES}
        workers = {f"{name}-worker": self.health(name) for name, service in SERVICES.items() if service.worker}
        return {part: self.server(part) for part in SERVERS} | apis | workers


def api_command(name: str) -> list[str]:
    """The argument list that starts the API of service `name`."""
    return [sys.executable, "-m", "gunicorn", "-c", "python:shared.gunicorn", SERVICES[name].app]


def worker_command(name: str) -> list[str]:
    """The argument list that starts the worker of service `name`."""
    if not SERVICES[name].worker:
        raise ValueError(f"{name} has no worker")
    return [sys.executable, "-m", f"services.{name}.worker"]
