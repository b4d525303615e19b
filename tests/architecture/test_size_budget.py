"""Small on purpose: median module ≤ 120 lines, none over 300; nine bodies of ten ≤ 20 lines, none over 40."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = sorted(
    path for top in ("shared", "services", "gateway", "infra", "bench") for path in (ROOT / top).rglob("*.py")
)
MODULES = [path for path in PRODUCT if path.read_text().strip()]
TREES = {path: ast.parse(path.read_text()) for path in MODULES}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions() -> list[tuple[str, Function]]:
    return [
        (f"{name(path)}:{node.lineno} {node.name}", node)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def body_lines(function: Function) -> int:
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - statements[0].lineno + 1 if statements else 0


FUNCTIONS = functions()
IN_PRIVATE_CLASSES = {
    id(inner)
    for tree in TREES.values()
    for outer in ast.walk(tree)
    if isinstance(outer, ast.ClassDef) and outer.name.startswith("_")
    for inner in ast.walk(outer)
}
BODIES = {where: body_lines(function) for where, function in FUNCTIONS}


def test_no_module_is_longer_than_300_lines() -> None:
    assert {name(path): n for path in MODULES if (n := path.read_text().count("\n")) > 300} == {}


def test_the_median_module_has_at_most_120_lines() -> None:
    assert statistics.median(path.read_text().count("\n") for path in MODULES) <= 120


def test_no_body_is_longer_than_40_lines() -> None:
    assert {where: lines for where, lines in BODIES.items() if lines > 40} == {}


def test_nine_bodies_of_ten_have_at_most_20_lines() -> None:
    assert statistics.quantiles(BODIES.values(), n=10)[8] <= 20


def test_every_module_has_a_docstring() -> None:
    assert [name(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_every_public_function_has_a_docstring() -> None:
    local = {
        id(inner) for _, outer in FUNCTIONS for inner in ast.walk(outer) if inner is not outer
    } | IN_PRIVATE_CLASSES
    bare = [
        where
        for where, function in FUNCTIONS
        if not function.name.startswith("_") and id(function) not in local and not ast.get_docstring(function)
    ]
    assert bare == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in MODULES if path.stem in VAGUE] == []


def test_a_service_is_made_of_the_same_files() -> None:
    cast = {"app", "worker", "domain", "commands", "queries", "store", "schemas", "texts", "views", "consumers"}
    needed = {"app", "worker", "domain", "store", "schemas", "texts", "views"}
    for service in sorted((ROOT / "services").iterdir()):
        if not service.is_dir() or service.name == "__pycache__":
            continue
        found = {path.stem for path in service.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
        assert needed <= found, f"{service.name} lacks {needed - found}"
        assert (service / "README.md").exists(), f"{service.name} has no canvas"
        extra = found - cast - {"__init__"}
        assert len(extra) <= 2, f"{service.name} has grown a cast of its own: {extra}"
