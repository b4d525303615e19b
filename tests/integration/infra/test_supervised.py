"""Servers under the supervisor: a killed one comes back, a part that cannot start is named, `down` leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from infra.catalogue import Ports
from infra.local import leftovers, lifecycle, servers
from infra.local.home import Home
from infra.local.machine import Machine
from infra.local.ports import free_port, is_free
from infra.local.processes import is_alive
from infra.local.program import Program
from infra.local.stack import Stack
from infra.local.supervision import Supervisor
from infra.local.trouble import LaunchError
from infra.local.waiting import until_ready

pytestmark = pytest.mark.integration

EMBEDDED = {"MONGODB": "embedded", "KAFKA": "embedded", "REDIS": "embedded"}


def free_base() -> int:
    for _attempt in range(50):
        base = min(free_port(), 60_000)
        if all(is_free(port) for port in Ports(base).every().values()):
            return base
    raise AssertionError("no free range of ports")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    home = Home(tmp_path).prepare()
    ports = Ports(free_base())
    made = Stack(home, ports, servers.choose(ports, EMBEDDED, Machine.this()))
    yield made
    lifecycle.stop(home)


def start_servers(stack: Stack, *others: Program) -> Supervisor:
    supervisor = Supervisor(stack.home)
    programs = [servers.program(choice, stack.home, stack.port(choice.part)) for choice in stack.servers]
    supervisor.apply([*programs, *others])
    for program in [*programs, *others]:
        supervisor.start(program.name)
    until_ready(stack, supervisor, checks(stack), 60)
    return supervisor


def checks(stack: Stack) -> dict:
    return {choice.part: partial(servers.ready, choice.part, stack.port(choice.part)) for choice in stack.servers}


def eventually(holds, within: float = 20) -> bool:
    deadline = time.monotonic() + within
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_a_killed_server_comes_back_by_itself(stack: Stack) -> None:
    supervisor = start_servers(stack)
    before = supervisor.processes()["redis"]["pid"]

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: supervisor.processes()["redis"]["pid"] not in (0, before))
    assert eventually(lambda: servers.ready("redis", stack.port("redis")))


def test_down_ends_every_process_and_frees_every_port(stack: Stack) -> None:
    supervisor = start_servers(stack)
    pids = [info["pid"] for info in supervisor.processes().values()] + [supervisor.pid()]

    assert lifecycle.down(stack.home) == 3

    assert not any(is_alive(pid) for pid in pids)
    assert all(is_free(port) for port in stack.ports.every().values())
    assert leftovers.find(stack.home) == []
    assert lifecycle.down(stack.home) == 0


def test_down_finds_the_children_of_a_killed_supervisor(stack: Stack) -> None:
    supervisor = start_servers(stack)
    children = [info["pid"] for info in supervisor.processes().values()]
    os.kill(supervisor.pid(), signal.SIGKILL)
    assert eventually(lambda: not supervisor.is_running())
    assert any(is_alive(pid) for pid in children)

    assert lifecycle.down(stack.home) == len(children)

    assert not any(is_alive(pid) for pid in children)


def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(stack: Stack) -> None:
    broken = Program("broken", [sys.executable, "-c", "raise SystemExit('no key')"], stack.home.log("broken"))
    supervisor = start_servers(stack, broken)

    with pytest.raises(LaunchError, match="broken: ends whenever it is started") as failure:
        until_ready(stack, supervisor, {"broken": lambda: False}, 60)

    assert failure.value.last_lines()[-1] == "no key"


def test_up_that_fails_says_what_and_leaves_nothing_running(stack: Stack) -> None:
    command = [sys.executable, "-m", "infra.local.cli", "up", "--home", str(stack.home.root), "--port-base"]
    surroundings = {**os.environ, **EMBEDDED, "REDIS": "redis://127.0.0.1:1/0"}

    failed = subprocess.run(
        [*command, str(stack.ports.base)], capture_output=True, text=True, env=surroundings, check=False, timeout=120
    )

    assert failed.returncode == 1
    assert "✗ redis: nothing answers at redis://127.0.0.1:1/0" in failed.stdout
    assert "Start it, or unset REDIS." in failed.stdout
    assert leftovers.find(stack.home) == []
    assert not Supervisor(stack.home).is_running()


def test_a_taken_port_is_named_before_anything_starts(stack: Stack) -> None:
    taken = servers.start_server("redis", "embedded", Home(stack.home.root / "other"), stack.ports.api("leads"))

    with pytest.raises(LaunchError, match=rf"leads: port {taken.port} is taken"):
        lifecycle.up(stack.home, stack.ports.base, seed=False)

    taken.stop()
    assert leftovers.find(stack.home) == []
