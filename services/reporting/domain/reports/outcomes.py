"""Outcomes: how all deals stand: won, lost, or open and in which stage."""

from __future__ import annotations

from dataclasses import dataclass

from services.reporting.domain.labels import DEFINITION, Labels
from services.reporting.domain.report import CellRow, Need, Parameters, report
from services.reporting.domain.sums import Total, Value, grouped, total

LAST = 1_000_000
"""The place of a stage that its definition no longer has."""


@dataclass(frozen=True, slots=True)
class OpenStage:
    """The open deals in one stage of one definition."""

    definition_id: str | None
    stage: str
    name: dict[str, str]
    count: int
    values: list[Value]


@dataclass(frozen=True, slots=True)
class OutcomesReport:
    """All deals, by how they stand; `stages` splits the open ones."""

    won: Total
    lost: Total
    open: Total
    stages: list[OpenStage]
    count: int


def _needs(_: Parameters) -> Need:
    return Need("stage", named={DEFINITION: "definition"})


@report("outcomes", needs=_needs, returns=OutcomesReport)
def outcomes(_: Parameters, cells: list[CellRow], labels: Labels) -> OutcomesReport:
    """Count and value of the deals won, lost and open, the open ones by stage."""
    by_status = grouped(cells, lambda cell: cell["status"])
    still_open = by_status.get("open", [])
    return OutcomesReport(
        won=total(by_status.get("won", [])),
        lost=total(by_status.get("lost", [])),
        open=total(still_open),
        stages=_open_stages(still_open, labels),
        count=total(cells).count,
    )


def _open_stages(cells: list[CellRow], labels: Labels) -> list[OpenStage]:
    by_stage = grouped(cells, lambda cell: (cell["definition"], cell["stage"]))
    rows: list[tuple[tuple[str, int, str], OpenStage]] = []
    for (definition, code), inside in by_stage.items():
        known = labels.stage(definition, code)
        sums = total(inside)
        row = OpenStage(definition, code, dict(known.get("name", {})), sums.count, sums.values)
        rows.append(((labels.name(definition) or "", known.get("order", LAST), code), row))
    return [row for _, row in sorted(rows, key=lambda ranked: ranked[0])]
