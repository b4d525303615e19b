"""The program `pelagic`: one command per thing that a developer or an operator does with a stack."""

import sys
from typing import Any

import click

from infra.local.cli_options import BASE, located
from infra.local.home import Home
from infra.local.operations import COMMANDS
from infra.local.trouble import LaunchError


class Patient(click.Group):
    """A group whose launch failures are told in full. Commands import what they need when called, so help is quick."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a launch that failed is told in full and ends with 1."""
        try:
            return super().invoke(ctx)
        except LaunchError as error:
            from infra.local.progress import show_trouble

            show_trouble(error)
            sys.exit(1)


@click.group(cls=Patient, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pelagic")
def main() -> None:
    """Run Pelagic on this machine, and look after it.

    \b
    First steps
      pelagic up                     start everything, print the address and the logins
      pelagic status                 what runs, since when, on which port
      pelagic logs -f leads          follow what a service says
      pelagic down                   stop it all; data stays in .pelagic/

    \b
    Choose a server instead of taking what is found
      KAFKA=embedded pelagic up      apache | docker | embedded | host:port
      MONGODB=mongodb://db/ pelagic up

    \b
    A second stack beside the first
      pelagic up --home ~/other --port-base 18000
    """


@main.command()
@located
@BASE
@click.option("--no-seed", is_flag=True, help="Leave the two sample tenants out.")
def up(home: Home, port_base: int | None, no_seed: bool) -> None:
    """Start servers, migrate, start the platform, wait until it answers, seed it the first time.

    What already runs is left alone, what is missing is started. When a part fails, its log is shown and nothing is
    left running.
    """
    from infra.local import lifecycle, samples
    from infra.local.progress import say

    stack = lifecycle.up(home, port_base, seed=not no_seed)
    say(f"\n  Pelagic answers at [bold]{stack.address}[/]  (API documentation: {stack.address}/docs)")
    if samples.logins(home):
        say("\n  Sample logins:")
        samples.show_logins(home)
    say("\n  Next: pelagic status, pelagic logs -f, pelagic down\n")


@main.command()
@located
def down(home: Home) -> None:
    """Stop exactly what `up` started, draining first; data stays."""
    from infra.local import lifecycle
    from infra.local.progress import say

    stopped = lifecycle.down(home)
    say(f"  {stopped} processes stopped; nothing is left running." if stopped else "  Nothing was running.")


@main.command()
@located
def status(home: Home) -> None:
    """Show every process: state, pid, uptime, port, ready or not. Ends with 3 when not all is well."""
    from infra.local import reporting

    sys.exit(reporting.show_status(home))


@main.command()
@located
@click.argument("names", nargs=-1)
@click.option("-f", "--follow", is_flag=True, help="Go on as lines are written.")
@click.option("-n", "--lines", default=40, show_default=True, help="How many lines of each to begin with.")
def logs(home: Home, names: tuple[str, ...], follow: bool, lines: int) -> None:
    """Show the logs of NAMES (all without): services, `<service>-worker`, mongodb, kafka, redis, envoy, supervisord.

    \b
      pelagic logs kafka
      pelagic logs -f pipeline pipeline-worker
    """
    from infra.local import reporting

    reporting.show_logs(home, names, follow=follow, lines=lines)


@main.command()
@located
@BASE
def doctor(home: Home, port_base: int | None) -> None:
    """Look at Python, Java, Maven, ports, disk and wheels; say what to do about what is missing."""
    from infra.local import reporting

    sys.exit(reporting.show_doctor(home, port_base))


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main()
