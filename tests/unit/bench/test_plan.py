"""The order of measurements, and how the time is shared out."""

from __future__ import annotations

import time

import pytest

from bench.plan import IMPORT_SECONDS, SHORTEST, WARM_UP, Budget, steps
from bench.scenarios import READS, WRITES

pytestmark = pytest.mark.unit

READ, IMPORT = READS[0], WRITES[-1]


def names(plan):
    return [step.scenario.name for step in plan]


def test_bare_stands_before_and_after_the_reads_and_before_any_write():
    assert names(steps(["gateway"], [16])) == [
        "bare",
        "read_deal",
        "list_50_deals",
        "pipeline_summary",
        "bare",
        "create_lead",
        "advance_deal",
        "convert_lead",
        "import_5000_leads",
    ]


def test_every_scenario_is_measured_at_every_target_and_number_of_clients():
    plan = steps(["gateway", "service"], [1, 4, 16])

    assert len(plan) == 6 * 9
    assert len({(step.scenario.name, step.target, step.clients) for step in plan}) == 6 * 8
    assert names(plan)[-6:] == ["import_5000_leads"] * 6


def test_one_scenario_alone_still_has_its_yardstick():
    assert names(steps(["service"], [1], frozenset({"advance_deal"}))) == ["bare", "bare", "advance_deal"]


def test_time_that_is_left_is_shared_evenly_and_imports_have_theirs_set_aside():
    budget = Budget(time.monotonic() + 20 + 2 * IMPORT_SECONDS, timed=10, imports=2)

    assert budget.slot(READ) == pytest.approx(2.0, abs=0.05)
    assert budget.slot(IMPORT) == IMPORT_SECONDS
    assert (budget.timed, budget.imports) == (9, 1)


def test_without_time_left_a_measurement_is_as_short_as_it_may_be():
    assert Budget(time.monotonic() - 5, timed=10, imports=0).slot(READ) == SHORTEST + WARM_UP
