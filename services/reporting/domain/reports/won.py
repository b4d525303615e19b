"""Won value: by period, unit, rep or product, within months.

A won deal counts in the month it was closed on, once. By product its whole amount counts under its first
product (`DealFact.leading_product`), so the rows always add up to the total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.reporting.domain.cells import SEAT, TENANT, UNIT, cube
from services.reporting.domain.facts import DealFact
from services.reporting.domain.labels import PRODUCT, USER, Labels
from services.reporting.domain.labels import UNIT as UNIT_LABEL
from services.reporting.domain.report import MONTH, CellRow, Need, Parameter, Parameters, report
from services.reporting.domain.sums import Total, grouped, total
from shared.money import Money


@cube("won", ("month",))
def won_in_month(fact: DealFact) -> tuple[str | None, ...] | None:
    """A won deal counts in the month it was closed on."""
    return (_month(fact),) if fact.status == "won" else None


@cube("won_product", ("month", "product"))
def won_with_product(fact: DealFact) -> tuple[str | None, ...] | None:
    """A won deal counts under its leading product in the month it was closed on."""
    return (_month(fact), fact.leading_product) if fact.status == "won" else None


def _month(fact: DealFact) -> str | None:
    return fact.closed_on[:7] if fact.closed_on else None


@dataclass(frozen=True, slots=True)
class WonRow:
    """The deals won under one key; key and label are null for deals that have none (no unit, no product)."""

    key: str | None
    label: str | None
    count: int
    amounts: list[Money]


@dataclass(frozen=True, slots=True)
class WonReport:
    """The won deals, split `by` what was asked; periods in order of time, the others largest first."""

    by: str
    grain: str
    level: str | None
    first_month: str | None
    last_month: str | None
    rows: list[WonRow]
    count: int
    amounts: list[Money]


PARAMETERS = (
    Parameter("by", "What a row is.", choices=("period", "unit", "rep", "product"), default="period"),
    Parameter("from", "First month, such as 2017-03; included.", pattern=MONTH),
    Parameter("to", "Last month, such as 2017-12; included.", pattern=MONTH),
    Parameter("grain", "How long a period is.", choices=("month", "quarter", "year"), default="month"),
    Parameter(
        "level",
        "By unit: add units up to the one of this kind they belong to.",
        choices=("region", "department", "team"),
    ),
)


def _needs(asked: Parameters) -> Need:
    cube_name = "won_product" if asked["by"] == "product" else "won"
    per = {"unit": UNIT, "rep": SEAT}.get(asked["by"], TENANT)
    named: dict[str, dict[str, str | None]] = {
        "unit": {UNIT_LABEL: None},
        "rep": {USER: "owner"},
        "product": {PRODUCT: "product"},
    }
    return Need(
        cube_name,
        per=per,
        first=asked.get("from"),
        last=asked.get("to"),
        named=named.get(asked["by"], {}),
    )


@report("won", needs=_needs, returns=WonReport, parameters=PARAMETERS)
def won(asked: Parameters, cells: list[CellRow], labels: Labels) -> WonReport:
    """Count and value of the won deals by period, unit, rep or product."""
    key_of = _key(asked, labels)
    rows = [_row(key, total(inside), labels) for key, inside in grouped(cells, key_of).items()]
    everything = total(cells)
    return WonReport(
        by=asked["by"],
        grain=asked["grain"],
        level=asked.get("level"),
        first_month=asked.get("from"),
        last_month=asked.get("to"),
        rows=sorted(rows, key=_by_time if asked["by"] == "period" else _largest_first),
        count=everything.count,
        amounts=_amounts(everything),
    )


def _key(asked: Parameters, labels: Labels) -> Callable[[CellRow], str | None]:
    """What a cell's row is called, for the asked split."""
    ways: dict[str, Callable[[CellRow], str | None]] = {
        "period": lambda cell: period(cell["month"], asked["grain"]),
        "unit": lambda cell: labels.unit_at(cell["unit"], asked.get("level")),
        "rep": lambda cell: cell["owner"],
        "product": lambda cell: cell["product"],
    }
    return ways[asked["by"]]


def period(month: str | None, grain: str) -> str | None:
    """The period a month lies in: `2017-03`, `2017-Q1` or `2017`."""
    if month is None or grain == "month":
        return month
    year, number = month.split("-")
    return year if grain == "year" else f"{year}-Q{(int(number) + 2) // 3}"


def _row(key: str | None, sums: Total, labels: Labels) -> WonRow:
    return WonRow(key, labels.name(key), sums.count, _amounts(sums))


def _amounts(sums: Total) -> list[Money]:
    return [value.amount for value in sums.values]


def _by_time(row: WonRow) -> str:
    return row.key or ""


def _largest_first(row: WonRow) -> tuple[int, str]:
    """By the largest amount of any currency; equal ones by label."""
    largest = max((amount.amount_minor for amount in row.amounts), default=0)
    return -largest, row.label or ""
