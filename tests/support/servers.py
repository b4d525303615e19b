"""The real servers tests run on, resolved as the launcher resolves them and started when first needed."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path

from infra.catalogue import Ports
from infra.local.home import Home
from infra.local.resolution import Choice
from infra.local.servers import Running, choose, start_server


class Servers:
    """MongoDB, Kafka and valkey of one test run; addresses in the environment are used as they are."""

    def __init__(self) -> None:
        self._choices: dict[str, Choice] | None = None
        self._running: dict[str, Running] = {}
        self._folder: Path | None = None
        self._broker: str | None = None

    def force_broker(self, kind: str | None) -> None:
        """Use the Apache or the embedded broker, whatever would have been chosen."""
        self._broker = kind

    def header(self) -> list[str]:
        """A line per part: which server, and why."""
        return [f"{choice.part}: {choice.kind} ({choice.why})" for choice in self.choices().values()]

    def choices(self) -> dict[str, Choice]:
        """What was chosen for each part."""
        if self._choices is None:
            environ = dict(os.environ)
            if self._broker:
                environ["KAFKA"] = self._broker
            self._choices = choose(Ports(), environ)
        return self._choices

    @property
    def mongo_url(self) -> str:
        """The address of MongoDB."""
        return self.address("mongodb")

    @property
    def kafka(self) -> str:
        """The address of Kafka."""
        return self.address("kafka")

    @property
    def redis_url(self) -> str:
        """The address of valkey."""
        return self.address("redis")

    def address(self, part: str) -> str:
        """Where a part answers; starts it when it is ours to start."""
        choice = self.choices()[part]
        if choice.kind == "address":
            return choice.address
        if part not in self._running:
            self._running[part] = self.start(part, choice.kind)
        return self._running[part].address

    def start(self, part: str, kind: str | None = None) -> Running:
        """Start one more server of a part, for a test that will kill it."""
        name = f"{part}-{free_port()}"
        return start_server(part, kind or self.choices()[part].kind, Home(self.folder() / name), free_pair())

    def folder(self) -> Path:
        """A folder for this run's data, removed at its end."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pelagic-tests-"))
        return self._folder

    def stop(self) -> None:
        """Stop what was started and remove its data."""
        for server in self._running.values():
            server.stop()
        self._running.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def free_pair() -> int:
    """A free port whose successor is free as well (Kafka's controller takes it)."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
        return port
