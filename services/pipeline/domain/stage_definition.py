"""Stage definitions: a tenant's own way of selling, written down, numbered, and frozen once published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from services.pipeline.domain.criteria import Criterion, Texts, is_met
from services.pipeline.domain.errors import (
    AtLastStage,
    CriterionNotFound,
    DefinitionNotDraft,
    DefinitionNotPublished,
    StageUnknown,
)
from shared.errors import FieldError
from shared.events.pipeline import (
    DefinitionSnapshot,
    StageDefinitionDefaultChanged,
    StageDefinitionDrafted,
    StageDefinitionPublished,
    StageDefinitionRetired,
    StageSnapshot,
)
from shared.record import Record

if TYPE_CHECKING:
    from services.pipeline.domain.deal import Deal


class State(StrEnum):
    """A definition is written, then in force, then superseded; never back."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class ForecastCategory(StrEnum):
    """Where a deal's amount goes in a forecast."""

    OMITTED = "omitted"
    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Stage:
    """One stage; its criteria must be complete for a deal to count as having reached it."""

    code: str
    name: Texts
    order: int
    probability: int
    forecast_category: ForecastCategory
    criteria: list[Criterion] = field(default_factory=list)


@dataclass(kw_only=True)
class StageDefinition(Record):
    """Edition `number` of the definition `code`; `stages` stand in order. The default one takes new deals."""

    code: str
    name: Texts
    number: int
    stages: list[Stage]
    win_criteria: list[Criterion] = field(default_factory=list)
    state: State = State.DRAFT
    is_default: bool = False
    published_at: datetime | None = None

    def drafted(self) -> StageDefinitionDrafted:
        """The news of a definition just written."""
        return StageDefinitionDrafted(definition=self.snapshot())

    def publish(self, *, is_default: bool, at: datetime) -> StageDefinitionPublished:
        """Put a draft in force, perhaps as the one new deals start on; what it asks for never changes again."""
        if self.state is not State.DRAFT:
            raise DefinitionNotDraft(definition_id=self.id, state=self.state)
        self.state, self.published_at, self.is_default = State.PUBLISHED, at, is_default
        return StageDefinitionPublished(definition=self.snapshot())

    def retire(self) -> StageDefinitionRetired:
        """Give way to a newer edition: deals stay on it, new ones do not start on it."""
        if self.state is not State.PUBLISHED:
            raise DefinitionNotPublished(definition_id=self.id, state=self.state)
        self.state, self.is_default = State.RETIRED, False
        return StageDefinitionRetired(definition=self.snapshot())

    def stop_being_default(self) -> StageDefinitionDefaultChanged:
        """Leave new deals to another definition."""
        self.is_default = False
        return StageDefinitionDefaultChanged(definition=self.snapshot())

    def must_take_deals(self) -> None:
        """Refuse a new deal unless the definition is in force."""
        if self.state is not State.PUBLISHED:
            raise DefinitionNotPublished(definition_id=self.id, state=self.state)

    @property
    def first(self) -> Stage:
        """The stage every deal starts in."""
        return self.stages[0]

    def stage(self, code: str, *, pointer: str = "/stage") -> Stage:
        """The stage called `code`."""
        return self.stages[self._position(code, pointer)]

    def after(self, code: str) -> Stage | None:
        """The stage that follows `code`, or None at the end."""
        following = self._position(code) + 1
        return self.stages[following] if following < len(self.stages) else None

    def next_after(self, code: str) -> Stage:
        """The stage that follows `code`; at the end a deal can only be won or lost."""
        following = self.after(code)
        if following is None:
            raise AtLastStage(stage=code)
        return following

    def through(self, code: str) -> list[Stage]:
        """The stages from the first up to and including `code`."""
        return self.stages[: self._position(code) + 1]

    def criteria_through(self, code: str) -> list[Criterion]:
        """All a deal must have to stand in `code`: its criteria and those of every stage before it."""
        return [criterion for stage in self.through(code) for criterion in stage.criteria]

    def attained(self, deal: Deal) -> Stage:
        """The last stage up to the deal's own whose criteria, and those of all before it, are complete."""
        reached = self.first
        for stage in self.through(deal.stage):
            if not all(is_met(deal, criterion) for criterion in stage.criteria):
                return reached
            reached = stage
        return reached

    def criterion(self, code: str) -> Criterion:
        """The criterion called `code`, of a stage or of winning."""
        found = next((criterion for criterion in self.criteria() if criterion.code == code), None)
        if found is None:
            raise CriterionNotFound(criterion=code)
        return found

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion, in the order deals meet them."""
        for stage in self.stages:
            yield from stage.criteria
        yield from self.win_criteria

    def snapshot(self) -> DefinitionSnapshot:
        """The definition as its next event tells it."""
        return DefinitionSnapshot(
            id=self.id,
            version=self.version + 1,
            code=self.code,
            name=self.name,
            number=self.number,
            state=self.state,
            is_default=self.is_default,
            stages=[_told(stage) for stage in self.stages],
        )

    def _position(self, code: str, pointer: str = "/stage") -> int:
        for position, stage in enumerate(self.stages):
            if stage.code == code:
                return position
        choices = [stage.code for stage in self.stages]
        raise StageUnknown(stage=code, errors=[FieldError(pointer, "not-one-of", {"choices": choices})])


def _told(stage: Stage) -> StageSnapshot:
    return StageSnapshot(
        code=stage.code,
        name=stage.name,
        order=stage.order,
        probability=stage.probability,
        forecast_category=stage.forecast_category,
    )
