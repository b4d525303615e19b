"""What the user sees while the launcher works: one line per step, with its time; plain lines where no terminal is."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.local.resolution import Choice
from infra.local.trouble import LaunchError

console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show that something is being done, then that it is done and how long it took."""
    started = time.monotonic()
    if not console.is_terminal:
        console.print(f"  … {text}")
    with console.status(f"{text} …"):
        yield
    console.print(f"  [green]✓[/] {text} [dim]{time.monotonic() - started:.1f} s[/]")


def say(text: str = "") -> None:
    """A line for the user; may carry markup."""
    console.print(text, soft_wrap=True)


def show_choices(choices: dict[str, Choice]) -> None:
    """Which server was chosen for each part, and why."""
    table = Table("part", "server", "address", "because", box=None, pad_edge=False, header_style="dim")
    for choice in choices.values():
        table.add_row(choice.part, choice.kind, escape(choice.address), escape(choice.why))
    console.print(table)


def show_trouble(error: LaunchError) -> None:
    """Which part failed, the end of its log, what to do."""
    console.print(f"\n  [red]✗ {escape(error.part)}[/]: {escape(error.why)}", soft_wrap=True)
    lines = error.last_lines()
    if lines:
        console.print(f"  [dim]the last lines of {error.log}:[/]", soft_wrap=True)
        for line in lines:
            console.print(f"    {escape(line)}", soft_wrap=True)
    if error.advice:
        console.print(f"  → {escape(error.advice)}", soft_wrap=True)
