"""What the pipeline service publishes on `crm.pipeline.v1`: products, stage definitions and the life of a deal.

Every deal event carries the deal as it stands afterwards, so a reader needs no earlier event to understand it;
`changes` says what moved and `stage` how the stage moved, under which version of the definition and on what evidence.
Dates are ISO date strings. Who attested a criterion, and what they said, never leaves the service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import msgspec

from shared.events.changes import Changes
from shared.events.envelope import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class ProductSnapshot:
    """A product after the event."""

    id: str
    version: int
    name: str
    list_price: Money | None = None


@dataclass(frozen=True, kw_only=True)
class StageSnapshot:
    """One stage of a published definition; `name` is keyed by language."""

    code: str
    name: dict[str, str]
    order: int
    probability: int
    forecast_category: str


@dataclass(frozen=True, kw_only=True)
class DefinitionSnapshot:
    """A stage definition after the event; `number` is which edition of `code` it is."""

    id: str
    version: int
    code: str
    name: dict[str, str]
    number: int
    state: str
    is_default: bool
    stages: list[StageSnapshot]


@dataclass(frozen=True, kw_only=True)
class DealSnapshot:
    """A deal after the event; `status` is open, won or lost, `stage` the last one it attained."""

    id: str
    version: int
    name: str
    status: str
    stage: str
    probability: int
    forecast_category: str
    definition_id: str
    definition_version: int
    amount: Money | None = None
    account_id: str | None = None
    contact_ids: list[str] = field(default_factory=list)
    product_ids: list[str] = field(default_factory=list)
    owner_id: str | None = None
    owner_unit_id: str | None = None
    expected_close_on: str | None = None
    engaged_on: str | None = None
    closed_on: str | None = None
    lost_reason: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class CriterionState:
    """Whether one criterion of a stage was met when the event happened."""

    code: str
    met: bool


class StageChange(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The stage before and after, and the criteria of the stages in between as they stood.

    A struct, because JSON's `from` is not a name Python allows a dataclass.
    """

    from_: str | None
    to: str
    definition_id: str
    definition_version: int
    criteria: list[CriterionState] = []


@dataclass(frozen=True, kw_only=True)
class ProductEvent(Event):
    """What every product event carries."""

    product: ProductSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProductCreated(ProductEvent):
    """A product joined the catalogue."""

    type: ClassVar[str] = "crm.product.created"


@dataclass(frozen=True, kw_only=True)
class ProductUpdated(ProductEvent):
    """A product's name, price, series or aliases changed."""

    type: ClassVar[str] = "crm.product.updated"


@dataclass(frozen=True, kw_only=True)
class StageDefinitionEvent(Event):
    """What every event of a stage definition carries."""

    definition: DefinitionSnapshot


@dataclass(frozen=True, kw_only=True)
class StageDefinitionDrafted(StageDefinitionEvent):
    """Somebody wrote down a way of selling; no deal can use it yet."""

    type: ClassVar[str] = "crm.stage_definition.drafted"


@dataclass(frozen=True, kw_only=True)
class StageDefinitionPublished(StageDefinitionEvent):
    """A definition is in force and will never change again."""

    type: ClassVar[str] = "crm.stage_definition.published"


@dataclass(frozen=True, kw_only=True)
class StageDefinitionRetired(StageDefinitionEvent):
    """A newer edition took over: deals on it stay, new deals do not start on it."""

    type: ClassVar[str] = "crm.stage_definition.retired"


@dataclass(frozen=True, kw_only=True)
class StageDefinitionDefaultChanged(StageDefinitionEvent):
    """The definition became, or stopped being, the one new deals start on; `is_default` says which."""

    type: ClassVar[str] = "crm.stage_definition.default_changed"


@dataclass(frozen=True, kw_only=True)
class DealEvent(Event):
    """What every deal event carries; `stage` is null where the stage did not move."""

    deal: DealSnapshot
    changes: Changes = field(default_factory=dict)
    stage: StageChange | None = None


@dataclass(frozen=True, kw_only=True)
class DealCreated(DealEvent):
    """A deal was entered, imported (then perhaps already won or lost) or came from a converted lead."""

    type: ClassVar[str] = "crm.deal.created"


@dataclass(frozen=True, kw_only=True)
class DealUpdated(DealEvent):
    """Fields of a deal changed; a stage that lost its evidence by it is in `stage`."""

    type: ClassVar[str] = "crm.deal.updated"


@dataclass(frozen=True, kw_only=True)
class DealAmountChanged(DealEvent):
    """The expected value of a deal changed."""

    type: ClassVar[str] = "crm.deal.amount_changed"


@dataclass(frozen=True, kw_only=True)
class DealStageAdvanced(DealEvent):
    """A deal attained its next stage."""

    type: ClassVar[str] = "crm.deal.stage_advanced"


@dataclass(frozen=True, kw_only=True)
class DealCriterionMet(DealEvent):
    """Evidence for a criterion was recorded."""

    type: ClassVar[str] = "crm.deal.criterion_met"

    criterion: str


@dataclass(frozen=True, kw_only=True)
class DealCriterionRevoked(DealEvent):
    """Evidence was withdrawn; if the deal's stage rested on it, `stage` says where the deal fell back to."""

    type: ClassVar[str] = "crm.deal.criterion_revoked"

    criterion: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DealOwnerChanged(DealEvent):
    """A deal went to another owner, with its stage and history."""

    type: ClassVar[str] = "crm.deal.owner_changed"


@dataclass(frozen=True, kw_only=True)
class DealWon(DealEvent):
    """A deal was won."""

    type: ClassVar[str] = "crm.deal.won"


@dataclass(frozen=True, kw_only=True)
class DealLost(DealEvent):
    """A deal was lost, and why."""

    type: ClassVar[str] = "crm.deal.lost"
