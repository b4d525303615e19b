"""The benchmark's results: one row per measurement, as a table to read and as JSON to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import orjson

BARE = "bare"
TARGETS_AT_16 = {
    "read_deal": 0.35,
    "pipeline_summary": 0.30,
    "create_lead": 0.15,
    "advance_deal": 0.14,
    "list_50_deals": 0.12,
    "convert_lead": 0.10,
}
"""The shares of `bare` asked for at 16 clients through the gateway."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `rps` counts requests, except for an import, where it counts leads."""

    scenario: str
    clients: int
    target: str
    rps: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int
    of_bare: float | None = None


def row(scenario: str, clients: int, target: str, *, rps: float, latencies: Sequence[float], errors: int) -> Row:
    """A measurement from its latencies in seconds."""
    ordered = sorted(latencies)
    p50, p95, p99 = (round(quantile(ordered, share) * 1000, 2) for share in (0.50, 0.95, 0.99))
    return Row(scenario, clients, target, round(rps, 1), p50, p95, p99, errors)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank quantile of an ascending sequence; 0 of nothing."""
    if not ordered:
        return 0.0
    rank = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[min(rank, len(ordered) - 1)]


def against_bare(rows: Iterable[Row]) -> list[Row]:
    """One row per scenario, clients and target: repeats of `bare` averaged, the others set against it."""
    rows = list(rows)
    bares = _averaged([row for row in rows if row.scenario == BARE])
    merged = [*bares.values(), *(row for row in rows if row.scenario != BARE)]
    return [_shared(row, bares.get((row.target, row.clients))) for row in merged]


def table(rows: Iterable[Row]) -> str:
    """The rows as text, with the wanted share where one is set and whether it is met."""
    lines = [_line("scenario", "target", "clients", "rps", "p50 ms", "p95 ms", "p99 ms", "errors", "of bare", "wanted")]
    for row in rows:
        wanted = TARGETS_AT_16.get(row.scenario) if _counts(row) else None
        share = "" if row.of_bare is None else f"{row.of_bare:.2f}"
        goal = "" if wanted is None else f"{wanted:.2f} {'met' if (row.of_bare or 0) >= wanted else 'MISSED'}"
        figures = (f"{row.rps:.0f}", row.p50_ms, row.p95_ms, row.p99_ms, row.errors)
        lines.append(_line(_label(row), row.target, row.clients, *figures, share, goal))
    return "\n".join(lines)


def write(path: Path, rows: Iterable[Row]) -> None:
    """Keep the rows as a JSON array."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps([asdict(row) for row in rows], option=orjson.OPT_INDENT_2) + b"\n")


def _averaged(bares: Iterable[Row]) -> dict[tuple[str, int], Row]:
    groups: dict[tuple[str, int], list[Row]] = {}
    for bare in bares:
        groups.setdefault((bare.target, bare.clients), []).append(bare)
    return {place: _mean(group) for place, group in groups.items()}


def _mean(group: list[Row]) -> Row:
    names = ("rps", "p50_ms", "p95_ms", "p99_ms")
    means = {name: round(fmean(getattr(row, name) for row in group), 2) for name in names}
    first = group[0]
    errors = sum(row.errors for row in group)
    return Row(first.scenario, first.clients, first.target, errors=errors, **means)


def _shared(row: Row, bare: Row | None) -> Row:
    if bare is None or not bare.rps or row.scenario.startswith(("import_", "fresh_")):
        return row
    return Row(**{**asdict(row), "of_bare": round(row.rps / bare.rps, 3)})


def _counts(row: Row) -> bool:
    return row.clients == 16 and row.target == "gateway"


def _label(row: Row) -> str:
    return f"{row.scenario} (leads/s)" if row.scenario.startswith("import_") else row.scenario


def _line(*cells: Any) -> str:
    widths = (31, 9, 8, 8, 9, 9, 9, 7, 8, 12)
    left = 2
    return " ".join(
        str(cell).ljust(width) if n < left else str(cell).rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()
