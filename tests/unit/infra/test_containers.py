"""Servers in containers: the compose file's images, on the ports that the other kinds would have had."""

from pathlib import Path

import pytest

from infra.local import containers
from infra.local.home import Home
from infra.local.resolution import PARTS

pytestmark = pytest.mark.unit


class Recorded:
    """A container that only remembers how it was set up; testcontainers' own wants a daemon to exist."""

    def __init__(self) -> None:
        self.said: dict[str, object] = {}

    def __getattr__(self, name: str):
        def remember(*args: object, **kwargs: object) -> "Recorded":
            self.said[name.removeprefix("with_")] = args or kwargs
            return self

        return remember


@pytest.mark.parametrize("part", PARTS)
def test_an_image_is_pinned_once_in_the_compose_file(part: str) -> None:
    name, _, tag = containers.image(part).partition(":")

    assert name
    assert tag not in {"", "latest"}


@pytest.mark.parametrize("part", ["mongodb", "kafka", "redis"])
def test_a_container_listens_on_the_same_port_inside_and_out(part: str, tmp_path: Path) -> None:
    container = containers.CONFIGURE[part](Recorded(), 4242, tmp_path, tmp_path)

    assert container.said["bind_ports"] == (4242, 4242)


def test_kafka_in_a_container_is_reachable_from_outside_and_advertises_the_loopback(tmp_path: Path) -> None:
    containers.CONFIGURE["kafka"](Recorded(), 4242, tmp_path, tmp_path)

    lines = (tmp_path / "server.properties").read_text().splitlines()
    assert "listeners=PLAINTEXT://0.0.0.0:4242,CONTROLLER://127.0.0.1:4243" in lines
    assert "advertised.listeners=PLAINTEXT://127.0.0.1:4242" in lines


def test_the_supervisor_keeps_a_process_that_keeps_the_container(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()

    program = containers.program("redis", home, 4242)

    assert program.argv[1:] == [
        *("-m", "infra.local.containers", "redis", "4242", str(home.data / "redis-docker"), str(home.run))
    ]
