"""A server in a container, through testcontainers: one small process per container that the supervisor can keep.

`python -m infra.local.containers <part> <port> <data folder>` runs the container in the foreground; SIGTERM ends both.
testcontainers' own reaper removes the container should this process be killed.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from infra.local import kafka, mongo
from infra.local.home import PROJECT, Home
from infra.local.program import EDGE_STAGE, SERVERS_STAGE, Program

COMPOSE = PROJECT / "infra" / "compose.yaml"
# Where the compose file has another word for a part.
COMPOSE_NAMES = {"envoy": "edge"}


def image(part: str) -> str:
    """The image that the compose file runs for this part; the pin is there alone."""
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    return str(services[COMPOSE_NAMES.get(part, part)]["image"])


def program(part: str, home: Home, port: int) -> Program:
    """The process that keeps the part's container."""
    data = home.data / f"{part}-docker"
    data.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "infra.local.containers", part, str(port), str(data), str(home.run)]
    return Program(part, argv, home.log(part), stage=EDGE_STAGE if part == "envoy" else SERVERS_STAGE)


def _mongodb(container: Any, port: int, data: Path, _run: Path) -> Any:
    command = f"mongod --port {port} --replSet {mongo.REPLICA_SET} --bind_ip_all --wiredTigerCacheSizeGB 1"
    return container.with_command(command).with_bind_ports(port, port).with_volume_mapping(str(data), "/data/db", "rw")


def _kafka(container: Any, port: int, data: Path, _run: Path) -> Any:
    text = kafka.properties(Path("/data/log"), port, port + 1).replace(
        f"listeners=PLAINTEXT://127.0.0.1:{port},", f"listeners=PLAINTEXT://0.0.0.0:{port},", 1
    )
    (data / "server.properties").write_text(text)
    start = (
        f"/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t {kafka.CLUSTER_ID} -c /data/server.properties"
        " && exec /opt/kafka/bin/kafka-server-start.sh /data/server.properties"
    )
    mapped = container.with_bind_ports(port, port).with_volume_mapping(str(data), "/data", "rw")
    return mapped.with_command(["sh", "-c", start])


def _redis(container: Any, port: int, _data: Path, _run: Path) -> Any:
    return container.with_command(f"valkey-server --port {port} --save '' --appendonly no").with_bind_ports(port, port)


def _envoy(container: Any, _port: int, _data: Path, run: Path) -> Any:
    mapped = container.with_volume_mapping(str(run), "/etc/pelagic", "ro").with_kwargs(network_mode="host")
    return mapped.with_command("envoy -c /etc/pelagic/envoy.yaml --log-level warning --disable-hot-restart")


CONFIGURE: dict[str, Callable[[Any, int, Path, Path], Any]] = {
    "mongodb": _mongodb,
    "kafka": _kafka,
    "redis": _redis,
    "envoy": _envoy,
}


def main(part: str, port: int, data: Path, run: Path) -> None:
    """Run the container until a signal comes, its log on our standard output."""
    from testcontainers.core.container import DockerContainer  # Only where a daemon answers is it needed.

    container = DockerContainer(image(part))
    if part != "envoy":
        container = container.with_kwargs(user=f"{os.getuid()}:{os.getgid()}")
    container = CONFIGURE[part](container, port, data, run)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with container as running:
        wrapped = running.get_wrapped_container()
        for line in wrapped.logs(stream=True, follow=True):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
