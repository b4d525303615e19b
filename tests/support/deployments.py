"""Manifests and compose file as data, and what the code says that they must agree with."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = ("dev", "staging", "production")
KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
Object = dict[str, Any]


def kustomize() -> Path:
    """The kustomize of this machine, or one built from the Go module proxy once and kept in the cache."""
    found = shutil.which("kustomize")
    if found:
        return Path(found)
    folder = Path(os.environ.get("PELAGIC_HOME") or ROOT / ".pelagic") / "cache" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder / "kustomize" if (folder / "kustomize").exists() else _build(folder)


def _build(folder: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        raise AssertionError(
            "The manifests cannot be checked here: there is neither kustomize nor Go. Install one of them: "
            f"kustomize 5 on the path, or Go 1.22 or later, with which this test builds {KUSTOMIZE} once."
        )
    environ = os.environ | {"GOBIN": str(folder), "GOFLAGS": "-buildvcs=false"}
    subprocess.run([go, "install", KUSTOMIZE], env=environ, cwd=folder, check=True, timeout=540)
    return folder / "kustomize"


@cache
def built(overlay: str) -> list[Object]:
    """Every object that an overlay makes."""
    command = [str(kustomize()), "build", str(ROOT / "k8s" / "overlays" / overlay)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return [document for document in yaml.safe_load_all(result.stdout) if document]


def of_kind(kind: str, overlay: str = "production") -> dict[str, Object]:
    """Objects of a kind by name."""
    return {each["metadata"]["name"]: each for each in built(overlay) if each["kind"] == kind}


def pods(overlay: str = "production") -> dict[str, Object]:
    """Pod templates by the name of their deployment or job."""
    owners = of_kind("Deployment", overlay) | of_kind("Job", overlay)
    return {name: owner["spec"]["template"] for name, owner in owners.items()}


def containers(pod: Object) -> list[Object]:
    """All containers of a pod template, those that prepare it included."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def settings_of(overlay: str) -> dict[str, str]:
    """The settings shared by the processes of an overlay."""
    [config] = [each for each in built(overlay) if each["kind"] == "ConfigMap"]
    return dict(config["data"])


@cache
def compose() -> dict[str, Object]:
    """The services of the compose file."""
    return dict(yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text())["services"])


def known_variables() -> set[str]:
    """Every variable that the code reads, out of the one module that reads any."""
    text = (ROOT / "shared" / "config.py").read_text()
    [peers] = re.findall(r"_PEERS = \(([^)]*)\)", text)
    urls = {f"PELAGIC_{name.upper()}_URL" for name in re.findall(r'"(\w+)"', peers)}
    return set(re.findall(r'"((?:PELAGIC|OTEL)_[A-Z_]+)"', text)) | urls


def locked_version(package: str) -> str:
    """The version of a package in the lock file."""
    [version] = re.findall(rf'name = "{package}"\nversion = "([^"]+)"', (ROOT / "uv.lock").read_text())
    return str(version)


def spoken(command: list[str]) -> list[str]:
    """A command of the catalogue as an image says it: by the name of the interpreter, not by its place here."""
    return ["python" if word == sys.executable else word for word in command]


def chosen(labels: dict[str, str], selector: Object) -> bool:
    """Whether a label selector takes something with these labels."""
    return selector.get("matchLabels", {}).items() <= labels.items()


def admits(pod: Object, policy_kind: str, peer: Object, port: int) -> bool:
    """Whether the network policies let `pod` talk with `peer` in one direction, on `port` of the called one."""
    called = pod if policy_kind == "Ingress" else peer
    rules = _rules(pod["metadata"]["labels"], policy_kind)
    side = "from" if policy_kind == "Ingress" else "to"
    return any(_peers(rule.get(side), peer) and _ports(rule.get("ports"), called, port) for rule in rules)


def _rules(labels: dict[str, str], kind: str) -> Iterator[Object]:
    for policy in of_kind("NetworkPolicy").values():
        if kind in policy["spec"]["policyTypes"] and chosen(labels, policy["spec"]["podSelector"]):
            yield from policy["spec"].get(kind.lower(), [])


def _peers(peers: list[Object] | None, pod: Object) -> bool:
    labels = pod["metadata"]["labels"]
    return peers is None or any("podSelector" in peer and chosen(labels, peer["podSelector"]) for peer in peers)


def _ports(ports: list[Object] | None, called: Object, port: int) -> bool:
    names = {p["name"]: p["containerPort"] for c in containers(called) for p in c.get("ports", [])}
    return ports is None or any(_covers(entry, names, port) for entry in ports)


def _covers(entry: Object, names: dict[str, int], port: int) -> bool:
    first = names.get(entry["port"], 0) if isinstance(entry["port"], str) else entry["port"]
    return bool(first <= port <= entry.get("endPort", first))
