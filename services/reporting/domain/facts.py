"""Facts: what reporting knows of one deal, as of the newest event it has seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from shared.events.envelope import Envelope
from shared.money import Money

DEAL_EVENTS = "crm.deal."


@dataclass(frozen=True, kw_only=True, slots=True)
class DealFact:
    """A deal as the reports see it; `sequence` is the version of the deal it was read from."""

    id: str
    sequence: int
    status: str
    stage: str
    definition_id: str | None = None
    probability: int = 0
    forecast_category: str | None = None
    amount_minor: int = 0
    currency: str | None = None
    account_id: str | None = None
    product_ids: tuple[str, ...] = ()
    owner_id: str | None = None
    owner_unit_id: str | None = None
    expected_close_on: str | None = None
    closed_on: str | None = None
    lost_reason: str | None = None

    @property
    def weighted_minor(self) -> int:
        """The amount times its stage's probability, rounded for each deal on its own."""
        if self.currency is None:
            return 0
        return Money(self.amount_minor, self.currency).weighted(self.probability).amount_minor

    @property
    def leading_product(self) -> str | None:
        """The first product of the deal: by product, the whole amount counts there and nowhere else.

        So the rows by product add up to the total, which a deal counted under each product would not.
        """
        return self.product_ids[0] if self.product_ids else None


def fact_of(envelope: Envelope) -> DealFact:
    """The fact a deal event states; whatever else the event carries is ignored."""
    deal: Mapping[str, Any] = envelope.data["deal"]
    amount = deal.get("amount") or {}
    return DealFact(
        sequence=envelope.version,
        amount_minor=amount.get("amount_minor", 0),
        currency=amount.get("currency"),
        product_ids=tuple(deal.get("product_ids") or ()),
        **{name: deal[name] for name in _PLAIN if deal.get(name) is not None},
    )


def newest(facts: list[DealFact], known: Mapping[str, DealFact]) -> list[DealFact]:
    """The newest fact of each deal, and only where it is newer than what is `known`."""
    latest: dict[str, DealFact] = {}
    for fact in facts:
        before = latest.get(fact.id) or known.get(fact.id)
        if before is None or fact.sequence > before.sequence:
            latest[fact.id] = fact
    return list(latest.values())


_DERIVED = {"sequence", "amount_minor", "currency", "product_ids"}
_PLAIN = [field.name for field in fields(DealFact) if field.name not in _DERIVED]
