"""One stack as data: its ports, the servers chosen, and every process with its environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from infra.catalogue import DOMAIN_SERVICES, SERVICES, Ports, api_command, worker_command
from infra.local import keys, servers
from infra.local.home import Home
from infra.local.program import APIS_STAGE, WORKERS_STAGE, Program
from infra.local.resolution import Choice

# What a developer may set around `pelagic up` and find again in the services.
PASSED_ON = (
    "PELAGIC_LOG_LEVEL",
    "PELAGIC_WORKERS",
    "PELAGIC_THREADS",
    "PELAGIC_RATE_LIMITS",
    "PELAGIC_WEBHOOKS_ALLOW_PRIVATE",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)


@dataclass(frozen=True)
class Stack:
    """What `up` starts in `home`."""

    home: Home
    ports: Ports
    choices: dict[str, Choice]

    @property
    def address(self) -> str:
        """Where a browser or an API user goes."""
        return self.choices["envoy"].address

    @property
    def servers(self) -> list[Choice]:
        """The servers that we run ourselves, the edge excepted."""
        return [choice for choice in self.choices.values() if choice.ours and choice.part != "envoy"]

    def port(self, part: str) -> int:
        """The port of a server that we run."""
        return self.ports.server(part)

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """What every process of the platform is told."""
        tenants = f"http://127.0.0.1:{self.ports.api('tenants')}"
        told = {
            "PELAGIC_ENVIRONMENT": "dev",
            "PELAGIC_MONGO_URL": self.choices["mongodb"].address,
            "PELAGIC_KAFKA": self.choices["kafka"].address,
            "PELAGIC_KAFKA_REPLICATION": "1",
            "PELAGIC_REDIS_URL": self.choices["redis"].address,
            "PELAGIC_JWKS_URL": f"{tenants}/.well-known/jwks.json",
            "PELAGIC_CURSOR_KEY": keys.cursor_key(self.home),
            # A laptop's webhook receivers live on the laptop.
            "PELAGIC_WEBHOOKS_ALLOW_PRIVATE": "1",
            "PYTHONUNBUFFERED": "1",
        }
        return told | {name: environ[name] for name in PASSED_ON if name in environ}

    def programs(self) -> list[Program]:
        """Every process of ours: servers, APIs, workers and the edge."""
        ours = [
            servers.program(choice, self.home, self.port(choice.part))
            for choice in self.choices.values()
            if choice.ours
        ]
        apis = [self._api(name) for name in SERVICES]
        workers = [self._worker(name) for name in DOMAIN_SERVICES]
        return [*ours, *apis, *workers]

    def _api(self, name: str) -> Program:
        environ = self._environment_of(name) | {"PELAGIC_PORT": str(self.ports.api(name))}
        if name == "gateway":
            environ |= {f"PELAGIC_{each.upper()}_URL": self._url(each) for each in DOMAIN_SERVICES}
        return Program(name, api_command(name), self.home.log(name), environ, stage=APIS_STAGE, stop_wait=35)

    def _worker(self, name: str) -> Program:
        environ = self._environment_of(name) | {"PELAGIC_HEALTH_PORT": str(self.ports.health(name))}
        log = self.home.log(f"{name}-worker")
        return Program(f"{name}-worker", worker_command(name), log, environ, stage=WORKERS_STAGE, stop_wait=35)

    def _environment_of(self, name: str) -> dict[str, str]:
        own = {"PELAGIC_SERVICE": name}
        if name == "tenants":
            own["PELAGIC_SIGNING_KEY_FILE"] = str(keys.signing_key(self.home))
        return self.environment() | own

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports.api(name)}"

    def health(self) -> dict[str, str]:
        """The address that says whether a process of the platform is ready, by process."""
        apis = {name: f"{self._url(name)}/readyz" for name in SERVICES}
        workers = {f"{name}-worker": f"http://127.0.0.1:{self.ports.health(name)}/readyz" for name in DOMAIN_SERVICES}
        return apis | workers

    def remember(self) -> None:
        """Leave a note for the other commands: where this stack is and what it runs on."""
        note = {"base": self.ports.base, "choices": [asdict(choice) for choice in self.choices.values()]}
        (self.home.run / "stack.json").write_text(json.dumps(note, indent=2))


def recall(home: Home) -> Stack | None:
    """The stack that was last started in this home, as `remember` left it."""
    note = home.run / "stack.json"
    if not note.exists():
        return None
    said = json.loads(note.read_text())
    choices = {each["part"]: Choice(**each) for each in said["choices"]}
    return Stack(home, Ports(said["base"]), choices)


def forget(home: Home) -> None:
    """Drop the note; there is no stack any more."""
    (home.run / "stack.json").unlink(missing_ok=True)
