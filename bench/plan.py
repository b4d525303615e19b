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
WORK_AT_MOST = 60.0

Where = Callable[[str, str], Target]
"""From the name of a target and of a service to an address."""


@dataclass
class Budget:
    """The time that is left, shared out evenly among the measurements that are left."""

    ends_at: float
    left: int

    def next(self) -> float:
        """Seconds for the next measurement."""
        share = (self.ends_at - time.monotonic()) / max(1, self.left) - WARM_UP
        self.left -= 1
        return max(SHORTEST, min(LONGEST, share))


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


def run(plan: Sequence[Step], ground: Ground, where: Where, *, ends_at: float) -> Iterator[tuple[Row, Tally]]:
    """Make the measurements one after the other, each on a quiet machine."""
    # Half of the time is kept for the quiet in between and for imports, which are a fixed amount of work.
    timed = [step for step in plan if not step.scenario.bounded]
    budget = Budget(time.monotonic() + (ends_at - time.monotonic()) * 0.6, len(timed))
    for step in plan:
        wait_until_quiet(at_most=min(QUIET_AT_MOST, max(0.0, ends_at - time.monotonic())))
        tally = measure(step, ground, where, 0.0 if step.scenario.bounded else budget.next())
        yield _row(step, tally), tally


def measure(step: Step, ground: Ground, where: Where, seconds: float) -> Tally:
    """One measurement."""
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
