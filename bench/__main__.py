"""`make bench`: bring a platform up, measure it, print the table, keep `build/bench.json`, take it down.

Exit 1 when any answer was wrong or missing; the shares of `bare` are reported, not judged.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import click

from bench import freshness, plan
from bench.ground import Ground, await_true, fill, settle_in, sign_up
from bench.load import Tally
from bench.machine import describe, wait_until_quiet
from bench.report import Row, against_bare, table, write
from bench.scenarios import READS, WRITES
from bench.stack import HOME, PORT_BASE, Bench, running
from infra.local.home import PROJECT

TOTAL_SECONDS = 290.0
TAKE_DOWN_SECONDS = 15.0
QUICK_SECONDS = 25.0
FRESHNESS_SECONDS = 8.0
NAMES = [scenario.name for scenario in (*READS, *WRITES)]


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="A smoke of half a minute: little data, one pass at 4 clients.")
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Measure these scenarios alone.")
@click.option("--clients", multiple=True, type=int, help="Numbers of clients instead of 1, 4 and 16.")
@click.option("--target", multiple=True, type=click.Choice(["gateway", "service"]), help="Instead of both.")
@click.option("--home", type=click.Path(path_type=Path), default=HOME, help="Where the stack is kept.")
@click.option("--port-base", default=PORT_BASE, show_default=True, help="Where its ports start.")
@click.option("--running", "reuse", is_flag=True, help="Measure the stack already up in --home; leave it up.")
@click.option("--records", type=int, help="Leads and deals present, 20,000 of each unless said.")
@click.option("--output", type=click.Path(path_type=Path), default=PROJECT / "build" / "bench.json")
def main(
    quick: bool,
    only: tuple[str, ...],
    clients: tuple[int, ...],
    target: tuple[str, ...],
    home: Path,
    port_base: int,
    reuse: bool,
    records: int | None,
    output: Path,
) -> None:
    """Run the benchmark."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack is taken down then, too
    started = time.monotonic()
    click.echo(describe())
    counts = clients or ((4,) if quick else (1, 4, 16))
    targets = target or (("gateway",) if quick else ("gateway", "service"))
    steps = plan.steps(targets, counts, frozenset(only))
    with running(home=home, base=port_base, reuse=reuse) as bench:
        click.echo("\n".join(bench.servers()))
        size = records or (2_000 if quick else 20_000)
        ground = _prepare(bench, size)
        ends_at = time.monotonic() + QUICK_SECONDS if quick else started + TOTAL_SECONDS - TAKE_DOWN_SECONDS
        rows = _measure(bench, ground, steps, ends_at, freshness_too=not only)
    rows = against_bare(rows)
    click.echo("\n" + table(rows))
    write(output, rows)
    errors = sum(row.errors for row in rows)
    click.echo(f"\n{len(rows)} rows in {output}, {errors} errors, {time.monotonic() - started:.0f} s")
    sys.exit(1 if errors else 0)


def _prepare(bench: Bench, size: int) -> Ground:
    """The tenant with its records, all of them known to the reports."""
    edge = bench.where("gateway", "tenants")
    ground = sign_up(f"http://{edge.host}:{edge.port}")
    settle_in(ground)
    fill(ground, leads=size, deals=size, say=click.echo)
    began = time.monotonic()
    await_true(lambda: _reported(ground) == size, within=90.0, what=f"{size} deals in the report")
    click.echo(f"reports complete {time.monotonic() - began:.1f} s after the last deal")
    wait_until_quiet(at_most=20.0)
    return ground


def _reported(ground: Ground) -> int:
    return int(ground.api.get("/v1/reports/pipeline")["count"])


def _measure(bench: Bench, ground: Ground, steps: list[plan.Step], ends_at: float, *, freshness_too: bool) -> list[Row]:
    rows: list[Row] = []
    if freshness_too:
        rows += _freshness(bench, ground)
    for row, tally, quiet in plan.run(steps, ground, bench.where, ends_at=ends_at):
        _progress(row, tally, quiet)
        rows.append(row)
    return [row for row in rows if not _is_fresh(row)] + [row for row in rows if _is_fresh(row)]


def _freshness(bench: Bench, ground: Ground) -> list[Row]:
    """Asked first, while nothing else is under way."""
    pipeline, reporting = bench.where("gateway", "pipeline"), bench.where("gateway", "reporting")
    return freshness.measure(
        ground, pipeline, reporting, seconds=FRESHNESS_SECONDS, first=10_000_000 + int(time.time())
    )


def _is_fresh(row: Row) -> bool:
    return row.scenario.startswith("fresh_")


def _progress(row: Row, tally: Tally, quiet: bool) -> None:
    busy = "" if quiet else "  (others were busy before)"
    rate = f"{row.rps:8.0f}/s  p95 {row.p95_ms:.1f} ms{busy}"
    click.echo(f"  {row.target:8} {row.clients:3} {row.scenario:20} {rate}")
    if tally.errors:
        click.echo(f"    errors: {tally.wrong or ''} broken {tally.broken} {tally.sample.decode(errors='replace')}")


if __name__ == "__main__":
    main()
