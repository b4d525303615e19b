"""What a deal is made of besides its fields: its contacts, its evidence, its stays in stages and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.pipeline.domain.stage_definition import ForecastCategory
from shared.errors import FieldError, Invalid


class Status(StrEnum):
    """Open until it is won or lost, and then no more."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(kw_only=True)
class DealContact:
    """A contact's part in a deal."""

    contact_id: str
    role: str | None = None


@dataclass(kw_only=True)
class Evidence:
    """Who at the customer said so, when, and who of us wrote it down."""

    attested_by: str
    happened_on: str
    note: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(kw_only=True)
class StageVisit:
    """One stay in a stage; `left_at` is open while the deal stands in it."""

    stage: str
    entered_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a new deal already stands, and since when: nothing for a fresh one, its history for an imported one."""

    stage: str | None = None
    status: Status = Status.OPEN
    since: str | None = None
    closed_on: str | None = None
    lost_reason: str | None = None


FRESH = Standing()
"""A deal without a past."""


def start_of(day: str) -> datetime:
    """The first instant of an ISO date, in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def outcome(status: Status, closed_on: str | None, reason: str | None) -> dict[str, Any]:
    """What closing changes on a deal: certain when won, out of every forecast when lost."""
    won = status is Status.WON
    return {
        "status": status,
        "probability": 100 if won else 0,
        "forecast_category": ForecastCategory.CLOSED if won else ForecastCategory.OMITTED,
        "closed_on": closed_on,
        "lost_reason": reason,
    }


def must_agree(standing: Standing) -> None:
    """A closed deal says when, a lost one why, and an open one neither."""
    closed, lost = standing.status is not Status.OPEN, standing.status is Status.LOST
    stated = [("/closed_on", closed, standing.closed_on), ("/lost_reason", lost, standing.lost_reason)]
    faults = [
        FieldError(pointer, "required" if needed else "not-allowed")
        for pointer, needed, value in stated
        if needed is not bool(value)
    ]
    if faults:
        raise Invalid(errors=faults)
