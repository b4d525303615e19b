"""The stack under measurement: its own platform beside any other, the bare application, and a gateway before that."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.ground import await_true
from bench.wire import Connection, Target, WireError, request
from gateway import render
from infra.catalogue import SERVICES
from infra.local import envoy
from infra.local.home import PROJECT, Home
from infra.local.stack import Stack, recall

HOME = PROJECT / "build" / "bench-home"
PORT_BASE = 21000
_BARE, _EDGE, _EDGE_ADMIN = 701, 702, 703
_ENVIRONMENT = {"PELAGIC_RATE_LIMITS": "off", "PELAGIC_WEBHOOKS_ALLOW_PRIVATE": "1", "PELAGIC_LOG_LEVEL": "warning"}
_PATIENCE = 30.0


@dataclass
class Bench:
    """Where everything under measurement listens."""

    stack: Stack
    base: int

    def where(self, target: str, service: str) -> Target:
        """The address of a service, directly or through the gateway before it."""
        if service == "bare":
            return _local(target, self.base + (_EDGE if target == "gateway" else _BARE))
        ports = self.stack.ports
        return _local(target, ports.server("envoy") if target == "gateway" else ports.api(service))

    def servers(self) -> list[str]:
        """Which server was chosen for each part, and why."""
        return [f"{choice.part}: {choice.kind} ({choice.why})" for choice in self.stack.choices.values()]


@contextmanager
def running(*, home: Path = HOME, base: int = PORT_BASE, reuse: bool = False) -> Iterator[Bench]:
    """A platform of its own for the block, taken down afterwards; with `reuse` the one already up in `home`."""
    with ExitStack() as leaving:
        if not reuse:
            shutil.rmtree(home, ignore_errors=True)
            leaving.callback(_down, home)
            _pelagic("up", "--home", str(home), "--port-base", str(base), "--no-seed")
        stack = recall(Home.at(home))
        if stack is None:
            raise SystemExit(f"no stack is up in {home}")
        bench = Bench(stack, base if stack.ports.base is None else stack.ports.base)
        _start_bare(bench, leaving)
        _start_edge(bench, leaving)
        yield bench


def _down(home: Path) -> None:
    """Whoever asks to stop gets what they want by this being done; asking again must not break it off."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _pelagic("down", "--home", str(home), check=False)
    shutil.rmtree(home, ignore_errors=True)


def _pelagic(*arguments: str, check: bool = True) -> None:
    surroundings = {**os.environ, **_ENVIRONMENT}
    subprocess.run([sys.executable, "-m", "infra.local.cli", *arguments], check=check, cwd=PROJECT, env=surroundings)


def _start_bare(bench: Bench, leaving: ExitStack) -> None:
    """The constant under the very settings the services run with."""
    port = bench.base + _BARE
    told = bench.stack.environment() | {"PELAGIC_SERVICE": "bare", "PELAGIC_PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shared.gunicorn", "bench.bare:create_app()"]
    _start(command, told, bench.stack.home.log("bare"), leaving)
    _await_answer(_local("service", port))


def _start_edge(bench: Bench, leaving: ExitStack) -> None:
    """A second gateway with the platform's own configuration, every route of which leads to the constant.

    The yardstick is asked on a public path, so it pays for routing, limits and logs, but for no token.
    """
    port, home = bench.base + _EDGE, bench.stack.home
    bare = ("127.0.0.1", bench.base + _BARE)
    config = home.run / "bare-envoy.yaml"
    upstreams = dict.fromkeys(SERVICES, bare)
    config.write_text(render.render(port, bench.base + _EDGE_ADMIN, upstreams, bare, listen_address="127.0.0.1"))
    _start(
        [envoy.binary(bench.stack.choices["envoy"].kind), *render.arguments(config)],
        {},
        home.log("bare-envoy"),
        leaving,
    )
    _await_answer(_local("gateway", port))


def _start(command: list[str], told: Mapping[str, str], log: Path, leaving: ExitStack) -> None:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **told}, stdout=output, stderr=output)
    leaving.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_answer(target: Target) -> None:
    def answers() -> bool:
        connection = Connection(target, timeout=2.0)
        try:
            return connection.send(request("GET", "/")).status == 200
        except (OSError, WireError):
            return False
        finally:
            connection.close()

    await_true(answers, within=_PATIENCE, what=f"the yardstick on port {target.port}")


def _local(name: str, port: int) -> Target:
    return Target(name, "127.0.0.1", port)
