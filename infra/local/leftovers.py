"""Processes of a stack that nobody keeps any more: found by the mark in their environment, and ended.

A supervisor that was killed cannot stop its children. So that `down` leaves no process whatever happened before,
every process of a stack carries its home in its environment.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from infra.local.home import Home
from infra.local.processes import is_alive
from infra.local.supervision import MARK

GRACE_SECONDS = 20


def find(home: Home) -> list[int]:
    """Ids of the living processes that belong to this home. Empty where /proc is missing."""
    mark = f"{MARK}={home.root}".encode()
    return [pid for pid in _pids() if mark in _environment(pid) and is_alive(pid)]


def end(home: Home) -> int:
    """Ask them to stop, wait, then insist; answers how many there were."""
    found = find(home)
    for pid in found:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while _living(found) and time.monotonic() < deadline:
        time.sleep(0.1)
    while stubborn := _living([*found, *find(home)]):
        for pid in stubborn:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(found)


def _living(pids: list[int]) -> list[int]:
    return [pid for pid in pids if is_alive(pid)]


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
