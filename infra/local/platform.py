"""What to install where this machine lacks a server: said plainly, per operating system."""

import platform
import sys

COMPOSE = "or run everything in containers: docker compose -f infra/compose.yaml up"

MACOS = {
    "mongodb": "brew tap mongodb/brew && brew install mongodb-community",
    "kafka": "brew install openjdk@21 maven",
    "redis": "brew install valkey",
    "envoy": "brew install envoy",
}
LINUX = {
    "mongodb": "install MongoDB 7 or later so that `mongod` is on the path (https://www.mongodb.com/docs/manual/installation/)",
    "kafka": "apt-get install openjdk-17-jre-headless maven",
    "redis": "apt-get install redis-server (or valkey-server)",
    "envoy": "install Envoy so that `envoy` is on the path (https://www.envoyproxy.io/docs/envoy/latest/start/install)",
}


def has_wheels(system: str = sys.platform, machine: str | None = None) -> bool:
    """Whether the servers come as wheels here: x86-64 Linux only."""
    return system == "linux" and (machine or platform.machine()) in {"x86_64", "AMD64"}


def describe() -> str:
    """This platform in two words."""
    return f"{platform.system()} {platform.machine()}"


def advice(part: str, system: str = sys.platform, machine: str | None = None) -> str:
    """What to do so that `part` can run here."""
    if has_wheels(system, machine):
        return "The servers' wheels belong to the environment: `uv sync --locked --all-groups` installs them."
    install = (MACOS if system == "darwin" else LINUX)[part]
    return f"The servers come as wheels for x86-64 Linux only. Here, {install}; {COMPOSE}"
