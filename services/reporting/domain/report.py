"""What a report is: a name, declared parameters, the cells it needs, and how it lays them out.

One module in `domain/reports/` per report. Nothing else names it: the route, the check of its parameters
and its place in the OpenAPI document follow from the declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.reporting.domain.cells import TENANT
from services.reporting.domain.labels import Labels

CellRow = Mapping[str, Any]
Parameters = Mapping[str, Any]

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter of a report: its name, what it means, what is accepted."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    default: str | None = None

    def accepts(self, value: str) -> bool:
        """Whether `value` may be given."""
        if self.choices:
            return value in self.choices
        return self.pattern is None or re.fullmatch(self.pattern, value) is not None


UNIT_PARAMETER = Parameter("unit", "Only deals owned in this unit or below it.")
OWNER_PARAMETER = Parameter("owner", "Only deals of this owner.")


@dataclass(frozen=True, slots=True)
class Need:
    """What a report reads: cells of one cube, as fine as `per`, within months, and the labels of them.

    `named` maps a kind of label to the cell attribute holding the ids to name; units map to None, for
    adding them up takes the whole tree.
    """

    cube: str
    per: str = TENANT
    match: Mapping[str, Any] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    named: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as declared: `needs` says what to read, `lay_out` makes of it the answer."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    returns: type
    needs: Callable[[Parameters], Need]
    lay_out: Callable[[Parameters, list[CellRow], Labels], Any]


REPORTS: dict[str, Report] = {}


def report(
    name: str, *, needs: Callable[[Parameters], Need], returns: type, parameters: Iterable[Parameter] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a report; the function under it lays out the answer, its docstring is the summary."""

    def register(lay_out: Callable[..., Any]) -> Callable[..., Any]:
        if name in REPORTS:
            raise ValueError(f"report {name} is declared twice")
        declared = (*parameters, UNIT_PARAMETER, OWNER_PARAMETER)
        summary = (lay_out.__doc__ or "").strip()
        REPORTS[name] = Report(name, summary, declared, returns, needs, lay_out)
        return lay_out

    return register
