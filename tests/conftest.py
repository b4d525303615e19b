"""Servers and the two companies every test can use; what was started, and why, is in pytest's header."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.config import Settings
from shared.mongo import Mongo, connect
from tests.support.company import Company
from tests.support.platform import Platform
from tests.support.servers import Servers

_servers = Servers()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--broker` chooses which Kafka the integration ring runs on."""
    parser.addoption("--broker", choices=["apache", "embedded"], default=None, help="the Kafka to run on")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which servers this run uses."""
    _servers.force_broker(config.getoption("--broker"))
    return _servers.header()


def pytest_sessionfinish() -> None:
    """Stop what was started."""
    _servers.stop()


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The servers of this run, each started when first asked for."""
    return _servers


@pytest.fixture(scope="session")
def settings(servers: Servers) -> Settings:
    """Settings of a process on those servers; rate limits off, so that a test is not slowed by them."""
    return Settings(mongo_url=servers.mongo_url, redis_url=servers.redis_url, rate_limits=False, log_level="critical")


@pytest.fixture(scope="session")
def mongo(servers: Servers) -> Iterator[Mongo]:
    """A client of the real MongoDB."""
    connected = connect(servers.mongo_url, name="tests")
    yield connected
    connected.close()


@pytest.fixture(scope="session")
def _platform(mongo: Mongo, settings: Settings) -> Platform:
    built = Platform(mongo, settings)
    built.migrate()
    return built


@pytest.fixture
def platform(_platform: Platform) -> Iterator[Platform]:
    """All six services in this process, on the real MongoDB; a command without a tenant fails the test."""
    yield _platform
    assert _platform.trips() == [], "a command reached MongoDB without a tenant"


@pytest.fixture
def acme(platform: Platform) -> Company:
    """A fresh company with its default pool and stage definition."""
    return Company.founded(platform, "acme")


@pytest.fixture
def globex(platform: Platform) -> Company:
    """Another one, which must never see or touch the first one's."""
    return Company.founded(platform, "globex")
