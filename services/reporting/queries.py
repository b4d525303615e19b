"""Questions to the tables: one report, for what the caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.reporting.domain.labels import DEFINITION, UNIT, Label, Labels
from services.reporting.domain.reach import Reach, reach_of
from services.reporting.domain.report import CellRow, Need, Report
from services.reporting.store import ReportingStore
from shared.auth import Scope


def run_report(store: ReportingStore, report: Report, asked: Mapping[str, str], scope: Scope) -> Any:
    """The report over all cells within `scope`, narrowed as asked; nothing there is an empty report."""
    need = report.needs(asked)
    units = _tree(store) if "unit" in asked or UNIT in need.named else []
    reach = _narrowed(reach_of(scope.level, scope.principal_id, scope.unit_id, scope.unit_ids), asked, Labels(units))
    cells = store.cells(_query(need, reach))
    return report.lay_out(asked, cells, Labels([*units, *_names(store, need, cells)]))


def _tree(store: ReportingStore) -> list[Label]:
    return store.labels_of(UNIT)


def _narrowed(reach: Reach, asked: Mapping[str, str], units: Labels) -> Reach:
    if "unit" in asked:
        reach = reach.within(units.units_below(asked["unit"]))
    return reach.of(asked["owner"]) if "owner" in asked else reach


def _query(need: Need, reach: Reach) -> dict[str, Any]:
    months = {"$gte": need.first, "$lte": need.last}
    between = {bound: month for bound, month in months.items() if month is not None}
    by_month = {"month": between} if between else {}
    return {"cube": need.cube, **reach.cells(need.per), **need.match, **by_month}


def _names(store: ReportingStore, need: Need, cells: list[CellRow]) -> list[Label]:
    """The labels of what the cells name."""
    found: list[Label] = []
    for kind, attribute in need.named.items():
        ids = {cell[attribute] for cell in cells} - {None} if attribute else set()
        if ids:
            found += store.definitions_for(ids) if kind == DEFINITION else store.labels_for(sorted(ids))
    return found
