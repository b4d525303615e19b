"""The import from beginning to end: what a deal refers to first, then the deals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.local.api import Api, Problem
from infra.local.progress import console, say
from infra.sales_import import rules
from infra.sales_import.batches import Sender, judged
from infra.sales_import.definition import in_force
from infra.sales_import.outcome import Summary, write_rejects
from infra.sales_import.patience import Caller
from infra.sales_import.sources import Sources, read
from infra.sales_import.trouble import ImportTrouble


def run(
    base_url: str,
    tenant: str,
    email: str,
    password: str,
    folder: Path,
    rejects_path: Path,
    *,
    progress: bool = True,
) -> Summary:
    """Import `folder` into `tenant`; running it again changes nothing. ImportTrouble when it cannot be done."""
    sources = read(Path(folder))
    caller = Caller(Api(base_url))
    caller.login(tenant, email, password)
    summary = Summary()
    started = time.monotonic()
    with _shown(sources, progress) as advance:
        try:
            _bring_in(sources, tenant, caller, Sender(caller, summary, advance), summary)
        except Problem as problem:
            raise ImportTrouble(f"the platform refused: {problem}", advice="pelagic logs") from problem
        finally:
            write_rejects(Path(rejects_path), summary.rejects)
    summary.seconds = time.monotonic() - started
    if progress:
        _tell(summary, Path(rejects_path))
    return summary


def _bring_in(sources: Sources, tenant: str, caller: Caller, sender: Sender, summary: Summary) -> None:
    units = sender.send("units", "/v1/units/batch", rules.units(sources.teams))
    users = sender.send("users", "/v1/users/batch", rules.users(sources.teams, units, tenant))
    accounts = sender.send("accounts", "/v1/accounts/batch", judged(sources.accounts, rules.account))
    products = sender.send("products", "/v1/products/batch", judged(sources.products, rules.product))
    known = _known(sources, in_force(caller), units, users, accounts, products)
    started = time.monotonic()
    sender.send("deals", "/v1/deals/batch", judged(sources.deals, lambda row: rules.deal(row, known)))
    summary.deals_per_second = len(sources.deals) / max(time.monotonic() - started, 1e-9)


def _known(
    sources: Sources,
    definition_id: str,
    units: dict[str, str],
    users: dict[str, str],
    accounts: dict[str, str],
    products: dict[str, str],
) -> rules.Known:
    called = rules.names_of_products(sources.products)
    prices = {row["product"]: Decimal(row["sales_price"]) for row in sources.products if row["product"] in products}
    return rules.Known(
        definition_id=definition_id,
        accounts=accounts,
        products={alias: products[name] for alias, name in called.items() if name in products},
        prices={alias: prices[name] for alias, name in called.items() if name in prices},
        users={user.removeprefix("person:"): identity for user, identity in users.items()},
        units={row["sales_agent"]: units[team] for row in sources.teams if (team := rules.team_of(row)) in units},
    )


@contextmanager
def _shown(sources: Sources, progress: bool) -> Iterator[Callable[[str, int], None]]:
    """A bar per kind of record that is many; without `progress` nothing is shown."""
    columns = (TextColumn("  {task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not progress) as bars:
        totals = {"accounts": len(sources.accounts), "products": len(sources.products), "deals": len(sources.deals)}
        tasks = {kind: bars.add_task(kind, total=total) for kind, total in totals.items()}

        def advance(kind: str, count: int) -> None:
            if kind in tasks:
                bars.advance(tasks[kind], count)

        yield advance


def _tell(summary: Summary, rejects_path: Path) -> None:
    console.print(summary.table())
    say(f"  {summary.seconds:.1f} s, {summary.deals_per_second:,.0f} deals/s")
    if summary.rejected:
        say(f"  [yellow]{summary.rejected:,} rows were rejected[/]; each with its reason in {rejects_path}")
