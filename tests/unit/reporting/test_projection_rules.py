"""The sums kept by difference equal the sums computed afresh, whatever order the events come in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain import reports  # noqa: F401  (declares the cubes)
from services.reporting.domain.cells import Cell, Measures, cell_row, cells_of, movement, table
from services.reporting.domain.facts import DealFact, fact_of, newest
from shared.events import Envelope

pytestmark = pytest.mark.unit

UNITS, OWNERS, PRODUCTS = ["unit_west", "unit_east", None], ["usr_ada", "usr_bo"], ["prod_x", "prod_y"]


def deal_event(deal_id: str, version: int, **snapshot: Any) -> Envelope:
    """A deal event carrying `snapshot` as version `version` of the deal."""
    deal = {"id": deal_id, "name": deal_id, "status": "open", "stage": "engaging", **snapshot}
    return Envelope(
        id=f"evt_{deal_id}_{version}",
        source="/crm/pipeline",
        type="crm.deal.updated",
        subject=f"deal/{deal_id}",
        time=datetime(2026, 11, 22, tzinfo=UTC),
        tenantid="ten_acme",
        partitionkey=f"ten_acme:{deal_id}",
        sequence=f"{version:012d}",
        correlationid="req_1",
        principal="usr_ada",
        data={"deal": deal, "changes": {}, "stage": None},
    )


snapshots = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "won", "lost"]),
        "stage": st.sampled_from(["prospecting", "engaging", "proposal"]),
        "definition_id": st.sampled_from(["sdf_one", "sdf_two"]),
        "probability": st.integers(0, 100),
        "amount": st.none()
        | st.builds(
            lambda n, c: {"amount_minor": n, "currency": c}, st.integers(0, 10**9), st.sampled_from(["USD", "CNY"])
        ),
        "product_ids": st.lists(st.sampled_from(PRODUCTS), max_size=2),
        "owner_id": st.sampled_from(OWNERS),
        "owner_unit_id": st.sampled_from(UNITS),
        "closed_on": st.none() | st.sampled_from(["2017-03-01", "2017-03-31", "2018-01-01"]),
    }
)
histories = st.lists(st.lists(snapshots, min_size=1, max_size=5), min_size=1, max_size=6)


def written(history: list[list[dict[str, Any]]]) -> list[Envelope]:
    """Each inner list as the events of one deal, versions 1, 2, 3 …"""
    return [
        deal_event(f"deal_{number}", version, **snapshot)
        for number, deal in enumerate(history)
        for version, snapshot in enumerate(deal, start=1)
    ]


class Projection:
    """The projection in memory: the same steps the store takes."""

    def __init__(self) -> None:
        self.facts: dict[str, DealFact] = {}
        self.cells: dict[Cell, Measures] = {}

    def take(self, batch: list[Envelope]) -> None:
        fresh = newest([fact_of(envelope) for envelope in batch], self.facts)
        before = [self.facts[fact.id] for fact in fresh if fact.id in self.facts]
        for cell, moved in movement(before, fresh).items():
            sums = Measures(*(a + b for a, b in zip(self.cells.pop(cell, (0, 0, 0)), moved, strict=True)))
            if sums.deals:
                self.cells[cell] = sums
        self.facts.update({fact.id: fact for fact in fresh})

    def rows(self) -> list[Any]:
        rows = [cell_row("ten_acme", cell, sums) for cell, sums in self.cells.items()]
        return sorted(rows, key=lambda row: row["_id"])


@given(histories, st.data())
def test_any_order_any_repetition_any_batching_gives_the_table_of_the_last_facts(history, data):
    events = written(history)
    last = [deal_event(f"deal_{n}", len(deal), **deal[-1]) for n, deal in enumerate(history)]
    delivered = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=8))))
    size = data.draw(st.integers(1, len(delivered)))
    projection = Projection()

    for start in range(0, len(delivered), size):
        projection.take(delivered[start : start + size])

    assert projection.rows() == table("ten_acme", [fact_of(envelope) for envelope in last])


def test_an_older_event_of_the_same_deal_is_ignored():
    now = fact_of(deal_event("deal_1", 3, stage="proposal"))

    assert newest([fact_of(deal_event("deal_1", 2, stage="engaging"))], {"deal_1": now}) == []
    assert newest([fact_of(deal_event("deal_1", 3, stage="engaging"))], {"deal_1": now}) == []


def test_a_deal_counts_for_the_tenant_for_its_unit_and_for_its_seat_alone():
    fact = fact_of(deal_event("deal_1", 1, owner_id="usr_ada", owner_unit_id="unit_west"))

    seats = {(cell.grain, cell.unit, cell.owner) for cell in cells_of(fact)}

    assert seats == {
        ("tenant", None, None),
        ("unit", "unit_west", None),
        ("seat", "unit_west", "usr_ada"),
    }


def test_a_deal_without_an_amount_counts_and_adds_no_money():
    fact = fact_of(deal_event("deal_1", 1, amount=None, probability=30))

    assert set(cells_of(fact).values()) == {Measures(1, 0, 0)}
    assert {cell.currency for cell in cells_of(fact)} == {None}


def test_each_deal_is_weighted_and_rounded_on_its_own_half_to_even():
    halves = [
        fact_of(deal_event(f"deal_{n}", 1, probability=50, amount={"amount_minor": n, "currency": "USD"}))
        for n in (1, 3)
    ]

    assert [fact.weighted_minor for fact in halves] == [0, 2]


def test_an_event_with_attributes_from_the_future_is_read_all_the_same():
    fact = fact_of(deal_event("deal_1", 1, colour="green", forecast_category=None))

    assert (fact.id, fact.stage) == ("deal_1", "engaging")
