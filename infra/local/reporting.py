"""What `pelagic status`, `logs` and `doctor` print."""

import os
import subprocess
import time
from typing import Any

from rich.markup import escape
from rich.table import Table

from infra.local.doctor import examine
from infra.local.home import Home
from infra.local.machine import Machine
from infra.local.platform import describe
from infra.local.progress import console, say
from infra.local.stack import Stack, recall
from infra.local.supervision import RUNNING, Supervisor
from infra.local.trouble import LaunchError
from infra.local.waiting import answers_ok

NOT_ALL_WELL = 3


def show_status(home: Home) -> int:
    """Print the processes; 0 when all run and are ready, 3 otherwise."""
    supervisor, stack = Supervisor(home), recall(home)
    if stack is None or not supervisor.is_running():
        say("  Nothing runs here. Start it with: pelagic up")
        return NOT_ALL_WELL
    table = Table("process", "state", "pid", "up", "port", "ready", box=None, header_style="dim")
    wells = []
    for name, info in supervisor.processes().items():
        ready = _ready(stack, name)
        wells.append(info["statename"] == RUNNING and ready != "no")
        table.add_row(name, info["statename"].lower(), str(info["pid"] or ""), _uptime(info), _port(stack, name), ready)
    console.print(table)
    for choice in stack.choices.values():
        if not choice.ours:
            say(f"  {choice.part} is somebody else's, at {escape(choice.address)}")
    say(f"\n  {stack.address}")
    return 0 if all(wells) else NOT_ALL_WELL


def _ready(stack: Stack, name: str) -> str:
    url = stack.health().get(name) or (f"{stack.address}/readyz" if name == "envoy" else None)
    return "" if url is None else "yes" if answers_ok(url) else "no"


def _uptime(info: dict[str, Any]) -> str:
    if info["statename"] != RUNNING:
        return ""
    seconds = int(time.time()) - info["start"]
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _port(stack: Stack, name: str) -> str:
    return str(stack.ports.every().get(name, ""))


def show_logs(home: Home, names: tuple[str, ...], *, follow: bool, lines: int) -> None:
    """Hand the log files to `tail`."""
    known = sorted(file.stem for file in home.logs.glob("*.log"))
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        raise LaunchError(
            "logs", f"no log of {', '.join(unknown) or 'anything'}", advice=f"There are: {', '.join(known)}"
        )
    files = [str(home.log(name)) for name in names or known]
    command = ["tail", "-n", str(lines), *(["-F"] if follow else []), *files]
    try:
        subprocess.run(command, check=False)
    except KeyboardInterrupt:
        os.write(1, b"\n")


def show_doctor(home: Home, base: int | None) -> int:
    """Print what was found; 1 when `up` cannot work here."""
    say(f"  {describe()}")
    findings = examine(home, base, Machine.this())
    for finding in findings:
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
        say(f"  {mark} {finding.what:9} {escape(finding.seen)}")
        if finding.advice and (finding.what == "java" or not finding.well):
            say(f"      → {escape(finding.advice)}")
    return 0 if all(finding.well for finding in findings) else 1
