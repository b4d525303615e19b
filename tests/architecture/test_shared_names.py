"""The library's public names are a promise: adding or removing one is a decision, and changes the list here.

python -m tests.architecture.test_shared_names      # writes the list
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

ROOT = Path(__file__).resolve().parents[2]
FROZEN = Path(__file__).with_name("shared_names.json")


def public_names() -> dict[str, list[str]]:
    """Module → the public functions, classes and constants it defines or lists in `__all__`."""
    names = {}
    for path in sorted((ROOT / "shared").rglob("*.py")):
        found = _names(ast.parse(path.read_text()))
        if found:
            names[".".join(path.relative_to(ROOT).with_suffix("").parts)] = sorted(found)
    return names


def _names(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            assigned = {target.id for target in targets if isinstance(target, ast.Name)}
            if "__all__" in assigned and node.value is not None:
                return set(ast.literal_eval(node.value))
            found |= assigned
    return {name for name in found if not name.startswith("_") and name != "log"}


def test_the_librarys_public_names_are_as_agreed() -> None:
    assert public_names() == json.loads(FROZEN.read_text())


def test_every_module_of_the_library_states_its_promise() -> None:
    for path in (ROOT / "shared").rglob("*.py"):
        promise = ast.get_docstring(ast.parse(path.read_text()))
        assert promise and len(promise.splitlines()[0]) >= 20, path.name


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(public_names(), indent=1) + "\n")
