"""Deals: a stage is attained, not typed. Its criteria open it, and losing them closes it again.

Every rule that changes a deal returns the event that tells the world; one that refuses changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.pipeline.domain.criteria import KINDS, is_met, unmet
from services.pipeline.domain.errors import (
    AlreadyOwner,
    CriterionAlreadyMet,
    CriterionNotAttested,
    CriterionNotMet,
    DealClosed,
    ExitCriteriaUnmet,
    StageSkipped,
)
from services.pipeline.domain.stage_definition import ForecastCategory, Stage, StageDefinition
from services.pipeline.domain.standing import (
    FRESH,
    DealContact,
    Evidence,
    StageVisit,
    Standing,
    Status,
    must_agree,
    outcome,
    start_of,
)
from shared.events.changes import Changes, apply
from shared.events.pipeline import (
    CriterionState,
    DealAmountChanged,
    DealCreated,
    DealCriterionMet,
    DealCriterionRevoked,
    DealEvent,
    DealLost,
    DealOwnerChanged,
    DealSnapshot,
    DealStageAdvanced,
    DealUpdated,
    DealWon,
    StageChange,
)
from shared.money import Money
from shared.record import Record


@dataclass(kw_only=True)
class Deal(Record):
    """A potential sale. `digest` is what it was imported as, `created_on` the day its source first knew it."""

    name: str
    definition_id: str
    definition_version: int
    stage: str
    probability: int
    forecast_category: ForecastCategory
    status: Status = Status.OPEN
    amount: Money | None = None
    account_id: str | None = None
    contacts: list[DealContact] = field(default_factory=list)
    product_ids: list[str] = field(default_factory=list)
    expected_close_on: str | None = None
    engaged_on: str | None = None
    created_on: str | None = None
    closed_on: str | None = None
    lost_reason: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    history: list[StageVisit] = field(default_factory=list)
    external_id: str | None = None
    digest: str | None = None
    created_from_lead: str | None = None

    @classmethod
    def start(
        cls, definition: StageDefinition, standing: Standing = FRESH, *, at: datetime, **fields: Any
    ) -> tuple[Deal, DealCreated]:
        """A new deal and its news; whatever it claims to have reached already has to be proven here too."""
        stage = definition.stage(standing.stage) if standing.stage else definition.first
        deal = cls(
            definition_id=definition.id,
            definition_version=definition.number,
            stage=stage.code,
            probability=stage.probability,
            forecast_category=stage.forecast_category,
            history=[StageVisit(stage=stage.code, entered_at=start_of(standing.since) if standing.since else at)],
            closed_on=standing.closed_on,
            **fields,
        )
        deal._must_stand(definition, standing)
        if standing.status is not Status.OPEN:
            apply(deal, outcome(standing.status, standing.closed_on, standing.lost_reason))
            deal.history[-1].left_at = start_of(standing.closed_on) if standing.closed_on else at
        change = deal._stage_change(definition, None, definition.through(stage.code))
        return deal, DealCreated(deal=deal.snapshot(), stage=change)

    def advance(self, definition: StageDefinition, to_stage: str | None, *, at: datetime) -> DealStageAdvanced:
        """Move on to the next stage, once everything that stage asks for is there."""
        self._must_be_open()
        target = definition.next_after(self.stage)
        if to_stage is not None and definition.stage(to_stage, pointer="/to_stage").code != target.code:
            raise StageSkipped(stage=self.stage, to_stage=to_stage, next_stage=target.code)
        missing = unmet(self, definition.criteria_through(target.code))
        if missing:
            raise ExitCriteriaUnmet(stage=target.code, errors=missing)
        changes, change = self._move(definition, target, [target], at)
        return DealStageAdvanced(deal=self.snapshot(), changes=changes, stage=change)

    def meet(self, definition: StageDefinition, code: str, evidence: Evidence) -> DealCriterionMet:
        """Record that a named person at the customer confirmed a criterion."""
        self._must_be_open()
        criterion = definition.criterion(code)
        if not KINDS[criterion.kind].attested:
            raise CriterionNotAttested(criterion=code, errors=unmet(self, [criterion]))
        if code in self.evidence:
            raise CriterionAlreadyMet(criterion=code)
        self.evidence[code] = evidence
        return DealCriterionMet(deal=self.snapshot(), criterion=code)

    def revoke(self, definition: StageDefinition, code: str, *, reason: str, at: datetime) -> DealCriterionRevoked:
        """Withdraw evidence; a stage that rested on it is no longer attained, and the deal falls back."""
        self._must_be_open()
        definition.criterion(code)
        if code not in self.evidence:
            raise CriterionNotMet(criterion=code)
        del self.evidence[code]
        changes, change = self._settle(definition, at)
        return DealCriterionRevoked(deal=self.snapshot(), criterion=code, reason=reason, changes=changes, stage=change)

    def change(self, definition: StageDefinition, fields: dict[str, Any], *, at: datetime) -> list[DealEvent]:
        """Change the given fields; the amount is news of its own. Clearing what the stage needs makes it fall back."""
        self._must_be_open()
        events: list[DealEvent] = []
        money = {name: value for name, value in fields.items() if name == "amount"}
        others = {name: value for name, value in fields.items() if name != "amount"}
        told: list[tuple[type[DealUpdated] | type[DealAmountChanged], dict[str, Any]]]
        told = [(DealUpdated, others), (DealAmountChanged, money)]
        for event, part in told:
            if changes := apply(self, part):
                moved, stage = self._settle(definition, at)
                snapshot = self.snapshot(ahead=len(events) + 1)
                events.append(event(deal=snapshot, changes={**changes, **moved}, stage=stage))
        return events

    def win(self, definition: StageDefinition, *, closed_on: str, at: datetime) -> DealWon:
        """Close as won, once everything the definition asks of a won deal is there."""
        self._must_be_open()
        missing = unmet(replace(self, closed_on=closed_on), definition.win_criteria)
        if missing:
            raise ExitCriteriaUnmet(stage=Status.WON, errors=missing)
        changes = self._close(outcome(Status.WON, closed_on, None), at)
        return DealWon(deal=self.snapshot(), changes=changes)

    def lose(self, *, reason: str, closed_on: str, at: datetime) -> DealLost:
        """Close as lost, and say why."""
        self._must_be_open()
        changes = self._close(outcome(Status.LOST, closed_on, reason), at)
        return DealLost(deal=self.snapshot(), changes=changes)

    def transfer(self, owner_id: str, owner_unit_id: str | None) -> DealOwnerChanged:
        """Hand the deal to a colleague, with its stage and history."""
        self._must_be_open()
        changes = apply(self, {"owner_id": owner_id, "owner_unit_id": owner_unit_id})
        if not changes:
            raise AlreadyOwner(owner_id=owner_id)
        return DealOwnerChanged(deal=self.snapshot(), changes=changes)

    def snapshot(self, ahead: int = 1) -> DealSnapshot:
        """The deal as its next event tells it, or the one `ahead` events from now."""
        return DealSnapshot(
            id=self.id,
            version=self.version + ahead,
            name=self.name,
            status=self.status,
            stage=self.stage,
            probability=self.probability,
            forecast_category=self.forecast_category,
            definition_id=self.definition_id,
            definition_version=self.definition_version,
            amount=self.amount,
            account_id=self.account_id,
            contact_ids=[contact.contact_id for contact in self.contacts],
            product_ids=list(self.product_ids),
            owner_id=self.owner_id,
            owner_unit_id=self.owner_unit_id,
            expected_close_on=self.expected_close_on,
            engaged_on=self.engaged_on,
            closed_on=self.closed_on,
            lost_reason=self.lost_reason,
            external_id=self.external_id,
        )

    def _must_be_open(self) -> None:
        if self.status is not Status.OPEN:
            raise DealClosed(deal_id=self.id, status=self.status)

    def _must_stand(self, definition: StageDefinition, standing: Standing) -> None:
        must_agree(standing)
        claimed = definition.criteria_through(self.stage)
        if standing.status is Status.WON:
            claimed = [*claimed, *definition.win_criteria]
        missing = unmet(self, claimed)
        if missing:
            raise ExitCriteriaUnmet(stage=self.stage, errors=missing)

    def _settle(self, definition: StageDefinition, at: datetime) -> tuple[Changes, StageChange | None]:
        """Fall back to the last stage still attained, if the deal's own no longer is."""
        attained = definition.attained(self)
        if attained.code == self.stage:
            return {}, None
        given_up = definition.through(self.stage)[len(definition.through(attained.code)) :]
        return self._move(definition, attained, given_up, at)

    def _move(
        self, definition: StageDefinition, to: Stage, between: list[Stage], at: datetime
    ) -> tuple[Changes, StageChange]:
        before = self.stage
        changes = apply(
            self,
            {
                "stage": to.code,
                "probability": to.probability,
                "forecast_category": to.forecast_category,
            },
        )
        self.history[-1].left_at = at
        self.history.append(StageVisit(stage=to.code, entered_at=at))
        return changes, self._stage_change(definition, before, between)

    def _stage_change(self, definition: StageDefinition, before: str | None, between: list[Stage]) -> StageChange:
        return StageChange(
            from_=before,
            to=self.stage,
            definition_id=definition.id,
            definition_version=definition.number,
            criteria=[
                CriterionState(code=criterion.code, met=is_met(self, criterion))
                for stage in between
                for criterion in stage.criteria
            ],
        )

    def _close(self, ending: dict[str, Any], at: datetime) -> Changes:
        self.history[-1].left_at = at
        return apply(self, ending)
