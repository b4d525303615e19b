"""The routes table against the services' own documents: every path they publish is reached, none is forgotten."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.openapi import METHODS, merge
from gateway.routes import BATCH_BODY_LIMIT, route_of
from infra.catalogue import DOMAIN_SERVICES
from infra.signing_key import main as make_signing_key

pytestmark = pytest.mark.contract

OWN = {"/openapi.json", "/livez", "/readyz", "/version"}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every service's own document, from applications made as gunicorn makes them."""
    key: Path = tmp_path_factory.mktemp("keys") / "signing.pem"
    CliRunner().invoke(make_signing_key, [str(key)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELAGIC_SIGNING_KEY_FILE", str(key))
        apps = {name: importlib.import_module(f"services.{name}.app").create_app() for name in DOMAIN_SERVICES}
    return {name: app.test_client().get("/openapi.json").json for name, app in apps.items()}


def _operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    items = document["paths"].items()
    return {(path, verb): item[verb] for path, item in items if path not in OWN for verb in item if verb in METHODS}


def test_every_path_of_a_service_is_led_to_it(documents: dict[str, dict[str, Any]]) -> None:
    led = {
        (name, path): getattr(route_of(path.replace("{", "").replace("}", "")), "service", None)
        for name, document in documents.items()
        for path, _ in _operations(document)
    }
    assert {asked: answer for asked, answer in led.items() if asked[0] != answer} == {}


def test_the_edge_lets_nobody_in_whom_the_service_would_not(documents: dict[str, dict[str, Any]]) -> None:
    closed = []
    for document in documents.values():
        for (path, verb), operation in _operations(document).items():
            route = route_of(path)
            if operation.get("security") == [] and route is not None and not route.public:
                closed.append((verb, path))
    assert closed == []


def test_batches_may_be_large(documents: dict[str, dict[str, Any]]) -> None:
    batches = {path for each in documents.values() for path, _ in _operations(each) if path.endswith("/batch")}
    small = [path for path in sorted(batches) if getattr(route_of(path), "body_limit", 0) != BATCH_BODY_LIMIT]
    assert (small, len(batches)) == ([], 7)


def test_the_merged_document_holds_every_operation_and_resolves(documents: dict[str, dict[str, Any]]) -> None:
    merged = merge(documents, version="1", unavailable=[])
    asked = {operation for document in documents.values() for operation in _operations(document)}
    assert set(_operations(merged)) == asked
    ids = [operation.get("operationId") for operation in _operations(merged).values()]
    assert len(ids) == len(set(ids))
    assert [reference for reference in _references(merged) if not _resolves(merged, reference)] == []


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _references(value)]
    return [found for value in node for found in _references(value)] if isinstance(node, list) else []


def _resolves(document: dict[str, Any], reference: str) -> bool:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node is not None
