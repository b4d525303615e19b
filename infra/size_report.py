"""How large modules and function bodies are, against the house's budget; exceeding a hard limit is an error.

    python -m infra.size_report

A body is a function without its docstring and without the functions inside it. Tests count for nothing here.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("shared", "services", "gateway", "infra", "bench")
MODULE_HARD, BODY_HARD = 300, 40
MODULE_MEDIAN, BODY_MEDIAN, BODY_P90 = 120, 6, 20
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A module or a function, and its lines."""

    lines: int
    where: str


def files(packages: tuple[str, ...] = PACKAGES) -> Iterator[Path]:
    """Every module of the product."""
    for package in packages:
        yield from sorted((PROJECT / package).rglob("*.py"))


def modules() -> list[Size]:
    """The size of every module that is not empty."""
    counted = ((len(file.read_text().splitlines()), str(file.relative_to(PROJECT))) for file in files())
    return [Size(lines, where) for lines, where in counted if lines > 1]


def bodies() -> list[Size]:
    """The size of every function body."""
    return [size for file in files() for size in _bodies_of(file)]


def _bodies_of(file: Path) -> Iterator[Size]:
    where = file.relative_to(PROJECT)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, FUNCTIONS):
            yield Size(body_lines(node), f"{where}:{node.lineno} {node.name}")


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a body without its docstring and without its inner functions."""
    statements = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    if not statements:
        return 0
    nested = sum(_span(node) for node in _children(function))
    return max(0, _end(statements[-1]) - statements[0].lineno + 1 - nested)


def _children(function: ast.AST) -> list[ast.stmt]:
    """Functions directly inside, not those inside of these."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(function):
        found += [node] if isinstance(node, FUNCTIONS) else _children(node)
    return found


def _span(node: ast.stmt) -> int:
    return _end(node) - node.lineno + 1


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def p90(sizes: list[Size]) -> float:
    """The size that nine of ten stay at or below."""
    return quantiles([size.lines for size in sizes], n=10)[-1] if len(sizes) > 1 else 0


def too_large() -> list[str]:
    """What exceeds a hard limit."""
    long_modules = [f"{size.where}: {size.lines} lines" for size in modules() if size.lines > MODULE_HARD]
    return long_modules + [f"{size.where}: body of {size.lines} lines" for size in bodies() if size.lines > BODY_HARD]


def main() -> int:
    """Print the report; 1 when something exceeds a hard limit."""
    found_modules, found_bodies = modules(), bodies()
    module_middle = median(size.lines for size in found_modules)
    body_middle = median(size.lines for size in found_bodies)
    largest_module, largest_body = max(found_modules), max(found_bodies)
    print(f"modules  {len(found_modules):5}   median {module_middle:3.0f} (≤ {MODULE_MEDIAN})   ", end="")
    print(f"largest {largest_module.lines} {largest_module.where} (≤ {MODULE_HARD})")
    print(
        f"bodies   {len(found_bodies):5}   median {body_middle:3.0f} (≤ {BODY_MEDIAN})   p90 {p90(found_bodies):.0f} ",
        end="",
    )
    print(f"(≤ {BODY_P90})   largest {largest_body.lines} {largest_body.where} (≤ {BODY_HARD})")
    excess = too_large()
    print("\n".join(f"too large: {line}" for line in excess), end="\n" if excess else "")
    return 1 if excess else 0


if __name__ == "__main__":
    sys.exit(main())
