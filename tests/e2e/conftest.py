"""The whole platform, started by its own launcher in a home and on ports of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.catalogue import Ports
from infra.local import lifecycle
from infra.local.home import Home
from infra.local.ports import is_free
from infra.local.stack import Stack
from tests.support.receiver import Receiver
from tests.support.servers import Servers


@pytest.fixture(scope="session")
def stack(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything, behind Envoy; taken down at the end of the session whatever happens."""
    home = Home(Path(tmp_path_factory.mktemp("stack")))
    before = dict(os.environ)
    broker = servers.choices()["kafka"]
    os.environ.update(PELAGIC_RATE_LIMITS="off", KAFKA=broker.address if broker.kind == "address" else broker.kind)
    try:
        yield lifecycle.up(home, free_base(), seed=False)
    finally:
        os.environ.clear()
        os.environ.update(before)
        lifecycle.down(home)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A partner's HTTP server that takes webhooks."""
    listening = Receiver()
    listening.start()
    yield listening
    listening.stop()


def free_base() -> int:
    """A base from which all of a stack's ports are free."""
    for base in range(20_000, 29_000, 500):
        if all(is_free(port) for port in Ports(base).every().values()):
            return base
    raise RuntimeError("no free ports for a second stack")
