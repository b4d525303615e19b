"""Commands on a running stack: seed, import, migrate, replay, dead letters."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import orjson

from infra.catalogue import DOMAIN_SERVICES
from infra.local.cli_options import located
from infra.local.home import Home
from infra.local.trouble import LaunchError

SERVICE = click.Choice(DOMAIN_SERVICES)


def running(home: Home) -> Any:
    """The stack of this home, or the advice to start it."""
    from infra.local.stack import recall  # Commands import late, so that help is quick.

    stack = recall(home)
    if stack is None:
        raise LaunchError("pelagic", "no stack runs in this home", advice="pelagic up")
    return stack


@contextmanager
def mongo_of(home: Home) -> Iterator[Any]:
    """A connection to the stack's MongoDB, or to PELAGIC_MONGO_URL's in a cluster."""
    from shared.mongo import connect

    url = os.environ.get("PELAGIC_MONGO_URL") or running(home).choices["mongodb"].address
    mongo = connect(url, name="pelagic-cli")
    try:
        yield mongo
    finally:
        mongo.close()


@click.command()
@located
def seed(home: Home) -> None:
    """Make the two sample tenants and print their logins; repeating it changes nothing."""
    from infra.local import samples

    samples.seed(home, running(home).address, click.echo)
    samples.show_logins(home)


@click.command()
@located
def migrate(home: Home) -> None:
    """Bring collections, validators, indexes and topics to what the code needs; repeating it changes nothing."""
    from infra import migrate as migrations

    with mongo_of(home) as mongo:
        migrations.databases(mongo, say=click.echo)
    bootstrap = os.environ.get("PELAGIC_KAFKA") or running(home).choices["kafka"].address
    migrations.topics(bootstrap, int(os.environ.get("PELAGIC_KAFKA_REPLICATION", "1")), say=click.echo)


@click.group(name="import")
def bring_in() -> None:
    """Bring records in from files, through the public API."""


@bring_in.command("sales")
@located
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The slug of the tenant to import into.")
@click.option("--email", help="Who imports [the sample tenant's admin].")
@click.option("--password", envvar="PELAGIC_PASSWORD", help="Their password; better in PELAGIC_PASSWORD.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows go, each with its reason."
)
@click.option("--url", help="The platform's address [the running stack's].")
def import_sales(
    home: Home,
    folder: Path,
    tenant: str,
    email: str | None,
    password: str | None,
    rejects: Path | None,
    url: str | None,
) -> None:
    """Import the sales sample: teams, accounts, products and deals. Running it twice changes nothing.

    \b
      pelagic import sales --tenant acme samples/crm-sales-opportunities
    """
    from infra.sales_import.run import run

    address = url or running(home).address
    email, password = credentials(home, tenant, email, password)
    run(address, tenant, email, password, folder, rejects or home.root / "rejects.csv")


def credentials(home: Home, tenant: str, email: str | None, password: str | None) -> tuple[str, str]:
    """Who imports: as told, else the admin that seeding made for the tenant."""
    from infra.local import samples

    admins = (each for each in samples.logins(home) if each["role"] == "tenant_admin")
    known = next((each for each in admins if each["tenant"] == tenant), {})
    found = email or known.get("email"), password or known.get("password")
    if not all(found):
        raise click.UsageError(f"no login is known for {tenant}; give --email and --password")
    return str(found[0]), str(found[1])


@click.command()
@located
@click.argument("service", type=SERVICE)
@click.option("--tenant", help="Only this tenant's projections, by its id (ten_…).")
def replay(home: Home, service: str, tenant: str | None) -> None:
    """Rebuild what SERVICE knows from events, from the first one on.

    \b
      pelagic replay reporting
      pelagic replay reporting --tenant ten_01k…
    """
    from shared import replay as rebuilding

    with mongo_of(home) as mongo:
        try:
            count = rebuilding.rebuild(mongo, service, tenant)
        except rebuilding.NothingToRebuild:
            raise click.ClickException(f"{service} keeps no projections, so there is nothing to rebuild") from None
    click.echo(f"{count} events are sent again; {service} applies them in the background.")


@click.group()
def dlq() -> None:
    """Events that a consumer could not handle: list them, look at one, have them tried again.

    \b
      pelagic dlq list --service reporting
      pelagic dlq show ID
      pelagic dlq redrive ID ID      or --service reporting, or --all
    """


@dlq.command("list")
@located
@click.option("--service", type=SERVICE, help="Only this consumer's.")
def dlq_list(home: Home, service: str | None) -> None:
    """One line per event: id, type, tenant, state, attempts, reason."""
    from shared import deadletters

    with mongo_of(home) as mongo:
        rows = deadletters.list_dead(mongo, service)
    for row in rows:
        click.echo(
            "  ".join(str(row.get(name, "-")) for name in ("id", "type", "tenant_id", "state", "attempts", "reason"))
        )
    click.echo(f"{len(rows)} parked or dead", err=True)


@dlq.command("show")
@located
@click.argument("identity", metavar="ID")
def dlq_show(home: Home, identity: str) -> None:
    """The event in full, with why it failed."""
    from shared import deadletters

    with mongo_of(home) as mongo:
        row = deadletters.show(mongo, identity)
    if row is None:
        raise click.ClickException(f"there is no {identity}; `pelagic dlq list` shows what there is")
    click.echo(orjson.dumps(row, default=str, option=orjson.OPT_INDENT_2).decode())


@dlq.command("redrive")
@located
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--service", type=SERVICE, help="All of this consumer's.")
@click.option("--all", "everything", is_flag=True, help="All there are.")
def dlq_redrive(home: Home, ids: tuple[str, ...], service: str | None, everything: bool) -> None:
    """Have dead events tried again."""
    from shared import deadletters

    if not (ids or service or everything):
        raise click.UsageError("name events, or give --service or --all")
    with mongo_of(home) as mongo:
        count = deadletters.redrive(mongo, list(ids) or None, service)
    click.echo(f"{count} events will be tried again.")
    sys.exit(0 if count or everything else 1)


COMMANDS: list[click.Command] = [seed, migrate, bring_in, replay, dlq]
