"""What supervisord is told: every program, unharmed by quotes and percent signs, kept alive and stopped in groups."""

import configparser
import shlex
from pathlib import Path

import pytest
from supervisor.datatypes import dict_of_key_value_pairs

from infra.catalogue import DOMAIN_SERVICES, SERVICES, Ports
from infra.local.home import Home
from infra.local.program import Program
from infra.local.resolution import Choice
from infra.local.stack import Stack, forget, recall
from infra.local.supervision import render

pytestmark = pytest.mark.unit

CHOICES = {
    "mongodb": Choice("mongodb", "address", "mongodb://db/?replicaSet=x", "told"),
    "kafka": Choice("kafka", "address", "broker:9092", "told"),
    "redis": Choice("redis", "address", "redis://cache/0", "told"),
    "envoy": Choice("envoy", "address", "http://edge", "told"),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


def rendered(home: Home, programs: list[Program]) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(render(home, programs))
    return parser


def test_a_program_survives_quotes_spaces_and_percent_signs(home: Home) -> None:
    argv = ["/bin/echo", "two words", "100%", 'a "quote"']
    program = Program("odd", argv, home.log("odd"), {"SECRET": "50%, or so"})

    section = rendered(home, [program])["program:odd"]

    assert shlex.split(section["command"].replace("%%", "%")) == argv
    assert dict_of_key_value_pairs(section["environment"].replace("%%", "%")) == {
        "SECRET": "50%, or so",
        "PELAGIC_STACK": str(home.root),
    }


def test_every_process_comes_back_by_itself_and_none_starts_unasked(home: Home) -> None:
    parser = rendered(home, Stack(home, Ports(), CHOICES).programs())

    programs = [parser[name] for name in parser.sections() if name.startswith("program:")]
    assert len(programs) == len(SERVICES) + len(DOMAIN_SERVICES)
    for section in programs:
        assert (section["autorestart"], section["autostart"], section["killasgroup"]) == ("true", "false", "true")


def test_only_tenants_is_handed_the_signing_key(home: Home) -> None:
    programs = Stack(home, Ports(), CHOICES).programs()

    holders = {program.name for program in programs if "PELAGIC_SIGNING_KEY_FILE" in program.environ}
    assert holders == {"tenants", "tenants-worker"}
    assert (home.keys / "signing.pem").stat().st_mode & 0o777 == 0o600


def test_the_environment_names_the_servers_that_were_chosen(home: Home) -> None:
    environ = Stack(home, Ports(18000), CHOICES).environment({"PELAGIC_LOG_LEVEL": "debug", "HOME": "/root"})

    key = environ.pop("PELAGIC_CURSOR_KEY")
    assert len(key) == 64
    assert environ == {
        "PELAGIC_ENVIRONMENT": "dev",
        "PELAGIC_MONGO_URL": "mongodb://db/?replicaSet=x",
        "PELAGIC_KAFKA": "broker:9092",
        "PELAGIC_KAFKA_REPLICATION": "1",
        "PELAGIC_REDIS_URL": "redis://cache/0",
        "PELAGIC_JWKS_URL": "http://127.0.0.1:18101/.well-known/jwks.json",
        "PELAGIC_WEBHOOKS_ALLOW_PRIVATE": "1",
        "PELAGIC_LOG_LEVEL": "debug",
        "PYTHONUNBUFFERED": "1",
    }


def test_a_port_base_moves_every_port_and_none_meets_another() -> None:
    usual, moved = Ports().every(), Ports(18000).every()

    assert len(set(usual.values())) == len(usual)
    assert len(set(moved.values())) == len(moved)
    assert not set(usual.values()) & set(moved.values())


def test_a_stack_is_recalled_as_it_was_until_it_is_forgotten(home: Home) -> None:
    stack = Stack(home, Ports(18000), CHOICES)
    stack.remember()

    assert recall(home) == stack
    forget(home)
    assert recall(home) is None


def test_a_deep_home_still_has_a_socket_short_enough(tmp_path: Path) -> None:
    home = Home(tmp_path / ("deep" * 40))

    assert len(str(home.socket)) < 100
    assert home.socket == Home(home.root).socket
