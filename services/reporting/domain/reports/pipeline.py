"""The pipeline: what is open, stage by stage, at full and at weighted value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.reporting.domain.cells import cube
from services.reporting.domain.facts import DealFact
from services.reporting.domain.labels import DEFINITION, Labels
from services.reporting.domain.report import CellRow, Need, Parameters, report
from services.reporting.domain.sums import Value, grouped, total


@cube("stage", ("status", "definition", "stage"))
def standing(fact: DealFact) -> tuple[str | None, ...]:
    """Every deal stands in one stage of its definition, open or closed."""
    return fact.status, fact.definition_id, fact.stage


@dataclass(frozen=True, slots=True)
class StageRow:
    """The open deals in one stage; `name` is keyed by language, empty while the definition is unknown."""

    stage: str
    name: dict[str, str]
    order: int | None
    probability: int | None
    forecast_category: str | None
    count: int
    values: list[Value]


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """The open deals that follow one stage definition, over all of its stages."""

    id: str | None
    code: str | None
    name: dict[str, str]
    number: int | None
    stages: list[StageRow]
    count: int
    values: list[Value]


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """The open deals of the tenant, or of the asked unit or owner."""

    definitions: list[DefinitionRow]
    count: int
    values: list[Value]


def _needs(_: Parameters) -> Need:
    return Need("stage", match={"status": "open"}, named={DEFINITION: "definition"})


@report("pipeline", needs=_needs, returns=PipelineReport)
def pipeline(_: Parameters, cells: list[CellRow], labels: Labels) -> PipelineReport:
    """Count and value of the open deals in each stage."""
    of = grouped(cells, lambda cell: cell["definition"])
    rows = [_definition(key, of[key], labels) for key in sorted(of, key=lambda key: labels.name(key) or "")]
    everything = total(cells)
    return PipelineReport(rows, everything.count, everything.values)


def _definition(key: str | None, cells: list[CellRow], labels: Labels) -> DefinitionRow:
    by_stage = grouped(cells, lambda cell: cell["stage"])
    rows = [_stage(code, known, by_stage.get(code, [])) for code, known in _stages(key, by_stage, labels)]
    everything = total(cells)
    known = labels.details(key)
    return DefinitionRow(
        id=key,
        code=labels.name(key),
        name=dict(known.get("name", {})),
        number=known.get("number"),
        stages=rows,
        count=everything.count,
        values=everything.values,
    )


def _stages(
    key: str | None, by_stage: Mapping[str, list[CellRow]], labels: Labels
) -> list[tuple[str, Mapping[str, Any]]]:
    """The definition's stages in order, empty ones too, then stages an older version of it had."""
    published = {stage["code"]: stage for stage in labels.details(key).get("stages", ())}
    ordered = sorted(published.items(), key=lambda item: item[1]["order"])
    return [*ordered, *((code, {}) for code in sorted(set(by_stage) - set(published)))]


def _stage(code: str, known: Mapping[str, Any], cells: list[CellRow]) -> StageRow:
    sums = total(cells)
    return StageRow(
        stage=code,
        name=dict(known.get("name", {})),
        order=known.get("order"),
        probability=known.get("probability"),
        forecast_category=known.get("forecast_category"),
        count=sums.count,
        values=sums.values,
    )
