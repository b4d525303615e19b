"""The order of measurements, and how long each may take so that all of them end in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.ground import Ground
from bench.load import Load, Tally
from bench.machine import wait_until_quiet
from bench.report import Row, row
from bench.scenarios import BARE, READS, WRITES, Scenario
from bench.wire import Target

WARM_UP = 0.3
LONGEST, SHORTEST = 2.5, 0.5
QUIET_AT_MOST = 5.0
QUIET_SHARE = 0.4
IMPORT_SECONDS = 6.0
WORK_AT_MOST = 60.0

Where = Callable[[str, str], Target]
"""From the name of a target and of a service to an address."""


@dataclass
class Budget:
    """The time that is left, shared out evenly among the measurements that are left; imports take what they take."""

    ends_at: float
    timed: int
    imports: int

    def slot(self, scenario: Scenario) -> float:
        """Seconds for the next measurement and the quiet before it."""
        if scenario.bounded:
            self.imports -= 1
            return IMPORT_SECONDS
        free = self.ends_at - time.monotonic() - self.imports * IMPORT_SECONDS
        share = free / max(1, self.timed)
        self.timed -= 1
        return max(SHORTEST + WARM_UP, share)


@dataclass(frozen=True, slots=True)
class Step:
    """One measurement to make."""

    scenario: Scenario
    target: str
    clients: int


def steps(targets: Sequence[str], clients: Sequence[int], only: frozenset[str] = frozenset()) -> list[Step]:
    """Reads between two measurements of `bare`, then single writes, then imports; each for every target and count.

    Writes leave work for the workers. Whatever is compared with `bare` would be flattered by a `bare` that was
    slowed by such work, so both of its measurements stand before any write.
    """

    def kept(scenarios: Sequence[Scenario]) -> list[Scenario]:
        return [scenario for scenario in scenarios if not only or scenario.name in only]

    single = [scenario for scenario in WRITES if not scenario.bounded]
    imports = [scenario for scenario in WRITES if scenario.bounded]
    phases = [[BARE, *kept(READS), BARE], kept(single), kept(imports)]
    return [
        Step(scenario, target, count)
        for phase in phases
        for target in targets
        for count in clients
        for scenario in phase
    ]


def run(plan: Sequence[Step], ground: Ground, where: Where, *, ends_at: float) -> Iterator[tuple[Row, Tally, bool]]:
    """Make the measurements one after the other; says of each whether the machine was quiet before it."""
    imports = sum(step.scenario.bounded for step in plan)
    budget = Budget(ends_at, len(plan) - imports, imports)
    for step in plan:
        until = time.monotonic() + budget.slot(step.scenario)
        patience = (until - time.monotonic()) * QUIET_SHARE
        quiet = wait_until_quiet(at_most=min(QUIET_AT_MOST, patience))
        seconds = until - time.monotonic() - WARM_UP
        tally = measure(step, ground, where, max(SHORTEST, min(LONGEST, seconds)))
        yield _row(step, tally), tally, quiet


def measure(step: Step, ground: Ground, where: Where, seconds: float) -> Tally:
    """One measurement: `seconds` long, or until a bounded scenario's work is done."""
    scenario = step.scenario
    target = where(step.target, scenario.service)
    load = Load(target, scenario.requests(ground), clients=step.clients, expect=scenario.expect)
    if scenario.bounded:
        return load.run(warm_up=0.0, seconds=WORK_AT_MOST)
    return load.run(warm_up=WARM_UP, seconds=seconds)


def _row(step: Step, tally: Tally) -> Row:
    return row(
        step.scenario.name,
        step.clients,
        step.target,
        rps=tally.rate(step.scenario.items),
        latencies=tally.latencies,
        errors=tally.errors,
    )


__all__ = ["Budget", "Step", "measure", "run", "steps"]
