"""The servers themselves: how each part is run, asked whether it is ready, and started alone for a test."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from infra.catalogue import Ports
from infra.local import containers, envoy, kafka, mongo, valkey
from infra.local.home import Home
from infra.local.machine import Machine
from infra.local.ports import answers
from infra.local.program import Program
from infra.local.resolution import PARTS, Choice, resolve
from infra.local.trouble import LaunchError

RUNNERS: dict[str, ModuleType] = {"mongodb": mongo, "kafka": kafka, "redis": valkey, "envoy": envoy}
START_SECONDS = {"docker": 300}


def choose(ports: Ports, environ: Mapping[str, str] = os.environ, machine: Machine | None = None) -> dict[str, Choice]:
    """Choose the server of every part."""
    machine = machine or Machine.this()
    return {name: resolve(name, RUNNERS[name].address(ports.server(name)), environ, machine) for name in PARTS}


def program(choice: Choice, home: Home, port: int) -> Program:
    """The process that is this choice; prepares what it needs."""
    if choice.kind == "docker":
        return containers.program(choice.part, home, port)
    made: Program = RUNNERS[choice.part].program(choice.kind, home, port)
    return made


def ready(part: str, port: int) -> bool:
    """Whether the part, started by us on `port`, can be used."""
    return bool(RUNNERS[part].ready(port))


def await_external(choice: Choice, within: float = 10) -> None:
    """Wait until a server that somebody else runs accepts connections; where the address names no port, trust it."""
    place = re.search(r"(?:^|[@/])(\[[^]]+\]|[^@/:,]+):(\d+)", choice.address)
    deadline = time.monotonic() + within
    while place and not answers(place[1].strip("[]"), int(place[2])):
        if time.monotonic() > deadline:
            variable = PARTS[choice.part].variable
            raise LaunchError(
                choice.part, f"nothing answers at {choice.address}", advice=f"Start it, or unset {variable}."
            )
        time.sleep(0.2)


def start_seconds(kind: str) -> int:
    """How long a server of this kind may take to answer; an image may have to be pulled first."""
    return START_SECONDS.get(kind, 120)


@dataclass
class Running:
    """A server that a test started and may kill, restart on the same port, or rob of its data."""

    part: str
    kind: str
    port: int
    home: Home
    program: Program
    process: "subprocess.Popen[bytes]" = field(init=False)

    @property
    def address(self) -> str:
        """What a client connects to."""
        return str(RUNNERS[self.part].address(self.port))

    @property
    def pid(self) -> int:
        """The process id, which is also its group's."""
        return self.process.pid

    @property
    def data(self) -> Path:
        """Where it keeps its data."""
        return self.home.data / (f"{self.part}-docker" if self.kind == "docker" else self.part)

    def start(self) -> "Running":
        """Start the process and wait until it can be used."""
        surroundings = {**os.environ, **self.program.environ}
        with self.program.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program.argv,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=surroundings,
                start_new_session=True,
            )
        self._await_ready()
        return self

    def _await_ready(self) -> None:
        deadline = time.monotonic() + start_seconds(self.kind)
        while not ready(self.part, self.port):
            ended = self.process.poll()
            if ended is not None or time.monotonic() > deadline:
                self.kill()
                why = f"ended with {ended}" if ended is not None else "did not answer in time"
                raise LaunchError(self.part, why, log=self.program.log)
            time.sleep(0.05)

    def stop(self, within: float = 30) -> None:
        """Ask it to stop, and insist when it does not."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def erase(self) -> None:
        """Delete the data of a stopped server."""
        shutil.rmtree(self.data, ignore_errors=True)

    def restart(self) -> "Running":
        """Start it again on the same port, with the data that is there or, after `erase`, with none."""
        self.program = program(Choice(self.part, self.kind, self.address, "restart"), self.home, self.port)
        return self.start()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def start_server(part: str, kind: str, home: Home, port: int) -> Running:
    """Start one server without the supervisor. Kafka also takes `port + 1`, for its controller."""
    home.prepare()
    choice = Choice(part, kind, RUNNERS[part].address(port), "asked for")
    return Running(part, kind, port, home, program(choice, home, port)).start()
