"""Deals and definitions with telling defaults."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.pipeline.domain.deal import Deal
from services.pipeline.domain.stage_definition import StageDefinition
from services.pipeline.domain.standard import standard_definition
from services.pipeline.domain.standing import FRESH, DealContact, Evidence, Standing
from shared.money import Money

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
READY: dict[str, Any] = {
    "account_id": "acc_01",
    "amount": Money(5_000_000, "USD"),
    "engaged_on": "2026-11-01",
    "expected_close_on": "2026-12-31",
    "contacts": [DealContact(contact_id="con_01", role="decision_maker")],
}


def the_standard() -> StageDefinition:
    """The standard definition, in force."""
    definition = standard_definition("ten_acme")
    definition.publish(is_default=True, at=AT)
    definition.version = 1
    return definition


def a_deal(*, standing: Standing = FRESH, **fields: Any) -> Deal:
    """A deal in prospecting, as it is after being stored."""
    told = {"id": "deal_01", "tenant_id": "ten_acme", "name": "Rollout", "owner_id": "usr_01", **fields}
    deal, _ = Deal.start(the_standard(), standing, at=AT, **told)
    deal.version = 1
    return deal


def a_confirmation(by: str = "Li Wei") -> Evidence:
    """Somebody at the customer said so."""
    return Evidence(attested_by=by, happened_on="2026-11-10", note=None, recorded_at=AT, recorded_by="usr_01")


def unmet_in(refusal: Any) -> list[str]:
    """The criteria a refusal lists."""
    return [error.params["criterion"] for error in refusal.value.errors]
