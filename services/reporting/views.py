"""GET /v1/reports/<name>, one route for each declared report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.reporting.domain.reports import REPORTS, Report
from services.reporting.queries import run_report
from services.reporting.schemas import answer_schema, query_schema
from shared.http import Routes, principal, store

PERMISSION = "report.read"

routes = Routes("reports", "What is open, won and lost, in counts and money, as far as the caller may see.")


def _view(report: Report) -> Callable[[dict[str, str]], Any]:
    def view(query: dict[str, str]) -> Any:
        return run_report(store(), report, query, principal().scope(PERMISSION))

    view.__name__ = f"{report.name}_report".replace("-", "_")
    view.__doc__ = report.summary
    return view


for _report in REPORTS.values():
    routes.get(
        f"/v1/reports/{_report.name}",
        permission=PERMISSION,
        query=query_schema(_report),
        returns=answer_schema(_report.returns),
    )(_view(_report))

ROUTES = [routes]
